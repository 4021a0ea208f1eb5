//! Figures in, words out: nothing is made up, nothing withheld is worked out, the highest comes first.

#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::NaiveDate;
use fengtu_wire::events::WarningLevel;
use fengtu_wire::statistics::{CategoryCount, DayCount, Figures, Share};

use super::*;
use crate::scene::atlas::tests::place;
use crate::state::district::Tree;
use crate::wall::card::Age;

fn at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-04T09:00:00+08:00").unwrap()
}

fn child(id: &str, received: Option<u64>) -> PlaceFigures {
    PlaceFigures {
        place: id.into(),
        level: Level::None,
        grids: [0; 3],
        received,
        settled: None,
        open: None,
        overdue: None,
    }
}

pub fn month() -> Statistics {
    let day =
        |day, received| DayCount { day: NaiveDate::from_ymd_opt(2026, 3, day).unwrap(), received, settled: Some(1) };
    let count = |category: &str, received| CategoryCount { category: category.into(), received };
    Statistics {
        place: "d".into(),
        from: at(),
        to: at(),
        at: at(),
        figures: Figures {
            received: Some(200),
            settled: Some(150),
            open: Some(40),
            overdue: None,
            answered: Share { part: Some(97), whole: Some(100) },
            amount_fen: Some(12_345_600_000),
            ..Figures::default()
        },
        before: Figures { received: Some(100), settled: Some(80), ..Figures::default() },
        year_before: None,
        categories: vec![count("wages", Some(60)), count("noise", Some(40)), count("few", None)],
        days: vec![day(2, Some(7)), day(3, Some(9)), day(4, None)],
        hours: (0..24).map(|hour| Some(if hour == 10 { 9 } else { 1 })).collect(),
        children: vec![child("c1", None), child("c2", Some(30)), child("c3", Some(60))],
        next: None,
    }
}

fn district() -> DistrictStore {
    let mut district = DistrictStore::default();
    let tree = Tree::new(vec![
        place("d", PlaceLevel::District, None, None),
        place("s", PlaceLevel::Street, Some("d"), None),
        place("c2", PlaceLevel::Community, Some("s"), None),
        place("g1", PlaceLevel::Grid, Some("c2"), None),
        place("g2", PlaceLevel::Grid, Some("c2"), None),
        place("elsewhere", PlaceLevel::Grid, Some("d"), None),
    ]);
    district.tree.settle(Ok(tree), DateTime::default());
    district
}

