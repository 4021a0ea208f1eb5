//! The parameters of our contract's lists.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::config::Category;
use serde_json::{Map, Value};

use crate::exchange::Request;
use crate::problem::{self, Trouble};
use crate::speech::filters::Filters;
use crate::speech::list::Cursor;

/// The most rows of a page, and how many there are if nobody says.
const MAX_LIMIT: usize = 1_000;
const DEFAULT_LIMIT: usize = 100;

/// Most bytes of what is looked for: what does not fit an address would not be asked for.
const MAX_Q: usize = 1_000;

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub filters: Filters,
    pub place: Option<String>,
    pub q: Option<String>,
    pub limit: usize,
    pub cursor: Option<Cursor>,
    pub total: bool,
    /// Fewer pages than are read of any list.
    pub most_pages: Option<u32>,
}

impl Asked {
    pub fn read(request: &Request) -> Result<Self, Trouble> {
        let words = |name: &'static str| (name, request.parameters(name).map(str::to_owned).collect::<Vec<_>>());
        let place = request.parameter("place").map(str::to_owned);
        let q = request.parameter("q").map(str::to_owned).filter(|q| !q.trim().is_empty());
        if q.as_ref().is_some_and(|q| q.len() > MAX_Q) {
            return Err(problem::invalid("?q", "搜索词太长", "the words that are looked for are too long"));
        }
        let cursor = request.parameter("cursor");
        let names = ["category", "state", "class", "channel", "building", "level", "service", "circle"];
        let mut all: Vec<_> = names.into_iter().map(words).collect();
        all.push(("q", q.iter().cloned().collect()));
        Ok(Self {
            filters: Filters {
                from: instant(request, "from")?,
                to: instant(request, "to")?,
                updated_since: None,
                bbox: request.parameter("bbox").map(bbox).transpose()?,
                words: all,
            },
            place,
            q,
            limit: limit(request)?,
            cursor: cursor
                .map(|text| {
                    Cursor::read(text).ok_or_else(|| {
                        problem::invalid("?cursor", "不是本列表的翻页标记", "it is no cursor of this list")
                    })
                })
                .transpose()?,
            total: request.parameter("total") == Some("true"),
            most_pages: None,
        })
    }
}

fn limit(request: &Request) -> Result<usize, Trouble> {
    let Some(text) = request.parameter("limit") else { return Ok(DEFAULT_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| problem::invalid("?limit", "应为 1 到 1000 的数", "a number from 1 to 1000 was expected"))
}

/// Reads an instant; `+` may have come as a blank.
pub(crate) fn instant(request: &Request, name: &str) -> Result<Option<DateTime<FixedOffset>>, Trouble> {
    let Some(text) = request.parameter(name) else { return Ok(None) };
    let read = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    read.map(Some).map_err(|_| {
        problem::invalid(&format!("?{name}"), "应为 RFC 3339 的时刻", "an instant of RFC 3339 was expected")
    })
}

fn bbox(text: &str) -> Result<[f64; 4], Trouble> {
    let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let read: Option<[f64; 4]> = numbers.try_into().ok();
    let sound = |[west, south, east, north]: &[f64; 4]| west <= east && south <= north;
    read.filter(sound)
        .ok_or_else(|| problem::invalid("?bbox", "应为 西,南,东,北", "west,south,east,north was expected"))
}

/// Our filters, applied to a case of ours.
pub(crate) struct Sieve<'a> {
    pub asked: &'a Asked,
    /// The categories asked for, with those below them.
    pub categories: HashSet<&'a str>,
    /// Whether free text is looked for here: the server was not asked to.
    pub q: bool,
}

impl<'a> Sieve<'a> {
    pub fn new(asked: &'a Asked, categories: &'a [Category], q: bool) -> Self {
        Self { asked, categories: with_below(asked, categories), q }
    }

    /// Returns the filter that a case does not pass, if any.
    pub fn fails(&self, case: &Map<String, Value>) -> Option<&'static str> {
        let text = |name: &str| case.get(name).and_then(Value::as_str).unwrap_or_default();
        let filters = &self.asked.filters;
        let reported = DateTime::parse_from_rfc3339(text("reported_at")).ok();
        if filters.from.is_some_and(|from| reported.is_none_or(|at| at < from)) {
            return Some("from");
        }
        if filters.to.is_some_and(|to| reported.is_none_or(|at| at >= to)) {
            return Some("to");
        }
        if !self.categories.is_empty() && !self.categories.contains(text("category")) {
            return Some("category");
        }
        for name in ["state", "class", "channel", "building"] {
            let mut words = self.asked.words(name).peekable();
            if words.peek().is_some() && !words.any(|word| word == text(name)) {
                return Some(name);
            }
        }
        if filters.bbox.is_some_and(|bbox| !is_inside(case.get("at"), bbox)) {
            return Some("bbox");
        }
        let searched = self.asked.q.as_ref().filter(|_| self.q)?;
        let has = |name: &str| text(name).to_lowercase().contains(&searched.to_lowercase());
        (!["number", "title", "address"].into_iter().any(has)).then_some("q")
    }
}

/// The categories that are asked for, and all below them.
fn with_below<'a>(asked: &'a Asked, categories: &'a [Category]) -> HashSet<&'a str> {
    let mut all: HashSet<&str> = asked.words("category").collect();
    // Each round goes a level down; a circle brings nothing new.
    loop {
        let is_below =
            |category: &&Category| category.parent.as_ref().is_some_and(|parent| all.contains(parent.as_str()));
        let below: Vec<&str> = categories.iter().filter(is_below).map(|category| category.id.as_str()).collect();
        let before = all.len();
        all.extend(below);
        if all.len() == before {
            return all;
        }
    }
}

impl Asked {
    /// The filters as a server is asked for them: with every category below those that are named.
    pub fn spelt_out(&self, categories: &HashSet<&str>) -> Filters {
        let mut filters = self.filters.clone();
        if let Some((_, words)) =
            filters.words.iter_mut().find(|(name, words)| *name == "category" && !words.is_empty())
        {
            *words = categories.iter().map(|category| (*category).to_owned()).collect();
            words.sort();
        }
        filters
    }

    pub fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.filters.words.iter().find(|(known, _)| *known == name);
        found.into_iter().flat_map(|(_, words)| words.iter().map(String::as_str))
    }
}

/// Whether a pair of ours lies in a box.
pub(crate) fn is_inside(at: Option<&Value>, [west, south, east, north]: [f64; 4]) -> bool {
    let number = |index: usize| at.and_then(|at| at.get(index)).and_then(Value::as_f64);
    match (number(0), number(1)) {
        (Some(lon), Some(lat)) => (west..=east).contains(&lon) && (south..=north).contains(&lat),
        _ => false,
    }
}
