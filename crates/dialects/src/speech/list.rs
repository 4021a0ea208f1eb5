//! A list of records, page by page: filters pushed where the server knows them, applied here where it does not.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::filters::{Filters, Windows, left, pushed};
use super::page::{self, At};
use super::template::{self, Names};
use super::{Backend, Heard, Last, Talk};
use crate::mapping::{Endpoint, ResourceMap};
use crate::problem::{self, Trouble};
use crate::record::refused::Refused;
use crate::record::told::Told;
use crate::record::{Reader, Understood, schema};

/// Most pages of one answer.
pub(crate) const MAX_PAGES: u32 = 200;

/// What is asked for again and again: an answer that has not changed is not fetched again.
const POLLED: [&str; 2] = ["cases", "warnings"];

/// Where a list goes on: which window of time, which page of it, and how many of its records were given already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub window: usize,
    pub at: At,
    pub skip: usize,
    /// What the page before began with: a server that ignores paging gives it again.
    pub mark: u64,
}

impl Cursor {
    pub const START: Self = Self { window: 0, at: At::Start, skip: 0, mark: 0 };

    pub fn write(&self) -> String {
        format!("{}.{}.{}.{}", self.window, self.skip, self.mark, self.at.write())
    }

    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let mut number = || parts.next()?.parse::<usize>().ok().filter(|number| *number < 1_000_000);
        let (window, skip) = (number()?, number()?);
        Some(Self { window, skip, mark: parts.next()?.parse().ok()?, at: At::read(parts.next()?)? })
    }
}

/// Tells pages apart by what they begin with; 0: with nothing.
fn mark(records: &[&Value]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    records.first().map_or(0, |first| {
        let mut hasher = DefaultHasher::new();
        first.to_string().hash(&mut hasher);
        hasher.finish().max(1)
    })
}

/// What is wanted of a list.
pub(crate) struct Wanted<'a> {
    /// The resource's name in the mapping.
    pub resource: &'a str,
    pub filters: &'a Filters,
    pub names: Names<'a>,
    /// Most records that pass.
    pub limit: usize,
    pub start: Cursor,
    /// Which filter a record does not pass, if any.
    pub fails: &'a dyn Fn(&Map<String, Value>) -> Option<&'static str>,
    /// Most pages that are asked for at once.
    pub most_pages: u32,
    /// Nobody asks for what comes after: a list that goes on is partial, and says so.
    pub is_whole: bool,
}

/// One page of it.
#[derive(Clone, Copy)]
struct Sheet<'a> {
    backend: &'a Backend,
    map: &'a ResourceMap,
    list: &'a Endpoint,
    wanted: &'a Wanted<'a>,
    /// The filters that the server knows, of one window of time.
    params: &'a [(String, String)],
    at: &'a At,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered {
    pub items: Vec<Understood>,
    pub refused: Refused,
    pub next: Option<Cursor>,
    pub total: Option<u64>,
    /// Filters that were applied here.
    pub applied_here: BTreeSet<&'static str>,
    /// It is more than one page, or a part of one.
    is_paged: bool,
    /// The fields that any of them has itself.
    pub told: Told,
}

impl Gathered {
    /// Says that the list goes on, where it does.
    fn tell_cut(&mut self) {
        if self.next.is_none() {
            return;
        }
        let read = self.items.len();
        let unread = self.total.map_or(1, |total| total.saturating_sub(read as u64));
        self.refused.cut(unread, &format!("the list goes on after {read} records: the rest was not read"));
    }
}

impl Talk {
    /// Reads a list until there are enough records, and notes how it went.
    pub async fn gather(&self, backend: &Backend, map: &ResourceMap, wanted: Wanted<'_>) -> Result<Gathered, Trouble> {
        let (resource, is_whole, is_later) = (wanted.resource, wanted.is_whole, wanted.start != Cursor::START);
        let mut gathered = self.pages(backend, map, wanted).await;
        let is_refused = backend.memory.borrow().unordered.contains(resource);
        let is_unordered = is_refused || page::lacks_order(map, key(resource));
        if let Ok(gathered) = &mut gathered {
            let is_paged = is_later || gathered.is_paged || gathered.next.is_some();
            gathered.refused.is_unordered = is_unordered && is_paged;
        }
        if let Some(gathered) = gathered.as_mut().ok().filter(|_| is_whole) {
            gathered.tell_cut();
        }
        let last = match &gathered {
            Ok(read) => Last {
                at: self.now,
                trouble: None,
                records: Some(read.items.len()),
                refused: read.refused.clone(),
                applied_here: read.applied_here.iter().copied().collect(),
                is_unordered,
            },
            Err(trouble) => Last {
                at: self.now,
                trouble: Some(trouble.detail.clone()),
                records: None,
                refused: Refused::default(),
                applied_here: Vec::new(),
                is_unordered: false,
            },
        };
        backend.note(resource, last);
        gathered
    }

