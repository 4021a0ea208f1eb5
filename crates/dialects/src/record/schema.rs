//! Our fields: what each resource is made of, and what each field must be.

use fengtu_wire::cases::{CaseState, Channel, Class, Sensitivity};
use fengtu_wire::grids::LandUse;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, Service, StationLevel};
use fengtu_wire::warnings::{Level, WarningState};

/// The fields of a resource.
pub(crate) type Schema = &'static [Field];

/// One field of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub need: Need,
}

/// What a field must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// One of a set of ours.
    Name(Names),
    /// Several of a set of ours.
    Names(Names),
    Time,
    /// Whole fen.
    Money,
    /// A whole number from 0.
    Count,
    Real,
    /// One position.
    Point,
    /// Any geometry.
    Shape,
    /// Opening hours, as `hours` reads them; those that cannot be read are not known.
    Hours,
    /// Addresses of pictures and papers, in a list or one: those by http(s), and how many others.
    Links,
    /// Passed on as it is: the server has our own shape there.
    Ours,
}

/// The names of a set of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    State,
    Class,
    Channel,
    Sensitivity,
    StationLevel,
    LandUse,
    PlaceLevel,
    Service,
    Circle,
    Level,
    WarningState,
}

/// Whether a record may lack it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Need {
    Must,
    May,
    /// It then has this, which is JSON.
    Else(&'static str),
}

impl Kind {
    /// Returns the names that are allowed, where it is a set.
    pub fn names(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Name(names) | Self::Names(names) => Some(names.all()),
            _ => None,
        }
    }
}

impl Names {
    pub fn all(self) -> Vec<&'static str> {
        match self {
            Self::State => CaseState::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Class => Class::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Channel => Channel::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Sensitivity => Sensitivity::ALL.iter().map(|v| v.as_str()).collect(),
            Self::StationLevel => StationLevel::ALL.iter().map(|v| v.as_str()).collect(),
            Self::LandUse => LandUse::ALL.iter().map(|v| v.as_str()).collect(),
            Self::PlaceLevel => PlaceLevel::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Service => Service::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Circle => CircleKind::ALL.iter().map(|v| v.as_str()).collect(),
            Self::Level => Level::ALL.iter().map(|v| v.as_str()).collect(),
            Self::WarningState => WarningState::ALL.iter().map(|v| v.as_str()).collect(),
        }
    }

    pub fn has(self, word: &str) -> bool {
        self.all().contains(&word)
    }
}

/// The resources that a mapping may speak of.
pub(crate) const NAMES: [&str; 8] =
    ["places", "grids", "stations", "buildings", "cases", "warnings", "services", "reports"];

/// Returns the fields of a resource.
pub(crate) fn of(resource: &str) -> Option<Schema> {
    match resource {
        "cases" | "reports" => Some(CASES),
        "events" => Some(EVENTS),
        "grids" => Some(GRIDS),
        "stations" => Some(STATIONS),
        "places" => Some(PLACES),
        "buildings" => Some(BUILDINGS),
        "warnings" => Some(WARNINGS),
        "services" => Some(SERVICES),
        _ => None,
    }
}

/// Returns the word that a field of a resource has where a record has none.
pub(crate) fn usual(resource: &str, name: &str) -> Option<String> {
    match of(resource)?.iter().find(|field| field.name == name)?.need {
        Need::Else(usual) => serde_json::from_str(usual).ok(),
        Need::Must | Need::May => None,
    }
}

/// Returns the bit of a field of cases in what a record tells.
pub(crate) fn mark(name: &str) -> u64 {
    CASES.iter().position(|field| field.name == name).map_or(0, |index| 1 << index)
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Must }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::May }
}

const fn or(name: &'static str, kind: Kind, usual: &'static str) -> Field {
    Field { name, kind, need: Need::Else(usual) }
}

