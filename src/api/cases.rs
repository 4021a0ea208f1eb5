//! Cases, to read.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Case, CaseEvent, CaseState, CaseSummary, Channel, Class};
use fengtu_wire::geojson::Bounds;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId, PlaceId};
use fengtu_wire::warnings::Signal;

use super::dialect::{Dialect, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::json::{self, Unreadable};
use super::lenient::{self, Keyed, Listed};

/// Asks for a page of cases, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CasesQuery {
    /// Only those in this node.
    pub place: Option<PlaceId>,
    /// Only those reported at or after this.
    pub from: Option<DateTime<FixedOffset>>,
    /// Only those reported before this.
    pub to: Option<DateTime<FixedOffset>>,
    /// Only those of these categories, of either level; empty: of all.
    pub categories: Vec<CategoryId>,
    /// Only those in this state.
    pub state: Option<CaseState>,
    /// Only those of these classes; empty: of all.
    pub classes: Vec<Class>,
    /// Only those that so many people or more are part of.
    pub people_from: Option<u32>,
    /// Only those that repeat an earlier one.
    pub repeats: bool,
    /// Only those that came in this way.
    pub channel: Option<Channel>,
    /// Only those of this building.
    pub building: Option<BuildingCode>,
    /// Only those inside this box.
    pub bounds: Option<Bounds>,
    /// Only those that raise this signal of the place's warning.
    pub behind: Option<Signal>,
    /// As the warning was then; absent: now.
    pub at: Option<DateTime<FixedOffset>>,
    /// Part of a number or a title.
    pub text: Option<String>,
    /// Most rows.
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Whether to count them all.
    pub total: bool,
}

impl Question for CasesQuery {
    type Answer = Listed<CaseSummary>;
    const RESOURCE: Resource = Resource::Cases;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/cases")
                .with("place", self.place.as_ref())
                .with("from", self.from.map(|t| t.to_rfc3339()))
                .with("to", self.to.map(|t| t.to_rfc3339()))
                .with_each("category", &self.categories)
                .with("state", self.state)
                .with_each("class", &self.classes)
                .with("people_from", self.people_from)
                .with("repeats", self.repeats.then_some(true))
                .with("channel", self.channel)
                .with("building", self.building.as_ref())
                .with("bbox", self.bounds.map(|b| super::bbox(&b)))
                .with("behind", self.behind)
                .with("at", self.at.map(|t| t.to_rfc3339()))
                .with("q", self.text.as_ref())
                .with("limit", self.limit)
                .with("cursor", self.cursor.as_ref())
                .with("total", self.total.then_some(true))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::page("cases", response).map(|mut list: Listed<CaseSummary>| {
                list.items.iter_mut().for_each(|case| lenient::off_earth(&mut case.at));
                list
            }),
        }
    }
}

/// Asks for one case in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseQuery(pub CaseNumber);

/// A case in full, and what a backend of another dialect has beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeCase {
    /// The case.
    pub case: Case,
    /// Addresses of its pictures and papers, to be opened by whoever presses them; never fetched here.
    pub media: Vec<String>,
    /// How many more there are whose address leads nowhere that may be shown.
    pub media_refused: usize,
}

impl Question for CaseQuery {
    type Answer = WholeCase;
    const RESOURCE: Resource = Resource::Cases;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get(format!("/cases/{}", encode(self.0.as_str())))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => whole(&response.body).map_err(|error| ApiError::decode("case", error)),
        }
    }
}

/// Reads a case, whose summary stands among its own members.
fn whole(body: &[u8]) -> Result<WholeCase, Unreadable> {
    let read = json::parse(body)?;
    let mut summary: CaseSummary = read.read()?;
    lenient::off_earth(&mut summary.at);
    let case = Case {
        summary,
        description: read.member("description")?,
        building: read.optional("building")?,
        parties: read.member("parties")?,
        repeat_of: read.optional("repeat_of")?,
        rating: read.optional("rating")?,
        version: read.member("version")?,
    };
    let told: Vec<String> = read.member("media").unwrap_or_default();
    let before = read.member::<u64>("media_refused").unwrap_or_default() as usize;
    let media: Vec<String> = told.iter().filter(|link| host(link).is_some()).cloned().collect();
    let media_refused = before.saturating_add(told.len() - media.len());
    Ok(WholeCase { case, media, media_refused })
}

/// Returns the server that an address leads to, where it does so by http(s), however that is written.
pub fn host(link: &str) -> Option<&str> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let (head, rest) = link.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    })?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

/// Asks for the steps on a case's way, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEventsQuery(pub CaseNumber);

impl Question for CaseEventsQuery {
    type Answer = Vec<CaseEvent>;
    const RESOURCE: Resource = Resource::Cases;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get(format!("/cases/{}/events", encode(self.0.as_str())))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("case events", response),
        }
    }
}

impl Keyed for CaseSummary {
    fn key(&self) -> &str {
        self.number.as_str()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_counted_and_the_others_kept() {
        let mut body: Value = serde_json::from_str(include_str!("../../crates/wire/tests/golden/case.json")).unwrap();
        let read =
            |body: &Value| whole(body.to_string().as_bytes()).map(|read| (read.media, read.media_refused)).unwrap();
        assert_eq!(read(&body), (Vec::new(), 0), "our own contract has none");
        body["media"] = json!(["HTTPS://media.example.org/a.jpg", "javascript:1", "https://", "/a.jpg"]);
        body["media_refused"] = json!(2);
        assert_eq!(read(&body), (vec!["HTTPS://media.example.org/a.jpg".to_owned()], 5));
        for odd in [json!(-1), json!("x"), json!(null)] {
            body["media_refused"] = odd;
            assert_eq!(read(&body).1, 3);
        }
    }
}
