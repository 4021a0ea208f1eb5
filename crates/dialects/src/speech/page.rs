//! One page of a list: where it begins, how it is asked for, and where the next one begins.

use serde_json::Value;

use super::length::{CEILING, says_more};
use super::{Heard, template};
use crate::mapping::expression::{Expr, Source};
use crate::mapping::{Endpoint, Paging, ResourceMap};
use crate::problem::Trouble;
use crate::record::value::{first, plain};

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    Start,
    Page(u64),
    Offset(u64),
    Word(String),
    /// The query of an address that the server gave.
    Query(String),
    /// So many records to skip, where the server gave no address: by which of the words that such servers have for it.
    Guess(usize, u64),
}

/// Longest word or query of a server that is handed back to it.
const MAX_WORD: usize = 4_000;

impl At {
    pub fn write(&self) -> String {
        match self {
            Self::Start => "s".to_owned(),
            Self::Page(page) => format!("p{page}"),
            Self::Offset(offset) => format!("o{offset}"),
            Self::Word(word) => format!("w{word}"),
            Self::Query(query) => format!("q{query}"),
            Self::Guess(which, skip) => format!("g{which}-{skip}"),
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_at_checked(1)?;
        match kind {
            "s" if rest.is_empty() => Some(Self::Start),
            "p" => rest.parse().ok().map(Self::Page),
            "o" => rest.parse().ok().map(Self::Offset),
            "w" => Some(Self::Word(rest.to_owned())),
            "q" => sound_query(rest).map(Self::Query),
            "g" => rest
                .split_once('-')
                .and_then(|(which, skip)| Some(Self::Guess(which.parse().ok()?, skip.parse().ok()?))),
            _ => None,
        }
    }

    /// Records before it, where they are counted.
    const fn skipped(&self) -> u64 {
        if let Self::Offset(skip) = self { *skip } else { 0 }
    }

    /// Where the next begins, where records are counted.
    const fn beyond(&self, turned: &Turned) -> Self {
        Self::Offset(self.skipped().saturating_add(turned.records as u64))
    }

    /// Whether a refusal says that there is no such page, or that the server does not know a word that was guessed.
    pub fn is_beyond(&self, trouble: &Trouble) -> bool {
        match self {
            // A page beyond the last does not exist to some: Django's "Invalid page."
            Self::Page(_) => trouble.status == 404,
            Self::Offset(_) => trouble.status == 416,
            Self::Guess(..) => trouble.is_about_the_question() || matches!(trouble.status, 403 | 404),
            _ => false,
        }
    }
}

fn sound_query(query: &str) -> Option<String> {
    let sound = query.len() <= MAX_WORD && !query.chars().any(|c| c.is_whitespace() || c.is_control() || c == '#');
    sound.then(|| query.to_owned())
}

/// Returns the parameters that ask for a page.
pub(crate) fn params(paging: &Paging, at: &At) -> Vec<(String, String)> {
    let mut params: Vec<(String, String)> = Vec::new();
    let mut add = |name: Option<&String>, value: String| params.extend(name.map(|name| (name.clone(), value)));
    match paging {
        Paging::None | Paging::Range { .. } => {}
        Paging::Page { page, size, first, limit } => {
            let number = if let At::Page(number) = at { *number } else { *first };
            add(Some(page), number.to_string());
            add(size.as_ref(), limit.to_string());
        }
        Paging::Offset { offset, size, limit, .. } => {
            add(Some(offset), at.skipped().to_string());
            add(size.as_ref(), limit.to_string());
        }
        Paging::Cursor { param, size, limit, .. } => {
            if let At::Word(word) = at {
                add(Some(param), word.clone());
            }
            add(size.as_ref(), limit.to_string());
        }
        Paging::Next { size, limit, skip, .. } => {
            if let At::Guess(which, read) = at {
                add(skip.get(*which), read.to_string());
            }
            add(size.as_ref(), limit.to_string());
        }
    }
    params
}

/// Returns the headers that ask for a page.
pub(crate) fn headers(paging: &Paging, at: &At) -> Vec<(String, String)> {
    let Paging::Range { template, limit } = paging else { return Vec::new() };
    let first = at.skipped();
    let (from, to) = (first.to_string(), first.saturating_add(*limit).saturating_sub(1).to_string());
    let range = template::filled(template, &[("first", &from), ("last", &to)], str::to_owned);
    vec![("range-unit".to_owned(), "items".to_owned()), ("range".to_owned(), range)]
}

/// Finds the records: the first pointer that leads to a list; else a single thing or nothing, as XML leaves them.
pub(crate) fn records<'a>(map: &ResourceMap, value: &'a Value) -> Option<Vec<&'a Value>> {
    let found = || map.records.iter().filter_map(|at| Some((at, value.pointer(at)?)));
    if let Some(list) = found().find_map(|(_, value)| value.as_array()) {
        return Some(list.iter().collect());
    }
    // What holds the place of a list is no record.
    let is_around =
        |at: &str| found().any(|(other, _)| other.strip_prefix(at).is_some_and(|rest| rest.starts_with('/')));
    if let Some((_, single)) = found().find(|(at, value)| !at.is_empty() && value.is_object() && !is_around(at)) {
        return Some(vec![single]);
    }
    let is_empty = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    found().any(|(_, value)| is_empty(value)).then(Vec::new)
}

