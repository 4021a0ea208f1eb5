//! Charts as plain shapes: shown on the page by the style sheet's tokens, or written as an SVG file with colours of its own.

use std::fmt::Write;

use leptos::prelude::*;

/// What a shape is drawn with; the style sheet has a class, the tokens a colour for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Text.
    Ink,
    /// Text that stands back.
    Muted,
    /// Hairlines.
    Line,
    /// The first series.
    First,
    /// The second series.
    Second,
    /// The ground.
    Ground,
}

impl Ink {
    /// Returns its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Muted => "muted",
            Self::Line => "line",
            Self::First => "first",
            Self::Second => "second",
            Self::Ground => "ground",
        }
    }

    /// Returns the token that has its colour.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Ink => "--ink",
            Self::Muted => "--ink-muted",
            Self::Line => "--line-strong",
            Self::First => "--chart-1",
            Self::Second => "--chart-2",
            Self::Ground => "--surface",
        }
    }
}

/// Where a text stands by its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred.
    Middle,
    /// It ends there.
    End,
}

impl Anchor {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// One shape, in pixels from the upper left.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled outline.
    Area {
        /// SVG path data.
        path: String,
        /// Its colour.
        ink: Ink,
        /// 0…1.
        opacity: f64,
    },
    /// A stroked line.
    Stroke {
        /// SVG path data.
        path: String,
        /// Its colour.
        ink: Ink,
        /// Its width.
        width: f64,
    },
    /// A text of 12 pixels.
    Text {
        /// Where its baseline is.
        at: (f64, f64),
        /// How it stands there.
        anchor: Anchor,
        /// Its colour.
        ink: Ink,
        /// What it says.
        text: String,
    },
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// How far above its upper edge a file of it reaches.
    pub top: f64,
    /// Its shapes, the lowest first.
    pub shapes: Vec<Shape>,
}

/// Returns the path of a box.
pub fn rect(x: f64, y: f64, width: f64, height: f64) -> String {
    format!("M{x:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}z")
}

impl Drawing {
    /// Begins a picture of a size.
    pub const fn new(width: f64, height: f64) -> Self {
        Self { size: (width, height), top: 0.0, shapes: Vec::new() }
    }

    /// Adds a filled outline, if it has any.
    pub fn area(&mut self, path: String, ink: Ink, opacity: f64) {
        if !path.is_empty() {
            self.shapes.push(Shape::Area { path, ink, opacity });
        }
    }

    /// Adds a line, if it has any.
    pub fn stroke(&mut self, path: String, ink: Ink, width: f64) {
        if !path.is_empty() {
            self.shapes.push(Shape::Stroke { path, ink, width });
        }
    }

    /// Adds a text.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, ink: Ink, text: impl Into<String>) {
        self.shapes.push(Shape::Text { at, anchor, ink, text: text.into() });
    }

    /// Shows it; `label` says in words what it shows, and none hides it from those who cannot see it.
    pub fn view(&self, label: Option<String>) -> AnyView {
        let (width, height) = self.size;
        let shapes: Vec<AnyView> = self.shapes.iter().map(shown).collect();
        let role = label.is_some().then_some("img");
        let hidden = label.is_none().then_some("true");
        view! {
            <svg class="drawing" viewBox=format!("0 0 {width:.0} {height:.0}") width=format!("{width:.0}") height=format!("{height:.0}")
                role=role aria-label=label aria-hidden=hidden>{shapes}</svg>
        }
        .into_any()
    }

    /// Returns the width and height of a file of it.
    pub fn file_size(&self) -> (f64, f64) {
        (self.size.0, self.size.1 + self.top)
    }

    /// Writes it as an SVG file; `colour` tells the colour of an ink.
    pub fn to_svg(&self, title: &str, colour: impl Fn(Ink) -> String) -> String {
        let ((width, height), top) = (self.file_size(), self.top);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -{top:.0} {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
             font-family=\"sans-serif\" font-size=\"12\"><title>{}</title><path fill=\"{}\" d=\"{}\"/>",
            escaped(title),
            colour(Ink::Ground),
            rect(0.0, -top, width, height)
        );
        // Writing to a string cannot fail.
        for shape in &self.shapes {
            let _ = match shape {
                Shape::Area { path, ink, opacity } => {
                    write!(out, "<path fill=\"{}\" fill-opacity=\"{opacity:.2}\" d=\"{path}\"/>", colour(*ink))
                }
                Shape::Stroke { path, ink, width } => {
                    write!(
                        out,
                        "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.1}\" d=\"{path}\"/>",
                        colour(*ink)
                    )
                }
                Shape::Text { at: (x, y), anchor, ink, text } => write!(
                    out,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{}\" fill=\"{}\">{}</text>",
                    anchor.as_str(),
                    colour(*ink),
                    escaped(text)
                ),
            };
        }
        out + "</svg>"
    }
}

fn shown(shape: &Shape) -> AnyView {
    match shape {
        Shape::Area { path, ink, opacity } => {
            let class = format!("area {}", ink.class());
            view! { <path class=class d=path.clone() fill-opacity=format!("{opacity:.2}")></path> }.into_any()
        }
        Shape::Stroke { path, ink, width } => {
            let class = format!("stroke {}", ink.class());
            view! { <path class=class d=path.clone() stroke-width=format!("{width:.1}")></path> }.into_any()
        }
        Shape::Text { at: (x, y), anchor, ink, text } => {
            let class = format!("text {}", ink.class());
            view! { <text class=class x=format!("{x:.1}") y=format!("{y:.1}") text-anchor=anchor.as_str()>{text.clone()}</text> }
                .into_any()
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the end of an axis that reaches `most`: 1, 2 or 5 times a power of ten.
pub fn nice_end(most: u64) -> u64 {
    let mut step: u64 = 1;
    loop {
        for times in [1, 2, 5] {
            let end = step.saturating_mul(times);
            if end >= most.max(1) {
                return end;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_and_always_ends() {
        assert_eq!([0, 1, 3, 11, 90, 101].map(nice_end), [1, 1, 5, 20, 100, 200]);
        assert!(nice_end(u64::MAX) > 0);
    }

    #[test]
    fn a_file_holds_its_texts_safely_and_its_own_colours() {
        let mut drawing = Drawing::new(100.0, 50.0);
        drawing.text((1.0, 2.0), Anchor::End, Ink::Ink, "<b>&");
        drawing.area(rect(0.0, 0.0, 5.0, 5.0), Ink::First, 0.5);
        drawing.area(String::new(), Ink::First, 0.5);
        let svg = drawing.to_svg("a<b", |ink| ink.token().to_owned());
        assert!(svg.contains("<title>a&lt;b</title>") && svg.contains("&lt;b&gt;&amp;") && svg.contains("--chart-1"));
        assert_eq!(drawing.shapes.len(), 2);
    }
}
