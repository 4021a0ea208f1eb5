//! Case heat: aggregated cells for anyone, points for those who may see them.
//!
//! Points come as `GeoJSON`, or by `Accept: application/vnd.fengtu.points` in columns of 12 bytes a case.
//! All numbers little-endian, each column whole before the next, so that a reader can take them as they lie:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `FTP1` |
//! | 4 | number of cases `n`, u32 |
//! | 8 | base time, Unix seconds, i64 |
//! | 4 × 8 | west, south, east, north in degrees, f64 |
//! | 4 | bytes of the table that follows, u32 (a multiple of 4) |
//! | … | JSON `{"categories":[id…],"places":[id…]}`, padded with spaces |
//! | 4 n | seconds since the base time, u32 |
//! | 2 n | east of west in 65,535ths of the box, u16 |
//! | 2 n | north of south in 65,535ths of the box, u16 |
//! | 2 n | index into `places`, u16 (65,535: none) |
//! | 1 n | index into `categories`, u8 |
//! | 1 n | weight, u8 |

use serde::{Deserialize, Serialize};

use crate::geojson::{Bounds, Position};
use crate::ids::{CaseNumber, CategoryId, PlaceId};
use crate::json;

/// The media type of the columnar form.
pub const POINTS_MEDIA_TYPE: &str = "application/vnd.fengtu.points";

const MAGIC: [u8; 4] = *b"FTP1";
/// Bytes before the table: all that [`PointColumns::check`] reads.
pub const HEADER: usize = 4 + 4 + 8 + 32 + 4;
/// Bytes per case in the columnar form.
pub const BYTES_PER_CASE: usize = 12;
/// The value of the place column that stands for "no place".
pub const NO_PLACE: u16 = u16::MAX;

/// `GET /heat`: counts per cell, safe for a wall and for the public.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCells {
    /// Side of a cell in metres.
    pub cell_m: f64,
    /// Fewest cases that a cell shows; smaller ones were merged into a neighbour or withheld.
    pub k: u32,
    /// The cells.
    pub cells: Vec<HeatCell>,
    /// Cases that no cell shows.
    pub withheld: u64,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCell {
    /// Its centre.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
    pub at: Position,
    /// Cases in it.
    pub count: u32,
}

/// `GET /heat/points` as `GeoJSON`: the properties of one case's point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatPoint {
    /// The case.
    pub number: CaseNumber,
    /// What it is about.
    pub category: CategoryId,
    /// The grid it is in.
    pub place: Option<PlaceId>,
    /// When it was reported, Unix seconds.
    pub t: i64,
    /// Its weight.
    pub weight: u8,
}

/// Says how case points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsForm {
    /// The columnar form, read by [`PointColumns::decode`].
    Columns,
    /// A `GeoJSON` `FeatureCollection` whose properties are [`HeatPoint`]s.
    GeoJson,
}

/// The name that categories share in the columns for which there is no number left: no id that anybody gives.
pub const OTHER_CATEGORIES: &str = "…";

/// Holds one point a case as a server sent them: a million of them are read where nobody waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsAsSent<Bytes> {
    /// How they are written.
    pub form: PointsForm,
    /// The points.
    pub bytes: Bytes,
}

/// Case points in columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PointColumns {
    /// Where the points lie.
    pub bounds: Bounds,
    /// Unix seconds to which `seconds` are added.
    pub base: i64,
    /// Category names that `category` points into.
    pub categories: Vec<CategoryId>,
    /// Places that `place` points into.
    pub places: Vec<PlaceId>,
    /// Seconds since `base`.
    pub seconds: Vec<u32>,
    /// East of the western edge, in 65,535ths of the width.
    pub x: Vec<u16>,
    /// North of the southern edge, in 65,535ths of the height.
    pub y: Vec<u16>,
    /// Index into `places`, or [`NO_PLACE`].
    pub place: Vec<u16>,
    /// Index into `categories`.
    pub category: Vec<u8>,
    /// Weight.
    pub weight: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Table {
    categories: Vec<CategoryId>,
    places: Vec<PlaceId>,
}

/// Why bytes could not be read as point columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointsError {
    /// The first bytes are not `FTP1`.
    #[error("not point columns: the magic bytes are missing")]
    Magic,
    /// The bytes end too early or go on too long.
    #[error("{have} bytes where {want} were expected")]
    Length {
        /// Bytes that the header calls for.
        want: usize,
        /// Bytes there are.
        have: usize,
    },
    /// The table of names is not what it should be.
    #[error("the table of categories and places cannot be read")]
    Table,
    /// A box that is empty, swapped, or not on the earth.
    #[error("the box is not one: {0:?}")]
    Bounds([u64; 4]),
    /// An index points behind its table.
    #[error("case {row} names a category or place that the table lacks")]
    Index {
        /// Which case, from 0.
        row: usize,
    },
}

