//! What is missing, and what is sent.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::api::json;
use crate::api::reports::Choice;

fn attribute(code: &str, kind: AttributeKind, required: bool) -> Attribute {
    let choices = vec![Choice { key: "a".to_owned(), name: "甲".to_owned() }];
    let (code, text) = (code.to_owned(), format!("{code}?"));
    Attribute { code, kind, asked: true, required, text, hint: None, choices }
}

fn services() -> Services {
    let service = |code: &str, has_questions| Service { code: code.to_owned(), has_questions, ..Service::default() };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Services {
        items: vec![service("lamp", false), service("street", true)],
        takes: words(&["description", "at", "address", "name", "telephone", "email"]),
        needs: words(&["place", "description"]),
        refused: 0,
    }
}

fn whys(draft: &Draft, services: &Services, attributes: &[Attribute]) -> Vec<(String, Why)> {
    let terms = Terms { services, attributes };
    draft.faults(terms).into_iter().map(|fault| (fault.id, fault.why)).collect()
}

fn filled() -> Draft {
    let spot = Some(Spot { at: Some([113.95, 22.75]), words: "公园路 1 号".to_owned() });
    Draft { service: "lamp".to_owned(), spot, description: " 灯坏了 ".to_owned(), ..Draft::default() }
}

#[test]
fn all_that_is_missing_is_named_with_its_field() {
    let services = services();
    let missing = whys(&Draft::default(), &services, &[]);
    assert_eq!(missing, ["kind", "address", "description"].map(|id| (id.to_owned(), Why::Missing)));
    assert_eq!(whys(&filled(), &services, &[]), []);
    let words_alone = Draft { spot: Some(Spot { at: None, words: "公园路".to_owned() }), ..filled() };
    assert_eq!(whys(&words_alone, &services, &[]), [], "an address is a place");
    let long = Draft { description: "字".repeat(MAX_DESCRIPTION + 1), ..filled() };
    assert_eq!(whys(&long, &services, &[]), [("description".to_owned(), Why::TooLong)]);
}

#[test]
fn a_kind_without_questions_has_one_step_less_and_a_backend_without_places_two() {
    let mut services = services();
    let count = |draft: &Draft, services: &Services| draft.steps(Terms { services, attributes: &[] }).len();
    assert_eq!(count(&filled(), &services), 4);
    let street = Draft { service: "street".to_owned(), ..filled() };
    assert_eq!(count(&street, &services), 5);
    services.takes.retain(|member| member != "at" && member != "address");
    assert_eq!(count(&filled(), &services), 3);
}

#[test]
fn contact_is_asked_for_where_it_is_needed_and_must_be_sound_where_it_is_given() {
    let mut services = services();
    let with = |telephone: &str, email: &str| {
        let (telephone, email) = (telephone.to_owned(), email.to_owned());
        Draft { telephone, email, ..filled() }
    };
    assert_eq!(whys(&with("+86 755-1234 5678", "a@b.cn"), &services, &[]), []);
    for telephone in ["12", "call me", "1391234567x"] {
        assert_eq!(whys(&with(telephone, ""), &services, &[]), [("telephone".to_owned(), Why::NoTelephone)]);
    }
    for email in ["a", "a@b", "@b.cn", "a b@c.cn"] {
        assert_eq!(whys(&with("", email), &services, &[]), [("email".to_owned(), Why::NoEmail)]);
    }
    services.needs.push("telephone".to_owned());
    assert_eq!(whys(&filled(), &services, &[]), [("telephone".to_owned(), Why::Missing)]);
    services.takes.retain(|member| member != "telephone");
    assert_eq!(whys(&filled(), &services, &[]), [], "what is not asked cannot be missing");
}

#[test]
fn each_kind_of_question_is_checked_and_sent_as_it_has_to_be() {
    let services = services();
    let asked = [
        attribute("WHEN", AttributeKind::Moment, true),
        attribute("MANY", AttributeKind::SomeOf, false),
        attribute("N", AttributeKind::Number, false),
        attribute("KIND", AttributeKind::OneOf, true),
        Attribute { asked: false, required: true, ..attribute("NOTE", AttributeKind::Text, false) },
    ];
    let mut draft = Draft { service: "street".to_owned(), ..filled() };
    draft.set_answer("N", vec!["二".to_owned()]);
    let expected = [(0, Why::Missing), (2, Why::NoNumber), (3, Why::Missing)];
    assert_eq!(whys(&draft, &services, &asked), expected.map(|(index, why)| (field_id(index), why)));
    draft.set_answer("WHEN", vec!["2026-13-01T09:30".to_owned()]);
    assert!(whys(&draft, &services, &asked).contains(&(field_id(0), Why::NoMoment)));
    draft.set_answer("WHEN", vec!["2026-03-01T09:30".to_owned()]);
    draft.set_answer("N", vec![" -2.5 ".to_owned()]);
    draft.set_answer("KIND", vec!["a".to_owned()]);
    draft.turn("MANY", "a", true);
    draft.turn("MANY", "b", true);
    draft.turn("MANY", "a", false);
    assert_eq!(whys(&draft, &services, &asked), []);
    let report = draft.report(Terms { services: &services, attributes: &asked }, 28_800);
    let one = |text: &str| Answer::One(text.to_owned());
    let answers = [
        ("WHEN", one("2026-03-01T09:30:00+08:00")),
        ("MANY", Answer::Some(vec!["b".to_owned()])),
        ("N", one("-2.5")),
        ("KIND", one("a")),
    ];
    assert_eq!(report.answers, answers.map(|(code, answer)| (code.to_owned(), answer)));
    assert_eq!((report.at, report.description.as_str()), (Some([113.95, 22.75]), "灯坏了"));
}

#[test]
fn what_the_server_has_no_place_for_is_not_sent() {
    let mut services = services();
    services.takes = vec!["description".to_owned()];
    let draft = Draft { telephone: "075512345678".to_owned(), ..filled() };
    let report = draft.report(Terms { services: &services, attributes: &[] }, 28_800);
    assert_eq!((report.at, report.address.as_str(), report.telephone.as_str()), (None, "", ""));
}

#[test]
fn another_kind_has_other_questions() {
    let mut draft = filled();
    draft.set_answer("KIND", vec!["a".to_owned()]);
    draft.choose("lamp");
    assert_eq!(draft.answer("KIND"), ["a"]);
    draft.choose("street");
    assert!(draft.answer("KIND").is_empty());
}

#[test]
fn a_draft_survives_a_reload_and_one_of_another_version_is_read_as_far_as_it_goes() {
    let mut draft = Draft { step: Step::Contact, sent_at: Some("2026-03-01T01:30:00Z".to_owned()), ..filled() };
    draft.set_answer("MANY", vec!["a".to_owned(), "b".to_owned()]);
    let kept = serde_json::to_string(&draft).unwrap();
    assert_eq!(json::read::<Draft>(kept.as_bytes()).unwrap(), draft);
    let older = json::read::<Draft>("{\"description\": \"灯\", \"colour\": 1}".as_bytes()).unwrap();
    assert_eq!((older.description.as_str(), older.step), ("灯", Step::Kind));
    let after = draft.after_sending();
    assert_eq!((after.spot.is_some(), after.description.as_str(), after.sent_at), (true, "", None));
}

#[test]
fn offsets_are_written_as_the_wire_has_them() {
    assert_eq!([offset(28_800), offset(-12_600), offset(0)], ["+08:00", "-03:30", "+00:00"]);
}
