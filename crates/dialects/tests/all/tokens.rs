//! Tokens that a page itself holds: several conversations share one, and a log-in that was refused is not tried again at once.

use fengtu_dialects::{Answer, Call, Conversation, Failure, Installation, Outcome, Request, Step};
use serde_json::{Value, json};

use super::{ask, good, installation, talk_at};

fn oa() -> Installation {
    installation(&json!({"backends": {"default": {"dialect": "json", "base": "/proxy/oa", "use": "ruoyi", "mapping": {
        "token": {"body": {"username": "fengtu", "password": "secret"}},
        "resources": {"cases": {"list": "/case/list", "fields": {"number": "/caseNo", "reported_at": "/createTime",
            "category": {"value": "legal"}, "state": {"value": "reported"}}}}}}}, "resources": {}}))
}

/// A server at which every log-in ends the token before it.
#[derive(Default)]
struct Server {
    logins: u32,
}

impl Server {
    fn answer(&mut self, call: &Call) -> Outcome {
        if call.url.ends_with("/login") {
            self.logins += 1;
            return good(&json!({"code": 200, "token": format!("t{}", self.logins)}));
        }
        let sound = format!("Bearer t{}", self.logins);
        let is_sound = call.headers.iter().any(|(name, value)| name == "authorization" && *value == sound);
        let over = json!({"code": 401, "msg": "认证失败，无法访问系统资源"});
        good(&if is_sound { json!({"code": 200, "rows": [], "total": 0}) } else { over })
    }

    fn answers(&mut self, step: &Step) -> Vec<Outcome> {
        let Step::Ask(calls) = step else { panic!("{step:?}") };
        calls.iter().map(|call| self.answer(call)).collect()
    }

    fn finish(&mut self, conversation: &mut Conversation, mut step: Step) -> Answer {
        loop {
            if let Step::Done(answer) = step {
                return answer;
            }
            step = conversation.go_on(self.answers(&step));
        }
    }
}

fn cases(all: &Installation) -> Conversation {
    all.converse(Request::get("/cases"), "2026-03-01T09:30:00+08:00".parse().unwrap())
}

#[test]
fn a_token_that_another_conversation_has_got_meanwhile_is_not_thrown_away() {
    let (all, mut server) = (oa(), Server::default());
    ask(&all, Request::get("/cases"), &mut |call: &Call| server.answer(call));
    // Somebody else signs in with the same account.
    server.logins += 1;
    let (mut one, mut other) = (cases(&all), cases(&all));
    let (first, late) = (one.start(), other.start());
    // Both are refused with the same token; the second learns of it when the first has a new one.
    let refusal = server.answers(&late);
    assert!(server.finish(&mut one, first).is_good());
    let next = other.go_on(refusal);
    assert!(server.finish(&mut other, next).is_good());
    assert_eq!(server.logins, 3, "one log-in serves both");
}

#[test]
fn one_signs_in_and_whoever_else_needs_the_token_waits_for_it() {
    let (all, mut server) = (oa(), Server::default());
    let (mut one, mut other) = (cases(&all), cases(&all));
    let first = one.start();
    assert_eq!(other.start(), Step::Wait);
    let answers = server.answers(&first);
    assert_eq!(other.go_on(Vec::new()), Step::Wait, "what others do meanwhile is no end of it");
    let (first, second) = (one.go_on(answers), other.go_on(Vec::new()));
    assert!(server.finish(&mut one, first).is_good() && server.finish(&mut other, second).is_good());
    assert_eq!(server.logins, 1);
}

#[test]
fn a_log_in_that_is_given_up_is_begun_by_the_next() {
    let (all, mut server) = (oa(), Server::default());
    let (mut one, mut other) = (cases(&all), cases(&all));
    assert!(matches!(one.start(), Step::Ask(_)));
    assert_eq!(other.start(), Step::Wait);
    drop(one);
    let next = other.go_on(Vec::new());
    assert!(server.finish(&mut other, next).is_good());
    assert_eq!(server.logins, 1);
}

