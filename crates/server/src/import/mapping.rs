//! The mapping file: which column is what, in which datum, and whose words mean which of ours.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{FixedOffset, NaiveTime};
use fengtu_geo::datum::Datum;
use fengtu_wire::places::PlaceLevel;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{border, time};
use crate::settings::WarningSettings;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nodes of the tree, of any level.
    Places,
    /// Grids, with their grid members.
    Grids,
    /// Service stations.
    Stations,
    /// The timetables of mobile stations, a row for each stop.
    Stops,
    /// Buildings.
    Buildings,
    /// Cases.
    Cases,
    /// Civil lawsuits, a row for each place and month.
    Lawsuits,
}

impl Kind {
    /// Names the fields that a row of this kind may have.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Places | Self::Grids => {
                &["id", "name", "name_en", "level", "parent", "population", "land_use", "member", "telephone"]
            }
            Self::Stations => &[
                "id",
                "name",
                "level",
                "site",
                "place",
                "address",
                "telephone",
                "services",
                "circles",
                "opens",
                "closes",
            ],
            Self::Stops => &["station", "name", "weekday", "from", "to"],
            Self::Buildings => &["code", "name", "address", "place", "floors", "population", "land_use"],
            Self::Cases => &[
                "number",
                "reported_at",
                "accepted_at",
                "resolved_at",
                "changed_at",
                "state",
                "category",
                "channel",
                "class",
                "sensitivity",
                "place",
                "address",
                "building",
                "title",
                "description",
                "people",
                "amount",
                "applicant",
                "applicant_telephone",
                "respondent",
                "respondent_telephone",
                "repeat_of",
                "rating",
                "office",
            ],
            Self::Lawsuits => &["place", "month", "filed"],
        }
    }

    /// Names the fields without which no row of this kind can be.
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            Self::Places => &["id", "name", "level"],
            Self::Grids | Self::Stations => &["id", "name"],
            Self::Stops => &["station", "name", "weekday", "from", "to"],
            Self::Buildings => &["code"],
            Self::Cases => &["number", "reported_at", "category"],
            Self::Lawsuits => &["place", "month", "filed"],
        }
    }

    /// Names the fields whose words a table may translate.
    pub const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Places | Self::Grids => &["level", "parent", "land_use"],
            Self::Stations => &["level", "site", "place", "services", "circles"],
            Self::Stops => &["station", "weekday"],
            Self::Buildings => &["place", "land_use"],
            Self::Cases => &["state", "category", "channel", "class", "sensitivity", "place"],
            Self::Lawsuits => &["place"],
        }
    }
}

/// The mapping file as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// `csv` or `geojson`; else by the file's name.
    pub format: Option<String>,
    /// Of a CSV file; UTF-8 if absent.
    pub encoding: Option<String>,
    /// Between the cells of a CSV file; a comma if absent.
    pub delimiter: Option<char>,
    /// The datum of every coordinate in the file.
    pub datum: Option<String>,
    /// Offset of the times that carry none, such as `+08:00`.
    pub utc_offset: Option<String>,
    /// Formats of times, tried in order.
    pub times: Vec<String>,
    /// Whether amounts are yuan or fen.
    pub money: Option<Money>,
    /// Columns that are known and not wanted.
    pub ignore: Vec<String>,
    /// Cells that mean "nothing", beside the empty one.
    pub empty: Vec<String>,
    /// Our field → their column.
    pub fields: BTreeMap<String, String>,
    /// Our field → the same value for all rows; where a column is named too, for the rows in which it is empty.
    pub constants: BTreeMap<String, String>,
    /// Where the coordinates are.
    pub position: Option<PositionForm>,
    /// Our field → their word → our word.
    pub tables: BTreeMap<String, BTreeMap<String, String>>,
    /// Their column → values of rows to leave out.
    pub ignore_rows: BTreeMap<String, Vec<String>>,
    /// The node above all, where the file has none.
    pub root: Option<Root>,
    /// What the district is called; kept as its settings.
    pub district: Option<District>,
    /// Whether a place's parent is found by its shape.
    pub parent_by_geometry: bool,
    /// What becomes of a row whose coordinate cannot be right.
    pub bad_coordinate: Option<Policy>,
    /// What becomes of a row that lies outside the district.
    pub outside: Option<Policy>,
    /// Metres that a point may lie beyond the border; see [`Mapping::border_tolerance_m`].
    pub border_tolerance_m: Option<f64>,
    /// Opening hours of all stations in the file.
    pub hours: Option<Hours>,
    /// Kind of staff → the column that says how many.
    pub staff: BTreeMap<String, String>,
    /// Kind of staff → the column with their names, several in one cell.
    pub staff_names: BTreeMap<String, String>,
}

