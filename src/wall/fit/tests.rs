//! What a wall shows at every size and distance, and what it leaves out.

use super::*;

const WALLS: [(f64, f64); 6] =
    [(1920.0, 1080.0), (3840.0, 2160.0), (3840.0, 1080.0), (6656.0, 1792.0), (7680.0, 2160.0), (1080.0, 1920.0)];

fn window((width, height): (f64, f64)) -> Window {
    Window { width, height }
}

fn used(fit: &Fit, parts: Parts) -> f64 {
    let column = |slots: &Vec<Slot>| {
        slots.iter().map(|slot| parts.need(slot.panel, slot.rows, fit.column_px) + parts.gap).sum::<f64>()
    };
    fit.columns.iter().map(column).fold(0.0, f64::max) - parts.gap
}

#[test]
fn every_panel_has_its_room_and_the_map_has_half_the_wall_or_of_what_it_can_fill() {
    for wall in WALLS {
        let window = window(wall);
        let fit = fit(window, None, &[], 7);
        let parts = Parts::new(window, fit.sizes);
        assert!(fit.dropped.len() <= 3, "{wall:?}: {:?}", fit.dropped);
        let body = parts.body(fit.hero_rows);
        let columns = fit.columns.len() as f64 * (fit.column_px + parts.gap);
        let (map_px, map_high) = if fit.tall { (parts.width, fit.map_px) } else { (parts.width - columns, body) };
        let whole = window.width.min(window.height * 16.0 / 9.0) * window.height;
        assert!(map_px * map_high >= 0.499 * whole, "{wall:?}: {map_px} × {map_high}");
        assert!(fit.tall || map_px <= 2.2 * map_high, "{wall:?}: {map_px} × {map_high} is mostly empty");
        let room = if fit.tall { body - fit.map_px - parts.gap } else { body };
        assert!(used(&fit, parts) <= room + 0.01, "{wall:?}: {} of {room}", used(&fit, parts));
    }
}

/// Text of 57 px and figures of 105 in 986 px: three lines, and under the time on the last one the day.
#[test]
fn the_day_has_its_room_under_the_time() {
    let window = window(WALLS[5]);
    let Sizes { text, figure, .. } = sizes(window, Some(Seats { height_mm: 1_800.0, farthest_m: 8.0 }), 1.0);
    let parts = |width| Parts::new(Window { width, ..window }, Sizes { text, figure, hero: figure });
    let more = parts(window.width).top() - 3.0 * figure * 1.5;
    assert!((more - (figure * 1.2 + text * 1.3 - figure * 1.5)).abs() < 0.01 && more > 0.0, "{more}");
    let wide = parts(text * 55.0).top() - figure * 1.5;
    assert!(wide.abs() < 0.01, "where it is wider the day stands beside the time: {wide}");
}

#[test]
fn a_wall_of_twice_the_pixels_shows_the_same_twice_as_large() {
    let (small, large) = (fit(window(WALLS[0]), None, &[], 7), fit(window(WALLS[1]), None, &[], 7));
    assert_eq!((small.columns.len(), small.heroes), (large.columns.len(), large.heroes));
    assert!((large.sizes.text / small.sizes.text - 2.0).abs() < 0.1);
}

#[test]
fn a_wall_that_is_much_wider_has_larger_text_and_as_much_on_either_side() {
    let usual = fit(window(WALLS[0]), None, &[], 8);
    for wall in [WALLS[2], WALLS[3], WALLS[4]] {
        let fit = fit(window(wall), None, &[], 8);
        let lines = |fit: &Fit, (_, height): (f64, f64)| height / fit.sizes.text;
        assert!(lines(&fit, wall) < 0.8 * lines(&usual, WALLS[0]), "{wall:?}: {:?}", fit.sizes);
        assert_eq!(fit.columns.len() % 2, 0, "{wall:?}: {fit:?}");
    }
}

#[test]
fn text_that_grows_with_the_width_costs_no_panel_and_no_figure() {
    for height in [1080.0, 1440.0, 2160.0] {
        for step in 0..430 {
            let window = Window { width: (height * (1.7 + 0.01 * f64::from(step))).round(), height };
            let (fit, usual) = (fit(window, None, &[], 8), fit_with(window, sizes(window, None, 1.0), &[], 8));
            assert!(
                fit.dropped.len() <= usual.dropped.len() && fit.figures(8) >= usual.figures(8),
                "{window:?}: {fit:?}"
            );
        }
    }
}

