//! A list of records, page by page: filters pushed where the server knows them, applied here where it does not.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::filters::{Filters, Windows, left, pushed, unconditional};
use super::hand::{Hand, Walk};
use super::length;
use super::page::{self, At, Turn};
use super::template::{self, Names};
use super::{Backend, Heard, Last, Talk};
use crate::mapping::{Endpoint, ResourceMap};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
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
    /// How often the windows are halved here.
    pub level: u32,
    pub at: At,
    pub skip: usize,
    /// How many records of the window the pages before this one held.
    pub before: u64,
    /// What the page before began with: a server that ignores paging gives it again.
    pub mark: u64,
    /// Whether the server has said that this page is there.
    pub is_promised: bool,
}

impl Cursor {
    pub const START: Self = Self { window: 0, level: 0, at: At::Start, skip: 0, before: 0, mark: 0, is_promised: true };

    pub fn write(&self) -> String {
        let Self { window, level, skip, before, mark, at, is_promised } = self;
        format!("{window}.{level}.{skip}.{before}.{mark}.{}.{}", u8::from(*is_promised), at.write())
    }

    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(7, '.');
        let mut number = || parts.next()?.parse::<usize>().ok().filter(|number| *number < 1_000_000);
        let (window, level, skip) = (number()?, u32::try_from(number()?).ok()?, number()?);
        let (before, mark) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let is_promised = parts.next()? != "0";
        Some(Self { window, level, skip, before, mark, is_promised, at: At::read(parts.next()?)? })
    }

    /// Whether nothing of its window was given yet.
    fn is_first(&self) -> bool {
        self.at == At::Start && self.skip == 0
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
    /// Whether a record is of a matter that is told to nobody, where there are such.
    pub secret: Option<Secret<'a>>,
}

/// Tells by a record whether its matter is told to nobody.
pub(crate) type Secret<'a> = &'a dyn Fn(&Reader<'_>, &Value) -> bool;

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
    pub(super) is_paged: bool,
    /// The fields that any of them has itself.
    pub told: Told,
}

/// Why a list ends before it is over.
const NO_LESS: &str = "对方一次不再多给，把时间分短也不给别的：其余未读 ‖ the server gives no more at once, and no others for a shorter period: the rest was not read";
const NO_SUCH_TIME: &str = "对方的配置（extents.temporal）说它没有这段时间的数据 ‖ the server's configuration (extents.temporal) says that it has nothing of this time";
const OUT_OF_TIME: &str = "datetime parameter out of range";
const UNSURE: &str = "问是否还有下一页时对方出错：其后的未读 ‖ the server failed when it was asked whether there is a next page: what comes after was not read";
const CIRCLE: &str = "对方的分页绕成了圈：其后的未读 ‖ its pages lead in a circle: what comes after them was not read";

