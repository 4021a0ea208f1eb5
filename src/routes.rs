//! Addresses: [`Page`] ↔ path, and [`ViewState`] ↔ query string, both ways. A link shows the other person the same thing.
//!
//! Only what differs from the default is written. What a query has that cannot be understood is ignored and counted.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use fengtu_geo::coord::nearest;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId, PlaceId, StationId};
use fengtu_wire::stations::CircleKind;

use crate::api::dialect::encode;

pub mod brush;
pub mod narrow;
mod page;
pub mod sorts;

pub use brush::Brush;
pub use narrow::{Narrow, Only, Order};
pub use page::Page;
pub use sorts::StationSort;

/// Declares an enum that stands in a query by name.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns its name in a query.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == name)
            }
        }
    };
}

named!(
    /// What the areas of the map are.
    MapLevel { /// The whole district.
        District = "district", /// Streets.
        Street = "street", /// Communities.
        Community = "community", /// Grids.
        Grid = "grid", /// Single buildings.
        Building = "building" }
);

named!(
    /// A layer that can be switched.
    Layer { /// Areas shaded by warning level.
        Warnings = "warnings", /// Service stations.
        Stations = "stations", /// Appeal circles.
        AppealCircles = "appeal", /// Public legal service circles.
        LegalCircles = "legal", /// Psychological service circles.
        PsychologicalCircles = "psychological", /// Ground and buildings outside every circle.
        Coverage = "coverage", /// Heat of cases.
        Heat = "heat", /// New cases as they come.
        Cases = "cases", /// Buildings.
        Buildings = "buildings", /// Names of places.
        Labels = "labels" }
);

named!(
    /// The look of the page.
    Theme { /// What the device prefers.
        Auto = "auto", /// Paper.
        Day = "day", /// Ink.
        Night = "night" }
);

named!(
    /// A language.
    Lang { /// Simplified Chinese.
        Zh = "zh-CN", /// English.
        En = "en" }
);

named!(
    /// What the board ranks places by.
    Rank { /// Settled of received.
        Settled = "settled", /// Settled in time.
        InTime = "in_time", /// Accepted in time.
        Accepted = "accepted", /// Rated 4–5.
        Satisfied = "satisfied", /// Overdue of open; less is better.
        Overdue = "overdue", /// Repeats; fewer are better.
        Repeats = "repeats", /// Reopened; fewer are better.
        Rebounds = "rebounds", /// Disputes that were mediated.
        Mediated = "mediated", /// Lawsuits per 10,000 people and year; fewer are better.
        Lawsuits = "lawsuits" }
);

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selection {
    /// A node of the tree.
    Place(PlaceId),
    /// A station.
    Station(StationId),
    /// A building.
    Building(BuildingCode),
    /// A case.
    Case(CaseNumber),
}

/// Where the map looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Longitude of the middle, degrees.
    pub lon: f64,
    /// Latitude of the middle, degrees.
    pub lat: f64,
    /// Zoom as Leaflet counts it.
    pub zoom: f64,
}

/// Everything that a link carries.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewState {
    /// The node in view; absent: the viewer's own.
    pub place: Option<PlaceId>,
    /// The level of the areas; absent: the next below the node in view.
    pub level: Option<MapLevel>,
    /// The layers that are on.
    pub layers: BTreeSet<Layer>,
    /// The moment that is shown; absent: now, live.
    pub at: Option<DateTime<Utc>>,
    /// Start of the period; absent: the default period up to `at`.
    pub from: Option<DateTime<Utc>>,
    /// End of the period; absent: `at`.
    pub to: Option<DateTime<Utc>>,
    /// Only cases of these categories; empty: of all.
    pub categories: BTreeSet<CategoryId>,
    /// Seconds after which a case's heat counts half; 0: it does not cool; absent: as the district has it.
    pub half_life_s: Option<u32>,
    /// How far a case's heat reaches, metres; absent: as the district has it.
    pub radius_m: Option<u32>,
    /// Sorts of station that are left out, in order and without doubles.
    pub hidden: Vec<StationSort>,
    /// The kinds of circle that count as coverage.
    pub covered_by: BTreeSet<CircleKind>,
    /// What the drawer tells of.
    pub selection: Option<Selection>,
    /// The layer whose list is open.
    pub list: Option<Layer>,
    /// What of that list is shown.
    pub narrow: Narrow,
    /// What is chosen on the board.
    pub brush: Brush,
    /// What the board ranks places by; absent: by settlement.
    pub rank: Option<Rank>,
    /// Whether the board is shown to a meeting: large, and without what leads elsewhere.
    pub present: bool,
    /// The base map by its id in `config.json`; absent: the built-in one.
    pub base: Option<String>,
    /// Where the map looks; absent: at the node in view.
    pub camera: Option<Camera>,
    /// The look.
    pub theme: Theme,
    /// The language; absent: as the device prefers.
    pub lang: Option<Lang>,
}

