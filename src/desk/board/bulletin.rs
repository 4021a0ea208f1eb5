//! Bulletins 简报: a document of the last day, week, month or quarter in the official layout, every line of it editable, made
//! PDF by the browser's own print.

use std::sync::Arc;

use chrono::NaiveDate;
use fengtu_wire::cases::{Class, Sensitivity};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::WarningHistory;
use leptos::prelude::*;

use super::bulletin_cases::{self, Notable, notable};
use super::bulletin_drafts::{Document, Drafts};
use super::card::{Drawn, Files, Grid, Of, Tabled, behind, invented, take_along};
use super::charts::{self, Row};
use super::context::question;
use super::draft::keep_typed;
use super::period::choose_days;
use super::prose::{self, Kind, Names};
use super::{causes, figures, lists, ranking, trend};
use crate::api::cube::CubeQuery;
use crate::api::dialect::Resource;
use crate::api::warnings::WarningHistoryQuery;
use crate::browser::page as document;
use crate::desk::scope::{Asked, Scope, asked, name_of, use_scope};
use crate::i18n;
use crate::reactive::{memo, part, words as follow};
use crate::routes::{Rank, ViewState};
use crate::state::{DistrictStore, Loadable, SessionStore, use_store};
use crate::tr;
use crate::ui::button::{Button, Look};
use crate::ui::icon::Icon;
use crate::ui::message::loaded;
use crate::ui::number::{self, grouped};
use crate::ui::panel::Skeleton;
use crate::ui::time::day_and_time;

/// Places that a bulletin ranks one by one; of more, so many of both ends.
const RANKED: usize = 40;
const ENDS: usize = 10;
/// Between the lines of a list: each begins two characters in, as the first does by the style sheet.
const LINE: &str = "\n\u{3000}\u{3000}";
/// Width of its charts: the 156 mm that an official page leaves between its margins.
const WIDTH: f64 = 588.0;
/// Causes that its chart draws; its table has all.
const CAUSES: usize = 10;
const DAY_S: u32 = 86_400;

#[derive(Clone, Copy)]
struct Bulletin {
    scope: Scope,
    district: RwSignal<DistrictStore>,
    kind: RwSignal<Kind>,
    drafts: RwSignal<Drafts>,
    today: Memo<NaiveDate>,
}

impl Bulletin {
    fn new() -> Self {
        let (scope, drafts) = (use_scope(), RwSignal::new(Drafts::default()));
        // While somebody writes, no midnight turns their document into another.
        let today = Memo::new(move |before: Option<&NaiveDate>| {
            let day = scope.now.get().date_naive();
            before.copied().filter(|_| !drafts.with_untracked(Drafts::is_empty)).unwrap_or(day)
        });
        Self { scope, district: use_store(), kind: RwSignal::new(Kind::Week), drafts, today }
    }

    /// Asks of a period that is over: nothing in it moves while somebody writes.
    fn query(self) -> Option<CubeQuery> {
        let (place, now) = (self.scope.place.get()?, self.scope.now.get_untracked());
        let (first, last) = self.kind.get().days(self.today.get());
        let mut state = ViewState::default();
        choose_days(&mut state, first, last, now);
        Some(question(&state, Some(place), now))
    }
}

/// The page: the tools, and the sheet.
pub fn page() -> AnyView {
    let bulletin = Bulletin::new();
    let drafts = bulletin.drafts;
    keep_typed(move || drafts.try_with_untracked(|drafts| !drafts.is_empty()).unwrap_or_default());
    let answer = asked(move || bulletin.query());
    let beside = Beside::ask(bulletin);
    let offset = memo(move || bulletin.district.with(DistrictStore::utc_offset_s));
    let is_unnamed = memo(move || bulletin.district.with(|d| d.tree.is_loading() || d.config.is_loading()));
    let sheet = part(move || {
        // What came late would build the sheet anew under somebody's hands: it waits for names and for what stands beside the figures,
        // and follows the figures and the language alone.
        let beside = beside.get().filter(|_| !is_unnamed.get());
        i18n::locale();
        let show = |cube: &Cube| match beside {
            Some(beside) => untrack(|| sheet(bulletin, cube, &beside)),
            None => view! { <Skeleton /> }.into_any(),
        };
        answer.answer.with(|found| loaded(found, offset.get(), answer.again, show))
    });
    view! { {tools(bulletin)} <article class="paper sheet" aria-label=follow(|| tr!(board.bulletin).to_owned())>{sheet}</article> }.into_any()
}