    async fn pages(&self, backend: &Backend, map: &ResourceMap, wanted: Wanted<'_>) -> Result<Gathered, Trouble> {
        let list = map.list.as_ref().ok_or_else(|| problem::not_offered(wanted.resource))?;
        let windows = Windows::new(map, wanted.filters, self.now);
        let (mut hand, mut cursor) = (Hand::new(self, map, &wanted), wanted.start.clone());
        let mut pages = 0;
        while let Some(window) = windows.get(cursor.window) {
            // A window without a record is a page too: the walk through an empty century has its end.
            if pages >= wanted.most_pages || hand.is_full() {
                hand.gathered.next = Some(cursor);
                break;
            }
            let (params, pushed) = pushed(map, wanted.filters, &window);
            let (mut before, mut asked) = (0, HashSet::from([cursor.at.write()]));
            hand.gathered.applied_here.extend(left(wanted.filters, &pushed));
            loop {
                pages += 1;
                let sheet = Sheet { backend, map, list, wanted: &wanted, params: &params, at: &cursor.at };
                let heard = match self.page(&sheet).await {
                    // A page beyond the last does not exist to some: Django's "Invalid page."
                    Err(trouble) if trouble.status == 404 && matches!(cursor.at, At::Page(_)) => break,
                    heard => heard?,
                };
                let records = page::records(map, &heard.value).ok_or_else(|| no_list(backend, map))?;
                // A server that ignores paging gives the same page for ever, and one that is "reasonable" its last page.
                let begins = mark(&records);
                if begins != 0 && begins == cursor.mark && cursor.skip == 0 {
                    break;
                }
                let turned = page::Turned { records: records.len(), before, total: page::total(map, &heard) };
                before += records.len() as u64;
                hand.total(&turned, windows.are_several());
                if let Some(at) = hand.take(&records, cursor.skip, &pushed) {
                    hand.gathered.next = Some(Cursor { skip: at, ..cursor });
                    return Ok(hand.done());
                }
                let Some(next) = page::next(&map.paging, &cursor.at, &heard, &turned) else { break };
                if !asked.insert(next.write()) {
                    hand.gathered.refused.cut(1, "its pages lead in a circle: what comes after them was not read");
                    break;
                }
                cursor = Cursor { at: next, skip: 0, mark: begins, ..cursor };
                hand.gathered.is_paged = true;
                if pages >= wanted.most_pages || hand.is_full() {
                    hand.gathered.next = Some(cursor);
                    return Ok(hand.done());
                }
            }
            cursor = Cursor { window: cursor.window + 1, ..Cursor::START };
        }
        Ok(hand.done())
    }

    /// Asks for a page, in a total order where the mapping says how: without one, rows may be missed or doubled between pages.
    /// A server that refuses the order is asked without it from then on.
    async fn page(&self, sheet: &Sheet<'_>) -> Result<Rc<Heard>, Trouble> {
        let Sheet { backend, map, list, wanted, .. } = *sheet;
        let knows_none = backend.memory.borrow().unordered.contains(wanted.resource);
        let ordered = page::ordered(map, list, key(wanted.resource)).filter(|_| !knows_none);
        let Some(ordered) = ordered else { return self.page_of(sheet).await };
        let heard = self.page_of(&Sheet { list: &ordered, ..*sheet }).await;
        let is_refused = match &heard {
            Ok(heard) => page::records(map, &heard.value).is_none(),
            Err(trouble) => trouble.is_about_the_question(),
        };
        if !is_refused {
            return heard;
        }
        let plain = self.page_of(sheet).await;
        if plain.as_ref().is_ok_and(|plain| page::records(map, &plain.value).is_some()) {
            backend.memory.borrow_mut().unordered.insert(wanted.resource.to_owned());
            return plain;
        }
        heard
    }