/// Whether nothing at all stands where the list should be: an empty list, unless the server says that there is more.
pub(crate) fn is_nothing(map: &ResourceMap, value: &Value) -> bool {
    let is_list = |at: &String| value.pointer(at).is_some_and(Value::is_array);
    !map.records.iter().any(is_list) && records(map, value).is_some_and(|records| records.is_empty())
}

/// Returns the list's endpoint with a total order, where pages are numbered or counted, the mapping says how an order is asked for,
/// and the column of the records' key is known.
pub(crate) fn ordered(map: &ResourceMap, list: &Endpoint, key: &str) -> Option<Endpoint> {
    let order = map.order.as_ref().filter(|_| is_counted(&map.paging))?;
    let column = column(map.fields.get(key)?)?;
    let by_key = order.template.as_deref().unwrap_or("{}").replace("{}", column);
    let mut ordered = list.clone();
    let Some((_, said)) = ordered.query.iter_mut().find(|(name, _)| *name == order.param) else {
        ordered.query.push((order.param.clone(), by_key));
        return Some(ordered);
    };
    // What the mapping orders by may be the same for many: the key decides between them.
    let names_key = said.split(',').any(|part| part.split(['.', ' ']).next().is_some_and(|name| name.trim() == column));
    if !names_key {
        *said = format!("{said},{by_key}");
    }
    Some(ordered)
}

/// Whether an order is to be asked for, and the column of the records' key is not known.
pub(crate) fn lacks_order(map: &ResourceMap, key: &str) -> bool {
    let is_known = map.fields.get(key).and_then(column).is_some();
    map.order.is_some() && is_counted(&map.paging) && !is_known
}

/// Whether pages are numbered or counted: what comes or goes meanwhile moves them.
fn is_counted(paging: &Paging) -> bool {
    matches!(paging, Paging::Page { .. } | Paging::Offset { .. } | Paging::Range { .. })
}

/// The column behind a field: the last word of a pointer to a member of a record or of its `properties`.
fn column(expr: &Expr) -> Option<&str> {
    let Source::At(pointers) = &expr.source else { return None };
    let first = pointers.first()?.strip_prefix('/')?;
    let name = first.strip_prefix("properties/").unwrap_or(first);
    (!name.is_empty() && !name.contains(['/', '~', ',', '{'])).then_some(name)
}

/// What is known once a page was read.
pub(crate) struct Turned {
    pub records: usize,
    /// Nothing stood in the place of the list.
    pub is_nothing: bool,
    /// Records of earlier pages.
    pub before: u64,
    pub total: Option<u64>,
}

