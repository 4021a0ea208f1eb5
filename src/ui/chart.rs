//! Small charts in plain SVG; the figures themselves stand beside them.

use std::fmt::Write;

use leptos::prelude::*;

/// Returns the path of a line through values, 100 wide and 30 high, gaps where a value is withheld.
pub fn line_path(values: &[Option<u64>]) -> String {
    let most = values.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let step = 100.0 / values.len().saturating_sub(1).max(1) as f64;
    let mut path = String::new();
    let mut drawing = false;
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = (index as f64 * step, 29.0 - *value as f64 / most * 28.0);
            // Writing to a string cannot fail.
            let _ = write!(path, "{}{x:.2} {y:.2}", if drawing { 'L' } else { 'M' });
        }
        drawing = value.is_some();
    }
    path
}

/// A line without axes; `label` says in words what it shows.
#[component]
pub fn Spark(values: Vec<Option<u64>>, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label=label>
            <path d=line_path(&values)></path>
        </svg>
    }
}

/// One row of [`Bars`].
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its length, in the unit of all.
    pub value: f64,
    /// The figure as it is read.
    pub text: String,
}

/// Bars beside their labels and figures, longest as wide as there is room.
#[component]
pub fn Bars(rows: Vec<Bar>) -> impl IntoView {
    let most = rows.iter().map(|row| row.value).fold(f64::MIN_POSITIVE, f64::max);
    let one = move |row: Bar| {
        let width = format!("{:.1}%", (row.value / most * 100.0).clamp(0.0, 100.0));
        view! {
            <li class="bar">
                <span>{row.label}</span>
                <span class="bar-track" aria-hidden="true"><i class="bar-fill" style:display="block" style:width=width></i></span>
                <span class="figure">{row.text}</span>
            </li>
        }
    };
    view! { <ul class="bars">{rows.into_iter().map(one).collect_view()}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withheld_value_leaves_a_gap_and_no_value_no_line() {
        assert_eq!(line_path(&[Some(0), Some(2), None, Some(1)]), "M0.00 29.00L33.33 1.00M100.00 15.00");
        assert_eq!(line_path(&[]), "");
        assert_eq!(line_path(&[Some(0)]), "M0.00 29.00");
    }
}
