//! A card: what it says as a sentence, the chart, the table behind it, and all of it as files.

use std::sync::Arc;

use leptos::prelude::*;

use super::brush;
use super::context::{Board, use_board};
use super::controls::days;
use super::headed::headed;
use super::tabled::tabled;
use crate::browser::{page, picture, save};
use crate::desk::export::{csv, file_name, xlsx};
use crate::reactive::{part, words};
use crate::routes::Lang;
use crate::state::DistrictStore;
use crate::ui::button::Button;
use crate::ui::drawing::{Drawing, Ink};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::time::day_and_time;
use crate::{say, tr};

/// A table as it is read: heads, then rows; the first cell of a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// Writes it as CSV.
    pub fn csv(&self) -> String {
        // A program reads figures without the spaces between their groups.
        let plain = |cell: &String| {
            let is_grouped = cell.chars().all(|c| c.is_ascii_digit() || c == '\u{2009}');
            csv::field(&if is_grouped { cell.replace('\u{2009}', "") } else { cell.clone() })
        };
        let line = |cells: &Vec<String>| cells.iter().map(plain).collect::<Vec<_>>().join(",") + "\r\n";
        let rows: String = std::iter::once(&self.heads).chain(&self.rows).map(line).collect();
        format!("\u{FEFF}{rows}")
    }

    /// Shows it.
    pub fn view(self, caption: String) -> AnyView {
        self.view_led(caption, &|_, name| name.into_any())
    }

    /// Shows it, with the names of its rows as they are made from their numbers and texts.
    pub fn view_led(self, caption: String, led: &dyn Fn(usize, String) -> AnyView) -> AnyView {
        let head = |(at, text): (usize, String)| view! { <th scope="col" class:figure={at > 0}>{text}</th> };
        let row = |(at, cells): (usize, Vec<String>)| {
            let mut cells = cells.into_iter();
            let first = cells.next().map(|name| led(at, name));
            let rest = cells.map(|cell| view! { <td class="figure">{cell}</td> }).collect_view();
            view! { <tr><th scope="row">{first}</th>{rest}</tr> }
        };
        view! {
            <table class="table">
                <caption class="sr-only">{caption}</caption>
                <thead><tr>{self.heads.into_iter().enumerate().map(head).collect_view()}</tr></thead>
                <tbody>{self.rows.into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    }
}

/// A part of a card that is made when it is shown.
pub type Made = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// What a card is made of; each is asked again as the answer changes.
#[derive(Clone)]
pub struct Parts {
    /// Names it in the document, and its sheet in a workbook.
    pub id: &'static str,
    /// The sheet of the server's workbook that holds it; nothing: it is in none, and one is made here.
    pub sheet: Option<&'static str>,
    /// What chooses what it shows; it stays while the rest is drawn anew.
    pub controls: Option<Made>,
    /// What it is about.
    pub title: fn() -> &'static str,
    /// What it says, in a sentence.
    pub says: Arc<dyn Fn() -> String + Send + Sync>,
    /// The chart.
    pub chart: Made,
    /// The table behind it.
    pub grid: Tabled,
    /// The chart as a file; nothing: the table is the chart.
    pub file: Option<Drawn>,
}

/// A table that is made when it is asked for.
pub type Tabled = Arc<dyn Fn() -> Grid + Send + Sync>;

/// A drawing that is made when it is asked for.
pub type Drawn = Arc<dyn Fn() -> Drawing + Send + Sync>;

/// What a file is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Of {
    /// Which place and time.
    pub name: String,
    /// What of that is chosen; nothing: all of it.
    pub chosen: String,
    /// How old it is, and whether it is invented.
    pub note: String,
}

impl Of {
    /// The texts above a picture of it, and below a sheet.
    fn texts(self, title: &str, says: String) -> [String; 4] {
        [title.to_owned(), format!("{} {}", self.name, self.note), self.chosen, says]
    }
}

/// What a table is saved from: as CSV, XLSX, PNG and SVG, whatever it is the table of.
#[derive(Clone)]
pub struct Files {
    /// What it is about.
    pub title: fn() -> &'static str,
    /// Of which place and time it is, and what of that is chosen.
    pub of: Arc<dyn Fn() -> Of + Send + Sync>,
    /// What it says, in a sentence.
    pub says: Arc<dyn Fn() -> String + Send + Sync>,
    /// The table.
    pub grid: Tabled,
    /// Its picture; nothing: the table is drawn.
    pub file: Option<Drawn>,
    /// The way to it in the server's workbook, whose figures are not rounded; nothing: a workbook is made here.
    pub workbook: Option<Made>,
}

impl Files {
    /// Those of a table of the board.
    pub fn of_board(board: Board, title: fn() -> &'static str, sheet: Option<&'static str>, grid: Tabled) -> Self {
        let link = move |sheet| -> Made { Arc::new(move || workbook_link(board, Some(sheet), "XLSX".to_owned())) };
        let says = Arc::new(String::new);
        Self { title, of: Arc::new(move || of_what(board)), says, grid, file: None, workbook: sheet.map(link) }
    }
}

/// The place in view, the days and what is chosen, as a file says them.
fn of_what(board: Board) -> Of {
    let place = board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default();
    let (first, last, _) = days(board);
    let made = board.answer().map(|cube| tr!(board.made, time = day_and_time(&cube.at))).unwrap_or_default();
    Of {
        name: format!("{place} {first}—{last}"),
        chosen: brush::said(board),
        note: format!("{made}{}", board.district.with(invented)),
    }
}

/// Says that what a file holds is invented, where it is.
pub fn invented(district: &DistrictStore) -> String {
    let is_demo = district.config.value().is_some_and(|config| config.demo);
    if is_demo { format!(" · {}", tr!(common.demo)) } else { String::new() }
}

