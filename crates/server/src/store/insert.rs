//! Many rows in few statements: the one place that writes `INSERT`s by the thousand.

use std::fmt::Write as _;

use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

use crate::db::Tx;

/// A statement whose parameters are being bound.
pub type Bound<'q> = Query<'q, Any, AnyArguments<'q>>;

// SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535; a quarter of that is as fast.
const MAX_PARAMETERS: usize = 8_000;

/// How parameters are marked: the one text that differs between the databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// `?`, for `SQLite`: it looks each numbered one up among all before it, which takes minutes for a district.
    Plain,
    /// `$1`, for `PostgreSQL`. Prepared anew each time: it keeps the types of the first values, and a NULL has another
    /// than a number.
    Numbered,
}

impl Marks {
    fn of(tx: &Tx) -> Self {
        if tx.backend_name() == "SQLite" { Self::Plain } else { Self::Numbered }
    }
}

/// A table as `INSERT` sees it.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its key columns; a row with a known key replaces the one that is there.
    pub key: &'static [&'static str],
    /// Its other columns; parameters are bound in the order key, other columns.
    pub columns: &'static [&'static str],
}

impl Table {
    /// Writes rows; one that is there already is replaced.
    pub async fn upsert<R, F>(&self, tx: &mut Tx, rows: &[R], bind: F) -> sqlx::Result<()>
    where
        R: Sync,
        F: for<'q> Fn(Bound<'q>, &'q R) -> Bound<'q>,
    {
        let marks = Marks::of(tx);
        for chunk in rows.chunks(MAX_PARAMETERS / self.width()) {
            let sql = self.sql(chunk.len(), marks);
            let query = chunk.iter().fold(sqlx::query(&sql).persistent(marks == Marks::Plain), &bind);
            query.execute(&mut **tx).await?;
        }
        Ok(())
    }

    const fn width(&self) -> usize {
        self.key.len() + self.columns.len()
    }

    fn sql(&self, rows: usize, marks: Marks) -> String {
        let names: Vec<&str> = self.key.iter().chain(self.columns).copied().collect();
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.name, names.join(", "));
        push_placeholders(&mut sql, rows, self.width(), marks);
        let sets: Vec<String> = self.columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        // Writing to a String cannot fail.
        let _ = write!(sql, " ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), sets.join(", "));
        sql
    }
}

fn push_placeholders(sql: &mut String, rows: usize, width: usize, marks: Marks) {
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            let separator = if column == 0 { "" } else { ", " };
            let _ = match marks {
                Marks::Plain => write!(sql, "{separator}?"),
                Marks::Numbered => write!(sql, "{separator}${}", row * width + column + 1),
            };
        }
        sql.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_row_by_row() {
        let table = Table { name: "t", key: &["a"], columns: &["b"] };
        let expected = "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO UPDATE SET b = excluded.b";
        assert_eq!(table.sql(2, Marks::Numbered), expected);
        assert!(table.sql(2, Marks::Plain).contains("VALUES (?, ?), (?, ?) ON CONFLICT"));
    }
}
