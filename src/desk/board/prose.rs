//! What a bulletin says of its figures: paragraphs made of an answer, to be edited by whoever signs it.

use chrono::{Datelike, Days, NaiveDate};
use fengtu_domain::lawsuits::When;
use fengtu_domain::ranking::{Standing, is_beyond_chance};
use fengtu_wire::cube::{CategoryCell, Cube};
use fengtu_wire::ids::CategoryId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::Share;
use fengtu_wire::warnings::WarningHistory;

use super::lists::hidden;
use super::measures::{Value, money};
use super::ranking::ranking;
use super::told::{self, Told};
use crate::i18n::{Locale, locale};
use crate::routes::Rank;
use crate::state::figures::rate;
use crate::tr;
use crate::ui::number::{self, grouped, percent};

/// A kind of bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 日报, of yesterday.
    Day,
    /// 周报, of last week from Monday on.
    Week,
    /// 月报, of last month.
    Month,
    /// 季报, of the last quarter.
    Quarter,
}

impl Kind {
    /// Every kind, shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => tr!(board.bulletin_day),
            Self::Week => tr!(board.bulletin_week),
            Self::Month => tr!(board.bulletin_month),
            Self::Quarter => tr!(board.bulletin_quarter),
        }
    }

    /// Returns the first and the last day of the last one that is over.
    pub fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let back = |day: NaiveDate, n: u64| day.checked_sub_days(Days::new(n)).unwrap_or(day);
        let first_of = |day: NaiveDate| day.with_day(1).unwrap_or(day);
        let yesterday = back(today, 1);
        match self {
            Self::Day => (yesterday, yesterday),
            Self::Week => {
                let monday = back(today, u64::from(today.weekday().num_days_from_monday()));
                (back(monday, 7), back(monday, 1))
            }
            Self::Month => {
                let last = back(first_of(today), 1);
                (first_of(last), last)
            }
            Self::Quarter => {
                let last = back(super::period::quarter(today), 1);
                (super::period::quarter(last), last)
            }
        }
    }
}

/// Writes a date as documents do: 2026年3月5日.
pub fn date(day: NaiveDate) -> String {
    match locale() {
        Locale::zh_CN => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Locale::en => crate::routes::brush::day_text(day),
    }
}

/// Says to whom a bulletin goes: the leaders of its own level, and the level below. Where no level is known, the district.
pub fn addressees(level: Option<PlaceLevel>) -> &'static str {
    match level {
        None | Some(PlaceLevel::District) => tr!(board.bulletin_to),
        Some(PlaceLevel::Street) => tr!(board.bulletin_to_street),
        Some(PlaceLevel::Community | PlaceLevel::Grid | PlaceLevel::SubGrid) => tr!(board.bulletin_to_community),
    }
}

/// Names of places and causes, as the reader's language has them.
pub struct Names<'a> {
    /// Of places.
    pub place: &'a dyn Fn(&fengtu_wire::ids::PlaceId) -> String,
    /// Of causes.
    pub cause: &'a dyn Fn(&CategoryId) -> String,
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "—".to_owned(), grouped)
}

fn share(share: Share) -> String {
    rate(share).map_or_else(|| "—".to_owned(), percent)
}

/// Says how a count has moved; only a change beyond chance is called one.
fn moved(now: Option<u64>, before: Option<u64>) -> String {
    let (Some(now_n), Some(before_n)) = (now, before) else { return tr!(board.no_comparison).to_owned() };
    let change = Value::Count(now).change_from(Value::Count(before));
    match change {
        Some(change) if is_beyond_chance(now_n, before_n) && change.up > 0 => tr!(board.rose, n = change.text),
        Some(change) if is_beyond_chance(now_n, before_n) && change.up < 0 => tr!(board.fell, n = change.text),
        _ => tr!(board.stayed).to_owned(),
    }
}

