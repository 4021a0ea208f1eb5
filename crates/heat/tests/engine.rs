//! The engine against a fresh start, against fewer cases, and against hostile input; its kernel has tests of its own.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{VIEW, case, columns};
use fengtu_heat::blur::ExtendedBox;
use fengtu_heat::filter::{Categories, Fading};
use fengtu_heat::{Area, Bulk, Case, Columns, Density, Engine, Filled, Filter, Ramp, Slot, View, hit, paint};
use proptest::prelude::*;

fn fill(columns: &mut Columns, cases: &[Case]) -> Filled {
    let column = |of: fn(&Case) -> f64| cases.iter().map(of).collect::<Vec<f64>>();
    let (time, category): (Vec<_>, Vec<_>) = cases.iter().map(|case| (case.time, case.category)).unzip();
    let weight: Vec<_> = cases.iter().map(|case| case.weight).collect();
    let (x, y) = (column(|case| case.x), column(|case| case.y));
    columns.fill(&Bulk { x: &x, y: &y, time: &time, weight: &weight, category: &category }).unwrap()
}

// Numbers of 32 bits are made of those of 64: proptest's own, drawn often enough, once fail an assertion of its sampler.
fn any_case() -> impl Strategy<Value = Case> {
    (-700.0..700.0, -500.0..500.0, 0..200_u32, (0.1..4.0).prop_map(|v: f64| v as f32), 0..70_u8)
        .prop_map(|(x, y, time, weight, category)| Case { x, y, time, weight, category })
}

