//! A table as a drawing: the picture of a card whose chart is its table.

use super::card::Grid;
use crate::tr;
use crate::ui::drawing::{Anchor, Drawing, Ink};

/// Rows of a picture; a taller one no browser draws. All are in the files of the table.
const ROWS: usize = 200;
const ROW: f64 = 24.0;
const GAP: f64 = 24.0;

/// Draws a table, as wide as its texts are.
pub fn tabled(grid: &Grid) -> Drawing {
    let shown = grid.rows.get(..ROWS).unwrap_or(&grid.rows);
    let columns = widths(grid, shown);
    let left_out = grid.rows.len() - shown.len();
    let lines = shown.len() + 1 + usize::from(left_out > 0);
    let mut drawing = Drawing::new(columns.iter().sum::<f64>() + GAP, ROW * lines as f64 + 8.0);
    line(&mut drawing, &grid.heads, &columns, 0, Ink::Muted);
    for (at, row) in (1..).zip(shown) {
        line(&mut drawing, row, &columns, at, Ink::Ink);
    }
    if left_out > 0 {
        let y = ROW * (lines as f64 - 0.5) + 4.0;
        drawing.text((GAP / 2.0, y), Anchor::Start, Ink::Muted, tr!(board.rows_more, n = left_out));
    }
    drawing
}

fn line(drawing: &mut Drawing, cells: &[String], columns: &[f64], at: usize, ink: Ink) {
    let (floor, mut x) = (ROW * (at as f64 + 1.0), GAP / 2.0);
    for (column, (cell, width)) in cells.iter().zip(columns).enumerate() {
        // As on the page: names begin at the left, figures end at the right.
        let (at, anchor) = if column == 0 { (x, Anchor::Start) } else { (x + width - GAP / 2.0, Anchor::End) };
        drawing.text((at, floor - 8.0), anchor, ink, cell.clone());
        x += width;
    }
    drawing.stroke(format!("M{:.1} {floor:.1}H{x:.1}", GAP / 2.0), Ink::Line, 0.5);
}

fn widths(grid: &Grid, rows: &[Vec<String>]) -> Vec<f64> {
    let of = |column: usize| {
        let cells = std::iter::once(&grid.heads).chain(rows).filter_map(|row| row.get(column));
        cells.map(|text| width(text)).fold(0.0, f64::max) + GAP
    };
    (0..grid.heads.len()).map(of).collect()
}

/// How wide a text of 12 pixels is at most: Chinese is as wide as high.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 7.2 } else { 12.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::drawing::Shape;

    fn grid(rows: usize) -> Grid {
        let row = |n: usize| vec![format!("地点{n}"), n.to_string()];
        Grid { heads: vec!["地点".to_owned(), "受理量".to_owned()], rows: (0..rows).map(row).collect() }
    }

    fn text(shape: &Shape) -> Option<&str> {
        if let Shape::Text { text, .. } = shape { Some(text) } else { None }
    }

    fn texts(drawing: &Drawing) -> Vec<&str> {
        drawing.shapes.iter().filter_map(text).collect()
    }

    #[test]
    fn every_cell_is_drawn_inside_the_picture() {
        let drawing = tabled(&grid(3));
        assert_eq!(texts(&drawing).len(), 8);
        for shape in &drawing.shapes {
            if let Shape::Text { at: (x, y), text, .. } = shape {
                let is_in = (0.0..=drawing.size.0).contains(x) && (0.0..=drawing.size.1).contains(y);
                assert!(is_in, "{text} at {x} {y} of {:?}", drawing.size);
            }
        }
    }

    #[test]
    fn a_picture_that_is_too_tall_says_how_many_rows_it_lacks() {
        let drawing = tabled(&grid(ROWS + 7));
        assert!(texts(&drawing).last().is_some_and(|text| text.contains('7')), "{:?}", texts(&drawing).last());
        assert!(drawing.size.1 * 2.0 < 16_384.0, "what browsers draw at twice the size");
    }
}
