//! Cases: lists, one, and its way.

use std::cell::Cell;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::masking::{self, AddressCut};
use fengtu_domain::{calendar::WorkCalendar, clocks};
use fengtu_wire::cases::{Case, CaseState, CaseSummary, Clock, Holder, Sensitivity};
use fengtu_wire::config::Config;
use serde_json::{Map, Value, json};

use super::asked::{Asked, Sieve};
use super::failed::{self, Failed};
use super::good;
use super::remembered::{called, look_for, remember};
use super::secrecy::{is_secret, least};
use super::tree::{self, Tree};
use crate::exchange::{Answer, Request, decode};
use crate::mapping::ResourceMap;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::refused::Refused;
use crate::record::told::Told;
use crate::record::{Reader, Understood, schema};
use crate::speech::hand::UNSHOWN;
use crate::speech::list::{self, Cursor, Gathered, Secret, Wanted};
use crate::speech::{Backend, Talk, template};

/// A case of a foreign server as one of ours, with the instants that figures need.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub case: Case,
    pub accepted_at: Option<DateTime<FixedOffset>>,
    /// It counts as received with its report, whatever its state: its server knows no accepting.
    pub taken_in: bool,
    /// What its server calls it, which is in no answer of ours.
    pub called: Option<String>,
    media: Media,
}

/// Where its pictures and papers are: our contract has none, they stand beside it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
struct Media {
    links: Vec<String>,
    /// How many addresses may not be shown.
    refused: usize,
}

/// What cases are made with.
pub(crate) struct Making {
    pub config: Config,
    pub tree: Option<std::rc::Rc<Tree>>,
    root: String,
    calendar: WorkCalendar,
    /// Its server knows no accepting.
    taken_in: bool,
    /// Whether the list of the cases tells when any was accepted.
    tells_accepted: bool,
    now: DateTime<FixedOffset>,
}

/// Cases that were gathered, and how it went.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cases {
    pub known: Vec<Known>,
    pub refused: Refused,
    /// The numbers of those that were understood and may not be shown.
    pub unshown: Vec<String>,
    /// How many times it was said of one that it cannot be drawn, or stands in a place that there is not.
    pub flawed: usize,
    /// The last change that any of them names.
    pub changed_at: Option<DateTime<FixedOffset>>,
    /// What they tell.
    pub told: Told,
    pub gathered: Gathered,
    /// What they are joined by and could not be had now.
    pub failed: Vec<Failed>,
}

impl Cases {
    fn take(&mut self, item: &Understood, making: &Making, is_narrowed: bool) {
        let fields = &item.fields;
        self.flawed += usize::from(item.off_map.is_some());
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let changed = DateTime::parse_from_rfc3339(text("updated_at")).ok();
        self.changed_at = self.changed_at.max(changed);
        match making.case(item) {
            Ok(case) => {
                if let Some(why) = making.astray(&case.case.summary) {
                    self.flawed += 1;
                    self.refused.add(&why);
                }
                self.known.push(case);
            }
            Err(why) => {
                // How many there are of a kind or in a place is what nobody may learn.
                if !is_narrowed || why != UNSHOWN {
                    self.refused.add(&why);
                }
                self.unshown.push(text("number").to_owned());
            }
        }
    }
}

pub(crate) fn mapped(backend: &Backend) -> Result<&ResourceMap, Trouble> {
    let found = backend.mapping.as_ref().and_then(|mapping| mapping.resources.get("cases"));
    found.ok_or_else(|| problem::not_offered("cases"))
}

/// Whether cases come by Open311, which knows open and closed alone.
fn is_open311(talk: &Talk) -> bool {
    talk.inner.of("cases").is_some_and(|backend| backend.dialect == "georeport")
}

impl Making {
    pub async fn new(talk: &Talk, map: &ResourceMap, needs_tree: bool) -> Result<Self, Trouble> {
        let config = talk.config().await?;
        // A case with a position and no place belongs to the grid around it.
        let tree = if needs_tree || map.fields.contains_key("at") { Some(talk.tree().await) } else { None };
        Ok(Self {
            calendar: WorkCalendar::new(&config.calendar),
            config,
            tree,
            root: talk.inner.district.root.clone(),
            tells_accepted: false,
            taken_in: is_open311(talk) && !map.fields.contains_key("accepted_at"),
            now: talk.now,
        })
    }

