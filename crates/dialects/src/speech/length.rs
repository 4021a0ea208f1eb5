//! What servers say of how long a list is, and whether it goes on.

use super::Heard;
use super::page::{Turned, size};
use crate::mapping::{Paging, ResourceMap, Total};
use crate::record::value::{first, number, plain};

/// Finds how long the whole list is.
pub(crate) fn total(map: &ResourceMap, heard: &Heard) -> Option<u64> {
    map.total.iter().find_map(|total| told(total, heard))
}

fn told(total: &Total, heard: &Heard) -> Option<u64> {
    let whole = |number: f64| (0.0..1e15).contains(&number).then_some(number as u64);
    match total {
        Total::At(pointer) => number(heard.value.pointer(pointer)?).ok().flatten().and_then(whole),
        // `0-24/3573`, or the number alone.
        Total::Header(name) => heard.answer.header(name)?.rsplit('/').next()?.trim().parse().ok(),
    }
}

/// The same, unless it may be the length of this page alone: a `count` of a first page that is as long as it was asked to be.
pub(crate) fn sound_total(map: &ResourceMap, heard: &Heard, turned: &Turned) -> Option<u64> {
    let (said, total) = map.total.iter().find_map(|said| Some((said, told(said, heard)?)))?;
    // One below what came already counts something else, or nothing: what was said before still holds.
    (total >= turned.read() && !is_of_page(map, said, total, turned)).then_some(total)
}

fn is_of_page(map: &ResourceMap, said: &Total, total: u64, turned: &Turned) -> bool {
    let records = turned.records as u64;
    let is_vague = matches!(said, Total::At(pointer) if pointer.ends_with("/count"));
    let is_numbered = matches!(map.paging, Paging::Page { .. } | Paging::Offset { .. });
    is_vague && is_numbered && total == records && size(&map.paging) == Some(records)
}

/// Whether the server has said that a next page is there: what is asked for to be sure may be refused, and ends the list.
pub(crate) fn is_promised(map: &ResourceMap, heard: &Heard, turned: &Turned) -> bool {
    if matches!(&map.paging, Paging::Offset { more, .. } if says_more(more, heard) == Some(true)) {
        return true;
    }
    let mut said = map.total.iter().filter_map(|said| Some((said, told(said, heard)?)));
    let is_vague = said.next().is_some_and(|(said, total)| is_of_page(map, said, total, turned));
    let is_short = match &map.paging {
        Paging::Offset { more, limit, .. } => {
            !more.is_empty() && says_more(more, heard).is_none() && (turned.records as u64) < *limit
        }
        _ => false,
    };
    !is_vague && !is_short
}

/// What servers give at most at once are round numbers: 50, 500, 2000.
pub(super) const CEILING: usize = 50;

/// What an answer says of whether there is more: a truth, a word for one, or how many.
pub(super) fn says_more(pointers: &[String], heard: &Heard) -> Option<bool> {
    let said = first(pointers, &heard.value).and_then(plain)?.to_lowercase();
    let is_count = said.parse::<f64>().is_ok_and(|count| count > 0.0);
    Some(is_count || ["true", "yes", "y", "是"].contains(&said.as_str()))
}
