//! A table as a workbook of one sheet: the least that spreadsheets open (ECMA-376), in a zip that packs nothing.

use std::fmt::Write;

/// Longer names of a sheet no spreadsheet takes.
const NAME: usize = 31;

/// The parts of a workbook that are the same in each.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    // The second format of a cell is per cent with two decimals, the tenth of those that every spreadsheet knows.
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="10" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
    ),
];

/// Writes a table; the first cell of a row names it and is a text, the others are figures where they read as such.
pub fn xlsx(title: &str, heads: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut parts: Vec<(&str, String)> = PARTS.iter().map(|&(name, text)| (name, text.to_owned())).collect();
    parts.push(("xl/workbook.xml", workbook(title)));
    parts.push(("xl/worksheets/sheet1.xml", sheet(heads, rows)));
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let files: Vec<(&str, Vec<u8>)> =
        parts.into_iter().map(|(name, text)| (name, format!("{head}{text}").into_bytes())).collect();
    zip(&files)
}

fn workbook(title: &str) -> String {
    let name: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(NAME).collect();
    let name = if name.trim().is_empty() { "1" } else { name.trim() };
    format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        escaped(name)
    )
}

fn sheet(heads: &[String], rows: &[Vec<String>]) -> String {
    let mut out =
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>"#.to_owned();
    for text in heads {
        write_text(&mut out, text);
    }
    for row in rows {
        out.push_str("</row><row>");
        for (at, cell) in row.iter().enumerate() {
            match number(cell).filter(|_| at > 0) {
                Some((value, is_rate)) => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "<c s=\"{}\"><v>{value}</v></c>", u8::from(is_rate));
                }
                None => write_text(&mut out, cell),
            }
        }
    }
    out + "</row></sheetData></worksheet>"
}

/// A text stands in its cell as a text: nothing in it is taken for a formula.
fn write_text(out: &mut String, text: &str) {
    let _ = write!(out, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text));
}

/// Returns what a cell reads as: a count as people see it, with spaces between its groups, or a rate, and whether it is one.
/// What begins with an idle 0 is a code.
fn number(text: &str) -> Option<(String, bool)> {
    let (digits, is_rate) = text.strip_suffix('%').map_or((text, false), |rate| (rate, true));
    let plain = digits.replace('\u{2009}', "");
    let is_figure = plain.starts_with(|c: char| c.is_ascii_digit()) && plain.ends_with(|c: char| c.is_ascii_digit());
    let is_figure = is_figure && plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_code = plain.len() > 1 && plain.starts_with('0') && !plain.starts_with("0.");
    let value: f64 = plain.parse().ok().filter(|_| is_figure && !is_code)?;
    // Of 98.7 a hundredth would be 0.9870000000000001.
    Some(if is_rate { (format!("{:.6}", value / 100.0), true) } else { (plain, false) })
}

/// Makes a text one of XML, without what XML cannot hold.
fn escaped(text: &str) -> String {
    let is_text = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let text: String = text.chars().filter(is_text).filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writes files into a zip as they are.
fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let begins = out.len() as u32;
        let about = about(name, bytes);
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&about);
        // No comment, one disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(begins.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, begins, length) = (files.len() as u16, out.len() as u32, directory.len() as u32);
    out.append(&mut directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([length.to_le_bytes(), begins.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

/// What both the head of a file and the directory say of it: version 2.0, stored, the first day that a zip knows.
fn about(name: &str, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u32).to_le_bytes();
    let name = (name.len() as u16).to_le_bytes();
    [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0], &crc(bytes).to_le_bytes()[..], &length, &length, &name, &[0, 0]].concat()
}

/// The check sum of a zip: CRC-32 of IEEE 802.3.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn table() -> Vec<u8> {
        let row = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        let rows = [row(&["007", "78\u{2009}559", "98.7%", "—"]), row(&["=1+1", "<\u{1}&", "0044", "12.5"])];
        xlsx("原因/地点: 一览", &row(&["地点", "受理量", "率", ""]), &rows)
    }

    /// Reads a zip by its directory, as spreadsheets do: names and what they hold.
    fn read(zip: &[u8]) -> Vec<(String, String)> {
        let two = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
        let four = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap());
        let end = zip.len() - 22;
        assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
        let mut at = four(end + 16) as usize;
        assert_eq!(at + four(end + 12) as usize, end, "the directory ends where the end begins");
        let mut found = Vec::new();
        for _ in 0..two(end + 10) {
            assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
            let (sum, size, name, begins) =
                (four(at + 16), four(at + 24) as usize, two(at + 28), four(at + 42) as usize);
            let text = |from: usize, length: usize| String::from_utf8(zip[from..from + length].to_vec()).unwrap();
            let own = text(at + 46, name);
            assert_eq!((&zip[begins..begins + 4], text(begins + 30, name)), (&b"PK\x03\x04"[..], own.clone()));
            let held = text(begins + 30 + name, size);
            assert_eq!(crc(held.as_bytes()), sum, "{own}");
            found.push((own, held));
            at += 46 + name;
        }
        found
    }

    #[test]
    fn it_is_a_zip_with_the_parts_of_a_workbook() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926, "the check value of the standard");
        let parts = read(&table());
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[0], "[Content_Types].xml");
        for needed in ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"] {
            assert!(names.contains(&needed), "{needed}");
        }
        assert!(parts.iter().any(|(_, text)| text.contains("name=\"原因地点 一览\"")), "a name that spreadsheets take");
    }

    #[test]
    fn figures_are_numbers_and_everything_else_is_text() {
        let (_, sheet) = read(&table()).into_iter().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
        for figure in ["s=\"0\"><v>78559</v>", "s=\"1\"><v>0.987000</v>", "s=\"0\"><v>12.5</v>"] {
            assert!(sheet.contains(figure), "{figure}: {sheet}");
        }
        for text in ["007", "=1+1", "&lt;&amp;", "0044", "—"] {
            assert!(sheet.contains(&format!("<is><t xml:space=\"preserve\">{text}</t></is>")), "{text}: {sheet}");
        }
        assert_eq!(["", "—", "1.2.3", "5.", "1–2", "↑ 3", "1e5", "%"].map(number), [const { None }; 8]);
    }
}