impl Gathered {
    /// Says that the list goes on, where it does.
    fn tell_cut(&mut self) {
        if self.next.is_none() {
            return;
        }
        let read = self.items.len();
        let unread = self.total.map_or(1, |total| total.saturating_sub(read as u64));
        let zh = format!("读了 {read} 条，列表还没有完：其余未读");
        let why = Reason::new(zh, format!("the list goes on after {read} records: the rest was not read"));
        self.refused.cut(unread, &why.to_string());
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

    pub async fn pages(&self, backend: &Backend, map: &ResourceMap, wanted: Wanted<'_>) -> Result<Gathered, Trouble> {
        let list = map.list.as_ref().ok_or_else(|| problem::not_offered(wanted.resource))?;
        let windows = Windows::new(map, wanted.filters, self.now);
        let (mut hand, mut cursor) = (Hand::new(self, map, &wanted), wanted.start.clone());
        let mut pages = 0;
        'windows: while let Some(window) = windows.get(cursor.window, cursor.level) {
            // A window without a record is a page too: the walk through an empty century has its end.
            if pages >= wanted.most_pages || hand.is_full() {
                hand.gathered.next = Some(cursor);
                break;
            }
            let (params, pushed) = pushed(wanted.resource, map, wanted.filters, &window);
            let mut asked = HashSet::from([cursor.at.write()]);
            let mut walk = Walk { read: cursor.before, ..Walk::default() };
            hand.window = (cursor.window, cursor.level);
            hand.gathered.applied_here.extend(left(wanted.filters, &pushed));
            loop {
                pages += 1;
                let sheet = Sheet { backend, map, list, wanted: &wanted, params: &params, at: &cursor.at };
                let heard = match self.page(&sheet).await {
                    Err(trouble) if cursor.at.is_beyond(&trouble) => None,
                    Err(trouble) if !cursor.is_promised && trouble.is_about_what_was_asked() => {
                        // A refusal says that there is none; who fails says nothing.
                        walk.lost = (trouble.status >= 500).then_some(UNSURE);
                        None
                    }
                    Err(trouble) if is_out_of_time(backend, &trouble) => {
                        hand.gathered.refused.add(NO_SUCH_TIME);
                        None
                    }
                    heard => Some(heard?),
                };
                let found = heard.as_ref().map(|heard| page::records(map, &heard.value));
                let records = found.map(|found| found.ok_or_else(|| no_list(backend, map))).transpose()?;
                let begins = records.as_ref().map_or(0, |records| mark(records));
                // A server that ignores paging gives the same page for ever, and one that is "reasonable" its last page.
                let is_same = begins != 0 && begins == cursor.mark && cursor.skip == 0;
                let (Some(heard), Some(records), false) = (&heard, records, is_same) else {
                    // It knows another word for how many to skip, or none.
                    if let Some(at) = page::guess_again(&map.paging, &cursor.at) {
                        cursor.at = at;
                        continue;
                    }
                    // Nobody has said that the list is over where the last question was not understood.
                    let is_unheard = matches!(cursor.at, At::Guess(..)) && heard.is_none();
                    walk.is_repeated = (is_same && cursor.is_promised) || is_unheard;
                    break;
                };
                let is_nothing = page::is_nothing(map, &heard.value);
                let mut turned = page::Turned { records: records.len(), is_nothing, before: walk.read, total: None };
                turned.total = length::sound_total(map, heard, &turned);
                walk.total = turned.total.or(walk.total);
                walk.is_ended = page::is_last(&map.paging, heard, &turned);
                let is_promised = length::is_promised(map, heard, &turned);
                let is_capped = turned.is_capped(map);
                let is_ignored = is_capped && cursor.level > 0 && hand.are_all_outside(&records, &window);
                if is_capped && cursor.is_first() && !is_ignored && windows.can_halve(cursor.level) {
                    if let Some(why) = windows.unasked(cursor.level) {
                        hand.gathered.refused.cut(1, &why);
                    }
                    cursor =
                        Cursor { window: cursor.window.saturating_mul(2), level: cursor.level + 1, ..Cursor::START };
                    continue 'windows;
                }
                hand.total(&turned, windows.are_several() || cursor.level > 0);
                if let Some(at) = hand.take(&records, cursor.skip, &pushed) {
                    hand.gathered.next = Some(Cursor { skip: at, ..cursor });
                    return Ok(hand.done());
                }
                walk.read = turned.read();
                if is_ignored {
                    walk.lost = Some(NO_LESS);
                    hand.end(map, &walk);
                    break 'windows;
                }
                let next = match page::next(&map.paging, &cursor.at, heard, &turned) {
                    Turn::To(next) if asked.insert(next.write()) => next,
                    Turn::To(_) => {
                        walk.lost = Some(CIRCLE);
                        break;
                    }
                    Turn::Lost(why) => {
                        walk.lost = Some(why);
                        break;
                    }
                    Turn::End => break,
                };
                cursor = Cursor { at: next, skip: 0, mark: begins, before: walk.read, is_promised, ..cursor };
                hand.gathered.is_paged = true;
                if pages >= wanted.most_pages || hand.is_full() {
                    hand.gathered.next = Some(cursor);
                    return Ok(hand.done());
                }
            }
            hand.end(map, &walk);
            let (window, level) = Windows::after(cursor.window, cursor.level);
            cursor = Cursor { window, level, ..Cursor::START };
        }
        Ok(hand.done())
    }

