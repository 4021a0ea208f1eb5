//! What is gathered of a list, while it is gathered.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;

use super::Talk;
use super::filters::Window;
use super::list::{Gathered, Wanted, key, reader};
use super::page;
use crate::mapping::ResourceMap;
use crate::record::reason::Reason;
use crate::record::{Reader, schema};

/// Why a record is not in an answer that nobody may have: its number is not told either.
pub(crate) const UNSHOWN: &str = "一件在这里不向任何人显示的案件 ‖ a case that is shown to nobody here";

/// What is said of a list that ends before it is over, where nobody may learn how long it is.
const LESS: &str = "对方给的比它说有的少：其余未读 ‖ the server gave less than it says there is: the rest was not read";

/// The records so far.
pub(super) struct Hand<'a> {
    wanted: &'a Wanted<'a>,
    reader: Reader<'a>,
    key: &'static str,
    /// By their key: what they are made of, and the window that they came in.
    seen: HashMap<String, (u64, (usize, u32))>,
    index: usize,
    pub gathered: Gathered,
    is_total_sound: bool,
    pub window: (usize, u32),
}

/// How the walk through the pages of one window ended.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Records that the server gave, of earlier pages too.
    pub read: u64,
    /// How many there are, as the server said last.
    pub total: Option<u64>,
    /// It said that there are more, and they cannot be asked for.
    pub lost: Option<&'static str>,
    /// The first page came again in the place of the second.
    pub is_repeated: bool,
    /// The server has said itself that there is no more.
    pub is_ended: bool,
}

impl Walk {
    /// Returns how many records are missing, and why, where the list ended before it was over.
    fn missing(&self, map: &ResourceMap) -> Option<(u64, String)> {
        let read = self.read;
        let why = |usual: Reason| self.lost.map_or_else(|| usual.to_string(), str::to_owned);
        if let Some(total) = self.total {
            let missing = total.saturating_sub(read);
            let zh = format!("对方共有 {total} 条，只给了 {read} 条");
            let said = Reason::new(zh, format!("the server counts {total} records, and gave {read}"));
            return (missing > 0).then(|| (missing, why(said)));
        }
        let is_most = map.window_records == Some(read);
        let is_full = self.is_repeated && page::size(&map.paging) == Some(read);
        let said = || {
            let zh = format!("来了 {read} 条，正是对方一次最多给的条数：其后的没有读");
            let en = format!(
                "{read} records came, which is as many as this server gives at once: what comes after them was not read"
            );
            Reason::new(zh, en)
        };
        (self.lost.is_some() || is_most || is_full).then(|| (1, why(said())))
    }
}

fn hash(raw: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    raw.to_string().hash(&mut hasher);
    hasher.finish()
}

impl<'a> Hand<'a> {
    pub fn new(talk: &'a Talk, map: &'a ResourceMap, wanted: &'a Wanted<'a>) -> Self {
        let schema = schema::of(wanted.resource).unwrap_or_default();
        Self {
            wanted,
            reader: reader(talk, map, schema),
            key: key(wanted.resource),
            seen: HashMap::new(),
            index: 0,
            gathered: Gathered::default(),
            is_total_sound: true,
            window: (0, 0),
        }
    }

    pub fn is_full(&self) -> bool {
        self.gathered.items.len() >= self.wanted.limit
    }

    pub fn total(&mut self, turned: &page::Turned, are_several: bool) {
        self.is_total_sound &= !are_several && turned.total.is_some();
        self.gathered.total = turned.total;
    }

    /// Says what is missing of a window that was read to its end.
    pub fn end(&mut self, map: &ResourceMap, walk: &Walk) {
        let Some((missing, why)) = walk.missing(map) else { return };
        // What a server counts of a kind or a place has those that nobody may count.
        let is_told = self.wanted.secret.is_none() || !self.wanted.filters.is_narrowed();
        let (missing, why) = if is_told { (missing, why) } else { (1, walk.lost.unwrap_or(LESS).to_owned()) };
        let refused = &mut self.gathered.refused;
        if walk.is_ended && walk.lost.is_none() { refused.withhold(missing, &why) } else { refused.cut(missing, &why) }
    }

    /// Whether a page has records, and none of them is of the span that was asked for: then the server does not know spans.
    pub fn are_all_outside(&self, records: &[&Value], (from, to): &Window) -> bool {
        let at = |raw: &Value| DateTime::parse_from_rfc3339(self.reader.one("reported_at", raw).ok()??.as_str()?).ok();
        // Some know days alone.
        let day = TimeDelta::days(1);
        let is_outside = |at: DateTime<FixedOffset>| {
            from.is_some_and(|from| at.signed_duration_since(from) < -day)
                || to.is_some_and(|to| at.signed_duration_since(to) > day)
        };
        !records.is_empty() && records.iter().all(|raw| at(raw).is_some_and(is_outside))
    }

    /// Takes a page's records; returns where in it to go on, if it holds more than is wanted.
    pub fn take(&mut self, records: &[&Value], skip: usize, pushed: &BTreeSet<&'static str>) -> Option<usize> {
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
        let mut read = match self.reader.read(raw) {
            Ok(read) => read,
            Err(why) => return self.refuse(raw, &why.about(&format!("#{index}"))),
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
        let mark = (hash(raw), self.window);
        if let Some(seen) = self.seen.insert(key.clone(), mark) {
            // The same once more, or from the edge of two windows, is no fault.
            if seen.0 != mark.0 && seen.1 == mark.1 {
                let again = Reason::new(format!("{key} 重复出现"), format!("{key} a second time"));
                self.refuse(raw, &again.about(&format!("#{index}")));
            }
            return;
        }
        // One that is shown to nobody is counted where it is found to be, and once.
        if self.is_secret(raw) {
            read.off_map = None;
        }
        if let Some(why) = &read.off_map {
            let why = Reason::new(format!("不在地图上：{}", why.zh), format!("not on the map: {}", why.en));
            self.gathered.refused.add(&why.about(&key).to_string());
        }
        self.gathered.told.join(read.told);
        self.gathered.items.push(read);
    }

    fn refuse(&mut self, raw: &Value, why: &Reason) {
        if !self.is_secret(raw) {
            return self.gathered.refused.add(&why.to_string());
        }
        self.is_total_sound = false;
        if !self.wanted.filters.is_narrowed() {
            self.gathered.refused.add(UNSHOWN);
        }
    }

    fn is_secret(&self, raw: &Value) -> bool {
        self.wanted.secret.is_some_and(|is_secret| is_secret(&self.reader, raw))
    }

    pub fn done(mut self) -> Gathered {
        let applied = !self.gathered.applied_here.is_empty();
        self.gathered.total = self.gathered.total.filter(|_| self.is_total_sound && !applied);
        self.gathered
    }
}