/// Shows a card.
pub fn card(class: &'static str, parts: Parts) -> AnyView {
    let board = use_board();
    let (title_id, labelled, parts) =
        (format!("{}-title", parts.id), format!("{}-title", parts.id), StoredValue::new(parts));
    let title = words(move || (parts.get_value().title)().to_owned());
    let says = words(move || (parts.get_value().says)());
    let controls = parts.with_value(|p| p.controls.clone()).map(|made| part(move || made()));
    let chart = part(move || (parts.get_value().chart)());
    let files = parts.with_value(|p| Files {
        file: p.file.clone(),
        says: Arc::clone(&p.says),
        ..Files::of_board(board, p.title, p.sheet, Arc::clone(&p.grid))
    });
    view! {
        <section class=format!("card {class}") aria-labelledby=labelled id=parts.with_value(|p| p.id)>
            <h2 id=title_id>{title}</h2>
            <p class="card-says">{says}</p>
            {controls}
            <div class="card-chart">{chart}</div>
            {behind(files)}
        </section>
    }
    .into_any()
}

/// The table and the files, made when they are asked for.
pub fn behind(files: Files) -> AnyView {
    let is_open = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let inside = part(move || if is_open.get() { open(&files, said) } else { ().into_any() });
    view! {
        <details class="card-behind" on:toggle=move |event| is_open.set(page::is_open(&event))>
            <summary>{say!(board.behind)}</summary>
            {inside}
            <p role="status" class="quiet">{said}</p>
        </details>
    }
    .into_any()
}

fn open(files: &Files, said: RwSignal<String>) -> AnyView {
    let (title, grid) = ((files.title)(), (files.grid)());
    view! {
        {buttons(files, said)}
        <div class="card-scroll" tabindex="0" role="group" aria-label=title>{grid.view(title.to_owned())}</div>
    }
    .into_any()
}

/// The files alone, for a table that stands on the page.
pub fn take_along(files: &Files) -> AnyView {
    let said = RwSignal::new(String::new());
    view! { {buttons(files, said)}<p role="status" class="quiet">{said}</p> }.into_any()
}

fn buttons(files: &Files, said: RwSignal<String>) -> AnyView {
    let kept = StoredValue::new(files.clone());
    let button = |kind: Kind| {
        let press = move |()| untrack(|| save_as(&kept.get_value(), kind, said));
        view! { <Button label=move || kind.word() on_press=press icon=Icon::Save /> }.into_any()
    };
    let workbook = files.workbook.as_ref().map_or_else(|| button(Kind::Xlsx), |made| made());
    view! { <div class="card-files">{button(Kind::Csv)}{workbook}{button(Kind::Png)}{button(Kind::Svg)}</div> }
        .into_any()
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Xlsx,
    Png,
    Svg,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Png => "PNG",
            Self::Svg => "SVG",
        }
    }
}

/// A link to the workbook of the question that is shown.
pub fn workbook_link(board: Board, sheet: Option<&'static str>, label: String) -> AnyView {
    let base = use_context::<Base>().map(|base| base.0).unwrap_or_default();
    let href = words(move || {
        let lang = board.view.with(|v| v.lang(&page::languages()));
        let lang = if lang == Lang::En { "en" } else { "zh-CN" };
        board.query.get().map(|query| query.workbook(sheet, lang).url(&base)).unwrap_or_default()
    });
    view! { <a class="button" href=href download=""><Glyph icon=Icon::Save />{label}</a> }.into_any()
}

/// Where the backend of figures is, which also makes workbooks and codes.
#[derive(Debug, Clone)]
pub struct Base(pub String);

/// What spreadsheets call their own.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn save_as(files: &Files, kind: Kind, said: RwSignal<String>) {
    let (title, of) = ((files.title)(), (files.of)());
    let name = file_name(&[&of.name, title, &of.chosen], &kind.word().to_ascii_lowercase());
    let tell = move |saved: bool, name: String| {
        said.set(if saved { tr!(desk.saving_saved, name = name) } else { tr!(desk.saving_failed).to_owned() });
    };
    let grid = || (files.grid)();
    let texts = of.texts(title, (files.says)());
    match kind {
        Kind::Csv => tell(save::file(&name, "text/csv;charset=utf-8", grid().csv().as_bytes()), name),
        Kind::Xlsx => {
            let Grid { heads, mut rows } = grid();
            rows.push(Vec::new());
            rows.extend(texts.into_iter().filter(|text| !text.is_empty()).map(|text| vec![text]));
            tell(save::file(&name, WORKBOOK, &xlsx::xlsx(title, &heads, &rows)), name);
        }
        Kind::Png | Kind::Svg => {
            let drawing = headed(files.file.as_ref().map_or_else(|| tabled(&grid()), |made| made()), &texts);
            let svg = drawing.to_svg(&texts.join(" "), |ink: Ink| picture::token(ink.token()));
            if kind == Kind::Svg {
                return tell(save::file(&name, "image/svg+xml", svg.as_bytes()), name);
            }
            leptos::task::spawn_local(async move {
                tell(picture::save_png(name.clone(), svg, drawing.file_size(), 2.0).await, name);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_csv_that_no_spreadsheet_takes_for_formulas() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let grid = Grid { heads: row(["地点", "n"]), rows: vec![row(["=1+1", "1\u{2009}234"]), row(["a,b", "—"])] };
        assert_eq!(grid.csv(), "\u{FEFF}地点,n\r\n\"'=1+1\",1234\r\n\"a,b\",—\r\n");
    }
}
