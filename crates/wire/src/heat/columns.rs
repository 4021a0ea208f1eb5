//! The columnar form of case points: 10 bytes a case.
//!
//! All numbers little-endian, each column whole before the next, so that a reader can take them as they lie:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `FTP2` |
//! | 4 | number of cases `n`, u32 |
//! | 8 | base time, Unix seconds, i64 |
//! | 4 × 8 | west, south, east, north in degrees, f64 |
//! | 4 | bytes of the table that follows, u32 (a multiple of 4) |
//! | … | JSON `{"categories":[id…]}`, padded with spaces |
//! | 4 n | seconds since the base time, u32 |
//! | 2 n | east of west in 65,535ths of the box, u16 |
//! | 2 n | north of south in 65,535ths of the box, u16 |
//! | 1 n | index into `categories`, u8 |
//! | 1 n | weight, u8 |

use serde::Serialize;

use crate::geojson::{Bounds, Position};
use crate::ids::CategoryId;
use crate::json::{self, FromJson};

const MAGIC: [u8; 4] = *b"FTP2";
/// Bytes before the table: all that [`PointsView::check`] reads.
pub const HEADER: usize = 4 + 4 + 8 + 32 + 4;
/// Bytes per case in the columnar form.
pub const BYTES_PER_CASE: usize = 10;

/// Case points in columns of equal length, to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PointColumns {
    /// Where the points lie.
    pub bounds: Bounds,
    /// Unix seconds to which `seconds` are added.
    pub base: i64,
    /// Category names that `category` points into.
    pub categories: Vec<CategoryId>,
    /// Seconds since `base`.
    pub seconds: Vec<u32>,
    /// East of the western edge, in 65,535ths of the width.
    pub x: Vec<u16>,
    /// North of the southern edge, in 65,535ths of the height.
    pub y: Vec<u16>,
    /// Index into `categories`.
    pub category: Vec<u8>,
    /// Weight.
    pub weight: Vec<u8>,
}

/// The columns as they lie in the bytes of an answer: nothing of them is copied.
#[derive(Debug, Clone)]
pub struct PointsView<'a> {
    /// Where the points lie.
    pub bounds: Bounds,
    /// Unix seconds to which the seconds are added.
    pub base: i64,
    /// Category names that the categories point into; each of them does.
    pub categories: Vec<CategoryId>,
    /// Index into `categories`.
    pub category: &'a [u8],
    /// Weights.
    pub weight: &'a [u8],
    seconds: &'a [[u8; 4]],
    x: &'a [[u8; 2]],
    y: &'a [[u8; 2]],
}

#[derive(Serialize, FromJson)]
struct Table {
    categories: Vec<CategoryId>,
}

/// Why bytes could not be read as point columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointsError {
    /// The first bytes are not `FTP2`.
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
    #[error("the table of categories cannot be read")]
    Table,
    /// A box that is empty, swapped, or not on the earth.
    #[error("the box is not one: {0:?}")]
    Bounds([u64; 4]),
    /// An index points behind its table.
    #[error("case {row} names a category that the table lacks")]
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
        for column in [&self.x, &self.y] {
            out.extend(column.iter().flat_map(|v| v.to_le_bytes()));
        }
        out.extend(&self.category);
        out.extend(&self.weight);
        out
    }

    fn table_bytes(&self) -> Vec<u8> {
        let table = Table { categories: self.categories.clone() };
        // A list of strings always serialises; an empty table would be refused by a reader, not misread.
        let mut bytes = serde_json::to_vec(&table).unwrap_or_default();
        bytes.resize(bytes.len().next_multiple_of(4), b' ');
        bytes
    }

    /// Reads columns from bytes into memory of their own.
    pub fn decode(bytes: &[u8]) -> Result<Self, PointsError> {
        PointsView::read(bytes).map(|view| view.to_columns())
    }
}

impl<'a> PointsView<'a> {
    /// Looks at the head, of at least [`HEADER`] bytes, and at the length alone, for one who hands the bytes on; returns the number
    /// of cases.
    pub fn check(head: &[u8], length: usize) -> Result<usize, PointsError> {
        let head = Head::read(&mut Reader { bytes: head, want: HEADER })?;
        head.expect_rest(length.saturating_sub(HEADER)).map(|()| head.n)
    }

    /// Reads columns from bytes; every index is checked, so a reader need not.
    pub fn read(bytes: &'a [u8]) -> Result<Self, PointsError> {
        let mut reader = Reader { bytes, want: HEADER };
        let head = Head::read(&mut reader)?;
        head.expect_rest(reader.bytes.len())?;
        let Head { n, base, bounds, table_len } = head;
        reader.want = reader.bytes.len();
        let table: Table = json::read(reader.take(table_len)?).map_err(|_| PointsError::Table)?;
        let view = Self {
            bounds,
            base,
            categories: table.categories,
            seconds: reader.numbers(n)?,
            x: reader.numbers(n)?,
            y: reader.numbers(n)?,
            category: reader.take(n)?,
            weight: reader.take(n)?,
        };
        view.checked()
    }

    /// Number of cases.
    pub const fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Whether there is no case.
    pub const fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }

    /// Seconds since `base`.
    pub fn seconds(&self) -> impl ExactSizeIterator<Item = u32> + Clone + use<'a> {
        self.seconds.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// East of the western edge, in 65,535ths of the width.
    pub fn x(&self) -> impl ExactSizeIterator<Item = u16> + Clone + use<'a> {
        self.x.iter().map(|bytes| u16::from_le_bytes(*bytes))
    }

    /// North of the southern edge, in 65,535ths of the height.
    pub fn y(&self) -> impl ExactSizeIterator<Item = u16> + Clone + use<'a> {
        self.y.iter().map(|bytes| u16::from_le_bytes(*bytes))
    }

    fn to_columns(&self) -> PointColumns {
        PointColumns {
            bounds: self.bounds,
            base: self.base,
            categories: self.categories.clone(),
            seconds: self.seconds().collect(),
            x: self.x().collect(),
            y: self.y().collect(),
            category: self.category.to_vec(),
            weight: self.weight.to_vec(),
        }
    }

    fn checked(self) -> Result<Self, PointsError> {
        let [west, south, east, north] = self.bounds;
        let on_earth = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
        if !(west < east && south < north && on_earth) {
            return Err(PointsError::Bounds(self.bounds.map(f64::to_bits)));
        }
        let bad = self.category.iter().position(|&category| usize::from(category) >= self.categories.len());
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

    /// Takes `n` numbers of so many bytes each.
    fn numbers<const N: usize>(&mut self, n: usize) -> Result<&'a [[u8; N]], PointsError> {
        Ok(self.take(n.saturating_mul(N))?.as_chunks::<N>().0)
    }
}