fn hostile() -> impl Strategy<Value = f64> {
    let worst = vec![0.0, -0.0, 1.0, -1.0, 1e-300, 1e9, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    prop_oneof![any::<f64>(), prop::sample::select(worst), -1000.0..1000.0]
}

proptest! {
    // No file of failures: each is kept as a test of its own instead.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn figures_of_what_is_seen_are_those_of_a_view_of_it(cases in prop::collection::vec(any_case(), 1..200), radius in (9.0..70.0).prop_map(|v: f64| v as f32)) {
        let wide = View { radius_px: radius, ..VIEW };
        let area = Area { left: 20.0, top: 10.0, right: 80.0, bottom: 50.0 };
        let (west, north) = wide.to_plane(area.left, area.top);
        let inner = View { width: 60, height: 40, west, north, ..wide };
        let (mut one, mut two) = (Engine::new(), Engine::new());
        let columns = columns(&cases);
        let seen = one.render_seen(&columns, &wide, &area, &Filter::ALL);
        let view = two.render(&columns, &inner, &Filter::ALL);
        prop_assert_eq!((seen.cases, seen.width), (view.cases, 96));
        prop_assert!((seen.weight - view.weight).abs() < 1e-6);
        prop_assert!((seen.max - view.max).abs() <= 0.02 * view.max, "{} {}", seen.max, view.max);
        let (a, b) = (seen.quantile(0.9), view.quantile(0.9));
        prop_assert!((a - b).abs() <= 0.05 * view.max, "{a} {b}");
    }

    #[test]
    fn what_changes_between_pictures_equals_a_fresh_start(start in prop::collection::vec(any_case(), 1..60), steps in prop::collection::vec((any::<prop::sample::Index>(), any_case(), 0..4_u8), 1..60)) {
        let filter = Filter { fading: Some(Fading { now: 150, half_life: 70.0 }), categories: (0..50).collect(), ..Filter::ALL };
        let (mut engine, mut live) = (Engine::new(), columns(&start));
        for (which, case, action) in steps {
            let slot = Slot(which.index(start.len()) as u32);
            match action {
                0 => { live.remove(slot); }
                1 => { live.push(case); }
                2 => { live.move_to(slot, case.x, case.y); }
                _ => { live.replace(slot, case); }
            }
            let density = engine.render(&live, &VIEW, &filter).clone();
            let mut other = Engine::new();
            let fresh = other.render(&live, &VIEW, &filter);
            prop_assert_eq!(density.cases, fresh.cases);
            prop_assert!((density.weight - fresh.weight).abs() < 1e-6);
            for (a, b) in density.values.iter().zip(&fresh.values) {
                prop_assert!((a - b).abs() <= 1e-4 * fresh.max + 1e-4, "{a} {b} of {}", fresh.max);
            }
        }
    }

    #[test]
    fn a_pan_equals_a_fresh_start(start in prop::collection::vec(any_case(), 1..900), radius in (1.0..70.0).prop_map(|v: f64| v as f32), steps in prop::collection::vec((-14..14_i32, -12..12_i32, 0..9_u8, any::<prop::sample::Index>(), any_case()), 1..40)) {
        let (mut engine, mut live, mut base) = (Engine::new(), Columns::new(), View { radius_px: radius, ..VIEW });
        fill(&mut live, &start);
        live.settle();
        // What is taken away again leaves a rounding error of what was there.
        let mut most = 0.0_f32;
        for (right, down, action, which, case) in steps {
            let slot = Slot(which.index(start.len()) as u32);
            match action {
                0 => { live.remove(slot); }
                1 => { live.push(case); }
                2 => { live.move_to(slot, case.x, case.y); }
                // No whole pixel, another radius and another latitude.
                3 => base.west += 3.7,
                4 => base.radius_px = radius + 0.05 * f32::from(u8::from(base.radius_px <= radius)),
                5 => base.metres_per_unit *= 0.999,
                _ => {}
            }
            let (west, north) = base.to_plane(f64::from(right), f64::from(down));
            let view = View { west, north, ..base };
            let density = engine.render(&live, &view, &Filter::ALL).clone();
            let mut other = Engine::new();
            let fresh = other.render(&live, &view, &Filter::ALL);
            prop_assert_eq!(density.cases, fresh.cases);
            most = most.max(fresh.max);
            for (a, b) in density.values.iter().zip(&fresh.values) {
                prop_assert!((a - b).abs() <= 1e-4 * most, "{a} {b} of {}", fresh.max);
            }
        }
    }

    #[test]
    fn a_bulk_equals_one_by_one_and_order_does_not_matter(cases in prop::collection::vec(any_case(), 0..700)) {
        let mut bulk = Columns::new();
        fill(&mut bulk, &cases);
        let single = columns(&cases);
        for slot in (0..cases.len() as u32).map(Slot) {
            prop_assert_eq!(bulk.get(slot), single.get(slot));
        }
        bulk.settle();
        for slot in (0..cases.len() as u32).map(Slot) {
            prop_assert_eq!(bulk.get(slot), single.get(slot));
        }
        let (mut one, mut two) = (Engine::new(), Engine::new());
        let (a, b) = (one.render(&bulk, &VIEW, &Filter::ALL), two.render(&single, &VIEW, &Filter::ALL));
        prop_assert_eq!(a.cases, b.cases);
        for (x, y) in a.values.iter().zip(&b.values) {
            prop_assert!((x - y).abs() <= 1e-5 * b.max);
        }
    }

    #[test]
    fn what_is_near_is_what_a_full_search_finds(cases in prop::collection::vec(any_case(), 0..900), px in 0.0..96.0_f64, py in 0.0..64.0_f64, radius in 0.0..40.0_f64, limit in 0..30_usize) {
        let mut columns = columns(&cases);
        columns.settle();
        let away = |case: &Case| {
            let (x, y) = VIEW.to_px(f64::from(case.x as f32), f64::from(case.y as f32));
            (x - px).hypot(y - py)
        };
        let mut all: Vec<_> = cases.iter().map(away).zip((0..).map(Slot)).filter(|(away, _)| *away <= radius).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let wanted: Vec<_> = all.into_iter().map(|(_, slot)| slot).take(limit).collect();
        let mut counts = [0; 256];
        for slot in hit::cases_near(&columns, &VIEW, &Filter::ALL, (px, py), radius, usize::MAX) {
            counts[usize::from(columns.get(slot).unwrap().category)] += 1;
        }
        prop_assert_eq!(hit::count_near(&columns, &VIEW, &Filter::ALL, (px, py), radius), counts);
        prop_assert_eq!(hit::cases_near(&columns, &VIEW, &Filter::ALL, (px, py), radius, limit), wanted);
    }

    #[test]
    fn no_weight_is_lost(cases in prop::collection::vec((-300.0..300.0, -150.0..150.0), 1..200)) {
        let cases: Vec<_> = cases.into_iter().map(|(x, y)| case(x, y)).collect();
        let mut engine = Engine::new();
        let density = engine.render(&columns(&cases), &VIEW, &Filter::ALL);
        let total = density.values.iter().copied().map(f64::from).sum::<f64>() * VIEW.km2_per_px();
        prop_assert!((total / cases.len() as f64 - 1.0).abs() < 1e-4, "{total}");
        prop_assert_eq!(density.cases as usize, cases.len());
    }

    #[test]
    fn the_filter_equals_fewer_cases(cases in prop::collection::vec(any_case(), 0..80), from in 0..200_u32, to in 0..200_u32) {
        let filter = Filter { from, to, fading: Some(Fading { now: 150, half_life: 30.0 }), categories: (0..=40).collect() };
        let chosen: Vec<_> = cases.iter().filter(|c| c.time >= from && c.time < to && c.category <= 40)
            .map(|c| Case { weight: c.weight * 0.5_f32.powf(150_u32.saturating_sub(c.time) as f32 / 30.0), ..*c }).collect();
        let (mut one, mut two) = (Engine::new(), Engine::new());
        let filtered = one.render(&columns(&cases), &VIEW, &filter);
        let fewer = two.render(&columns(&chosen), &VIEW, &Filter::ALL);
        prop_assert_eq!(filtered.cases, fewer.cases);
        for (a, b) in filtered.values.iter().zip(&fewer.values) {
            prop_assert!((a - b).abs() <= 1e-4 * fewer.max + 1e-6);
        }
    }

    #[test]
    fn changes_one_by_one_equal_a_fresh_start(start in prop::collection::vec(any_case(), 1..60), moves in prop::collection::vec((any::<prop::sample::Index>(), any_case(), 0..3_u8), 0..60)) {
        let mut live = columns(&start);
        let mut model: Vec<Option<Case>> = start.iter().copied().map(Some).collect();
        for (which, case, action) in moves {
            let at = which.index(model.len());
            let slot = Slot(at as u32);
            match action {
                0 => prop_assert_eq!(live.remove(slot), model[at].take().is_some()),
                1 => {
                    let Slot(new) = live.push(case).unwrap();
                    if new as usize == model.len() { model.push(None); }
                    prop_assert_eq!(model[new as usize].replace(case), None);
                }
                _ => prop_assert_eq!(live.replace(slot, case), model[at].is_some_and(|_| { model[at] = Some(case); true })),
            }
        }
        let fresh: Vec<Case> = model.into_iter().flatten().collect();
        prop_assert_eq!(live.len(), fresh.len());
        let (mut one, mut two) = (Engine::new(), Engine::new());
        let (a, b) = (one.render(&live, &VIEW, &Filter::ALL), two.render(&columns(&fresh), &VIEW, &Filter::ALL));
        prop_assert_eq!(a.cases, b.cases);
        for (a, b) in a.values.iter().zip(&b.values) { prop_assert!((a - b).abs() < 1e-2, "{a} {b}"); }
    }

    #[test]
    fn nothing_panics(points in prop::collection::vec((hostile(), hostile(), any::<u32>(), any::<f32>(), any::<u8>()), 0..40),
        size in (0..200_u32, 0..200_u32), numbers in prop::array::uniform5(hostile()), half_life in any::<f32>()) {
        let cases: Vec<_> = points.into_iter().map(|(x, y, time, weight, category)| Case { x, y, time, weight, category }).collect();
        let [west, north, units_per_px, metres_per_unit, radius] = numbers;
        let view = View { width: size.0, height: size.1, west, north, units_per_px, metres_per_unit, radius_px: radius as f32 };
        let columns = columns(&cases);
        let filter = Filter { fading: Some(Fading { now: 7, half_life }), ..Filter::ALL };
        let mut engine = Engine::new();
        let density = engine.render(&columns, &view, &filter);
        prop_assert_eq!(density.values.len(), (density.width * density.height) as usize);
        prop_assert!(density.values.iter().all(|v| v.is_finite() && *v >= 0.0));
        prop_assert!((0.0..=density.max).contains(&density.quantile(numbers[0])));
        let mut out = vec![0; density.values.len() * 4];
        prop_assert!(paint(density, &Ramp::night(), density.max, &mut out));
        let _ = (hit::density_at(density, west, north), hit::cases_near(&columns, &view, &filter, (west, north), radius, 5));
    }
}