impl PointColumns {
    /// Number of cases.
    pub fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }

    /// Returns where case `row` is, in degrees.
    pub fn position(&self, row: usize) -> Option<Position> {
        let [west, south, east, north] = self.bounds;
        let (x, y) = (f64::from(*self.x.get(row)?), f64::from(*self.y.get(row)?));
        Some([west + (east - west) * x / 65_535.0, south + (north - south) * y / 65_535.0])
    }

    /// Returns a position as the two column values; outside the box it is clamped to the edge.
    pub fn quantise(bounds: Bounds, at: Position) -> (u16, u16) {
        let [west, south, east, north] = bounds;
        let part = |v: f64, lo: f64, hi: f64| ((v - lo) / (hi - lo) * 65_535.0).round().clamp(0.0, 65_535.0) as u16;
        (part(at[0], west, east), part(at[1], south, north))
    }

    /// Writes the columns as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let table = self.table_bytes();
        let mut out = Vec::with_capacity(HEADER + table.len() + self.len() * BYTES_PER_CASE);
        out.extend(MAGIC);
        out.extend((self.len() as u32).to_le_bytes());
        out.extend(self.base.to_le_bytes());
        for v in self.bounds {
            out.extend(v.to_le_bytes());
        }
        out.extend((table.len() as u32).to_le_bytes());
        out.extend(table);
        self.seconds.iter().for_each(|v| out.extend(v.to_le_bytes()));
        for column in [&self.x, &self.y, &self.place] {
            out.extend(column.iter().flat_map(|v| v.to_le_bytes()));
        }
        out.extend(&self.category);
        out.extend(&self.weight);
        out
    }

    fn table_bytes(&self) -> Vec<u8> {
        let table = Table { categories: self.categories.clone(), places: self.places.clone() };
        // Two lists of strings always serialise; an empty table would be refused by `decode`, not misread.
        let mut bytes = serde_json::to_vec(&table).unwrap_or_default();
        bytes.resize(bytes.len().next_multiple_of(4), b' ');
        bytes
    }

    /// Looks at the head, of at least [`HEADER`] bytes, and at the length alone, for one who hands the bytes on; returns the number
    /// of cases.
    pub fn check(head: &[u8], length: usize) -> Result<usize, PointsError> {
        let head = Head::read(&mut Reader { bytes: head, want: HEADER })?;
        head.expect_rest(length.saturating_sub(HEADER)).map(|()| head.n)
    }

    /// Reads columns from bytes; every index is checked, so a reader need not.
    pub fn decode(bytes: &[u8]) -> Result<Self, PointsError> {
        let mut reader = Reader { bytes, want: HEADER };
        let head = Head::read(&mut reader)?;
        head.expect_rest(reader.bytes.len())?;
        reader.want = reader.bytes.len();
        let Head { n, base, bounds, table_len } = head;
        let table: Table = json::read(reader.take(table_len)?).map_err(|_| PointsError::Table)?;
        let columns = Self {
            bounds,
            base,
            categories: table.categories,
            places: table.places,
            seconds: reader.u32s(n)?,
            x: reader.u16s(n)?,
            y: reader.u16s(n)?,
            place: reader.u16s(n)?,
            category: reader.take(n)?.to_vec(),
            weight: reader.take(n)?.to_vec(),
        };
        columns.checked()
    }

    fn checked(self) -> Result<Self, PointsError> {
        let [west, south, east, north] = self.bounds;
        let on_earth = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
        if !(west < east && south < north && on_earth) {
            return Err(PointsError::Bounds(self.bounds.map(f64::to_bits)));
        }
        let bad = self.place.iter().zip(&self.category).position(|(&place, &category)| {
            usize::from(category) >= self.categories.len()
                || (place != NO_PLACE && usize::from(place) >= self.places.len())
        });
        bad.map_or(Ok(self), |row| Err(PointsError::Index { row }))
    }
}

/// What stands before the table.
struct Head {
    n: usize,
    base: i64,
    bounds: Bounds,
    table_len: usize,
}

impl Head {
    fn read(reader: &mut Reader) -> Result<Self, PointsError> {
        if reader.take(4)? != MAGIC {
            return Err(PointsError::Magic);
        }
        let n = u32::from_le_bytes(reader.array()?) as usize;
        let base = i64::from_le_bytes(reader.array()?);
        let mut bounds = [0.0; 4];
        for v in &mut bounds {
            *v = f64::from_le_bytes(reader.array()?);
        }
        let table_len = u32::from_le_bytes(reader.array()?) as usize;
        Ok(Self { n, base, bounds, table_len })
    }

    /// Makes sure that the rest is as long as it says.
    const fn expect_rest(&self, have: usize) -> Result<(), PointsError> {
        let want = self.table_len.saturating_add(self.n.saturating_mul(BYTES_PER_CASE));
        if have == want { Ok(()) } else { Err(PointsError::Length { want, have }) }
    }
}

/// Takes bytes from the front, and says how many were missing.
struct Reader<'a> {
    bytes: &'a [u8],
    want: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], PointsError> {
        let (head, rest) =
            self.bytes.split_at_checked(n).ok_or(PointsError::Length { want: self.want, have: self.bytes.len() })?;
        self.bytes = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PointsError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    fn u32s(&mut self, n: usize) -> Result<Vec<u32>, PointsError> {
        let bytes = self.take(n.saturating_mul(4))?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect())
    }

    fn u16s(&mut self, n: usize) -> Result<Vec<u16>, PointsError> {
        let bytes = self.take(n.saturating_mul(2))?;
        Ok(bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect())
    }
}