impl Turned {
    /// Records of this page and of those before it.
    pub fn read(&self) -> u64 {
        self.before.saturating_add(self.records as u64)
    }

    /// Whether as many came at once as the server gives at most, and more than it was asked for: the rest is cut off.
    pub fn is_capped(&self, map: &ResourceMap) -> bool {
        let records = self.records as u64;
        let is_most = map.window_records == Some(records) && size(&map.paging).is_none_or(|size| size < records);
        is_most && self.total.is_none_or(|total| total > records)
    }
}

/// How many records a page is asked to have, where that can be said.
pub(crate) fn size(paging: &Paging) -> Option<u64> {
    match paging {
        Paging::Page { size, limit, .. }
        | Paging::Offset { size, limit, .. }
        | Paging::Cursor { size, limit, .. }
        | Paging::Next { size, limit, .. } => size.as_ref().map(|_| *limit),
        Paging::Range { limit, .. } => Some(*limit),
        Paging::None => None,
    }
}

/// Whether and how a list goes on.
pub(crate) enum Turn {
    End,
    To(At),
    /// It goes on, and nobody can follow.
    Lost(&'static str),
}

impl From<Option<At>> for Turn {
    fn from(at: Option<At>) -> Self {
        at.map_or(Self::End, Self::To)
    }
}

/// Why nobody goes on after a page that has nothing, and says that there is more.
const NOTHING: &str = "对方说还有，却一条也不给：其余未读 ‖ the server says that there is more, and gives none of it: the rest was not read";

/// Returns where the next page begins, if there is one.
pub(crate) fn next(paging: &Paging, at: &At, heard: &Heard, turned: &Turned) -> Turn {
    let is_over = turned.records == 0 || turned.total.is_some_and(|total| turned.read() >= total);
    match paging {
        Paging::None => Turn::End,
        Paging::Page { first, .. } => {
            let number = if let At::Page(number) = at { *number } else { *first };
            let last = heard.answer.header("x-page-count").and_then(|count| count.trim().parse::<u64>().ok());
            let is_last = last.is_some_and(|last| number >= last);
            (!is_over && !is_last).then(|| At::Page(number.saturating_add(1))).into()
        }
        Paging::Offset { more, limit, .. } => {
            let goes_on = match says_more(more, heard) {
                Some(true) if turned.records == 0 => return Turn::Lost(NOTHING),
                Some(says) => says,
                None if more.is_empty() => !is_over,
                // One that says nothing may have cut the list: at what it was asked for, or at a ceiling of its own.
                None => !is_over && (turned.records as u64 >= *limit || turned.records.is_multiple_of(CEILING)),
            };
            goes_on.then(|| at.beyond(turned)).into()
        }
        // A server may give fewer at once than it is asked for: without its word for how many there are, the end is an empty page.
        Paging::Range { .. } => (!is_over).then(|| at.beyond(turned)).into(),
        Paging::Cursor { at: pointers, .. } => match first(pointers, &heard.value).and_then(plain) {
            Some(_) if turned.is_nothing => Turn::Lost(NOTHING),
            Some(word) if turned.records > 0 && *at != At::Word(word.clone()) => word_of(word),
            _ => Turn::End,
        },
        Paging::Next { at: pointers, skip, .. } => match link(pointers, heard) {
            Some(_) if turned.is_nothing => Turn::Lost(NOTHING),
            Some(address) if turned.records > 0 => linked(&address, at),
            Some(_) => Turn::End,
            None if is_said_to_end(pointers, at, heard) => Turn::End,
            None => guessed(skip, at, turned, is_over, size(paging)),
        },
    }
}

/// Whether a page says itself that it is the last: it is empty, or its own word for more says no.
pub(crate) fn is_last(paging: &Paging, heard: &Heard, turned: &Turned) -> bool {
    let says_no = match paging {
        Paging::Offset { more, .. } => says_more(more, heard) == Some(false),
        Paging::Cursor { at, .. } => first(at, &heard.value).and_then(plain).is_none(),
        _ => false,
    };
    !turned.is_nothing && (turned.records == 0 || says_no)
}

fn word_of(word: String) -> Turn {
    if word.len() > MAX_WORD {
        return Turn::Lost(
            "下一页的标记过长：其后的未读 ‖ the word for the next page is too long: what comes after was not read",
        );
    }
    Turn::To(At::Word(word))
}

/// Why a link is not followed.
const NO_QUERY: &str = "下一页的网址没有可用的查询：其后的未读 ‖ the address of the next page has no query that can be asked for: what comes after was not read";

fn linked(address: &str, at: &At) -> Turn {
    match address.split_once('?').and_then(|(_, query)| sound_query(query)) {
        // No page is asked for twice in a row.
        Some(query) if *at == At::Query(query.clone()) => Turn::End,
        Some(query) => Turn::To(At::Query(query)),
        None => Turn::Lost(NO_QUERY),
    }
}

/// Whether the absence of a link says that the list is over: pages were found by links so far, or an empty one stands in its place.
fn is_said_to_end(pointers: &[String], at: &At, heard: &Heard) -> bool {
    let is_null = |pointer: &String| heard.value.pointer(pointer).is_some_and(Value::is_null);
    matches!(at, At::Query(_)) || pointers.iter().any(is_null)
}

/// Why it is not known whether a list is over.
const FULL: &str = "来了整整一页，既没有下一页的网址，也没有总数：其后的未读 ‖ a full page came with neither the next one's address nor a count: what comes after it was not read";

/// Without an address, and where the server counts more than it gave or gave all that it was asked for, it is told how many to skip.
fn guessed(words: &[String], at: &At, turned: &Turned, is_over: bool, size: Option<u64>) -> Turn {
    let which = if let At::Guess(which, _) = at { *which } else { 0 };
    let is_full = turned.total.is_none() && size == Some(turned.records as u64);
    if is_over || (turned.total.is_none() && !is_full) {
        return Turn::End;
    }
    match words.get(which) {
        Some(_) => Turn::To(At::Guess(which, turned.read())),
        None if is_full => Turn::Lost(FULL),
        None => Turn::End,
    }
}

/// Returns the next word to try, where the last was not understood.
pub(crate) fn guess_again(paging: &Paging, at: &At) -> Option<At> {
    let (Paging::Next { skip, .. }, At::Guess(which, read)) = (paging, at) else { return None };
    let which = which.checked_add(1).filter(|which| *which < skip.len())?;
    Some(At::Guess(which, *read))
}

/// Finds the address of the next page. Only its query is used: what comes before it may be a name that is known inside alone.
fn link(pointers: &[String], heard: &Heard) -> Option<String> {
    if let Some(at) = first(pointers, &heard.value) {
        return plain(at);
    }
    let links = heard.value.get("links").and_then(Value::as_array);
    let is_next = |link: &&Value| link.get("rel").and_then(Value::as_str) == Some("next");
    let listed = links.and_then(|links| links.iter().find(is_next)?.get("href")?.as_str().map(str::to_owned));
    listed
        .or_else(|| header_link(heard.answer.header("link")?))
        .or_else(|| heard.answer.header("x-next-page-url").map(str::to_owned))
}

/// Reads `<…>; rel="next"`.
fn header_link(header: &str) -> Option<String> {
    let mut rest = header;
    // By its brackets: an address may hold commas.
    while let Some((_, after)) = rest.split_once('<') {
        let (address, tail) = after.split_once('>')?;
        let about = tail.split_once('<').map_or(tail, |(about, _)| about);
        if about.contains("rel=\"next\"") || about.contains("rel=next") {
            return Some(address.to_owned());
        }
        rest = tail;
    }
    None
}
