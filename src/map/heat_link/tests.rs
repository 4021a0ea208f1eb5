//! Tests of the link without a worker: what is asked, in what order, and what is given up.

use fengtu_geo::LonLat;
use fengtu_geo::mercator::Metres;
use fengtu_heat_worker::Draw;

use super::*;
use crate::map::model::CasePoints;
use crate::map::plane::Frame;
use crate::map::wish::CROWD;
use crate::scene::heat::tests::case_points;

fn picture(points: &CasePoints) -> Wish {
    let frame = Frame::around(LonLat { lon: 113.9, lat: 22.7 }, 14.0, (800.0, 600.0), 0.0, 1.0);
    Wish { points: points.clone(), ask: Ask::Picture { colours: Vec::new(), draw: Draw::default(), frame } }
}

fn under_way(wishes: impl IntoIterator<Item = Wish>) -> UnderWay {
    let mut under_way = UnderWay::default();
    for (job, wish) in (1..).zip(wishes) {
        under_way.ask(job, wish);
    }
    under_way
}

const WITHIN: [Metres; 2] = [Metres { x: 0.0, y: 0.0 }; 2];

fn is_empty_picture(answer: Option<&Answer>) -> bool {
    matches!(answer, Some(Answer::Picture(HeatPicture { image: None, told, .. })) if *told == Pictured::default())
}

#[test]
fn what_a_lost_engine_is_asked_is_nothing_at_once_and_nothing_is_waited_for() {
    let points = case_points();
    let mut link = HeatLink { deaths: TRIES - 1, under_way: under_way([picture(&points)]), ..HeatLink::default() };
    link.wishes[CROWD] = Some(Wish { points: points.clone(), ask: Ask::Crowd { radius: 1.0, within: WITHIN } });
    let given_up = link.hear(Heard::Died);
    assert!(
        is_empty_picture(given_up.first())
            && matches!(given_up.get(1), Some(Answer::Crowd(crowd)) if crowd.items.is_empty())
    );
    assert_eq!((link.trouble(), link.is_waiting()), (Some(HeatTrouble::Lost), false));
    // Another category, say: what was drawn of the one before is not left to stand for it.
    assert!(is_empty_picture(link.wish(picture(&points)).first()));
    assert_eq!((link.trouble(), link.is_waiting()), (Some(HeatTrouble::Lost), false));
    link.wish(picture(&case_points()));
    assert!(link.is_waiting(), "other cases are tried");
}

#[test]
fn a_worker_that_could_not_be_told_something_counts_as_dead_and_what_it_was_asked_is_asked_again() {
    let points = case_points();
    let link = |deaths| HeatLink { deaths, under_way: under_way([picture(&points)]), ..HeatLink::default() };
    let mut told = link(0);
    assert!(told.answers_of(Ok(None)).is_empty() && told.trouble().is_none() && told.wishes[PICTURE].is_none());
    let mut once = link(0);
    assert!(once.answers_of(sent(false).map(|()| None)).is_empty());
    assert!(once.wishes[PICTURE].is_some() && once.under_way.is_empty());
    assert_eq!((once.trouble(), once.deaths), (Some(HeatTrouble::Restarting), 1));
    let mut last = link(TRIES - 1);
    assert!(is_empty_picture(last.answers_of(Err(Unsent)).first()), "not the picture before");
    assert_eq!((last.trouble(), last.is_waiting()), (Some(HeatTrouble::Lost), false));
}

#[test]
fn of_pictures_that_a_worker_died_over_the_newest_that_is_wished_is_asked_again() {
    for unwanted in [false, true] {
        let (old, new) = (picture(&case_points()), picture(&case_points()));
        let newest = Arc::clone(&new.points.cases);
        let mut link = HeatLink { under_way: under_way([old, new]), ..HeatLink::default() };
        link.under_way.set_unwanted(PICTURE, unwanted);
        link.hear(Heard::Died);
        let again = link.wishes[PICTURE].as_ref().map(|wish| &wish.points.cases);
        assert_eq!(again.is_some_and(|again| Arc::ptr_eq(again, &newest)), !unwanted);
        assert_eq!(again.is_none(), unwanted);
        assert!(link.under_way.is_empty());
    }
}

#[test]
fn behind_a_picture_more_of_its_view_are_sent_while_they_are_soon_drawn_unless_another_kind_waits() {
    let points = case_points();
    let next = |others: Option<Wish>, count: usize, took_ms: Option<f64>| {
        let mut under_way = under_way(std::iter::repeat_n(picture(&points), count));
        if let Some(ms) = took_ms {
            under_way.note_took(ms);
        }
        let wishes = [Some(picture(&points)), others, None];
        let engine = Engine::Here(Box::default());
        HeatLink { engine, wishes, under_way, ..HeatLink::default() }.next().map(|wish| wish.ask.kind())
    };
    let crowd = || Some(Wish { points: points.clone(), ask: Ask::Crowd { radius: 1.0, within: WITHIN } });
    for (count, took_ms, expected) in [
        (1, None, Some(PICTURE)),
        (3, None, None),
        (7, Some(10.0), Some(PICTURE)),
        (8, Some(10.0), None),
        (1, Some(100.0), Some(PICTURE)),
        (2, Some(100.0), None),
        (1, Some(500.0), None),
    ] {
        assert_eq!(next(None, count, took_ms), expected, "{count} of {took_ms:?} ms");
    }
    assert_eq!((next(crowd(), 1, None), next(crowd(), 0, None)), (None, Some(CROWD)));
    let moved = Frame::around(LonLat { lon: 114.0, lat: 22.7 }, 14.0, (800.0, 600.0), 0.0, 1.0);
    let elsewhere = Ask::Picture { colours: Vec::new(), draw: Draw::default(), frame: moved };
    assert!(!under_way([picture(&points)]).lets_in(&elsewhere));
}

#[test]
fn an_answer_to_a_later_question_ends_those_before_it() {
    let wish = picture(&case_points());
    let mut link = HeatLink { under_way: under_way([wish.clone(), wish]), ..HeatLink::default() };
    assert!(link.answered(2).is_some() && link.answered(1).is_none());
    assert!(!link.is_waiting());
}