fn with_names<T>(test: impl FnOnce(Names<'_>) -> T) -> T {
    test(Names { district: &district(), english: false, days: 30 })
}

pub fn rows(card: &Card) -> Vec<(&str, &str)> {
    card.rows.iter().map(|row| (row.label.as_str(), row.figure.as_str())).collect()
}

#[test]
fn heroes_are_beside_whole_days_before_and_nothing_is_made_up() {
    let today = Figures { received: Some(12), ..Figures::default() };
    let satisfied = |part| Share { part: Some(part), whole: Some(1_000) };
    let recent = Statistics {
        figures: Figures {
            received: Some(150),
            satisfied: satisfied(991),
            psychological: Some(1_250),
            ..Figures::default()
        },
        before: Figures { received: Some(100), satisfied: satisfied(990), ..Figures::default() },
        ..month()
    };
    let heroes = heroes(Some(&month()), Some(&recent), Some(&today), 30);
    let read: Vec<_> = heroes.iter().map(|hero| (hero.figure.as_str(), hero.unit)).collect();
    let whole = [
        ("12", "件"),
        ("200", "件"),
        ("150", "件"),
        ("75.00%", ""),
        ("1250+", "人次"),
        ("未显示", ""),
        ("未显示", ""),
        ("1.23", "亿元"),
    ];
    assert_eq!(read, whole);
    let notes: Vec<_> = heroes.iter().map(|hero| hero.note.as_str()).collect();
    let (half, point) = ("较前 30 天 ▲\u{2009}50.0%", "较前 30 天 ▲\u{2009}0.10 个百分点");
    assert_eq!(notes, ["昨日全天 9 件", half, "其余 50 件在办或撤回", "截至目前", "2026年2月", "", point, ""]);
    let known = Figures { people: Some(321), satisfied: satisfied(987), ..month().figures };
    let known = super::heroes(Some(&Statistics { figures: known, ..month() }), Some(&recent), Some(&today), 30);
    let read: Vec<_> = known.iter().map(|hero| (hero.label.as_str(), hero.figure.as_str(), hero.unit)).collect();
    assert_eq!(read[5..7], [("服务人次", "321", "人次"), ("满意率", "98.70%", "")]);
    // Named in the description of the hall: not the first to be left out.
    assert!(heroes.iter().take(6).any(|hero| hero.label == "心理服务"));
    let nothing: Vec<_> = super::heroes(None, None, None, 30).into_iter().map(|hero| hero.figure).collect();
    assert_eq!(nothing, ["–"; 8]);
}

#[test]
fn a_figure_that_is_grey_says_since_when_in_the_row_and_in_the_list() {
    let fresh = || heroes(Some(&month()), None, None, 30);
    let with = |today: Age, period: Age, recent: Age| {
        let mut heroes = fresh();
        age(&mut heroes, today, period, recent, &at());
        let said = heroes.iter().map(|hero| (hero.aged, hero.note.clone())).collect::<Vec<_>>();
        (said, as_list(&heroes, 30))
    };
    let told = |today, period| with(today, period, (None, false));
    let ago = |minutes| at().to_utc() - chrono::TimeDelta::minutes(minutes);
    let (said, _) = with((None, false), (Some(ago(0)), false), (Some(ago(200)), true));
    let grey: Vec<_> = said.iter().enumerate().filter(|(_, (aged, _))| *aged).map(|(row, _)| row).collect();
    assert_eq!(grey, [4], "psychological services have an age of their own");
    let (said, list) = told((None, false), (Some(ago(0)), false));
    assert_eq!(said, fresh().iter().map(|hero| (false, hero.note.clone())).collect::<Vec<_>>());
    assert_eq!((list.aged, list.at), (false, None));
    let (said, list) = told((None, false), (Some(ago(12)), true));
    assert_eq!(said.iter().map(|hero| hero.0).collect::<Vec<_>>(), [false, true, true, true, false, true, true, true]);
    assert!(said.iter().all(|(aged, note)| *aged == (note == "截至 08:48")), "{said:?}");
    assert_eq!((list.aged, list.age_text(&at())), (true, "截至 08:48".to_owned()));
    let (said, list) = told((Some(ago(30)), true), (Some(ago(12)), true));
    assert_eq!((said[0].1.as_str(), list.age_text(&at())), ("截至 08:30", "截至 08:30".to_owned()), "the oldest");
}

#[test]
fn a_ranking_says_who_is_first_or_where_the_chosen_one_stands() {
    with_names(|names| {
        let card = ranking(&week(), None, 7, names);
        assert_eq!(card.title, "c3近 7 天受理最多");
        assert_eq!((rows(&card), card.all), (vec![("c3", "60"), ("c2区", "30"), ("c1", "未显示")], 3));
        assert_eq!(card.rows.iter().map(|row| row.part).collect::<Vec<_>>(), [Some(1.0), Some(0.5), None]);
        let children = vec![child("none", Some(0)), child("few", None), child("c3", Some(60))];
        let least = vec![("c3", "60"), ("few", "未显示"), ("none", "0")];
        assert_eq!(
            rows(&ranking(&Statistics { children, ..week() }, None, 7, names)),
            least,
            "withheld is at least none"
        );
        let chosen = ranking(&week(), Some(&"c2".into()), 7, names);
        assert_eq!((chosen.title.as_str(), chosen.rows[1].chosen), ("c2区近 7 天受理居第 2 位", true));
    });
}

fn week() -> Statistics {
    Statistics { figures: Figures { received: Some(100), ..Figures::default() }, ..month() }
}

#[test]
fn no_rank_is_claimed_that_a_withheld_row_could_take() {
    with_names(|names| {
        let title = |of: &Statistics, chosen: &str| ranking(of, Some(&chosen.into()), 7, names).title;
        let unknown = "近 7 天受理，部分未显示";
        assert_eq!(title(&month(), "c2"), unknown, "c1 may have 110");
        assert_eq!(title(&week(), "c1"), unknown, "its own count is withheld");
        assert_eq!(ranking(&month(), None, 7, names).title, unknown, "c1 may be first");
        let equals = Statistics { children: vec![child("c1", Some(7)), child("c2", Some(7))], ..month() };
        assert_eq!(title(&equals, "c2"), "c2区近 7 天受理居第 1 位");
        assert_eq!(ranking(&equals, None, 7, names).title, "c1近 7 天受理最多");
        let zeros = Statistics { children: vec![child("c1", Some(0)), child("c2", None)], ..month() };
        assert_eq!(title(&zeros, "c1"), "近 7 天受理太少，不显示分布");
    });
}

#[test]
fn shares_are_of_all_that_was_received_and_what_is_withheld_is_listed_last() {
    with_names(|names| {
        let card = categories(&month(), None, names);
        assert_eq!(
            (card.title.as_str(), rows(&card)),
            ("近 30 天受理，部分未显示", vec![("wages", "30.0%"), ("noise", "20.0%"), ("few", "未显示")]),
            "of the 200, 100 are withheld: that may be more than any"
        );
        assert_eq!(categories(&month(), Some("mediation"), names).title, TOO_FEW);
    });
}

#[test]
fn where_nobody_knows_the_whole_there_are_counts_and_no_shares() {
    let of = |received, few| Statistics {
        figures: Figures { received, ..Figures::default() },
        categories: [("wages", Some(60)), ("noise", Some(40)), ("few", few)]
            .map(|(category, received)| CategoryCount { category: category.into(), received })
            .to_vec(),
        ..month()
    };
    with_names(|names| {
        let card = categories(&of(None, None), None, names);
        assert_eq!(
            (card.title.as_str(), rows(&card)),
            ("近 30 天受理，部分未显示", vec![("wages", "60"), ("noise", "40"), ("few", "未显示")])
        );
        let card = categories(&of(None, Some(25)), None, names);
        assert_eq!((card.title.as_str(), rows(&card)[2]), ("wages最多，占 48.0%", ("few", "20.0%")));
        // What is withheld may be more than what is told.
        assert_eq!(categories(&of(Some(170), None), None, names).title, "近 30 天受理，部分未显示");
        assert_eq!(categories(&of(Some(160), None), None, names).title, "wages最多，占 37.5%");
    });
}

#[test]
fn disputes_are_parts_of_disputes_and_where_some_are_withheld_they_are_counted() {
    let golden = include_str!("../../../crates/wire/tests/golden/config.json");
    let mut config: fengtu_wire::config::Config = serde_json::from_str(golden).unwrap();
    let of = |id: &str, parent: Option<&str>| Category {
        id: id.into(),
        parent: parent.map(Into::into),
        name: fengtu_wire::text::LocalText { zh: id.to_owned(), en: String::new() },
        ..config.categories[0].clone()
    };
    config.categories = vec![of("wages", Some("mediation")), of("noise", None), of("few", Some("mediation"))];
    let mut district = district();
    district.config.settle(Ok(config), DateTime::default());
    let names = Names { district: &district, english: false, days: 30 };
    let read = |few| {
        let mut month = Statistics { figures: Figures { received: Some(160), ..Figures::default() }, ..month() };
        month.categories[2].received = few;
        let card = categories(&month, Some("mediation"), names);
        format!("{}：{:?}", card.title, rows(&card))
    };
    assert_eq!(read(Some(20)), r#"纠纷中wages最多，占 75.0%：[("wages", "75.0%"), ("few", "25.0%")]"#);
    assert_eq!(read(None), r#"纠纷中wages最多，60 件：[("wages", "60"), ("few", "未显示")]"#);
}

#[test]
fn charts_say_their_peak() {
    let of = |received| Statistics { figures: Figures { received: Some(received), ..Figures::default() }, ..month() };
    assert_eq!(days(&of(20), 30).title, "03-03 受理最多，9 件", "4 are withheld");
    assert_eq!(days(&month(), 30).chart.unwrap().feet, ["03-02", "03-03", "03-04"]);
    assert_eq!(hours(&month(), 30).title, "10 时受理最多");
    let flat = |n| hours(&Statistics { hours: vec![n; 24], ..month() }, 30).title;
    assert_eq!([flat(Some(6)), flat(Some(0)), flat(None)], ["0 时受理最多", TOO_FEW, TOO_FEW]);
}

#[test]
fn no_peak_is_named_and_no_bar_is_full_where_what_is_withheld_may_be_more() {
    let unknown = "近 30 天受理，部分未显示";
    assert_eq!(days(&month(), 30).title, unknown, "the 4th may have 184");
    let of = |received| {
        let hours = (0..24).map(|hour| (hour != 3).then_some(if hour == 10 { 9 } else { 1 })).collect();
        super::hours(&Statistics { figures: Figures { received, ..Figures::default() }, hours, ..month() }, 30).title
    };
    assert_eq!([of(Some(40)), of(Some(41)), of(None)], ["10 时受理最多", unknown, unknown]);
    let bars = |card: Card| card.rows.iter().map(|row| row.part).collect::<Vec<_>>();
    with_names(|names| {
        // Of 200, 100 are withheld: beside them 60 are no full bar; where nobody knows how many, there is none.
        assert_eq!(bars(categories(&month(), None, names)), [Some(0.6), Some(0.4), None]);
        assert_eq!(bars(ranking(&month(), None, 7, names)), [Some(60.0 / 110.0), Some(30.0 / 110.0), None]);
        let nobody = Statistics { figures: Figures::default(), ..month() };
        assert_eq!(bars(ranking(&nobody, None, 7, names)), [None; 3]);
    });
}

const TOO_FEW: &str = "近 30 天受理太少，不显示分布";

#[test]
fn of_none_that_is_open_none_is_overdue() {
    let cells = |open| {
        let figures = Figures { open: Some(open), overdue: None, ..Figures::default() };
        let card = clocks(&Statistics { figures, ..month() }, false, false);
        (card.title, card.cells.into_iter().map(|cell| cell.figure).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(cells(0), ("在办 0 件，超时 0 件".to_owned(), "0 0 0".to_owned()));
    assert_eq!(cells(7), ("在办与超时".to_owned(), "7 – 未显示".to_owned()));
}

#[test]
fn a_chart_says_what_its_gaps_are() {
    let key = |days: &[Option<u64>]| {
        let day = |received: &Option<u64>| DayCount { received: *received, ..month().days[0].clone() };
        super::days(&Statistics { days: days.iter().map(day).collect(), ..month() }, 30).chart.unwrap().key
    };
    assert_eq!(
        [key(&[Some(7), Some(0)]), key(&[Some(7), None])],
        ["柱：受理　线：化解", "柱：受理　线：化解　空：未显示"]
    );
    assert_eq!(hours(&month(), 30).chart.unwrap().key, "近 30 天各时段受理");
}

#[test]
fn warnings_are_counted_inside_the_place_and_the_highest_come_first() {
    let mut store = WarningsStore::default();
    for (id, level) in
        [("g1", Level::Red), ("g2", Level::Blue), ("c2", Level::Yellow), ("s", Level::Red), ("elsewhere", Level::Red)]
    {
        store.take(WarningLevel { place: id.into(), level, score: 1.0 });
    }
    with_names(|names| {
        let card = warnings(&store, Some(&"s".into()), None, names);
        assert_eq!(card.title, "1 个网格红色预警");
        assert_eq!(card.cells.iter().map(|cell| cell.figure.as_str()).collect::<Vec<_>>(), ["1", "0", "1"]);
        assert_eq!(rows(&card), [("s区", "红"), ("g1区", "红"), ("c2区", "黄"), ("g2区", "蓝")]);
        assert_eq!(warnings(&store, None, None, names).title, "2 个网格红色预警");
        // What has just turned red is marked, and first of all; what is larger is seen there too.
        let turned = warnings(&store, None, Some((&"g1".into(), 0)), names);
        let first: Vec<_> = turned.rows.iter().take(2).map(|row| (row.label.as_str(), row.chosen)).collect();
        assert_eq!(first, [("g1区", true), ("s区", false)]);
        let more = warnings(&store, Some(&"s".into()), Some((&"g1".into(), 3)), names).title;
        assert_eq!(more, "1 个网格红色预警，全区还有 3 处刚转红");
        // A street may be red though none of its grids is; beside its row nobody is told that nothing is.
        store.take(WarningLevel { place: "g1".into(), level: Level::Yellow, score: 1.0 });
        assert_eq!(warnings(&store, Some(&"s".into()), None, names).title, "1 处红色预警");
        store.take(WarningLevel { place: "s".into(), level: Level::Blue, score: 1.0 });
        assert_eq!(warnings(&store, Some(&"s".into()), None, names).title, "没有红色预警");
        for n in 0..20 {
            store.take(WarningLevel { place: format!("s{n}").into(), level: Level::Red, score: 1.0 });
        }
        assert_eq!((card.all, warnings(&store, None, None, names).all), (4, 5), "those of no known place are none");
    });
}

fn station(id: &str, place: &str, services: Vec<Service>, to_hour: u32) -> Feature<Station> {
    let hour = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let hours = fengtu_wire::stations::OpeningHours {
        weekdays: (1..=7).collect(),
        from: hour(8),
        to: hour(to_hour),
        on_holidays: true,
    };
    let station = Station {
        id: id.into(),
        name: String::new(),
        level: fengtu_wire::stations::StationLevel::Site,
        site: None,
        place: Some(place.into()),
        address: String::new(),
        telephone: None,
        services,
        circles: Vec::new(),
        staff: Vec::new(),
        hours: vec![hours],
        stops: Vec::new(),
    };
    Feature::new(None, station)
}

#[test]
fn stations_are_counted_as_they_stand_at_the_time_inside_the_place() {
    let psychological = vec![Service::Psychological];
    let all = [
        station("open", "g1", Vec::new(), 18),
        station("closed already", "g2", psychological.clone(), 9),
        station("elsewhere", "elsewhere", psychological, 18),
    ];
    let calendar = WorkCalendar::default();
    let opening = Opening { at: at(), calendar: &calendar, covered: Some(0.6219), served: Some(35) };
    with_names(|names| {
        let cells = |within: Option<&PlaceId>, only| {
            let card = stations(&all, within, only, opening, names);
            let figures: Vec<_> = card.cells.iter().map(|cell| cell.figure.clone()).collect();
            (figures.join(" "), card.rows[0].figure.clone())
        };
        assert_eq!(cells(Some(&"s".into()), false), ("1 1 2".to_owned(), "62.1%".to_owned()));
        assert_eq!(cells(None, true).0, "1 1 2");
        assert_eq!(rows(&stations(&all, None, true, opening, names))[1], ("心理服务（已满的月份）", "35+"));
        assert_eq!(cells(None, false).0, "2 1 3");
    });
}

#[test]
fn news_tell_of_the_day_and_then_of_the_time() {
    let mut told = News::default();
    told.take(&month(), 5);
    with_names(|names| {
        assert_eq!(news(&told, true, names).title, "全区：c3今\u{2060}日新增受理 60 件");
        let card = news(&told, false, names);
        assert_eq!(card.title, "c3今\u{2060}日新增受理 60 件");
        assert_eq!(rows(&card)[..2], [("今日 c3", "+60"), ("今日 wages", "+60")]);
    });
}
