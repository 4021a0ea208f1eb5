//! A `WHERE` that is put together piece by piece, every value a parameter.

use fengtu_wire::geojson::Bounds;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::search_text;
use crate::db::{Db, Kind};

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A whole number, an instant in milliseconds.
    Int(i64),
    /// A coordinate.
    Real(f64),
    /// A text.
    Text(String),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Arg {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// A text of SQL with `?` for each of its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fragment {
    /// The text.
    pub sql: String,
    /// Its values, in order.
    pub args: Vec<Arg>,
}

impl Fragment {
    /// Joins a text and its values.
    pub fn new(sql: impl Into<String>, args: impl IntoIterator<Item = Arg>) -> Self {
        Self { sql: sql.into(), args: args.into_iter().collect() }
    }

    /// Adds another piece.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.sql.push_str(&other.sql);
        self.args.extend(other.args);
        self
    }

    /// Adds a text without values.
    #[must_use]
    pub fn text(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Puts it in brackets.
    #[must_use]
    pub fn bracketed(mut self) -> Self {
        self.sql = format!("({})", self.sql);
        self
    }

    /// `column IN (?, …)`; nothing asked for is no condition.
    pub fn any_of(column: &str, values: Vec<String>) -> Option<Self> {
        (!values.is_empty()).then(|| {
            let places = vec!["?"; values.len()].join(", ");
            Self::new(format!("{column} IN ({places})"), values.into_iter().map(Arg::Text))
        })
    }

    /// `column` is one of these texts, however many: they are one parameter, and none of them is no row.
    pub fn one_of(kind: Kind, column: &str, values: Vec<String>) -> Self {
        let list = match kind {
            Kind::Sqlite => "SELECT value FROM json_each(?)",
            Kind::Postgres => "SELECT json_array_elements_text(CAST(? AS json))",
        };
        Self::new(format!("{column} IN ({list})"), [Arg::Text(serde_json::Value::from(values).to_string())])
    }

    /// Runs it and reads its rows.
    pub async fn fetch(&self, pool: &AnyPool) -> sqlx::Result<Vec<AnyRow>> {
        let sql = numbered(&self.sql);
        let mut query = sqlx::query(&sql);
        for arg in &self.args {
            query = match arg {
                Arg::Int(value) => query.bind(*value),
                Arg::Real(value) => query.bind(*value),
                Arg::Text(value) => query.bind(value.as_str()),
            };
        }
        query.fetch_all(pool).await
    }
}

/// Joins conditions with `AND`; none is true.
pub fn all_of(conditions: Vec<Fragment>) -> Fragment {
    let mut joined = Fragment::new("1 = 1", []);
    for condition in conditions {
        joined = joined.text(" AND ").then(condition);
    }
    joined
}

/// Every word of a search must be in the column `search`.
pub fn words(q: &str) -> Fragment {
    let like = |pattern| Fragment::new("search LIKE ? ESCAPE '\\'", [Arg::Text(pattern)]);
    all_of(search_text::patterns(q).into_iter().map(like).collect()).bracketed()
}

/// What stands in a box: west, south, east, north.
pub fn within([west, south, east, north]: Bounds) -> Fragment {
    let sql = "lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?";
    Fragment::new(sql, [west.into(), east.into(), south.into(), north.into()])
}

/// Runs a `SELECT COUNT(*) AS n …`.
pub async fn count(db: &Db, query: Fragment) -> sqlx::Result<u64> {
    let rows = query.fetch(db.pool()).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get::<i64, _>("n")?.unsigned_abs()))
}

// Both databases know $1; no text of ours holds a question mark for anything else.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut next = 0_usize;
    for c in sql.chars() {
        if c == '?' {
            next += 1;
            out.push('$');
            out.push_str(&next.to_string());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_and_joined() {
        let one = Fragment::new("a = ?", [1_i64.into()]);
        let two = Fragment::any_of("b", vec!["x".into(), "y".into()]);
        let all = all_of(std::iter::once(one).chain(two).collect());
        assert_eq!(numbered(&all.sql), "1 = 1 AND a = $1 AND b IN ($2, $3)");
        assert_eq!(all.args.len(), 3);
    }
}
