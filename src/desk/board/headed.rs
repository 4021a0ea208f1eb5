//! The head of a picture that leaves the page: of what, where and when it is, what of it is chosen, and what it says.

use super::tabled::width;
use crate::ui::drawing::{Anchor, Drawing, Ink};

const LINE: f64 = 18.0;
const SIDE: f64 = 12.0;
/// A narrower picture is widened, so that its head is no column of single words.
const LEAST: f64 = 360.0;

/// Writes texts above a picture, each on lines of its own; the first names it.
pub fn headed(mut drawing: Drawing, texts: &[String]) -> Drawing {
    drawing.size.0 = drawing.size.0.max(LEAST);
    let room = drawing.size.0 - 2.0 * SIDE;
    let lines: Vec<(Ink, String)> = (0..)
        .zip(texts.iter().filter(|text| !text.is_empty()))
        .flat_map(|(at, text)| {
            let ink = if at == 0 { Ink::Ink } else { Ink::Muted };
            wrapped(text, room).into_iter().map(move |line| (ink, line))
        })
        .collect();
    drawing.top = LINE * lines.len() as f64 + SIDE;
    for (at, (ink, line)) in (1_u32..).zip(lines) {
        drawing.text((SIDE, LINE * f64::from(at) - drawing.top), Anchor::Start, ink, line);
    }
    drawing
}

/// Cuts a text into lines: after a space where there is one, else anywhere, as Chinese is.
fn wrapped(text: &str, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let Some(line) = lines.last() else { break };
        if !line.is_empty() && width(line) + width(word) > room && width(word) <= room {
            lines.push(word.to_owned());
            continue;
        }
        for c in word.chars() {
            let is_full = lines.last().is_none_or(|line| width(line) + width(c.encode_utf8(&mut [0; 4])) > room);
            if is_full {
                lines.push(String::new());
            }
            lines.last_mut().into_iter().for_each(|line| line.push(c));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::drawing::Shape;

    #[test]
    fn a_head_is_drawn_above_and_inside_the_file() {
        let long = "土地流转、".repeat(30);
        let texts = ["诉求原因", "光明区 2026-10-31—2026-11-27", "", &long].map(str::to_owned);
        let drawing = headed(Drawing::new(100.0, 50.0), &texts);
        let (wide, high) = drawing.file_size();
        assert!(high > 50.0 && drawing.size.1 < 51.0, "the picture stays where it is");
        let mut read = String::new();
        for shape in &drawing.shapes {
            if let Shape::Text { at: (x, y), text, .. } = shape {
                let is_in = *x + width(text) <= wide && *y < 0.0 && *y >= -drawing.top + SIDE;
                assert!(is_in, "{text} at {x} {y} of {:?}", drawing.file_size());
                read.push_str(text);
            }
        }
        assert_eq!(read, texts.concat(), "nothing is left out");
        let svg = drawing.to_svg("x", |ink| ink.token().to_owned());
        assert!(svg.contains(&format!("viewBox=\"0 -{0:.0} {wide:.0} {high:.0}\"", drawing.top)), "{svg}");
    }

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrapped("figures as of noon", 80.0), ["figures as ", "of noon"]);
        assert_eq!(wrapped("数据截至中午", 40.0), ["数据截", "至中午"]);
    }
}
