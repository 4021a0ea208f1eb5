//! Bulletins 简报: a document of the last day, week, month or quarter in the official layout, every line of it editable, made
//! PDF by the browser's own print.

use chrono::NaiveDate;
use fengtu_wire::cases::{CaseSummary, Class, Sensitivity};
use fengtu_wire::cube::Cube;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::card::Grid;
use super::charts::{self, Row};
use super::context::question;
use super::period::choose_days;
use super::prose::{self, Kind, Names};
use super::{figures, ranking};
use crate::api::cases::CasesQuery;
use crate::api::cube::CubeQuery;
use crate::api::lenient::Listed;
use crate::browser::page as document;
use crate::desk::scope::{Scope, asked, name_of, use_scope};
use crate::desk::words;
use crate::i18n;
use crate::reactive::{part, words as follow};
use crate::routes::brush::day_text;
use crate::routes::{Rank, ViewState};
use crate::state::{DistrictStore, SessionStore, WarningsStore, use_store};
use crate::tr;
use crate::ui::button::{Button, Look};
use crate::ui::drawing::Drawing;
use crate::ui::icon::Icon;
use crate::ui::message::loaded;
use crate::ui::number::{grouped, percent};

/// Cases of note that a bulletin names.
const CASES: usize = 5;
/// Between the lines of a list: each begins two characters in, as the first does by the style sheet.
const LINE: &str = "\n\u{3000}\u{3000}";
/// Width of its charts: what an A4 page leaves between its margins.
const WIDTH: f64 = 620.0;

#[derive(Clone, Copy)]
struct Bulletin {
    scope: Scope,
    district: RwSignal<DistrictStore>,
    kind: RwSignal<Kind>,
}

/// The page: the tools, and the sheet.
pub fn page() -> AnyView {
    let bulletin = Bulletin { scope: use_scope(), district: use_store(), kind: RwSignal::new(Kind::Week) };
    let today = Memo::new(move |_| bulletin.scope.now.get().date_naive());
    // Of a period that is over: nothing in it moves while somebody writes.
    let query = move || {
        let (place, now) = (bulletin.scope.place.get()?, bulletin.scope.now.get_untracked());
        let (first, last) = bulletin.kind.get().days(today.get());
        let mut state = ViewState::default();
        choose_days(&mut state, first, last, now);
        Some(question(&state, Some(place), now))
    };
    let answer = asked(query);
    let cases = asked(move || {
        use_store::<SessionStore>().with(SessionStore::sees_cases).then_some(())?;
        query().map(|query| of_note(&query))
    });
    let sheet = part(move || {
        let offset = bulletin.district.with(DistrictStore::utc_offset_s);
        let list = cases.answer.with(|list| list.value().map(notable).unwrap_or_default());
        answer
            .answer
            .with(|found| loaded(found, offset, answer.again, |cube: &Cube| sheet(bulletin, today.get(), cube, &list)))
    });
    view! { {tools(bulletin)} <article class="paper sheet" aria-label=follow(|| tr!(board.bulletin).to_owned())>{sheet}</article> }.into_any()
}

fn of_note(query: &CubeQuery) -> CasesQuery {
    CasesQuery {
        place: query.place.clone(),
        from: query.from,
        to: query.to,
        class: Some(Class::Major),
        limit: Some(100),
        ..CasesQuery::default()
    }
}

/// A bulletin is read by more people than a desk: nothing sensitive is in it.
fn notable(list: &Listed<CaseSummary>) -> Vec<CaseSummary> {
    let may_be_told = |case: &&CaseSummary| matches!(case.sensitivity, Sensitivity::Public | Sensitivity::Internal);
    let mut cases: Vec<CaseSummary> = list.items.iter().filter(may_be_told).cloned().collect();
    fengtu_geo::order::sort_by(&mut cases, |a, b| (b.people, b.amount_fen).cmp(&(a.people, a.amount_fen)));
    cases.truncate(CASES);
    cases
}

