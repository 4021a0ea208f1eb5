//! A sheet as CSV: RFC 4180 with a UTF-8 mark at the start, safe to open in a spreadsheet.

use chrono::{DateTime, FixedOffset, Utc};

use crate::desk::list::sheet::{Cell, Sheet};
use crate::tr;

/// The mark by which spreadsheets know UTF-8.
const BOM: &str = "\u{FEFF}";

/// Writes a sheet with its coordinates.
pub fn csv(sheet: &Sheet, utc_offset_s: i32) -> String {
    let heads = sheet.columns.iter().map(|c| field(&c.head));
    let heads = heads.chain([field(tr!(desk.list_longitude)), field(tr!(desk.list_latitude))]);
    let mut out = format!("{BOM}{}\r\n", heads.collect::<Vec<_>>().join(","));
    for row in &sheet.rows {
        let place = row.at.map_or([String::new(), String::new()], |at| at.map(|degrees| format!("{degrees:.6}")));
        let cells = row.cells.iter().map(|cell| written(cell, utc_offset_s)).chain(place);
        out.push_str(&cells.collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out
}

/// Figures are written plain, so that a program can read them.
fn written(cell: &Cell, utc_offset_s: i32) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Count(n) => n.to_string(),
        Cell::Measure(value) => value.to_string(),
        // With its zone: a file travels.
        Cell::Time(at) => in_zone(*at, utc_offset_s).to_rfc3339(),
        other => field(&other.text(utc_offset_s)),
    }
}

fn in_zone(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(utc_offset_s).map_or_else(|| at.fixed_offset(), |offset| at.with_timezone(&offset))
}

/// Makes a text one field. A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\r', '\n', '\'']) || safe.starts_with(' ') || safe.ends_with(' ') {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::list::sheet::tests::sheet;

    #[test]
    fn no_field_begins_a_formula() {
        for start in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x"] {
            let field = field(start);
            assert!(field.starts_with("\"'"), "{field:?}");
        }
        assert_eq!(field("他说“好”"), "他说“好”");
        assert_eq!(field("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn rows_carry_their_coordinates_and_the_unknown_is_empty() {
        let text = csv(&sheet(&[("甲", Cell::Count(12_345)), ("lost", Cell::Empty)]), 0);
        assert_eq!(text, "\u{FEFF}名称,数,经度,纬度\r\n甲,12345,113.900000,22.700000\r\nlost,,,\r\n");
    }

    /// Reads one quoted or plain field back.
    fn read(field: &str) -> String {
        match field.strip_prefix('"').and_then(|f| f.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => field.to_owned(),
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_but_for_the_apostrophe(text in "\\PC{0,40}|[=+\\-@\t\r\n\",'][\\PC\r\n]{0,20}") {
            let back = read(&field(&text));
            prop_assert!(back == text || back == format!("'{text}"), "{back:?}");
            prop_assert!(!back.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
        }
    }
}