#[test]
fn zero_points_and_impossible_views_are_empty_pictures() {
    let mut engine = Engine::new();
    let empty = engine.render(&Columns::new(), &VIEW, &Filter::ALL);
    assert_eq!((empty.values.len(), empty.cases), (96 * 64, 0));
    assert!(empty.values.iter().all(|&value| value == 0.0));
    let none = View { width: 0, ..VIEW };
    assert_eq!(engine.render(&columns(&[case(0.0, 0.0)]), &none, &Filter::ALL), &Density::default());
}

#[test]
fn a_picture_forgets_the_one_before() {
    let mut engine = Engine::new();
    engine.render(&columns(&[case(0.0, 0.0)]), &VIEW, &Filter::ALL);
    let large = View { width: 300, height: 200, ..VIEW };
    let again = engine.render(&columns(&[case(100.0, 50.0)]), &large, &Filter::ALL).clone();
    assert_eq!(&again, Engine::new().render(&columns(&[case(100.0, 50.0)]), &large, &Filter::ALL));
}

#[test]
fn a_case_outside_shows_as_far_as_the_kernel_reaches() {
    let mut engine = Engine::new();
    let near = engine.render(&columns(&[case(-510.0, 0.0)]), &VIEW, &Filter::ALL);
    assert!(near.max > 0.0 && near.cases == 0);
    let reach = ExtendedBox::for_radius(VIEW.radius_px).reach() as f64 + 1.0;
    let far = engine.render(&columns(&[case(-480.0 - reach * 10.0, 0.0)]), &VIEW, &Filter::ALL);
    assert!(far.max < 1e-6);
}