/// 一、总体情况.
pub fn overall(cube: &Cube) -> String {
    let f = &cube.figures;
    let settled = Share { part: f.settled, whole: f.received };
    let mut text = tr!(
        board.para_overall,
        received = count(f.received),
        moved = moved(f.received, cube.before.received),
        settled = count(f.settled),
        rate = share(settled),
        in_time = share(f.settled_in_time),
        open = count(f.open),
        overdue = count(f.overdue),
        people = count(f.people),
        amount = f.amount_fen.map_or_else(|| "—".to_owned(), money),
        satisfied = share(f.satisfied)
    );
    // A day and a week hold no whole month of the courts' figures, most of them.
    let lawsuits = Value::Lawsuits(f.lawsuits);
    if let Some(months) = lawsuits.months(cube, When::Now).filter(|_| lawsuits.is_known()) {
        let filed = f.lawsuits.and_then(|known| known.filed);
        text.push_str(&tr!(board.para_lawsuits, filed = count(filed), months = months, rate = lawsuits.text()));
    }
    text
}

/// 二、诉求原因.
pub fn causes(cube: &Cube, names: &Names<'_>) -> String {
    let mut cells: Vec<_> = cube.categories.iter().collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| b.received.cmp(&a.received));
    let parts: Vec<Option<u64>> = cells.iter().map(|cell| cell.received).collect();
    told::of_parts(cube, &parts, 2, &|Told { whole, is_led, of, .. }| {
        let lead = if is_led { first_three(&cells, (whole, of), names.cause) } else { told::no_most(whole, of) };
        lead + &grown(&cells, names)
    })
}