/// What stands in a bulletin beside the figures, where it could be had.
#[derive(Clone, PartialEq, Default)]
struct Beside {
    cases: Option<Notable>,
    /// Whether they were asked for: they are not for every reader.
    sees_cases: bool,
    warned: Option<WarningHistory>,
}

impl Beside {
    /// Returns it once all of it is here or cannot be had.
    fn ask(bulletin: Bulletin) -> Memo<Option<Arc<Self>>> {
        let session = use_store::<SessionStore>();
        let sees_cases = session.with_untracked(SessionStore::sees_cases);
        let keeps = session.with_untracked(|session| session.public().capabilities(Resource::Warnings).history);
        let query = move |is: bool| is.then(|| bulletin.query()).flatten();
        let of = move |class| asked(move || query(sees_cases).map(|query| bulletin_cases::by_class(&query, class)));
        let (major, urgent) = (of(Class::Major), of(Class::Urgent));
        let by_people = asked(move || query(sees_cases).map(|query| bulletin_cases::by_people(&query)));
        let warned = asked(move || query(keeps).map(|query| at_the_end(&query)));
        Memo::new(move |_| {
            // Without the settings nobody knows which kind may be named: that is not the same as none.
            let (is_unset, has_settings) =
                bulletin.district.with(|d| (d.config.is_loading(), d.config.value().is_some()));
            let lists = is_unset || [major, urgent, by_people].into_iter().any(is_due);
            let waits = (sees_cases && lists) || (keeps && is_due(warned));
            let least = |id: &CategoryId| least(bulletin, id);
            let found =
                || major.answer.with(|a| urgent.answer.with(|b| by_people.answer.with(|c| notable([a, b, c], &least))));
            let cases = has_settings.then(found).flatten();
            let warned = warned.answer.with(|found| found.value().cloned());
            (!waits).then(|| Arc::new(Self { cases, sees_cases, warned }))
        })
    }
}

fn is_due<A: Send + Sync + 'static>(asked: Asked<A>) -> bool {
    asked.answer.with(Loadable::is_loading)
}

/// The levels as the last day of a period ended.
fn at_the_end(query: &CubeQuery) -> WarningHistoryQuery {
    let (place, level) = (query.place.clone(), Some(PlaceLevel::Grid));
    WarningHistoryQuery { place, level, from: query.to, to: query.to, step_s: Some(DAY_S) }
}