    /// Makes a case of ours, or says why it cannot be shown.
    pub fn case(&self, Understood { fields, told, .. }: &Understood) -> Result<Known, String> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let read = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let accepted_at = text("accepted_at").and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
        let place = self.place_of(fields);
        let office = text("office").map(|office| Holder {
            place: place.clone().unwrap_or_else(|| self.root.clone()).into(),
            office: masking::scrub(&office),
        });
        let summary = json!({
            "number": read("number"), "channel": read("channel"), "category": read("category"), "class": read("class"),
            "sensitivity": read("sensitivity"), "state": read("state"), "place": place, "address": text("address").and_then(|a| shown_address(&a)),
            "at": read("at"), "reported_at": read("reported_at"), "resolved_at": read("resolved_at"), "title": "",
            "people": read("people"), "amount_fen": read("amount_fen"), "holder": office, "clocks": []});
        // What it says is not told: nobody knows yet whether it may be.
        let mut summary: CaseSummary = serde_json::from_value(summary)
            .map_err(|_| "案件不合本系统的约定 ‖ a case that does not fit our contract".to_owned())?;
        summary.sensitivity = summary.sensitivity.max(self.least(&summary));
        if summary.sensitivity == Sensitivity::Restricted {
            return Err(UNSHOWN.to_owned());
        }
        let description = masking::scrub(&text("description").unwrap_or_default());
        summary.title = self.title(&summary, &text("title").unwrap_or_default(), &description);
        if told.stops_clocks(summary.state, self.tells_accepted) {
            summary.clocks = self.clocks(&summary, accepted_at);
        }
        let case = Case {
            summary,
            description,
            building: text("building").map(Into::into),
            parties: Vec::new(),
            repeat_of: text("repeat_of").map(Into::into),
            rating: read("rating").as_u64().filter(|rating| (1..=5).contains(rating)).map(|rating| rating as u8),
            version: read("version").as_u64().unwrap_or_default(),
        };
        // Nobody has masked what a picture shows.
        let is_open = case.summary.sensitivity <= Sensitivity::Internal;
        let media = if is_open { serde_json::from_value(read("media")).unwrap_or_default() } else { Media::default() };
        Ok(Known { case, accepted_at, taken_in: self.taken_in, called: text("ref"), media })
    }

    /// The grid around it, where the server names no place, or one that there is not.
    pub fn place_of(&self, fields: &Map<String, Value>) -> Option<String> {
        let named = fields.get("place").and_then(Value::as_str);
        let at = fields.get("at").and_then(|at| serde_json::from_value(at.clone()).ok());
        let placed = self.tree.as_ref().map_or(named, |tree| tree.place_of(named, at, &self.root));
        placed.map(str::to_owned)
    }

    /// Says why a case is in no part of the district: it stands in a place that there is not.
    fn astray(&self, case: &CaseSummary) -> Option<String> {
        let place = case.place.as_ref()?.as_str();
        let is_lacking = self.tree.as_ref().is_some_and(|tree| tree.lacks(place, &self.root));
        is_lacking.then(|| tree::no_place(place).to_string())
    }

    fn least(&self, case: &CaseSummary) -> Sensitivity {
        least(&self.config, case.category.as_str())
    }

    fn title(&self, case: &CaseSummary, title: &str, description: &str) -> String {
        if !title.is_empty() {
            return masking::scrub(title);
        }
        let line: String = description.lines().next().unwrap_or_default().chars().take(40).collect();
        if !line.is_empty() {
            return line;
        }
        let named = self.config.categories.iter().find(|category| category.id == case.category);
        named.map_or_else(|| case.category.to_string(), |category| category.name.zh.clone())
    }

    fn clocks(&self, case: &CaseSummary, accepted_at: Option<DateTime<FixedOffset>>) -> Vec<Clock> {
        let rule = self.config.classes.iter().find(|rule| rule.class == case.class);
        let steps = accepted_at.map(|at| (at, CaseState::Accepted)).into_iter();
        let steps: Vec<_> = steps.chain(case.resolved_at.map(|at| (at, CaseState::Resolved))).collect();
        rule.map(|rule| clocks::clocks_of(rule, case.reported_at, &steps, &self.calendar, self.now)).unwrap_or_default()
    }
}