#[test]
fn a_log_in_without_an_answer_is_told_to_all_who_waited_for_it_and_tried_by_the_next() {
    let (all, mut server) = (oa(), Server::default());
    let (mut one, mut other) = (cases(&all), cases(&all));
    assert!(matches!(one.start(), Step::Ask(_)));
    assert_eq!(other.start(), Step::Wait);
    let late = vec![Outcome::Failed(Failure::TimedOut)];
    let Step::Done(first) = one.go_on(late) else { panic!("it is told") };
    let Step::Done(second) = other.go_on(Vec::new()) else { panic!("nobody tries in its turn") };
    assert!(!first.is_good() && first == second);
    let mut next = cases(&all);
    let step = next.start();
    assert!(server.finish(&mut next, step).is_good() && server.logins == 1);
}

#[test]
fn of_many_that_ask_at_once_with_a_wrong_password_one_is_refused_by_the_server() {
    let all = oa();
    let mut many: Vec<_> = std::iter::repeat_with(|| cases(&all)).take(9).collect();
    let first = many[0].start();
    assert!(matches!(&first, Step::Ask(calls) if calls.len() == 1));
    assert!(many.iter_mut().skip(1).all(|each| each.start() == Step::Wait));
    let wrong = good(&json!({"code": 500, "msg": "用户不存在/密码错误"}));
    for (at, each) in many.iter_mut().enumerate() {
        let step = each.go_on(if at == 0 { vec![wrong.clone()] } else { Vec::new() });
        assert!(matches!(step, Step::Done(answer) if !answer.is_good()), "{at}: nobody else tries");
    }
}

#[test]
fn a_token_that_another_page_has_ended_is_replaced_once() {
    let (all, mut server) = (oa(), Server::default());
    let (mut one, mut other) = (cases(&all), cases(&all));
    let first = one.start();
    let answers = server.answers(&first);
    assert_eq!(other.start(), Step::Wait);
    // Between the log-in and its use.
    server.logins += 1;
    let (first, second) = (one.go_on(answers), other.go_on(Vec::new()));
    let second_answers = server.answers(&second);
    let first = one.go_on(server.answers(&first));
    assert_eq!(other.go_on(second_answers), Step::Wait);
    let answers = server.answers(&first);
    let (first, second) = (one.go_on(answers), other.go_on(Vec::new()));
    assert!(server.finish(&mut one, first).is_good() && server.finish(&mut other, second).is_good());
    assert_eq!(server.logins, 3);
}

#[test]
fn a_log_in_that_was_refused_is_not_tried_again_for_a_minute() {
    let (all, mut logins) = (oa(), 0);
    let mut at = |time: &str| {
        let now = format!("2026-03-01T{time}+08:00");
        let (answer, _) = talk_at(&all, &now, Request::get("/cases"), &mut |_: &Call| {
            logins += 1;
            good(&json!({"code": 500, "msg": "用户不存在/密码错误"}))
        });
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        (told, logins)
    };
    let (told, count) = at("09:30:00");
    assert!(told["detail"].as_str().unwrap().contains("密码错误") && count == 1, "{told}");
    assert_eq!(at("09:30:00"), (told.clone(), 1), "another conversation is told the same");
    assert_eq!(at("09:30:59"), (told.clone(), 1));
    assert_eq!(at("09:31:00"), (told, 2));
}

#[test]
fn a_server_that_was_away_is_signed_in_to_as_soon_as_it_is_there() {
    let gone = Answer { status: 502, ..Answer::default() };
    for away in [Outcome::Failed(Failure::Unreachable), Outcome::Answered(gone)] {
        let (all, mut server) = (oa(), Server::default());
        let now = "2026-03-01T09:30:00+08:00";
        let (answer, _) = talk_at(&all, now, Request::get("/cases"), &mut |_: &Call| away.clone());
        assert!(!answer.is_good());
        let (answer, _) = talk_at(&all, now, Request::get("/cases"), &mut |call: &Call| server.answer(call));
        assert!(answer.is_good() && server.logins == 1, "{away:?}");
    }
}