    async fn page_of(&self, sheet: &Sheet<'_>) -> Result<Rc<Heard>, Trouble> {
        let Sheet { backend, map, list, wanted, params, at } = *sheet;
        let all = page::params(&map.paging, at).into_iter().chain(params.iter().cloned()).collect();
        let mut call = template::call(&backend.base, list, wanted.names, all, &map.headers)?;
        if let At::Query(query) = at {
            let path = call.url.split_once('?').map_or(call.url.as_str(), |(path, _)| path).to_owned();
            call.url = format!("{path}?{query}");
        }
        if POLLED.contains(&wanted.resource) {
            return self.ask_again(backend, call, &map.failure).await;
        }
        self.ask(backend, call, &map.failure).await.map(Rc::new)
    }
}

fn no_list(backend: &Backend, map: &ResourceMap) -> Trouble {
    let places: Vec<String> = map.records.iter().map(|at| format!("“{at}”")).collect();
    problem::unreadable(format!("no list at {}", places.join(", "))).of(&backend.name)
}

/// What is gathered, while it is gathered.
struct Hand<'a> {
    wanted: &'a Wanted<'a>,
    reader: Reader<'a>,
    key: &'static str,
    seen: HashSet<String>,
    index: usize,
    gathered: Gathered,
    is_total_sound: bool,
}

impl<'a> Hand<'a> {
    fn new(talk: &'a Talk, map: &'a ResourceMap, wanted: &'a Wanted<'a>) -> Self {
        let schema = schema::of(wanted.resource).unwrap_or_default();
        Self {
            wanted,
            reader: reader(talk, map, schema),
            key: key(wanted.resource),
            seen: HashSet::new(),
            index: 0,
            gathered: Gathered::default(),
            is_total_sound: true,
        }
    }

    fn is_full(&self) -> bool {
        self.gathered.items.len() >= self.wanted.limit
    }

    fn total(&mut self, turned: &page::Turned, are_several: bool) {
        self.is_total_sound &= !are_several && turned.total.is_some();
        self.gathered.total = turned.total;
    }

    /// Takes a page's records; returns where in it to go on, if it holds more than is wanted.
    fn take(&mut self, records: &[&Value], skip: usize, pushed: &BTreeSet<&'static str>) -> Option<usize> {
        let count = records.len();
        for (at, raw) in records.iter().enumerate().skip(skip) {
            if self.is_full() {
                return (at < count).then_some(at);
            }
            self.record(raw, pushed);
        }
        None
    }

    fn record(&mut self, raw: &Value, pushed: &BTreeSet<&'static str>) {
        let index = self.index;
        self.index += 1;
        let read = match self.reader.read(raw) {
            Ok(read) => read,
            Err(why) => return self.gathered.refused.add(&format!("#{index}: {why}")),
        };
        let key = read.fields.get(self.key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(filter) = (self.wanted.fails)(&read.fields) {
            // The server was told of it and gave the record all the same: it does not know the filter.
            if pushed.contains(filter) {
                self.gathered.applied_here.insert(filter);
            }
            self.is_total_sound = false;
            return;
        }
        if !self.seen.insert(key.clone()) {
            return self.gathered.refused.add(&format!("#{index}: {key} a second time"));
        }
        if let Some(why) = &read.off_map {
            self.gathered.refused.add(&format!("{key}: not on the map: {why}"));
        }
        self.gathered.told.join(read.told);
        self.gathered.items.push(read);
    }

    fn done(mut self) -> Gathered {
        let applied = !self.gathered.applied_here.is_empty();
        self.gathered.total = self.gathered.total.filter(|_| self.is_total_sound && !applied);
        self.gathered
    }
}

/// The field by which records of a resource are told apart.
fn key(resource: &str) -> &'static str {
    schema::of(resource).and_then(|schema| schema.first()).map_or("id", |field| field.name)
}

/// Returns what reads the records of a resource.
pub(crate) fn reader<'a>(talk: &'a Talk, map: &'a ResourceMap, schema: schema::Schema) -> Reader<'a> {
    Reader { schema, fields: &map.fields, setting: map.setting, district: talk.inner.district_box(), address: "" }
}