/// Names the three causes that have most, each with its part of the whole; those must be in their order.
pub fn first_three(
    cells: &[&CategoryCell],
    (whole, of): (u64, &'static str),
    name: &dyn Fn(&CategoryId) -> String,
) -> String {
    let one = |cell: &&CategoryCell| {
        let share = number::share(cell.received.unwrap_or(0) as f64 / whole as f64);
        tr!(board.cause_part, name = name(&cell.category), n = count(cell.received), share = share)
    };
    let first = cells.iter().filter(|cell| cell.received.is_some_and(|n| n > 0)).take(3);
    tr!(board.para_causes, first = first.map(one).collect::<Vec<_>>().join(tr!(board.comma)), of = of)
}

/// Says which causes grew; that none did only where all are told.
fn grown(cells: &[&CategoryCell], names: &Names<'_>) -> String {
    let grew = |cell: &&&CategoryCell| {
        cell.received.zip(cell.before).is_some_and(|(now, before)| now > before && is_beyond_chance(now, before))
    };
    let grown: Vec<String> = cells.iter().filter(grew).map(|cell| (names.cause)(&cell.category)).collect();
    let hidden = cells.iter().filter(|cell| cell.received.is_none()).count();
    let before_hidden = cells.iter().filter(|cell| cell.before.is_none()).count();
    let text = match (grown.is_empty(), hidden.max(before_hidden)) {
        (true, 0) => tr!(board.none_grew).to_owned(),
        (true, _) => String::new(),
        (false, _) => tr!(board.grew, names = grown.join(tr!(board.and))),
    };
    // What of now is withheld is said of the whole paragraph.
    if hidden == 0 { text + &told::hidden(before_hidden) } else { text }
}

/// 三、各地情况.
pub fn places(cube: &Cube, names: &Names<'_>) -> String {
    let (rows, whole) = ranking(cube, Rank::Settled);
    if whole.is_none_or(|whole| whole.whole == 0) {
        return told::nothing(cube, whole.is_some());
    }
    let hidden = hidden(&rows);
    let nobody = if hidden.is_empty() { tr!(board.nobody) } else { "—" };
    let of = |standing: Standing| {
        let found = rows.iter().filter(|row| row.standing == standing).map(|row| (names.place)(&row.place));
        let found = found.collect::<Vec<_>>().join(tr!(board.and));
        if found.is_empty() { nobody.to_owned() } else { found }
    };
    tr!(board.para_places, red = of(Standing::Red), yellow = of(Standing::Yellow)) + &hidden
}

/// 四、风险预警: how many grids of each level at the end of the period's last day; what is not known is not told as of now.
pub fn warnings(last: NaiveDate, history: Option<&WarningHistory>) -> String {
    let Some(frame) = history.and_then(|history| history.frames.last()) else {
        return tr!(board.warnings_unknown).to_owned();
    };
    let n = |digit: u8| frame.bytes().filter(|one| *one == digit).count();
    tr!(board.para_warnings, day = date(last), red = n(b'3'), yellow = n(b'2'), blue = n(b'1'))
}

/// 六、下步工作: what follows from how the cases of the period stand now, one sentence each.
pub fn next(cube: &Cube, names: &Names<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if cube.overdue_left.is_some_and(|n| n > 0) {
        all.push(tr!(board.next_overdue, n = count(cube.overdue_left)));
    }
    let (rows, _) = ranking(cube, Rank::Settled);
    let yellow: Vec<String> =
        rows.iter().filter(|row| row.standing == Standing::Yellow).map(|row| (names.place)(&row.place)).collect();
    if !yellow.is_empty() {
        all.push(tr!(board.next_yellow, names = yellow.join(tr!(board.and))));
    }
    if cube.groups_left.is_some_and(|n| n > 0) {
        all.push(tr!(board.next_groups, n = count(cube.groups_left)));
    }
    if cube.figures.repeats.is_some_and(|n| n > 0) {
        all.push(tr!(board.next_repeats, n = count(cube.figures.repeats)));
    }
    if all.is_empty() {
        let is_told = cube.exact && cube.figures.received != Some(0);
        all.push(if is_told { tr!(board.next_nothing).to_owned() } else { told::nothing(cube, false) });
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_bulletin_is_of_the_last_span_that_is_over() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let thursday = day(3, 12);
        assert_eq!(Kind::Day.days(thursday), (day(3, 11), day(3, 11)));
        assert_eq!(Kind::Week.days(thursday), (day(3, 2), day(3, 8)));
        assert_eq!(Kind::Week.days(day(3, 9)), (day(3, 2), day(3, 8)));
        assert_eq!(Kind::Month.days(day(3, 31)), (day(2, 1), day(2, 28)));
        let last = NaiveDate::from_ymd_opt(2025, 10, 1).unwrap();
        assert_eq!(Kind::Quarter.days(thursday), (last, NaiveDate::from_ymd_opt(2025, 12, 31).unwrap()));
    }

    #[test]
    fn a_bulletin_goes_to_the_leaders_of_its_own_level() {
        let to = |level| addressees(Some(level));
        assert!(to(PlaceLevel::District).contains("区委、区政府领导，各街道"));
        assert!(to(PlaceLevel::Street).contains("街道党工委、办事处领导，各社区"));
        assert!(to(PlaceLevel::Community).contains("社区党委、居委会，各网格"));
        assert_eq!(to(PlaceLevel::Grid), to(PlaceLevel::Community));
        assert_eq!(addressees(None), to(PlaceLevel::District));
    }

    #[test]
    fn the_paragraph_of_lawsuits_says_of_which_months_they_are() {
        let mut cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let without = overall(&cube);
        cube.at = cube.to;
        let text = overall(&cube);
        let own = text.strip_prefix(&without).unwrap();
        assert!(own.starts_with("2025年9月，共 1 个自然月") && own.contains("53.5"), "{own}");
    }

    #[test]
    fn next_is_what_is_left_to_do_and_not_what_was_as_the_period_ended() {
        let mut cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &ToString::to_string, cause: &ToString::to_string };
        (cube.figures.overdue, cube.groups) = (Some(41), Some(43));
        (cube.overdue_left, cube.groups_left) = (Some(0), Some(0));
        let settled = next(&cube, &names).concat();
        assert!(!settled.contains("超期") && !settled.contains("群体性"), "{settled}");
        (cube.overdue_left, cube.groups_left) = (Some(2), Some(3));
        let left = next(&cube, &names).concat();
        assert!(left.contains("截至目前仍超期的 2 件") && left.contains("3 件群体性"), "{left}");
        let told = overall(&cube);
        assert!(told.contains("截至目前已化解") && told.contains("其中超期 41 件"), "{told}");
    }

    #[test]
    fn causes_that_are_alike_are_named_with_their_parts() {
        let mut cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &ToString::to_string, cause: &ToString::to_string };
        let cell = |(name, n): (&str, u64)| CategoryCell { category: name.into(), received: Some(n), before: Some(n) };
        cube.categories = [("wages", 13), ("land", 13), ("noise", 9), ("other", 8)].map(cell).to_vec();
        let told = causes(&cube, &names);
        assert!(told.starts_with("居前的是wages 13 件（30.2%）、land 13 件（30.2%）、noise 9 件（20.9%）。"), "{told}");
        for cell in &mut cube.categories {
            cell.received = Some(13);
        }
        assert!(causes(&cube, &names).starts_with(&told::no_most(52, "")), "of four alike no three are named");
    }

    #[test]
    fn what_is_withheld_is_not_told_as_nothing() {
        let mut cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &ToString::to_string, cause: &ToString::to_string };
        (cube.exact, cube.figures.received) = (false, Some(400));
        let told = causes(&cube, &names);
        assert!(told.contains("40 件（10%）") && told.contains("仅就所显示的"), "{told}");
        assert!(!told.contains("没有原因") && told.ends_with("另有 1 项按隐私规则不显示。"), "{told}");
        cube.categories.truncate(1);
        assert!(causes(&cube, &names).contains("没有原因明显增加"));
        cube.categories[0].before = None;
        let told = causes(&cube, &names);
        assert!(!told.contains("没有原因") && told.ends_with("另有 1 项按隐私规则不显示。"), "{told}");
        cube.places[0].figures = fengtu_wire::statistics::Figures::default();
        let told = places(&cube, &names);
        assert!(!told.contains('无') && told.ends_with("另有 1 项按隐私规则不显示。"), "{told}");
        (cube.overdue_left, cube.groups_left, cube.places) = (None, None, Vec::new());
        assert_eq!(next(&cube, &names), [tr!(board.withheld)]);
    }

    #[test]
    fn the_paragraph_of_places_says_how_the_table_below_it_is_ordered() {
        let cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &ToString::to_string, cause: &ToString::to_string };
        let told = places(&cube, &names);
        // A place with fewer cases may stand below one with a lower rate.
        assert!(told.contains("下表") && told.contains("区间不利的一端"), "{told}");
    }

    #[test]
    fn of_a_period_in_which_nothing_came_each_paragraph_says_so() {
        let mut cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &ToString::to_string, cause: &ToString::to_string };
        (cube.figures.received, cube.figures.settled, cube.figures.repeats) = (Some(0), Some(0), Some(0));
        (cube.overdue_left, cube.groups_left) = (Some(0), Some(0));
        for cell in &mut cube.categories {
            cell.received = Some(0);
        }
        cube.places.clear();
        let told = [causes(&cube, &names), places(&cube, &names), next(&cube, &names).concat()];
        assert_eq!(told, [tr!(board.none_received); 3]);
    }

    #[test]
    fn warnings_are_those_of_the_end_of_the_period_or_not_told() {
        let text = include_str!("../../../crates/wire/tests/golden/warning_history.json");
        let mut history: WarningHistory = serde_json::from_str(text).unwrap();
        history.frames = vec!["33".to_owned(), "3120".to_owned()];
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        let told = warnings(day, Some(&history));
        assert!(told.contains("2026年3月8日") && !told.contains("目前"), "{told}");
        assert_eq!(told.matches('1').count(), 3, "one of each level: {told}");
        history.frames.clear();
        assert_eq!(warnings(day, Some(&history)), warnings(day, None));
    }

    #[test]
    fn the_paragraphs_are_made_of_the_figures_and_leave_no_hole() {
        let cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let names = Names { place: &|id| format!("P{id}"), cause: &|id| format!("C{id}") };
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        let all = [overall(&cube), causes(&cube, &names), places(&cube, &names), warnings(day, None)].concat();
        let all = all + &next(&cube, &names).concat();
        assert!(all.contains("78\u{2009}633") && all.contains("Cmediation.wages") && !all.contains('{'), "{all}");
        assert_eq!(date(NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()), "2026年3月5日");
    }
}