#[test]
fn what_is_under_a_pixel() {
    let mut columns = columns(&[case(0.0, 0.0), case(15.0, 0.0), case(200.0, 0.0)]);
    let mut engine = Engine::new();
    let density = engine.render(&columns, &VIEW, &Filter::ALL).clone();
    let (px, py) = VIEW.to_px(0.0, 0.0);
    assert!(hit::density_at(&density, px, py).unwrap() > density.max * 0.9);
    assert_eq!(hit::density_at(&density, 96.0, 1.0), None);
    assert_eq!(hit::density_at(&density, f64::NAN, 1.0), None);
    let near =
        |columns: &Columns, filter: &Filter, limit| hit::cases_near(columns, &VIEW, filter, (px, py), 3.0, limit);
    assert_eq!(near(&columns, &Filter::ALL, 9), [Slot(0), Slot(1)]);
    assert_eq!(near(&columns, &Filter::ALL, 1), [Slot(0)]);
    columns.remove(Slot(0));
    assert_eq!(near(&columns, &Filter::ALL, 9), [Slot(1)]);
    assert!(near(&columns, &Filter { categories: Categories::NONE, ..Filter::ALL }, 9).is_empty());
}

#[test]
fn once_warm_a_picture_stays_in_its_memory() {
    let mut engine = Engine::new();
    let cases = columns(&[case(0.0, 0.0), case(90.0, 40.0)]);
    let warm = engine.render(&cases, &VIEW, &Filter::ALL).values.as_ptr();
    for step in 0..20 {
        let view = View { west: VIEW.west + f64::from(step), ..VIEW };
        assert_eq!(engine.render(&cases, &view, &Filter::ALL).values.as_ptr(), warm);
    }
}