fn tools(bulletin: Bulletin) -> AnyView {
    let button = |kind: Kind| {
        let pressed = move || (bulletin.kind.get() == kind).to_string();
        view! {
            <button type="button" class="button" id=format!("bulletin-{kind:?}") aria-pressed=pressed on:click=move |_| bulletin.kind.set(kind)>
                {follow(move || kind.word().to_owned())}</button>
        }
    };
    view! {
        <div class="board-head bulletin-tools">
            <div class="board-title"><h1>{follow(|| tr!(board.bulletin).to_owned())}</h1><p class="quiet">{follow(|| tr!(board.bulletin_hint).to_owned())}</p></div>
            <div class="card-files" role="group" aria-label=follow(|| tr!(board.bulletin_kind).to_owned())>{Kind::ALL.map(button).into_iter().collect_view()}</div>
            <Button label=|| tr!(board.print) on_press=|()| document::print() look=Look::Primary icon=Icon::Save />
        </div>
    }
    .into_any()
}

/// A line that can be written over.
fn editable(tag: &'static str, id: &'static str, name: &'static str, text: String) -> AnyView {
    let class = format!("editable {tag}");
    view! { <div class=class id=id role="textbox" aria-multiline="true" aria-label=name contenteditable="true" tabindex="0" spellcheck="false">{text}</div> }
        .into_any()
}

fn sheet(bulletin: Bulletin, today: NaiveDate, cube: &Cube, cases: &[CaseSummary]) -> AnyView {
    let kind = bulletin.kind.get();
    let (first, last) = kind.days(today);
    let place = bulletin.scope.place.get().map(|id| bulletin.district.with(|d| name_of(d, &id))).unwrap_or_default();
    let issue = tr!(board.bulletin_number, year = chrono::Datelike::year(&last));
    let title = tr!(board.bulletin_title, place = place.clone(), kind = kind.word());
    let span =
        if first == last { prose::date(first) } else { format!("{} – {}", prose::date(first), prose::date(last)) };
    let signed = tr!(board.bulletin_signed, place = place);
    view! {
        <p class="sheet-internal">{tr!(board.internal)}</p>
        {editable("sheet-title", "sheet-title", tr!(board.sheet_title), title)}
        {editable("sheet-issue", "sheet-issue", tr!(board.sheet_issue), issue)}
        <p class="sheet-span">{span}</p>
        {editable("sheet-to", "sheet-to", tr!(board.sheet_to), tr!(board.bulletin_to).to_owned())}
        {body(bulletin, cube, cases)}
        {editable("sheet-signed", "sheet-signed", tr!(board.sheet_signed), signed)}
        {editable("sheet-date", "sheet-date", tr!(board.sheet_date), prose::date(today))}
        <p class="sheet-foot">{tr!(board.sheet_foot, time = crate::ui::time::day_and_time(&cube.at))}</p>
    }
    .into_any()
}

fn body(bulletin: Bulletin, cube: &Cube, cases: &[CaseSummary]) -> AnyView {
    let place = |id: &fengtu_wire::ids::PlaceId| bulletin.district.with(|d| name_of(d, id));
    let cause = |id: &fengtu_wire::ids::CategoryId| cause_name(bulletin, id);
    let names = Names { place: &place, cause: &cause };
    let warned = use_store::<WarningsStore>().with_untracked(|w| levels_within(bulletin, w));
    let days = charts::days(&cube.days, None, WIDTH);
    let trend = (cube.days.len() > 2).then(|| figure(&days, tr!(board.figure_days)));
    let bars = charts::bars(&cause_rows(cube, &cause), WIDTH);
    let next: Vec<String> = (1..).zip(prose::next(cube, &names)).map(|(n, text)| format!("{n}. {text}")).collect();
    view! {
        {heading(1, tr!(board.section_overall))}
        {editable("para", "para-overall", tr!(board.section_overall), prose::overall(cube))}
        {figures::grid(cube).view(tr!(board.figure).to_owned())}
        {trend}
        {heading(2, tr!(board.section_causes))}
        {editable("para", "para-causes", tr!(board.section_causes), prose::causes(cube, &names))}
        {figure(&bars, tr!(board.figure_causes))}
        {heading(3, tr!(board.section_places))}
        {editable("para", "para-places", tr!(board.section_places), prose::places(cube, &names))}
        {ranks(cube, &place).view(tr!(board.ranking).to_owned())}
        {heading(4, tr!(board.section_warnings))}
        {editable("para", "para-warnings", tr!(board.section_warnings), prose::warnings(&warned))}
        {heading(5, tr!(board.section_cases))}
        {editable("para", "para-cases", tr!(board.section_cases), case_lines(bulletin, cases))}
        {heading(6, tr!(board.section_next))}
        {editable("para", "para-next", tr!(board.section_next), next.join(LINE))}
    }
    .into_any()
}