/// An address without flat and floor; one that is not Chinese has no marks to cut at, and is public where it comes from.
pub(crate) fn shown_address(address: &str) -> Option<String> {
    let is_chinese = address.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let cut = if is_chinese { AddressCut::Building } else { AddressCut::Full };
    masking::address(address, cut).map(str::to_owned)
}

/// Whether the server itself can be asked for the cases of these places: those that name none and lie in one would be missed.
pub(crate) fn names_every_place(map: &ResourceMap) -> bool {
    map.pushes("place") && map.fields.contains_key("place") && !map.fields.contains_key("at")
}

/// Reads cases until there are enough. `before` is what the list tells that they are to be put into.
pub(crate) async fn gather(talk: &Talk, backend: &Backend, asked: &Asked, before: Told) -> Result<Cases, Trouble> {
    let map = mapped(backend)?;
    let place = asked.place.as_deref().filter(|place| *place != talk.inner.district.root);
    let mut making = Making::new(talk, map, place.is_some()).await?;
    // The tree is there where a place is asked for.
    let within = place.zip(making.tree.as_deref());
    within.map(|(_, tree)| tree.is_whole()).transpose()?;
    let sieve = Sieve::new(asked, &making.config.categories, !map.filters.contains_key("q"));
    let (is_read, is_told) = (Cell::new(false), Cell::new(false));
    let fails = |fields: &Map<String, Value>| {
        is_read.set(true);
        is_told.set(is_told.get() || fields.get("building").is_some_and(Value::is_string));
        let is_outside =
            within.is_some_and(|(place, tree)| making.place_of(fields).is_none_or(|own| !tree.is_within(&own, place)));
        if is_outside { Some("place") } else { sieve.fails(fields) }
    };
    let mut filters = asked.spelt_out(&sieve.categories);
    // Whichever side looks, a place is all that lies in it. What cannot be asked for is looked for here, and said to be.
    let below = within.map(|(place, tree)| if names_every_place(map) { tree.below(place) } else { Vec::new() });
    let is_looked_for = below.as_ref().is_some_and(Vec::is_empty);
    filters.words.extend(below.map(|below| ("place", below)));
    // Cases that name no place lie where their points are: a box around the place has all of them.
    let by_point = within.filter(|_| !map.fields.contains_key("place") && map.pushes("bbox"));
    filters.bbox = filters.bbox.or_else(|| by_point.and_then(|(place, tree)| tree.bounds_of(place)));
    let is_narrowed = place.is_some() || filters.is_narrowed();
    let start = asked.cursor.clone().unwrap_or(Cursor::START);
    let (limit, is_whole) = (asked.limit, false);
    let most_pages = asked.most_pages.unwrap_or(list::MAX_PAGES);
    let is_secret = |reader: &Reader<'_>, raw: &Value| is_secret(&making.config, reader, raw);
    let (filters, fails, secret): (_, _, Option<Secret<'_>>) = (&filters, &fails, Some(&is_secret));
    let wanted = Wanted { resource: "cases", filters, names: &[], limit, start, fails, most_pages, is_whole, secret };
    let mut gathered = talk.gather(backend, map, wanted).await?;
    // Without a word of any building none would be found, and it would look as if there were none.
    if asked.words("building").next().is_some() && is_read.get() && !is_told.get() {
        return Err(problem::not_offered("building"));
    }
    if is_looked_for {
        gathered.applied_here.insert("place");
        gathered.total = None;
    }
    gathered.told.join(before);
    making.tells_accepted = gathered.told.has("accepted_at");
    let (refused, told) = (std::mem::take(&mut gathered.refused), gathered.told);
    let items = std::mem::take(&mut gathered.items);
    let mut cases = Cases { refused, told, gathered, ..Cases::default() };
    for item in items {
        cases.take(&item, &making, is_narrowed);
    }
    if is_narrowed || !cases.unshown.is_empty() {
        // What their server counts has those that nobody may count: of a whole list there are as many as it shows.
        let is_all = asked.cursor.is_none() && cases.gathered.next.is_none() && cases.refused.unread == 0;
        cases.gathered.total = is_all.then_some(cases.known.len() as u64);
    }
    remember(backend, &cases.known, making.tells_accepted);
    let failed = making.tree.as_ref().map(|tree| tree.failed.clone()).unwrap_or_default();
    Ok(Cases { failed, ..cases })
}

/// `GET /cases`.
pub(crate) async fn list(talk: &Talk, backend: &Backend, request: &Request) -> Result<Answer, Trouble> {
    for name in ["overdue", "people_from", "repeats", "behind", "at", "sort"] {
        if let Some(said) = request.parameter(name).filter(|said| *said != "false" && *said != "-reported_at") {
            return Err(problem::not_offered(format!("{name}={said}")));
        }
    }
    let asked = Asked::read(request)?;
    if asked.words("building").next().is_some() && !mapped(backend)?.fields.contains_key("building") {
        return Err(problem::not_offered("building"));
    }
    let Cases { known, refused, gathered, failed, .. } = gather(talk, backend, &asked, Told::default()).await?;
    let items: Vec<&CaseSummary> = known.iter().map(|known| &known.case.summary).collect();
    let (next, total) = (gathered.next.map(|cursor| cursor.write()), gathered.total.filter(|_| asked.total));
    Ok(good(&json!({"items": items, "next": next, "total": total, "refused": refused.json(),
        "applied_here": gathered.applied_here, "failed": failed::listed(&failed)})))
}

/// Reads one case. One that its server calls something else, and that no list has told of yet, is looked for in the list.
pub(crate) async fn known(talk: &Talk, backend: &Backend, number: &str) -> Result<Known, Trouble> {
    let number = decode(number);
    match named(talk, backend, &number).await {
        Err(trouble) if trouble.is_about_what_was_asked() && look_for(talk, backend, &number).await => {
            // What was said first holds where that is no use either: one that is shown to nobody is answered for like one that there is not.
            named(talk, backend, &number).await.map_err(|_| trouble)
        }
        known => known,
    }
}

async fn named(talk: &Talk, backend: &Backend, number: &str) -> Result<Known, Trouble> {
    let map = mapped(backend)?;
    let one = map.one.as_ref().ok_or_else(|| problem::not_offered(Reason::new("单件案件", "single cases")))?;
    let id = called(backend, map, number);
    let call = template::call(&backend.base, one, &[("id", &id)], Vec::new(), &map.headers)?;
    let address = call.url.clone();
    let heard = talk.ask(backend, call, &map.failure).await?;
    let schema = schema::of("cases").unwrap_or_default();
    let reader = Reader { address: &address, ..list::reader(talk, map, schema) };
    let raw = single(map, &heard.value, &reader, number).ok_or_else(|| problem::not_found(number))?;
    let mut making = Making::new(talk, map, false).await?;
    let read = reader.read(raw).map_err(|why| {
        let is_secret = is_secret(&making.config, &reader, raw);
        if is_secret { problem::not_found(number) } else { problem::unreadable(why) }
    })?;
    making.tells_accepted = backend.memory.borrow().waiting.contains(number);
    let known = making.case(&read).map_err(|_| problem::not_found(number))?;
    if known.case.summary.number.as_str() != number {
        let given = known.case.summary.number.as_str();
        let (zh, en) = (format!("问的是 {number}，给的是 {given}"), format!("asked for {number}, it gave {given}"));
        return Err(problem::unreadable(Reason::new(zh, en)).of(&backend.name));
    }
    Ok(known)
}

/// Finds a single record: at one of the pointers, or in a list: the only one, or of several the one of this key.
pub(crate) fn single<'a>(map: &ResourceMap, value: &'a Value, reader: &Reader<'_>, key: &str) -> Option<&'a Value> {
    // A record may have a word of its own where others have the record.
    let is_held = |value: &&Value| value.is_object() || value.is_array();
    let found = map.one_at.iter().filter_map(|at| value.pointer(at)).find(is_held)?;
    match found {
        Value::Array(list) if list.len() == 1 => list.first(),
        // A server that does not know the question gives all of them.
        Value::Array(list) => list.iter().find(|raw| reader.key(raw).as_deref() == Some(key)),
        Value::Object(_) => Some(found),
        _ => None,
    }
}

/// `GET /cases/{number}`.
pub(crate) async fn one(talk: &Talk, backend: &Backend, number: &str) -> Result<Answer, Trouble> {
    let known = known(talk, backend, number).await?;
    let mut value = serde_json::to_value(&known.case).map_err(|_| problem::internal("case"))?;
    if let Some(members) = value.as_object_mut() {
        members.insert("media".to_owned(), json!(known.media.links));
        members.insert("media_refused".to_owned(), json!(known.media.refused));
    }
    Ok(good(&value))
}