    /// Asks for a page, in a total order where the mapping says how: without one, rows may be missed or doubled between pages.
    /// A server that refuses the order is asked without it from then on.
    async fn page(&self, sheet: &Sheet<'_>) -> Result<Rc<Heard>, Trouble> {
        let Sheet { backend, map, list, wanted, at, .. } = *sheet;
        let knows_none = backend.memory.borrow().unordered.contains(wanted.resource);
        let ordered = page::ordered(map, list, key(wanted.resource)).filter(|_| !knows_none);
        let Some(ordered) = ordered else { return self.page_of(sheet).await };
        let heard = self.page_of(&Sheet { list: &ordered, ..*sheet }).await;
        let is_refused = match &heard {
            Ok(heard) => page::records(map, &heard.value).is_none(),
            Err(trouble) => trouble.is_about_the_question() && !at.is_beyond(trouble),
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
        let list = unconditional(map, list, params);
        let mut call = template::call(&backend.base, &list, wanted.names, all, &map.headers)?;
        call.headers.extend(page::headers(&map.paging, at));
        if let At::Query(query) = at {
            let path = call.url.split_once('?').map_or(call.url.as_str(), |(path, _)| path).to_owned();
            call.url = format!("{path}?{query}");
        }
        let heard = if POLLED.contains(&wanted.resource) {
            self.ask_again(backend, call, &map.failure).await
        } else {
            self.ask(backend, call, &map.failure).await.map(Rc::new)
        };
        backend.hear(wanted.resource, self.now, heard.as_ref().err());
        // Whoever may not have the list has no part of it; one case that is refused, or a guess, says nothing of the others.
        if heard.as_ref().is_err_and(|trouble| trouble.is_shut_out() && !at.is_beyond(trouble)) {
            backend.shut();
        }
        // Behind the last page some send nothing at all; a list that begins like that has not come.
        match heard {
            Ok(heard) if *at == At::Start && heard.is_blank() => Err(no_answer(backend)),
            heard => heard,
        }
    }
}

fn no_answer(backend: &Backend) -> Trouble {
    let why = Reason::new("回答是空的，应为列表", "an empty answer where a list was expected");
    problem::unreadable(why).of(&backend.name)
}

/// Whether a refusal says that the list holds nothing of the time that was asked for: pygeoapi's of a period beyond the extent that its
/// configuration names, where the standard has an empty list.
fn is_out_of_time(backend: &Backend, trouble: &Trouble) -> bool {
    backend.dialect == "ogc-features" && trouble.status == 400 && trouble.detail.en.contains(OUT_OF_TIME)
}

pub(crate) fn no_list(backend: &Backend, map: &ResourceMap) -> Trouble {
    let places: Vec<String> = map.records.iter().map(|at| format!("“{at}”")).collect();
    let (zh, en) = (places.join("、"), places.join(", "));
    problem::unreadable(Reason::new(format!("{zh} 处没有列表"), format!("no list at {en}"))).of(&backend.name)
}

/// The field by which records of a resource are told apart.
pub(super) fn key(resource: &str) -> &'static str {
    schema::of(resource).and_then(|schema| schema.first()).map_or("id", |field| field.name)
}

/// Returns what reads the records of a resource.
pub(crate) fn reader<'a>(talk: &'a Talk, map: &'a ResourceMap, schema: schema::Schema) -> Reader<'a> {
    Reader { schema, fields: &map.fields, setting: map.setting, district: talk.inner.district_box(), address: "" }
}