/// The least sensitivity of a category's cases, as far as the settings know it.
fn least(bulletin: Bulletin, id: &CategoryId) -> Option<Sensitivity> {
    bulletin.district.with(|district| district.category(id).map(|category| category.sensitivity))
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

/// The sheet that is written on.
struct Sheet {
    bulletin: Bulletin,
    document: Document,
    /// What its charts are of.
    of: Of,
}

impl Sheet {
    /// A line that can be written over; what was typed goes before what was made. Set as a whole: beside the text the browser has
    /// put nodes of its own, which a text node that is changed would leave standing.
    fn editable(&self, tag: &'static str, id: &'static str, name: &'static str, made: String) -> AnyView {
        let (drafts, document) = (self.bulletin.drafts, self.document.clone());
        let text = drafts.with_untracked(|drafts| drafts.text(&document, id, made));
        let keep = move |_: leptos::ev::Event| {
            let typed = document::typed_into(id).unwrap_or_default();
            drafts.update(|drafts| drafts.keep(&document, id, typed));
        };
        let class = format!("editable {tag}");
        view! { <div class=class id=id role="textbox" aria-multiline="true" aria-label=name contenteditable="true" tabindex="0" spellcheck="false" on:input=keep prop:innerText=text></div> }
            .into_any()
    }

    /// What a table of it is saved from, and its picture where it has one.
    fn files(&self, title: fn() -> &'static str, grid: Tabled, file: Option<Drawn>) -> Files {
        let of = self.of.clone();
        Files { title, of: Arc::new(move || of.clone()), says: Arc::new(String::new), grid, file, workbook: None }
    }

    fn para(&self, id: &'static str, name: &'static str, made: String) -> AnyView {
        self.editable("para", id, name, made)
    }
}

fn sheet(bulletin: Bulletin, cube: &Cube, beside: &Beside) -> AnyView {
    let (kind, today) = (bulletin.kind.get(), bulletin.today.get());
    let (first, last) = kind.days(today);
    let place = bulletin.scope.place.get().map(|id| bulletin.district.with(|d| name_of(d, &id))).unwrap_or_default();
    let made = tr!(board.made, time = day_and_time(&cube.at));
    let of = Of {
        name: format!("{place} {first}—{last}"),
        note: format!("{made}{}", bulletin.district.with(invented)),
        ..Of::default()
    };
    let sheet = Sheet { bulletin, document: (kind, bulletin.scope.place.get(), first), of };
    let issue = tr!(board.bulletin_number, year = chrono::Datelike::year(&last));
    let title = tr!(board.bulletin_title, place = place.clone(), kind = kind.word());
    let span =
        if first == last { prose::date(first) } else { format!("{} – {}", prose::date(first), prose::date(last)) };
    let level = bulletin.scope.place.get().and_then(|id| bulletin.district.with(|d| level_of(d, &id)));
    let signed = tr!(board.bulletin_signed, place = place);
    view! {
        <p class="sheet-internal">{tr!(board.internal)}</p>
        {sheet.editable("sheet-title", "sheet-title", tr!(board.sheet_title), title)}
        {sheet.editable("sheet-issue", "sheet-issue", tr!(board.sheet_issue), issue)}
        <p class="sheet-span">{span}</p>
        {sheet.editable("sheet-to", "sheet-to", tr!(board.sheet_to), prose::addressees(level).to_owned())}
        {body(&sheet, last, cube, beside)}
        {sheet.editable("sheet-signed", "sheet-signed", tr!(board.sheet_signed), signed)}
        {sheet.editable("sheet-date", "sheet-date", tr!(board.sheet_date), prose::date(today))}
        <p class="sheet-foot">{tr!(board.sheet_foot, time = day_and_time(&cube.at))}{bulletin.district.with(invented)}</p>
    }
    .into_any()
}

/// The level of a place, once the tree is here; what the tree lacks is a grid.
fn level_of(district: &DistrictStore, id: &PlaceId) -> Option<PlaceLevel> {
    let tree = district.tree.value()?;
    Some(tree.get(id).map_or(PlaceLevel::Grid, |place| place.level))
}

fn body(sheet: &Sheet, last: NaiveDate, cube: &Cube, beside: &Beside) -> AnyView {
    let bulletin = sheet.bulletin;
    let place = |id: &PlaceId| bulletin.district.with(|d| name_of(d, id));
    let cause = |id: &CategoryId| cause_name(bulletin, id);
    let names = Names { place: &place, cause: &cause };
    let trend = (cube.days.len() > 2).then(|| trend_of(sheet, cube));
    let next: Vec<String> = (1..).zip(prose::next(cube, &names)).map(|(n, text)| format!("{n}. {text}")).collect();
    let of_note =
        |district: &DistrictStore| bulletin_cases::lines(beside.cases.as_ref(), beside.sees_cases, cube, district);
    let cases = bulletin.district.with(of_note);
    view! {
        {heading(1, tr!(board.section_overall))}
        {sheet.para("para-overall", tr!(board.section_overall), prose::overall(cube))}
        {table(sheet, || tr!(board.figure), figures::grid(cube))}
        {trend}
        {heading(2, tr!(board.section_causes))}
        {sheet.para("para-causes", tr!(board.section_causes), prose::causes(cube, &names))}
        {causes_of(sheet, cube, &cause)}
        {heading(3, tr!(board.section_places))}
        {sheet.para("para-places", tr!(board.section_places), prose::places(cube, &names))}
        {table(sheet, || tr!(board.ranking), ranks(cube, &place))}
        {heading(4, tr!(board.section_warnings))}
        {sheet.para("para-warnings", tr!(board.section_warnings), prose::warnings(last, beside.warned.as_ref()))}
        {heading(5, tr!(board.section_cases))}
        {sheet.para("para-cases", tr!(board.section_cases), cases.join(LINE))}
        {heading(6, tr!(board.section_next))}
        {sheet.para("para-next", tr!(board.section_next), next.join(LINE))}
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

/// A table of the sheet, and on the screen its files.
fn table(sheet: &Sheet, title: fn() -> &'static str, grid: Grid) -> AnyView {
    let shown = grid.clone().view(title().to_owned());
    let files = sheet.files(title, Arc::new(move || grid.clone()), None);
    view! { {shown}<div class="card-behind">{take_along(&files)}</div> }.into_any()
}

/// A chart of the sheet. On the screen there is the table behind it, and both as files; on paper it stands alone.
fn figure(sheet: &Sheet, caption: fn() -> &'static str, drawn: Drawn, grid: Tabled) -> AnyView {
    let picture = drawn().view(Some(caption().to_owned()));
    let files = sheet.files(caption, grid, Some(drawn));
    view! { <figure>{picture}<figcaption>{caption()}</figcaption>{behind(files)}</figure> }.into_any()
}

fn trend_of(sheet: &Sheet, cube: &Cube) -> AnyView {
    let (days, same) = (cube.days.clone(), cube.days.clone());
    let drawn: Drawn = Arc::new(move || charts::days(&days, None, WIDTH));
    figure(sheet, || tr!(board.figure_days), drawn, Arc::new(move || trend::days_grid(&same)))
}

fn causes_of(sheet: &Sheet, cube: &Cube, cause: &dyn Fn(&CategoryId) -> String) -> AnyView {
    let all = causes::named(cube, cause);
    let most: Vec<Row> = all.iter().take(CAUSES).cloned().collect();
    let drawn: Drawn = Arc::new(move || charts::bars(&most, WIDTH));
    figure(sheet, || tr!(board.figure_causes), drawn, Arc::new(move || causes::grid(&all)))
}

fn cause_name(bulletin: Bulletin, id: &CategoryId) -> String {
    let named = |d: &DistrictStore| d.category(id).map(|category| i18n::local(&category.name));
    bulletin.district.with(named).unwrap_or_else(|| id.to_string())
}

fn ranks(cube: &Cube, place: &dyn Fn(&PlaceId) -> String) -> Grid {
    let (rows, _) = ranking::ranking(cube, Rank::Settled);
    let row = |row: &ranking::Ranked| {
        let share = row.share.filter(|part| part.whole > 0).map(|part| part.part as f64 / part.whole as f64);
        let (received, share) = (row.received.map(grouped), share.map(number::share));
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
        vec![place(&row.place), or_dash(received), or_dash(share), lists::word_of(row.standing).to_owned()]
    };
    Grid {
        heads: [tr!(board.place), tr!(board.received), tr!(board.rate), tr!(board.list)].map(str::to_owned).to_vec(),
        rows: both_ends(&rows, &row),
    }
}

/// All rows, or those of both ends with a line between that says how many it leaves out; the last of all are those with too
/// few cases, which are no end.
fn both_ends(rows: &[ranking::Ranked], row: &dyn Fn(&ranking::Ranked) -> Vec<String>) -> Vec<Vec<String>> {
    if rows.len() <= RANKED {
        return rows.iter().map(row).collect();
    }
    let ranked: Vec<_> = rows.iter().filter(|row| row.key.is_some()).collect();
    let (few, between) = (rows.len() - ranked.len(), ranked.len().saturating_sub(2 * ENDS));
    let best = ranked.iter().take(ENDS).map(|one| row(one));
    let worst = ranked.iter().skip(ENDS + between).map(|one| row(one));
    let said = |n: usize, text: String| (n > 0).then(|| vec![text, String::new(), String::new(), String::new()]);
    let omitted = said(between, tr!(board.ranks_between, n = between));
    best.chain(omitted).chain(worst).chain(said(few, tr!(board.ranks_few, n = few))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use fengtu_domain::ranking::Standing;
    use fengtu_domain::statistics::Part;

    use super::*;

    fn ranked(n: usize, is_ranked: bool) -> ranking::Ranked {
        ranking::Ranked {
            place: format!("p{n}").as_str().into(),
            share: Some(Part { part: 1, whole: 2 }),
            standing: if is_ranked { Standing::Ordinary } else { Standing::Few },
            key: is_ranked.then_some(0.5),
            received: Some(2),
        }
    }

    fn shown(ranks: usize, few: usize) -> Vec<String> {
        let rows: Vec<_> = (0..ranks + few).map(|n| ranked(n, n < ranks)).collect();
        both_ends(&rows, &|row| vec![row.place.to_string()]).into_iter().map(|row| row[0].clone()).collect()
    }

    #[test]
    fn the_last_places_are_listed_and_those_left_out_are_counted() {
        let all = shown(30, 10);
        assert_eq!((all.len(), all.last().map(String::as_str)), (40, Some("p39")));
        let ends = shown(50, 6);
        assert_eq!((ends.len(), ends[9].as_str(), ends[11].as_str(), ends[20].as_str()), (22, "p9", "p40", "p49"));
        assert!(ends[10].contains("30") && ends[21].contains('6'), "{ends:?}");
        // Where few can be ranked, none stands at both ends.
        let few = shown(15, 30);
        assert_eq!((few.len(), few[14].as_str()), (16, "p14"));
        assert!(few[15].contains("30"), "{few:?}");
    }
}