fn heading(number: usize, text: &'static str) -> AnyView {
    let numerals = ["", "一", "二", "三", "四", "五", "六"];
    let numeral = match i18n::locale() {
        i18n::Locale::zh_CN => format!("{}、", numerals.get(number).copied().unwrap_or_default()),
        i18n::Locale::en => format!("{number}. "),
    };
    view! { <h2>{numeral}{text}</h2> }.into_any()
}

fn figure(drawing: &Drawing, caption: &'static str) -> AnyView {
    view! { <figure>{drawing.view(Some(caption.to_owned()))}<figcaption>{caption}</figcaption></figure> }.into_any()
}

fn cause_name(bulletin: Bulletin, id: &fengtu_wire::ids::CategoryId) -> String {
    let named = |d: &DistrictStore| d.category(id).map(|category| i18n::local(&category.name));
    bulletin.district.with(named).unwrap_or_else(|| id.to_string())
}

fn cause_rows(cube: &Cube, cause: &dyn Fn(&fengtu_wire::ids::CategoryId) -> String) -> Vec<Row> {
    let mut cells: Vec<_> = cube.categories.iter().collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| b.received.cmp(&a.received));
    let row = |cell: &&fengtu_wire::cube::CategoryCell| Row {
        label: cause(&cell.category),
        counts: [cell.received, cell.before],
    };
    cells.iter().take(10).map(row).collect()
}

fn ranks(cube: &Cube, place: &dyn Fn(&fengtu_wire::ids::PlaceId) -> String) -> Grid {
    let (rows, _) = ranking::ranking(cube, Rank::Settled);
    let row = |row: &ranking::Ranked| {
        let share = row.share.filter(|part| part.whole > 0).map(|part| part.part as f64 / part.whole as f64);
        let share = share.map_or_else(|| "—".to_owned(), |rate| percent((rate * 1_000.0).round() / 1_000.0));
        let list = match row.standing {
            fengtu_domain::ranking::Standing::Red => tr!(board.red_list),
            fengtu_domain::ranking::Standing::Yellow => tr!(board.yellow_list),
            fengtu_domain::ranking::Standing::Few => tr!(board.few),
            fengtu_domain::ranking::Standing::Ordinary => "",
        };
        vec![place(&row.place), row.received.map_or_else(|| "—".to_owned(), grouped), share, list.to_owned()]
    };
    Grid {
        heads: [tr!(board.place), tr!(board.received), tr!(board.rate), tr!(board.list)].map(str::to_owned).to_vec(),
        rows: rows.iter().take(40).map(row).collect(),
    }
}

/// The levels of the grids inside the node in view.
fn levels_within(bulletin: Bulletin, warnings: &WarningsStore) -> Vec<Level> {
    let Some(node) = bulletin.scope.place.get() else { return Vec::new() };
    bulletin.district.with(|d| {
        let is_grid = |id: &fengtu_wire::ids::PlaceId| {
            d.place(id).is_some_and(|p| p.level == fengtu_wire::places::PlaceLevel::Grid)
        };
        let inside = warnings.all().filter(|(id, ..)| is_grid(id) && crate::desk::scope::is_within(d, id, &node));
        inside.map(|(_, level, _)| level).collect()
    })
}

/// Each case in a line, as far as the reader of the desk may see it: names and numbers are masked already.
fn case_lines(bulletin: Bulletin, cases: &[CaseSummary]) -> String {
    let line = |(n, case): (usize, &CaseSummary)| {
        let place = case.place.as_ref().map(|id| bulletin.district.with(|d| name_of(d, id))).unwrap_or_default();
        let day = day_text(case.reported_at.date_naive());
        let (cause, state) = (cause_name(bulletin, &case.category), words::state(case.state));
        let text = tr!(
            board.case_line,
            day = day,
            place = place,
            cause = cause,
            title = case.title.clone(),
            people = case.people,
            state = state
        );
        format!("{n}. {text}")
    };
    let lines: Vec<String> = (1..).zip(cases).map(line).collect();
    if lines.is_empty() { tr!(board.no_cases).to_owned() } else { lines.join(LINE) }
}