/// The unit of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Money {
    /// 元.
    Yuan,
    /// 分.
    Fen,
}

/// What becomes of a row with a position that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// The row is kept without a position, and listed.
    Keep,
    /// The row is refused.
    Refuse,
}

/// The one of three forms in which coordinates come.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PositionForm {
    /// The column of longitudes.
    pub lon: Option<String>,
    /// The column of latitudes.
    pub lat: Option<String>,
    /// One column with both.
    pub column: Option<String>,
    /// In which order: `lat,lng` or `lng,lat`.
    pub order: Option<Order>,
    /// The `GeoJSON` geometry.
    pub geometry: bool,
}

/// The order of two numbers in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Order {
    /// Latitude first.
    #[serde(rename = "lat,lng")]
    LatLng,
    /// Longitude first.
    #[serde(rename = "lng,lat")]
    LngLat,
}

/// The node above all that the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// Its level.
    pub level: PlaceLevel,
}

/// The district's own settings, which no row of a file holds; its offset is the file's `utc_offset`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// Its name.
    pub name: String,
    /// Its English name; the name if absent.
    pub name_en: Option<String>,
    /// Where the map's data come from; always shown on the map.
    pub source: Option<String>,
    /// The map's review number 审图号.
    pub review_number: Option<String>,
    /// How its warnings are computed.
    #[serde(default)]
    pub warnings: WarningSettings,
}

/// When stations are open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// 1 Monday … 7 Sunday.
    pub weekdays: Vec<u8>,
    /// Opens, unless a column `opens` says other.
    pub from: NaiveTime,
    /// Closes, unless a column `closes` says other; 24:00 is the end of the day.
    #[serde(deserialize_with = "time::closing")]
    pub to: NaiveTime,
    /// Whether on holidays too.
    #[serde(default)]
    pub on_holidays: bool,
}

/// The word in a table that stands for all that are not listed.
pub const DEFAULT: &str = "default";

/// Why a mapping cannot be used.
#[derive(Debug, Error)]
pub enum MappingError {
    /// It is not TOML, or a key is unknown.
    #[error("映射文件无法读取 / the mapping cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// A name is not one of those that are known here.
    #[error("映射文件:{section} 中没有“{name}”,可用的有 / mapping: [{section}] knows no {name:?}; known are: {known}")]
    UnknownName {
        /// Where in the file.
        section: &'static str,
        /// What it says.
        name: String,
        /// What it could say.
        known: String,
    },
    /// A field that every row needs is not mapped.
    #[error(
        "映射文件:缺少字段“{0}”([fields] 或 [constants]) / mapping: the field {0:?} is missing ([fields] or [constants])"
    )]
    Missing(&'static str),
    /// The warnings cannot be computed so.
    #[error("映射文件 [district.warnings] / mapping: {0}")]
    Warnings(fengtu_domain::warnings::WrongRules),
    /// A value is not of its form.
    #[error("映射文件:{key} 的值“{value}”无法识别 / mapping: {key} = {value:?} is not understood; {hint}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What would be.
        hint: &'static str,
    },
}

