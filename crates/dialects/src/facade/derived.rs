//! What no foreign server has as our contract has it: heat made of its cases, and the place of warnings.

use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::anonymity;
use fengtu_wire::cases::Class;
use serde_json::{Map, Value, json};

use super::asked::{Asked, Sieve, instant};
use super::cases::{Cases, Known};
use super::kept::{earlier, since};
use super::{failed, good};
use crate::exchange::{Answer, Request};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::refused::Refused;
use crate::speech::list::{Cursor, MAX_PAGES, Wanted};
use crate::speech::{Backend, Talk};

/// The cases of a request's place, period and categories.
async fn asked_for(talk: &Talk, request: &Request, days: i64) -> Result<(Vec<Known>, Rc<Cases>), Trouble> {
    let asked = Asked::read(request)?;
    let from = asked.filters.from.unwrap_or_else(|| earlier(talk.now, days));
    let cases = since(talk, from).await?;
    let config = talk.config().await?;
    let sieve = Sieve::new(&asked, &config.categories, false);
    let place = asked.place.as_deref().filter(|place| *place != talk.inner.district.root);
    let tree = if place.is_some() { Some(talk.tree().await) } else { None };
    tree.as_ref().map(|tree| tree.is_whole()).transpose()?;
    let is_in = |known: &&Known| {
        let summary = &known.case.summary;
        let inside = place.is_none_or(|place| {
            summary
                .place
                .as_ref()
                .is_some_and(|own| tree.as_ref().is_some_and(|tree| tree.is_within(own.as_str(), place)))
        });
        let is_late = asked.filters.to.is_none_or(|to| summary.reported_at < to);
        let is_kind = sieve.categories.is_empty() || sieve.categories.contains(summary.category.as_str());
        inside && is_late && is_kind && summary.reported_at >= from
    };
    Ok((cases.known.iter().filter(is_in).cloned().collect(), Rc::clone(&cases)))
}

/// `GET /heat`.
pub(crate) async fn heat(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let (known, _) = asked_for(talk, request, 30).await?;
    let config = talk.config().await?;
    let bounds = match config.bounds {
        Some(bounds) => Some(bounds),
        None => talk.tree().await.bounds().map(|bbox| super::map::bounds(&bbox)),
    };
    let points = known.iter().filter_map(|known| known.case.summary.at);
    let world = [-180.0, -85.0, 180.0, 85.0];
    let cells = anonymity::cells(points, bounds.unwrap_or(world), config.heat.cell_m, config.k_anonymity);
    let value = serde_json::to_value(&cells).map_err(|_| problem::internal("heat"))?;
    Ok(good(&value))
}

/// An urgent or major case is as warm as two or three ordinary ones.
pub(crate) const fn weight(class: Class) -> u8 {
    match class {
        Class::Ordinary => 1,
        Class::Departmental => 2,
        Class::Urgent | Class::Major => 3,
    }
}

/// `GET /heat/points`, as `GeoJSON`.
pub(crate) async fn heat_points(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let (known, all) = asked_for(talk, request, 365).await?;
    let features = known.iter().filter_map(|known| {
        let summary = &known.case.summary;
        let at = summary.at?;
        Some(json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": {
            "number": summary.number, "category": summary.category, "place": summary.place,
            "t": summary.reported_at.timestamp(), "weight": weight(summary.class)}}))
    });
    let features: Vec<Value> = features.collect();
    Ok(good(&json!({"type": "FeatureCollection", "features": features, "refused": all.refused.json(),
        "failed": failed::listed(&all.failed)})))
}

/// Returns the levels that a backend gives, and keeps them.
pub(super) async fn levels(talk: &Talk, backend: &Backend) -> Result<(Vec<Value>, Refused), Trouble> {
    let Some(map) = backend.mapping.as_ref().and_then(|mapping| mapping.resources.get("warnings")) else {
        return Ok((Vec::new(), Refused::default()));
    };
    let all = Asked { limit: 100_000, ..Asked::default() };
    let fails = |_: &Map<String, Value>| None;
    let (filters, limit, start, most_pages, is_whole) = (&all.filters, all.limit, Cursor::START, MAX_PAGES, true);
    let wanted = Wanted {
        resource: "warnings",
        filters,
        names: &[],
        limit,
        start,
        fails: &fails,
        most_pages,
        is_whole,
        secret: None,
    };
    let gathered = talk.gather(backend, map, wanted).await?;
    let shaped = gathered.items.into_iter().map(|item| {
        let mut fields = item.fields;
        for (name, from) in [("id", "place"), ("since", "at")] {
            let usual = fields.get(from).cloned().unwrap_or_default();
            fields.entry(name).or_insert(usual);
        }
        fields.insert("reasons".to_owned(), json!([]));
        Value::Object(fields)
    });
    let levels: Vec<Value> = shaped.collect();
    backend.memory.borrow_mut().levels = Some((talk.now.timestamp(), levels.clone()));
    Ok((levels, gathered.refused))
}

/// `GET /warnings`: none where no backend gives any.
pub(crate) async fn warnings(talk: &Talk, backend: &Backend, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked::read(request)?;
    if request.parameter("at").is_some() {
        return Err(problem::not_offered(Reason::new("过去的预警", "warnings of the past")));
    }
    let (mut items, refused) = levels(talk, backend).await?;
    let wanted: Vec<&str> = asked.words("level").collect();
    let level = |item: &Value| item.get("level").and_then(Value::as_str).unwrap_or_default().to_owned();
    items.retain(|item| if wanted.is_empty() { level(item) != "none" } else { wanted.contains(&level(item).as_str()) });
    let mut failed = json!([]);
    if asked.place.is_some() || request.parameter("place_level").is_some() {
        let tree = talk.tree().await;
        tree.is_had()?;
        failed = failed::listed(&tree.failed);
        let of = |item: &Value| item.get("place").and_then(Value::as_str).unwrap_or_default().to_owned();
        let root = talk.inner.district.root.as_str();
        items.retain(|item| {
            asked.place.as_deref().is_none_or(|place| place == root || tree.is_within(&of(item), place))
        });
        let wanted = request.parameter("place_level");
        items.retain(|item| wanted.is_none_or(|level| tree.level(&of(item)) == Some(level)));
    }
    let count = items.len();
    let skip = asked.cursor.as_ref().map_or(0, |cursor| cursor.skip);
    let page: Vec<Value> = items.into_iter().skip(skip).take(asked.limit).collect();
    let read = skip.saturating_add(page.len());
    let next = (read < count).then(|| Cursor { skip: read, ..Cursor::START }.write());
    Ok(good(&json!({"items": page, "next": next, "total": asked.total.then_some(count), "refused": refused.json(),
        "failed": failed})))
}

/// `GET /warnings/history`: no server has it, so there is no place to play back.
pub(crate) fn history(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let from = instant(request, "from")?.unwrap_or_else(|| earlier(talk.now, 365));
    let step_s = request.parameter("step_s").and_then(|step| step.parse::<u32>().ok()).unwrap_or(86_400).max(60);
    Ok(good(&json!({"from": from.to_rfc3339(), "step_s": step_s, "places": [], "frames": []})))
}

/// The midnight of the district's day.
pub(crate) fn local_midnight(now: DateTime<FixedOffset>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    let offset = i64::from(utc_offset_s);
    let day = (now.timestamp() + offset).div_euclid(86_400) * 86_400 - offset;
    let zone = FixedOffset::east_opt(utc_offset_s).unwrap_or_else(|| *now.offset());
    DateTime::from_timestamp(day, 0).map_or(now, |at| at.with_timezone(&zone))
}