#[test]
fn rows_of_a_bulk_that_cannot_be_drawn_leave_empty_slots() {
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300].map(|x| case(x, 0.0));
    let weights = [0.0, -1.0, f32::NAN, f32::INFINITY, 1e30].map(|weight| Case { weight, ..case(0.0, 0.0) });
    let good = [case(1.0, 2.0), case(30.0, 4.0)];
    let mut columns = columns(&good);
    let filled = fill(&mut columns, &[&bad[..], &weights, &good, &bad].concat());
    assert_eq!(filled, Filled { first: Slot(2), refused: 13 });
    let taken: Vec<u32> = (0..20).filter(|&slot| columns.get(Slot(slot)).is_some()).collect();
    assert_eq!((taken, columns.len()), (vec![0, 1, 11, 12], 4));
    columns.settle();
    assert_eq!(columns.get(Slot(12)), Some(case(30.0, 4.0)));
    assert!(columns.push(case(5.0, 6.0)).unwrap().0 < 17, "an empty slot is used again");
    assert_eq!(Engine::new().render(&columns, &VIEW, &Filter::ALL).cases, 5);
}

#[test]
fn a_bulk_of_uneven_columns_is_refused() {
    let mut columns = Columns::new();
    let bulk = Bulk { x: &[1.0_f32, 2.0], y: &[1.0, 2.0], time: &[0, 0], weight: &[1.0], category: &[0, 0] };
    assert_eq!((columns.fill(&bulk), columns.len()), (None, 0));
}

#[test]
fn slots_stay_while_places_are_put_in_order() {
    let mut columns = Columns::new();
    let at = |n: u32| case(f64::from(n * 7919 % 1009), f64::from(n * 104_729 % 997));
    let slots: Vec<Slot> = (0..40_000).map(|n| columns.push(at(n)).unwrap()).collect();
    for slot in slots.iter().step_by(3) {
        assert!(columns.remove(*slot));
    }
    for (n, slot) in (0..).zip(&slots).skip(1).step_by(3) {
        assert!(columns.replace(*slot, at(n + 1)));
    }
    columns.settle();
    for (n, slot) in (0..40_000).zip(slots) {
        let wanted = [None, Some(at(n + 1)), Some(at(n))][n as usize % 3];
        assert_eq!(columns.get(slot), wanted);
    }
    assert_eq!(columns.len(), 26_666);
}

#[test]
fn the_same_picture_again_and_other_columns_are_told_apart() {
    let (one, two) = (columns(&[case(0.0, 0.0)]), columns(&[case(100.0, 50.0)]));
    let mut engine = Engine::new();
    let first = engine.render(&one, &VIEW, &Filter::ALL).clone();
    assert_eq!(&first, engine.render(&one, &VIEW, &Filter::ALL));
    assert_ne!(&first, engine.render(&two, &VIEW, &Filter::ALL));
    assert_eq!(&first, engine.render(&one.clone(), &VIEW, &Filter::ALL));
    let mut copy = one.clone();
    copy.push(case(5.0, 5.0));
    assert_eq!(engine.render(&copy, &VIEW, &Filter::ALL).cases, 2);
    assert_eq!(engine.render(&one, &VIEW, &Filter::ALL).cases, 1);
}