/// 30 minutes at 8 m are 69.8 mm: 69.5 pixels of a wall of 1792 that is 1.8 m high.
#[test]
fn seats_set_the_least_size_of_figures_and_of_text() {
    let (wall, seats) = (window(WALLS[3]), Seats { height_mm: 1800.0, farthest_m: 8.0 });
    let Sizes { text, figure, hero } = sizes(wall, Some(seats), 1.0);
    assert!((least_px(30.0, 1.0, wall, seats) - 69.5).abs() < 0.1);
    assert!(figure * FIGURE_INK >= 69.5 && text * TEXT_INK >= 46.3 && hero >= figure);
    assert_eq!(
        sizes(wall, Some(Seats { farthest_m: 1.0, ..seats }), 1.0),
        sizes(wall, None, 1.0),
        "near by it is comfort"
    );
}

#[test]
fn the_farther_the_seats_the_less_is_shown_and_nothing_is_shrunk() {
    let wall = window(WALLS[0]);
    let mut before = Panel::ALL.len() + 1;
    for farthest_m in [1.0, 4.0, 6.0, 8.0, 10.0, 14.0, 25.0] {
        let seats = Seats { height_mm: 1350.0, farthest_m };
        let fit = fit(wall, Some(seats), &[], 7);
        let shown: usize = fit.columns.iter().map(Vec::len).sum::<usize>() - usize::from(fit.rows(Panel::Heroes) > 0);
        assert!(shown <= before, "{farthest_m}: {shown} after {before}");
        before = shown;
        assert!(fit.sizes.text >= least_px(TEXT_MINUTES, TEXT_INK, wall, seats) - 1e-6);
        let parts = Parts::new(wall, fit.sizes);
        assert!(fit.columns.iter().all(Vec::is_empty) || used(&fit, parts) <= parts.body(fit.hero_rows) + 0.01);
    }
    assert!(before <= 1, "{before}");
}

/// Every size and, in steps so small that no gap between two layouts is missed, every distance, with and without something that the
/// scene speaks of.
fn everywhere(mut look: impl FnMut(&Fit, Parts, &[Panel], String)) {
    let first: [&[Panel]; 4] =
        [&[], &[Panel::Stations], &[Panel::Categories, Panel::Hours, Panel::Days], &[Panel::Warnings, Panel::Clocks]];
    for wall in WALLS.into_iter().chain([(1200.0, 1600.0)]) {
        for farthest_m in (4..100).map(|step| f64::from(step) / 4.0) {
            for first in first {
                let (window, seats) = (window(wall), Seats { height_mm: 1800.0, farthest_m });
                let fit = fit(window, Some(seats), first, 8);
                look(&fit, Parts::new(window, fit.sizes), first, format!("{wall:?} at {farthest_m} m: {fit:?}"));
            }
        }
    }
}

#[test]
fn great_figures_go_before_they_lie_over_the_foot() {
    let rows = |wall, farthest_m| {
        let fit = fit(window(wall), Some(Seats { height_mm: 1350.0, farthest_m }), &[], 8);
        let left = Parts::new(window(wall), fit.sizes).body(fit.hero_rows);
        assert!(fit.hero_rows == 0 || left >= 4.0 * fit.sizes.text, "{wall:?} at {farthest_m} m: {left}");
        (fit.hero_rows, fit.figures(8))
    };
    for wall in WALLS {
        for metres in 1..30 {
            rows(wall, f64::from(metres));
        }
    }
    assert_eq!([9.0, 14.0].map(|metres| rows(WALLS[0], metres)), [(1, 2), (0, 0)]);
}

#[test]
fn a_map_that_panels_stand_under_leaves_the_foot_its_room() {
    everywhere(|fit, parts, _, what| {
        let room = parts.body(fit.hero_rows) - parts.gap;
        assert!(!fit.tall || fit.map_px <= room.max(0.0) + 0.01, "{room}: {what}");
    });
}

#[test]
fn where_it_is_narrow_the_foot_has_two_lines() {
    let sizes = Sizes { text: 30.0, figure: 56.0, hero: 78.0 };
    let foot = |ems: f64| {
        let wall = Window { width: 30.0 * ems + 2.0 * 23.0 + DRIFT_PX, height: 1_920.0 };
        Parts::new(wall, sizes).foot() / 30.0
    };
    assert!((foot(49.0) - 3.4).abs() < 0.01 && (foot(51.0) - 1.7).abs() < 0.01, "{} {}", foot(49.0), foot(51.0));
}