const CASES: Schema = &[
    must("number", Kind::Text),
    must("state", Kind::Name(Names::State)),
    must("category", Kind::Text),
    must("reported_at", Kind::Time),
    or("title", Kind::Text, "\"\""),
    or("description", Kind::Text, "\"\""),
    or("channel", Kind::Name(Names::Channel), "\"transfer\""),
    or("class", Kind::Name(Names::Class), "\"ordinary\""),
    or("sensitivity", Kind::Name(Names::Sensitivity), "\"internal\""),
    may("place", Kind::Text),
    may("address", Kind::Text),
    may("at", Kind::Point),
    may("accepted_at", Kind::Time),
    may("resolved_at", Kind::Time),
    may("updated_at", Kind::Time),
    may("expected_at", Kind::Time),
    may("note", Kind::Text),
    or("people", Kind::Count, "1"),
    or("amount_fen", Kind::Money, "0"),
    may("office", Kind::Text),
    may("building", Kind::Text),
    may("repeat_of", Kind::Text),
    may("rating", Kind::Count),
    may("media", Kind::Links),
    or("version", Kind::Count, "0"),
    // What its server calls it where it is asked for by itself; in no answer of ours.
    may("ref", Kind::Text),
];

const EVENTS: Schema = &[
    must("at", Kind::Time),
    must("to", Kind::Name(Names::State)),
    may("from", Kind::Name(Names::State)),
    or("by", Kind::Text, "\"\""),
    may("note", Kind::Text),
    // Whose step it is, where a server gives those of others too.
    may("case", Kind::Text),
];

const GRIDS: Schema = &[
    must("id", Kind::Text),
    must("geometry", Kind::Shape),
    or("name", Kind::Text, "\"\""),
    may("parent", Kind::Text),
    or("land_use", Kind::Name(Names::LandUse), "\"other\""),
    or("population", Kind::Count, "0"),
    or("buildings", Kind::Count, "0"),
    may("area_m2", Kind::Real),
    may("member", Kind::Text),
    may("telephone", Kind::Text),
];

const STATIONS: Schema = &[
    must("id", Kind::Text),
    must("name", Kind::Text),
    must("geometry", Kind::Point),
    or("level", Kind::Name(Names::StationLevel), "\"site\""),
    may("site", Kind::Name(Names::LandUse)),
    may("place", Kind::Text),
    or("address", Kind::Text, "\"\""),
    may("telephone", Kind::Text),
    or("services", Kind::Names(Names::Service), "[]"),
    or("circles", Kind::Names(Names::Circle), "[\"appeal\"]"),
    or("staff", Kind::Ours, "[]"),
    or("hours", Kind::Hours, "[]"),
    or("stops", Kind::Ours, "[]"),
];

const PLACES: Schema = &[
    must("id", Kind::Text),
    must("level", Kind::Name(Names::PlaceLevel)),
    must("name", Kind::Text),
    may("parent", Kind::Text),
    may("name_en", Kind::Text),
    may("population", Kind::Count),
    may("area_m2", Kind::Real),
    may("geometry", Kind::Shape),
    may("centre", Kind::Point),
    may("bounds", Kind::Ours),
];

const BUILDINGS: Schema = &[
    must("code", Kind::Text),
    or("name", Kind::Text, "\"\""),
    or("address", Kind::Text, "\"\""),
    may("place", Kind::Text),
    may("at", Kind::Point),
    may("floors", Kind::Count),
    or("population", Kind::Count, "0"),
    or("land_use", Kind::Name(Names::LandUse), "\"other\""),
];

const WARNINGS: Schema = &[
    must("place", Kind::Text),
    must("level", Kind::Name(Names::Level)),
    must("at", Kind::Time),
    may("id", Kind::Text),
    or("score", Kind::Real, "0"),
    may("since", Kind::Time),
    or("state", Kind::Name(Names::WarningState), "\"open\""),
];

const SERVICES: Schema = &[
    must("code", Kind::Text),
    must("name", Kind::Text),
    or("description", Kind::Text, "\"\""),
    or("has_questions", Kind::Text, "\"false\""),
    may("group", Kind::Text),
];