impl Default for ViewState {
    fn default() -> Self {
        Self {
            place: None,
            level: None,
            layers: Self::default_layers(),
            at: None,
            from: None,
            to: None,
            categories: BTreeSet::new(),
            half_life_s: None,
            radius_m: None,
            hidden: Vec::new(),
            covered_by: Self::default_circles(),
            selection: None,
            list: None,
            narrow: Narrow::default(),
            brush: Brush::default(),
            rank: None,
            present: false,
            base: None,
            camera: None,
            theme: Theme::Auto,
            lang: None,
        }
    }
}

/// Longer values than this are no ids of ours.
const MAX_TEXT: usize = 100;

impl ViewState {
    /// The layers that are on when nobody has chosen.
    pub fn default_layers() -> BTreeSet<Layer> {
        BTreeSet::from([Layer::Warnings, Layer::Stations, Layer::Cases, Layer::Labels])
    }

    /// The kinds of circle that count as coverage when nobody has chosen.
    pub fn default_circles() -> BTreeSet<CircleKind> {
        BTreeSet::from([CircleKind::Appeal])
    }

    /// Writes the query string, without `?`; empty for the default.
    pub fn to_query(&self) -> String {
        let mut out = Vec::new();
        let mut put = |name: &str, value: Option<String>| out.extend(value.map(|v| format!("{name}={}", encode(&v))));
        put("place", self.place.as_ref().map(ToString::to_string));
        put("level", self.level.map(|l| l.as_str().to_owned()));
        put(
            "layers",
            (self.layers != Self::default_layers()).then(|| write_names(self.layers.iter().map(|l| l.as_str()))),
        );
        put("at", self.at.map(write_time));
        put("from", self.from.map(write_time));
        put("to", self.to.map(write_time));
        for category in &self.categories {
            put("category", Some(category.to_string()));
        }
        put("half", self.half_life_s.map(|s| s.to_string()));
        put("radius", self.radius_m.map(|m| m.to_string()));
        put("hide", (!self.hidden.is_empty()).then(|| sorts::write(&self.hidden)));
        let circles = self.covered_by != Self::default_circles();
        put("cover", circles.then(|| write_names(self.covered_by.iter().map(|kind| kind.as_str()))));
        put("sel", self.selection.as_ref().map(write_selection));
        put("list", self.list.map(|l| l.as_str().to_owned()));
        put("find", Some(self.narrow.text.clone()).filter(|text| is_id(text)));
        put("warned", self.narrow.warned.then(|| "1".to_owned()));
        put("only", self.narrow.only.map(|only| only.as_str().to_owned()));
        put("sort", self.narrow.order.map(Order::to_text));
        self.brush.put(&mut put);
        put("rank", self.rank.map(|rank| rank.as_str().to_owned()));
        put("present", self.present.then(|| "1".to_owned()));
        put("base", self.base.clone());
        put("map", self.camera.map(write_camera));
        put("theme", (self.theme != Theme::Auto).then(|| self.theme.as_str().to_owned()));
        put("lang", self.lang.map(|l| l.as_str().to_owned()));
        out.join("&")
    }

    /// Reads a query string; returns how many of its parts were ignored because they could not be understood.
    pub fn from_query(query: &str) -> (Self, usize) {
        let mut view = Self::default();
        let parts = query.trim_start_matches('?').split('&').filter(|part| !part.is_empty());
        let ignored = parts.filter(|part| view.take(part).is_none()).count();
        (view, ignored)
    }

