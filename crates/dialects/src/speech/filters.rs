//! The filters of a list: pushed to the server where it knows them, named where it does not.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_geo::datum::from_wgs84;
use fengtu_geo::{BBox, LonLat};

use super::template;
use crate::mapping::expression::Expr;
use crate::mapping::{Endpoint, Filter, ResourceMap};
use crate::record::reason::Reason;
use crate::record::schema;
use crate::record::value::write_instant;

/// Longest words of one filter: an address has its end, and those of a whole street are many.
const MAX_WORDS: usize = 2_500;

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filters {
    pub from: Option<DateTime<FixedOffset>>,
    pub to: Option<DateTime<FixedOffset>>,
    /// Asked for only where the server knows it: what has not changed is not sent then.
    pub updated_since: Option<DateTime<FixedOffset>>,
    pub bbox: Option<[f64; 4]>,
    /// Words by the filter's name: `category`, `state`, `class`, `channel`, `building`, `q`, `place`, `level`, `service`.
    pub words: Vec<(&'static str, Vec<String>)>,
}

impl Filters {
    /// Whether a number of records tells more than how many there are in a time: of which kind, where, or in whose words.
    pub fn is_narrowed(&self) -> bool {
        let has_words = self.words.iter().any(|(name, words)| *name != "state" && !words.is_empty());
        has_words || self.bbox.is_some()
    }
}

/// One span of time that is asked for; open ends are the server's.
pub(super) type Window = (Option<DateTime<FixedOffset>>, Option<DateTime<FixedOffset>>);

/// A long period, cut into spans that the server allows, the newest first.
pub(super) struct Windows {
    whole: Window,
    /// Start, end and longest span in seconds, where it is cut.
    cut: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>, i64)>,
    /// Nobody asked where it begins: it is cut only where the server cuts its answer.
    is_open: bool,
}

/// The shortest span that is asked for by itself, in seconds.
const DAY_S: i64 = 86_400;

impl Windows {
    pub fn new(map: &ResourceMap, filters: &Filters, now: DateTime<FixedOffset>) -> Self {
        let day = 86_400;
        // The end of today, so that the pages of one list have the same windows.
        let end = DateTime::from_timestamp((now.timestamp().div_euclid(day) + 1) * day, 0)
            .map(|at| at.with_timezone(now.offset()));
        let to = filters.to.or(end);
        let cut = map.window_s.zip(to).and_then(|(longest, to)| {
            let last = || to.checked_sub_signed(TimeDelta::try_seconds(longest)?);
            Some((filters.from.or_else(last).filter(|from| *from < to)?, to, longest))
        });
        Self { whole: (filters.from, filters.to), cut, is_open: filters.from.is_none() }
    }

    /// Returns a window, of those that are halved so often; none beyond the last.
    pub fn get(&self, index: usize, level: u32) -> Option<Window> {
        let cut = self.cut.filter(|_| !self.is_open || level > 0);
        let Some((from, to, span)) = cut else { return (index == 0).then_some(self.whole) };
        let before = |windows: usize| {
            let seconds = i64::try_from(windows).ok()?.checked_mul(span)?.checked_shr(level)?;
            to.checked_sub_signed(TimeDelta::try_seconds(seconds)?)
        };
        let end = before(index).filter(|end| *end > from)?;
        let start = before(index.checked_add(1)?).map_or(from, |start| start.max(from));
        Some((Some(start), Some(end)))
    }

    /// Whether windows that are halved so often can be halved once more.
    pub fn can_halve(&self, level: u32) -> bool {
        self.cut.is_some_and(|(_, _, span)| span.checked_shr(level + 1).is_some_and(|half| half >= DAY_S))
    }

    /// Says what nobody asks for once a list without a beginning is cut.
    pub fn unasked(&self, level: u32) -> Option<String> {
        let (_, _, span) = self.cut.filter(|_| self.is_open && level == 0)?;
        let days = span / DAY_S;
        let zh = format!("对方截短了回答：{days} 天以前的未读");
        let why = Reason::new(zh, format!("the server cuts its answer: what is older than {days} days was not read"));
        Some(why.to_string())
    }

