//! The leaders' board as plain tables, in either language: what a workbook is written from.

use std::collections::HashMap;

use fengtu_domain::lawsuits::{When, services_of, told_of};
use fengtu_domain::statistics::{days_before, lawsuit_rate};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::statistics::{Figures, Lawsuits, Share};
use fengtu_wire::text::LocalText;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

/// What places and categories are called.
#[derive(Debug, Clone)]
pub struct Names {
    /// In which language.
    pub tongue: Tongue,
    /// Of places.
    pub places: HashMap<PlaceId, String>,
    /// Of categories.
    pub categories: HashMap<CategoryId, String>,
}

impl Names {
    /// Chooses by language.
    pub const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.tongue {
            Tongue::Zh => zh,
            Tongue::En => en,
        }
    }

    fn local(&self, text: LocalText) -> String {
        match self.tongue {
            Tongue::Zh => text.zh,
            Tongue::En => text.en,
        }
    }

    /// Returns a place's name.
    pub fn place(&self, id: &PlaceId) -> String {
        self.places.get(id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// Returns a category's name.
    pub fn category(&self, id: &CategoryId) -> String {
        self.categories.get(id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A count or an amount.
    Number(f64),
    /// A rate in 0…1.
    Rate(f64),
    /// Withheld, or not known.
    Withheld,
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name in a request.
    pub name: &'static str,
    /// Its name for people.
    pub title: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Returns every table of a board; one that has no rows is not there.
pub fn sheets(cube: &Cube, names: &Names) -> Vec<Sheet> {
    let mut all =
        vec![figures(cube, names), causes(cube, names), days(cube, names), hours(cube, names), places(cube, names)];
    all.push(cross(cube, names));
    all.retain(|sheet| !sheet.rows.is_empty());
    all
}

/// Returns what a workbook says of itself: of which place and days it is, what of them was chosen, and how old it is.
pub fn about(cube: &Cube, chosen: &[String], is_demo: bool, names: &Names) -> Sheet {
    let minute = |at: chrono::DateTime<chrono::FixedOffset>| at.format("%Y-%m-%d %H:%M").to_string();
    let last = cube.to - chrono::TimeDelta::seconds(1);
    let all = || names.say("全部", "all").to_owned();
    let chosen = if chosen.is_empty() { all() } else { chosen.join(names.say("；", "; ")) };
    let rows = [
        (names.say("地点", "Place"), names.place(&cube.place)),
        (names.say("时段", "Period"), format!("{} – {}", minute(cube.from), minute(last))),
        (names.say("筛选", "Filter"), chosen),
        (names.say("数据截至", "Figures as of"), minute(cube.at)),
    ];
    let demo = is_demo.then(|| (names.say("演示数据", "Demo data"), names.say("均为虚构", "all invented").to_owned()));
    let row = |(word, text): (&str, String)| vec![Cell::Text(word.to_owned()), Cell::Text(text)];
    Sheet {
        name: "about",
        title: names.say("说明", "About").to_owned(),
        heads: heads(names, &[("说明", "About"), ("内容", "What it is of")]),
        rows: rows.into_iter().chain(demo).map(row).collect(),
    }
}

/// Returns a day of the week, 1 = Monday, in words.
pub fn weekday(day: u8, names: &Names) -> &'static str {
    WEEKDAYS.get(usize::from(day).wrapping_sub(1)).map_or("", |&(zh, en)| names.say(zh, en))
}

/// The figures in their order: word, and how it is read.
type Measure = (&'static str, &'static str, fn(&Figures) -> Cell);

/// In the order and by the words of the board, with what it does not have beside.
const MEASURES: &[Measure] = &[
    ("受理量", "Received", |f| count(f.received)),
    ("化解率", "Settlement rate", |f| rate(Share { part: f.settled, whole: f.received })),
    ("按时化解率", "Settled in time", |f| rate(f.settled_in_time)),
    ("超期未结", "Overdue", |f| count(f.overdue)),
    ("满意率", "Satisfied", |f| rate(f.satisfied)),
    ("服务人次", "People served", |f| count(f.people)),
    ("化解量", "Settled", |f| count(f.settled)),
    ("在办", "Open", |f| count(f.open)),
    ("涉及金额(元)", "Amount (yuan)", |f| {
        f.amount_fen.map_or(Cell::Withheld, |fen| Cell::Number(fen as f64 / 100.0))
    }),
    ("扫码上报", "By QR code", |f| count(f.self_reported)),
    ("扫码占比", "Share by QR code", |f| rate(Share { part: f.self_reported, whole: f.received })),
    ("按时答复率", "Answered in time", |f| rate(f.answered)),
    ("按时受理率", "Accepted in time", |f| rate(f.accepted)),
    ("发令", "Orders", |f| count(f.orders)),
    ("按时报到率", "Checked in in time", |f| rate(f.checked_in)),
    ("参评率", "Rated", |f| rate(f.rated)),
    ("重复诉求", "Repeats", |f| count(f.repeats)),
    ("重复率", "Repeat rate", |f| rate(Share { part: f.repeats, whole: f.received })),
    ("反弹", "Rebounds", |f| count(f.rebounds)),
    ("反弹率", "Rebound rate", |f| rate(Share { part: f.rebounds, whole: f.received })),
    ("调解介入率", "Mediated", |f| rate(f.mediated)),
    ("司法确认", "Judicial confirmations", |f| count(f.confirmations)),
    ("按时确认率", "Confirmed in time", |f| rate(f.confirmed_in_time)),
    ("心理服务", "Psychological services", |f| {
        // In steps, each the least that there were.
        f.psychological.map_or(Cell::Withheld, |least| Cell::Text(format!("{least}+")))
    }),
    ("民事立案", "Lawsuits", |f| count(f.lawsuits.and_then(|known| known.filed))),
    ("万人成讼率(折年)", "Lawsuits per 10,000 people and year", |f| per_10_000(lawsuit_rate(f.lawsuits))),
];

fn count(value: Option<u64>) -> Cell {
    value.map_or(Cell::Withheld, |value| Cell::Number(value as f64))
}

fn rate(share: Share) -> Cell {
    match (share.part, share.whole) {
        (Some(part), Some(whole)) if whole > 0 => Cell::Rate(part as f64 / whole as f64),
        _ => Cell::Withheld,
    }
}

fn per_10_000(share: Share) -> Cell {
    match rate(share) {
        Cell::Rate(rate) => Cell::Number((rate * 100_000.0).round() / 10.0),
        other => other,
    }
}

/// What stands beside the lawsuits: of which months they are.
const MONTHS: (&str, &str) = ("成讼数据月份", "Months of the lawsuits");

fn months(cube: &Cube, names: &Names, when: When, lawsuits: Option<Lawsuits>) -> Cell {
    told_of(cube, when, lawsuits).map_or(Cell::Withheld, |text| Cell::Text(names.local(text)))
}

/// What stands beside the psychological services: of which months they are.
const SERVICE_MONTHS: (&str, &str) = ("心理服务数据月份", "Months of the services");

fn months_row(names: &Names, word: (&'static str, &'static str), of: impl Fn(When) -> Cell) -> Vec<Cell> {
    let cells = [When::Now, When::Before, When::YearBefore].map(of);
    std::iter::once(Cell::Text(names.say(word.0, word.1).to_owned())).chain(cells).collect()
}

fn heads(names: &Names, words: &[(&'static str, &'static str)]) -> Vec<String> {
    words.iter().map(|(zh, en)| names.say(zh, en).to_owned()).collect()
}

fn figures(cube: &Cube, names: &Names) -> Sheet {
    let row = |&(zh, en, of): &Measure| {
        let year = cube.year_before.as_ref().map_or(Cell::Withheld, of);
        vec![Cell::Text(names.say(zh, en).to_owned()), of(&cube.figures), of(&cube.before), year]
    };
    let of = |when| match when {
        When::Now => Some(&cube.figures),
        When::Before => Some(&cube.before),
        When::YearBefore => cube.year_before.as_ref(),
    };
    let of_services = |when| {
        let told = of(when).filter(|figures| figures.psychological.is_some());
        let words = told.and_then(|_| services_of(cube, when));
        words.map_or(Cell::Withheld, |text| Cell::Text(names.local(text)))
    };
    let of_courts = |when| months(cube, names, when, of(when).and_then(|figures| figures.lawsuits));
    let last = [months_row(names, SERVICE_MONTHS, of_services), months_row(names, MONTHS, of_courts)];
    let [first_day, last_day] = days_before(cube);
    let before = format!("{} {first_day} – {last_day}", names.say("上期", "Before"));
    let say = |zh, en| names.say(zh, en).to_owned();
    Sheet {
        name: "figures",
        title: names.say("指标", "Figures").to_owned(),
        heads: vec![say("指标", "Figure"), say("本期", "Now"), before, say("去年同期", "A year before")],
        rows: MEASURES.iter().map(row).chain(last).collect(),
    }
}

fn causes(cube: &Cube, names: &Names) -> Sheet {
    let row = |cell: &fengtu_wire::cube::CategoryCell| {
        vec![Cell::Text(names.category(&cell.category)), count(cell.received), count(cell.before)]
    };
    Sheet {
        name: "causes",
        title: names.say("原因", "Causes").to_owned(),
        heads: heads(names, &[("原因", "Cause"), ("受理量", "Received"), ("上期", "Before")]),
        rows: cube.categories.iter().map(row).collect(),
    }
}

fn days(cube: &Cube, names: &Names) -> Sheet {
    let row = |day: &fengtu_wire::statistics::DayCount| {
        vec![Cell::Text(day.day.to_string()), count(day.received), count(day.settled)]
    };
    Sheet {
        name: "days",
        title: names.say("日期", "Days").to_owned(),
        heads: heads(names, &[("日期", "Day"), ("受理量", "Received"), ("化解量", "Settled")]),
        rows: cube.days.iter().map(row).collect(),
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
];

fn hours(cube: &Cube, names: &Names) -> Sheet {
    let row = |(&(zh, en), counts): (&(&'static str, &'static str), &[Option<u64>])| {
        let cells = counts.iter().map(|&n| count(n));
        std::iter::once(Cell::Text(names.say(zh, en).to_owned())).chain(cells).collect()
    };
    let first = std::iter::once(names.say("星期", "Weekday").to_owned());
    Sheet {
        name: "hours",
        title: names.say("时段", "Hours").to_owned(),
        heads: first.chain((0..24).map(|hour| format!("{hour}:00"))).collect(),
        rows: WEEKDAYS.iter().zip(cube.week.chunks(24)).map(row).collect(),
    }
}

fn places(cube: &Cube, names: &Names) -> Sheet {
    let row = |cell: &fengtu_wire::cube::PlaceCell| {
        let measures = MEASURES.iter().map(|(_, _, of)| of(&cell.figures));
        let of_months = months(cube, names, When::Now, cell.figures.lawsuits);
        let ends = [of_months, count(cell.groups), count(cell.before)];
        std::iter::once(Cell::Text(names.place(&cell.place))).chain(measures).chain(ends).collect()
    };
    let first = std::iter::once(names.say("地点", "Place").to_owned());
    let last = heads(names, &[MONTHS, ("群体性", "Group matters"), ("上期受理量", "Received before")]);
    Sheet {
        name: "places",
        title: names.say("下级", "Places").to_owned(),
        heads: first.chain(MEASURES.iter().map(|(zh, en, _)| names.say(zh, en).to_owned())).chain(last).collect(),
        rows: cube.places.iter().map(row).collect(),
    }
}

fn cross(cube: &Cube, names: &Names) -> Sheet {
    let row = |(cell, counts): (&fengtu_wire::cube::PlaceCell, &Vec<u64>)| {
        let counts = counts.iter().map(|&n| Cell::Number(n as f64));
        std::iter::once(Cell::Text(names.place(&cell.place))).chain(counts).collect()
    };
    let first = std::iter::once(names.say("地点", "Place").to_owned());
    Sheet {
        name: "cross",
        title: names.say("原因×地点", "Causes by place").to_owned(),
        heads: first.chain(cube.categories.iter().map(|cell| names.category(&cell.category))).collect(),
        rows: cube.places.iter().zip(&cube.cross).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    /// The figures of the board, in its order.
    const BOARD: &str = "received rate in_time overdue satisfied people settled open amount self_reported self_share answered accepted orders checked_in rated repeats repeat_rate rebounds rebound_rate mediated confirmations confirmed psychological lawsuit_rate";

    #[test]
    fn the_sheet_has_every_figure_of_the_board_by_its_word_and_in_its_order() {
        let zh: HashMap<String, String> =
            serde_json::from_str(include_str!("../../../../locales/zh-CN/board.json")).unwrap();
        let en: HashMap<String, String> =
            serde_json::from_str(include_str!("../../../../locales/en/board.json")).unwrap();
        let mut measures = MEASURES.iter();
        for key in BOARD.split(' ') {
            let (zh, en) = (zh[key].as_str(), en[key].as_str());
            // A unit may follow, and a figure that the board does not have may stand between.
            let found = measures.any(|(own, other, _)| own.starts_with(zh) && other.starts_with(en));
            assert!(found, "{key}: {zh}, {en}");
        }
    }

    #[test]
    fn rates_of_what_was_received_are_told_of_both_their_counts() {
        let told = MEASURES.iter().find(|(zh, ..)| *zh == "重复率").unwrap().2;
        let of = |repeats| told(&Figures { repeats, received: Some(40), ..Figures::default() });
        assert_eq!((of(Some(10)), of(None)), (Cell::Rate(0.25), Cell::Withheld));
    }

    #[test]
    fn a_workbook_says_of_what_it_is() {
        let cube: Cube = serde_json::from_str(include_str!("../../../wire/tests/golden/cube.json")).unwrap();
        let names = Names { tongue: Tongue::Zh, places: HashMap::new(), categories: HashMap::new() };
        let told = |chosen: &[String], is_demo| {
            let rows = about(&cube, chosen, is_demo, &names).rows;
            let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
            rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join("：")).collect::<Vec<_>>()
        };
        let cut = told(&["土地流转".to_owned(), "10:00".to_owned()], true);
        assert_eq!(cut[1], "时段：2025-09-01 00:00 – 2025-09-30 23:59");
        assert_eq!(cut[2..], ["筛选：土地流转；10:00", "数据截至：2025-09-28 10:00", "演示数据：均为虚构"]);
        let whole = told(&[], false);
        assert_eq!((whole.len(), whole[2].as_str()), (4, "筛选：全部"));
        assert_eq!([weekday(1, &names), weekday(7, &names), weekday(0, &names)], ["周一", "周日", ""]);
    }

    #[test]
    fn services_are_no_fewer_than_so_many() {
        let told = MEASURES.iter().find(|(zh, ..)| *zh == "心理服务").unwrap().2;
        let of = |psychological| told(&Figures { psychological, ..Figures::default() });
        assert_eq!((of(Some(10)), of(None)), (Cell::Text("10+".to_owned()), Cell::Withheld));
    }

    #[test]
    fn lawsuits_say_of_which_months_they_are_now_before_and_a_year_before() {
        let text = include_str!("../../../wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        cube.at = cube.to;
        let filed = |months, ended| Some(Lawsuits { filed: Some(600), months, ended, people: 1_200_000 });
        cube.figures.lawsuits = filed(1, 1);
        (cube.before.lawsuits, cube.places[0].figures.lawsuits) = (filed(1, 1), filed(1, 1));
        cube.year_before = None;
        let names = |tongue| Names { tongue, places: HashMap::new(), categories: HashMap::new() };
        let text = |text: &str| Cell::Text(text.to_owned());
        let sheet = figures(&cube, &names(Tongue::Zh));
        assert_eq!(sheet.heads[2], "上期 2025-08-02 – 2025-08-31", "thirty days, and not the month of August");
        let row = sheet.rows.last().unwrap();
        let expected = ["成讼数据月份", "2025年9月，共 1 个自然月", "2025年8月，共 1 个自然月"].map(text);
        assert_eq!((&row[..3], &row[3]), (&expected[..], &Cell::Withheld));
        let sheet = places(&cube, &names(Tongue::En));
        let column = sheet.heads.iter().position(|head| head == MONTHS.1).unwrap();
        assert_eq!(sheet.rows[0][column], text("2025-09, 1 whole month"));
        assert!(sheet.rows.iter().all(|row| row.len() == sheet.heads.len()), "each cell under its head");
    }
}