    fn take(&mut self, part: &str) -> Option<()> {
        let (name, value) = part.split_once('=')?;
        let value = decode(value).filter(|v| !v.is_empty())?;
        match name {
            "place" => self.place = Some(PlaceId(id(value)?)),
            "level" => self.level = Some(MapLevel::from_name(&value)?),
            "layers" => self.layers = read_names(&value, Layer::from_name)?,
            "at" => self.at = Some(read_time(&value)?),
            "from" => self.from = Some(read_time(&value)?),
            "to" => self.to = Some(read_time(&value)?),
            "category" => drop(self.categories.insert(CategoryId(id(value)?))),
            "half" => self.half_life_s = Some(value.parse().ok()?),
            "radius" => self.radius_m = Some(read_radius(&value)?),
            "hide" => self.hidden = sorts::read(&value)?,
            "cover" => self.covered_by = read_names(&value, |name| name.parse().ok())?,
            "sel" => self.selection = Some(read_selection(&value)?),
            "list" => self.list = Some(Layer::from_name(&value)?),
            "find" => self.narrow.text = id(value)?,
            "warned" => self.narrow.warned = (value == "1").then_some(true)?,
            "only" => self.narrow.only = Some(Only::from_name(&value)?),
            "sort" => self.narrow.order = Some(Order::from_text(&value)?),
            "base" => self.base = Some(id(value)?),
            "map" => self.camera = Some(read_camera(&value)?),
            "theme" => self.theme = Theme::from_name(&value)?,
            "lang" => self.lang = Some(Lang::from_name(&value)?),
            "rank" => self.rank = Some(Rank::from_name(&value)?),
            "present" => self.present = (value == "1").then_some(true)?,
            other => self.brush.take(other, &value)?,
        }
        Some(())
    }
}

/// Takes a text that may be an id.
fn id(value: String) -> Option<String> {
    is_id(&value).then_some(value)
}

/// Whether a text may be an id: something, short and without control characters.
fn is_id(text: &str) -> bool {
    (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// "None at all" is a choice too and needs a word of its own.
const NONE: &str = "none";

fn write_names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names = names.collect::<Vec<_>>().join(".");
    if names.is_empty() { NONE.to_owned() } else { names }
}

fn read_names<T: Ord>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<BTreeSet<T>> {
    if value == NONE {
        return Some(BTreeSet::new());
    }
    value.split('.').map(read).collect()
}

fn write_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn read_time(value: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value).ok()?.to_utc();
    // Years that a slider can reach; also keeps arithmetic on them far from overflow.
    let year = chrono::Datelike::year(&time);
    (1970..2200).contains(&year).then_some(time)
}

/// Metres that a kernel can have: a house to a town.
fn read_radius(value: &str) -> Option<u32> {
    value.parse().ok().filter(|m| (10..=5_000).contains(m))
}

fn write_selection(selection: &Selection) -> String {
    match selection {
        Selection::Place(id) => format!("place:{id}"),
        Selection::Station(id) => format!("station:{id}"),
        Selection::Building(code) => format!("building:{code}"),
        Selection::Case(number) => format!("case:{number}"),
    }
}

fn read_selection(value: &str) -> Option<Selection> {
    let (kind, text) = value.split_once(':')?;
    let text = id(text.to_owned()).filter(|t| !t.is_empty())?;
    match kind {
        "place" => Some(Selection::Place(PlaceId(text))),
        "station" => Some(Selection::Station(StationId(text))),
        "building" => Some(Selection::Building(BuildingCode(text))),
        "case" => Some(Selection::Case(CaseNumber(text))),
        _ => None,
    }
}

/// Five decimals are a metre. The map may have gone round the world.
fn write_camera(camera: Camera) -> String {
    format!("{:.5},{:.5},{:.2}", nearest(camera.lon, 0.0), camera.lat, camera.zoom)
}

fn read_camera(value: &str) -> Option<Camera> {
    let numbers: Vec<f64> = value.split(',').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let [lon, lat, zoom] = numbers.try_into().ok()?;
    let fits = (-180.0..=180.0).contains(&lon) && (-85.0..=85.0).contains(&lat) && (0.0..=24.0).contains(&zoom);
    fits.then_some(Camera { lon, lat, zoom })
}

/// Undoes percent-encoding; `None` for what is no UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => hex(bytes.next()?)? * 16 + hex(bytes.next()?)?,
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests;