    /// Returns which window follows, and how often it is halved: a whole one again once both halves are done.
    pub fn after(index: usize, level: u32) -> (usize, u32) {
        let (mut index, mut level) = (index.saturating_add(1), level);
        while level > 0 && index.is_multiple_of(2) {
            (index, level) = (index / 2, level - 1);
        }
        (index, level)
    }

    /// Whether there is more than one.
    pub fn are_several(&self) -> bool {
        self.get(1, 0).is_some()
    }
}

/// Returns the parameters of the filters that the server knows, and their names.
pub(super) fn pushed(
    resource: &str,
    map: &ResourceMap,
    filters: &Filters,
    window: &Window,
) -> (Vec<(String, String)>, BTreeSet<&'static str>) {
    let mut push = Push { resource, map, params: Vec::new(), names: BTreeSet::new() };
    push.times(window, filters);
    push.bbox(filters.bbox);
    for (name, words) in filters.words.iter().filter(|(_, words)| !words.is_empty()) {
        push.words(name, words);
    }
    (push.params, push.names)
}

/// Returns the list's endpoint without what stands in a condition of these parameters.
pub(super) fn unconditional(map: &ResourceMap, list: &Endpoint, params: &[(String, String)]) -> Endpoint {
    let mut list = list.clone();
    let conditions = map.filters.values().filter(|filter| filter.and.is_some()).map(|filter| &filter.param);
    for condition in conditions.filter(|condition| params.iter().any(|(name, _)| name == *condition)) {
        list.query.retain(|(name, _)| name != condition);
    }
    list
}

/// Whether the server itself is asked by a filter, as it stands.
pub(crate) fn pushes(resource: &str, map: &ResourceMap, filters: &Filters, name: &str) -> bool {
    pushed(resource, map, filters, &(filters.from, filters.to)).1.contains(name)
}

/// Returns the filters that are asked for and were not pushed.
pub(super) fn left(filters: &Filters, pushed: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let times = [("from", filters.from.is_some()), ("to", filters.to.is_some()), ("bbox", filters.bbox.is_some())];
    let words = filters.words.iter().map(|(name, words)| (*name, !words.is_empty()));
    times
        .into_iter()
        .chain(words)
        .filter(|(name, is_asked)| *is_asked && !pushed.contains(name))
        .map(|(name, _)| name)
        .collect()
}

struct Push<'a> {
    resource: &'a str,
    map: &'a ResourceMap,
    params: Vec<(String, String)>,
    names: BTreeSet<&'static str>,
}