#[test]
fn nothing_is_shown_where_something_more_important_is_dropped() {
    everywhere(|fit, parts, first, what| {
        let dropped: Vec<Panel> = fit.dropped.iter().copied().filter(|panel| *panel != Panel::Heroes).collect();
        let is_end_of = |order: &[Panel]| order.ends_with(&dropped);
        let keeps_first = !first.iter().any(|panel| dropped.contains(panel));
        assert!(is_end_of(&order(first)) || keeps_first && is_end_of(&Panel::ALL), "{what}");
        let is_bare = dropped.len() == Panel::ALL.len() && parts.last_row() == 0;
        assert!(is_bare || !fit.dropped.contains(&Panel::Heroes), "the great figures stand before every panel: {what}");
    });
}

#[test]
fn where_figures_have_room_there_are_some_and_no_part_of_a_wall_is_blank() {
    everywhere(|fit, parts, _, what| {
        assert!(fit.figures(8) > 0 || parts.last_row() == 0, "{what}");
        let map_is_all = fit.tall && fit.map_px >= parts.body(fit.hero_rows) - parts.gap;
        assert!(map_is_all || fit.columns.iter().all(|column| !column.is_empty()), "{what}");
    });
}

#[test]
fn figures_that_have_no_room_are_counted_in_rows_and_in_a_panel_of_their_own() {
    let seats = |farthest_m| Some(Seats { height_mm: 1350.0, farthest_m });
    let fitted = |seats| fit(window(WALLS[0]), seats, &[], 8);
    assert_eq!((fitted(None).figures(8), fitted(None).hero_rows), (8, 1));
    assert_eq!((fitted(seats(4.0)).figures(8), fitted(seats(4.0)).hero_rows), (6, 1), "two have no room");
    assert_eq!((fitted(seats(6.0)).figures(8), fitted(seats(6.0)).hero_rows), (4, 0), "the panel has four rows");
}

#[test]
fn what_the_scene_speaks_of_stays_longest() {
    let seats = Seats { height_mm: 1350.0, farthest_m: 6.0 };
    let fit = fit(window(WALLS[0]), Some(seats), &[Panel::Stations], 7);
    assert!(!fit.dropped.contains(&Panel::Stations), "{fit:?}");
    assert!(!fit.dropped.is_empty());
}

#[test]
fn what_the_scene_speaks_of_has_room_for_its_list_and_no_panel_moves() {
    let places = |fit: &Fit| fit.columns.iter().map(|column| column.iter().map(|slot| slot.panel).collect()).collect();
    for wall in WALLS {
        let fitted = |first: &[Panel]| fit(window(wall), None, first, 8);
        let (usual, warnings) = (fitted(&[]), fitted(&[Panel::Warnings, Panel::Clocks]));
        let (before, now): (Vec<Vec<Panel>>, Vec<Vec<Panel>>) = (places(&usual), places(&warnings));
        assert_eq!(before, now, "{wall:?}");
        assert!(warnings.rows(Panel::Warnings) > usual.rows(Panel::Warnings).min(5), "{wall:?}: {warnings:?}");
        assert_eq!(fitted(&[Panel::Stations]).rows(Panel::Stations), 2, "{wall:?}");
    }
}

#[test]
fn panels_end_above_the_bar_of_a_hand_and_the_map_stays_under_it() {
    everywhere(|fit, parts, first, what| {
        let window = Window {
            width: parts.width + 2.0 * parts.gap + DRIFT_PX,
            height: parts.height + 2.0 * parts.gap + DRIFT_PX,
        };
        let held = fit.clone().above_hand(window, first);
        let map = if fit.tall { fit.map_px + parts.gap } else { 0.0 };
        let room = parts.body(fit.hero_rows) - map - held.over_px;
        assert!(held.columns.iter().all(Vec::is_empty) || used(&held, parts) <= room + 0.01, "{room}: {what}");
        let of_map =
            |fit: &Fit| (fit.sizes, fit.hero_rows, fit.columns.len(), fit.column_px.to_bits(), fit.map_px.to_bits());
        assert_eq!(of_map(fit), of_map(&held), "{what}");
        let kept = |fit: &Fit| fit.columns.iter().map(Vec::len).sum::<usize>();
        assert_eq!(kept(fit) - kept(&held), held.dropped.len() - fit.dropped.len(), "{what}");
        for (before, now) in fit.columns.iter().zip(&held.columns) {
            let is_lost = |slot: &&Slot| first.contains(&slot.panel) && now.iter().all(|one| one.panel != slot.panel);
            let spoken = |slot: &Slot| slot.panel == Panel::Heroes || first.contains(&slot.panel);
            assert!(!before.iter().any(|slot| is_lost(&slot)) || now.iter().all(spoken), "{what}: {held:?}");
        }
    });
}