impl Mapping {
    /// Reads a mapping and checks it for files of `kind`.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text.trim_start_matches('\u{feff}'))?;
        mapping.check(kind)?;
        Ok(mapping)
    }

    /// Returns the datum, if one is named.
    pub fn datum(&self) -> Option<Datum> {
        self.datum.as_deref().and_then(|name| name.parse().ok())
    }

    /// Returns the offset of times that carry none.
    pub fn offset(&self) -> Option<FixedOffset> {
        self.utc_offset.as_deref().and_then(|text| text.parse().ok())
    }

    /// Returns how many metres a point may lie beyond the district's border and still be placed in the nearest area.
    pub fn border_tolerance_m(&self) -> f64 {
        self.border_tolerance_m.unwrap_or(border::DEFAULT_M)
    }

    /// Lists the columns that the mapping names, where each must be in the file.
    pub fn columns(&self) -> BTreeSet<&str> {
        let position = self.position.iter().flat_map(|form| [&form.lon, &form.lat, &form.column].into_iter().flatten());
        let all = self
            .fields
            .values()
            .chain(self.staff.values())
            .chain(self.staff_names.values())
            .chain(self.ignore_rows.keys())
            .chain(position);
        all.map(String::as_str).collect()
    }

    fn check(&self, kind: Kind) -> Result<(), MappingError> {
        known("fields", self.fields.keys(), kind.fields())?;
        known("constants", self.constants.keys(), kind.fields())?;
        known("tables", self.tables.keys(), kind.tables())?;
        let staff: Vec<&str> = fengtu_wire::stations::StaffKind::ALL.iter().map(|kind| kind.as_str()).collect();
        known("staff", self.staff.keys(), &staff)?;
        known("staff_names", self.staff_names.keys(), &staff)?;
        let has = |field: &str| self.fields.contains_key(field) || self.constants.contains_key(field);
        match kind.required().iter().find(|field| !has(field)) {
            Some(field) => Err(MappingError::Missing(field)),
            None => self.check_values(kind),
        }
    }

    fn check_values(&self, kind: Kind) -> Result<(), MappingError> {
        let bad = |key, value: &Option<String>, hint| MappingError::BadValue {
            key,
            value: value.clone().unwrap_or_default(),
            hint,
        };
        if self.datum.is_some() && self.datum().is_none() {
            return Err(bad("datum", &self.datum, "WGS84, CGCS2000, GCJ02, BD09"));
        }
        if self.utc_offset.is_some() && self.offset().is_none() || kind == Kind::Cases && self.utc_offset.is_none() {
            return Err(bad("utc_offset", &self.utc_offset, "such as utc_offset = \"+08:00\"; cases need one"));
        }
        if let Some(metres) = self.border_tolerance_m
            && !(0.0..=border::MOST_M).contains(&metres)
        {
            return Err(bad("border_tolerance_m", &Some(metres.to_string()), "0 to 500 metres"));
        }
        if self.fields.contains_key("amount") && self.money.is_none() {
            return Err(bad("money", &None, "amounts need money = \"yuan\" or \"fen\""));
        }
        if self.delimiter.is_some_and(|c| !c.is_ascii()) {
            return Err(bad("delimiter", &self.delimiter.map(String::from), "one ASCII character"));
        }
        self.position.as_ref().map_or(Ok(()), check_position)
    }
}

fn check_position(form: &PositionForm) -> Result<(), MappingError> {
    let pair = form.lon.is_some() && form.lat.is_some();
    let half = form.lon.is_some() != form.lat.is_some();
    let one = form.column.is_some();
    let hint = "one of: lon and lat; column and order (\"lat,lng\" or \"lng,lat\"); geometry = true";
    let forms = usize::from(pair) + usize::from(one) + usize::from(form.geometry);
    if forms == 1 && !half && one == form.order.is_some() {
        return Ok(());
    }
    Err(MappingError::BadValue { key: "position", value: String::new(), hint })
}

fn known<'a>(
    section: &'static str,
    names: impl Iterator<Item = &'a String>,
    known: &[&str],
) -> Result<(), MappingError> {
    let mut names = names;
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(MappingError::UnknownName { section, name: name.clone(), known: known.join(", ") }),
        None => Ok(()),
    }
}