impl Push<'_> {
    fn add(&mut self, name: &'static str, filter: &Filter, value: &str) {
        self.add_fitted(name, filter, &fitted(filter, value));
    }

    fn add_fitted(&mut self, name: &'static str, filter: &Filter, value: &str) {
        let value = filter.template.as_ref().map_or_else(|| value.to_owned(), |template| template.replace("{}", value));
        self.say(filter, value);
        self.names.insert(name);
    }

    /// Puts a value into its parameter: beside what that one says already, where it is one condition.
    fn say(&mut self, filter: &Filter, value: String) {
        let said = filter.and.as_ref().and_then(|and| {
            let said = self.params.iter_mut().find(|(name, _)| *name == filter.param)?;
            Some((and, &mut said.1))
        });
        if let Some((and, said)) = said {
            said.push_str(and);
            return said.push_str(&value);
        }
        let own = self.map.list.iter().flat_map(|list| &list.query).find(|(name, _)| *name == filter.param);
        let own = filter.and.as_ref().zip(own).map(|(and, (_, own))| format!("{own}{and}{value}"));
        self.params.push((filter.param.clone(), own.unwrap_or(value)));
    }

    fn times(&mut self, (from, to): &Window, filters: &Filters) {
        let (map, offset) = (self.map, self.map.setting.offset);
        let written =
            |filter: &Filter, at: &DateTime<FixedOffset>| write_instant(&filter.time, *at, filter.offset.or(offset));
        if let (Some(filter), Some(at)) = (map.filters.get("updated_since"), filters.updated_since) {
            self.add("updated_since", filter, &written(filter, &at));
        }
        if let Some(filter) = map.filters.get("period").filter(|_| from.is_some() || to.is_some()) {
            let end = |at: &Option<DateTime<FixedOffset>>| {
                at.as_ref().map_or_else(|| "..".to_owned(), |at| written(filter, at))
            };
            let (from_word, to_word) = (end(from), end(to));
            let template = filter.template.as_deref().unwrap_or("{from}/{to}");
            let value = template::filled(template, &[("from", &from_word), ("to", &to_word)], str::to_owned);
            self.say(filter, value);
            self.names.extend(from.map(|_| "from").into_iter().chain(to.map(|_| "to")));
            return;
        }
        for (name, at) in [("from", from), ("to", to)] {
            if let (Some(filter), Some(at)) = (map.filters.get(name), at) {
                self.add(name, filter, &written(filter, at));
            }
        }
    }

    fn bbox(&mut self, bbox: Option<[f64; 4]>) {
        let (Some(filter), Some(bbox)) = (self.map.filters.get("bbox"), bbox) else { return };
        let Some(theirs) = self.theirs(bbox) else { return };
        let words = [theirs.west, theirs.south, theirs.east, theirs.north].map(|degrees| format!("{degrees:.6}"));
        let [west, south, east, north] = words.each_ref().map(String::as_str);
        let names = [("west", west), ("south", south), ("east", east), ("north", north)];
        let template = filter.template.as_deref().unwrap_or("{west},{south},{east},{north}");
        self.say(filter, template::filled(template, &names, str::to_owned));
        self.names.insert("bbox");
    }

    /// The box in their datum, a little wider than ours: what lies at its edge is looked at again here.
    fn theirs(&self, [west, south, east, north]: [f64; 4]) -> Option<BBox> {
        let mut places = self.map.fields.values().filter_map(|expr: &Expr| expr.place.datum);
        let datum = places.next_back().or(self.map.setting.datum)?;
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        let moved = corners.map(|(lon, lat)| from_wgs84(datum, LonLat { lon, lat }));
        BBox::around(moved).map(|bbox| bbox.padded(0.0005))
    }

    fn words(&mut self, name: &'static str, words: &[String]) {
        let Some(filter) = self.map.filters.get(name) else { return };
        // Stations have several services, and are asked for with one.
        let field = if name == "service" { "services" } else { name };
        let expr = self.map.fields.get(field);
        let theirs = |word: &String| match expr {
            Some(expr) => expr.theirs(word).into_iter().map(str::to_owned).collect::<Vec<_>>(),
            None => vec![word.clone()],
        };
        // A word of ours that stands for none of theirs is on no record of theirs; what the table lacks cannot be asked for.
        let all: Vec<String> = words.iter().flat_map(theirs).collect();
        // A record without the word has the usual one here, and its server does not know that.
        let usual = [expr.and_then(|expr| expr.otherwise.clone()), schema::usual(self.resource, field)];
        let is_long = all.iter().map(String::len).sum::<usize>() > MAX_WORDS;
        if all.is_empty() || is_long || usual.iter().flatten().any(|usual| words.contains(usual)) {
            return;
        }
        match (&filter.join, all.as_slice()) {
            (Some(join), all) => {
                let fitted: Vec<String> = all.iter().map(|word| list_word(word, filter)).collect();
                self.add_fitted(name, filter, &fitted.join(join));
            }
            (None, [one]) => self.add(name, filter, one),
            (None, all) if filter.repeat => all.iter().for_each(|one| self.add(name, filter, one)),
            // One value is all that the server takes: the filter is applied here, and said to be.
            (None, _) => {}
        }
    }
}

/// A value, written for where it stands in the filter's template.
fn fitted(filter: &Filter, value: &str) -> String {
    let Some((template, (before, _))) = filter.template.as_ref().and_then(|text| Some((text, text.split_once("{}")?)))
    else {
        return value.to_owned();
    };
    template::fitted(template, before, value)
}

/// A word in a list of `PostgREST`'s stands in quotation marks if it has a mark of the list's own.
fn list_word(word: &str, filter: &Filter) -> String {
    let is_list = filter.template.as_ref().is_some_and(|template| template.contains("({})"));
    if is_list && word.contains([',', '(', ')', '"', ' ']) {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        fitted(filter, word)
    }
}
