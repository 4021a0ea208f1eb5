//! The closed loop: what happened to cases is what `fengtu_domain::states` lets happen.

use fengtu_dialects::exchange::encode;
use fengtu_domain::states::TRANSITIONS;
use fengtu_wire::cases::{Case, CaseEvent, CaseState};
use serde_json::Value;

use super::{Kit, json};

/// Cases whose course is looked at.
const CASES: usize = 25;

/// Follows the course of some cases.
pub(super) fn check(kit: &mut Kit) {
    let Some(list) = kit.ask(&format!("/cases?limit={CASES}")).ok().and_then(|answer| json(&answer)) else { return };
    let rows = list.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let numbers = rows.iter().filter_map(|row| row.get("number").and_then(Value::as_str));
    let (mut right, mut all) = (0, 0);
    for number in numbers {
        all += 1;
        right += usize::from(course(kit, number));
    }
    if all > 0 && right == all {
        let (zh, en) = (format!("{all} 件案件的经过都符合闭环"), format!("the course of {all} cases follows the loop"));
        kit.report.works("loop.course", "GET /cases/{number}/events", &zh, &en);
    }
}

fn course(kit: &mut Kit, number: &str) -> bool {
    let path = format!("/cases/{}", encode(number));
    let case = kit.ask(&path).ok().and_then(|answer| fengtu_wire::json::read::<Case>(&answer.body).ok());
    let events = kit.ask(&format!("{path}/events")).ok();
    let events = events.and_then(|answer| fengtu_wire::json::read::<Vec<CaseEvent>>(&answer.body).ok());
    let (Some(case), Some(events)) = (case, events) else {
        let (zh, en) = ("案件或其经过无法读取", "the case or its course cannot be read");
        kit.report.wrong("loop.readable", format!("GET {path}"), zh, en);
        return false;
    };
    match fault(case.summary.state, &events) {
        None => true,
        Some((check, zh, en)) => {
            kit.report.wrong(check, format!("GET {path}/events"), &zh, &en);
            false
        }
    }
}

type Fault = (&'static str, String, String);

fn fault(now: CaseState, events: &[CaseEvent]) -> Option<Fault> {
    let mut before: Option<&CaseEvent> = None;
    for event in events {
        if let Some(fault) = step(before, event) {
            return Some(fault);
        }
        before = Some(event);
    }
    let last = before.map(|event| event.to);
    (last != Some(now)).then(|| {
        let last = last.map_or("-", CaseState::as_str);
        let zh = format!("案件状态为 {now},最后一步却是 {last}");
        ("loop.state", zh, format!("the case is {now}, and its last step led to {last}"))
    })
}

fn step(before: Option<&CaseEvent>, event: &CaseEvent) -> Option<Fault> {
    if let Some(before) = before.filter(|before| before.at > event.at) {
        let zh = format!("第 {} 步早于前一步 {}", event.sequence, before.sequence);
        return Some(("loop.order", zh, format!("step {} is before step {}", event.sequence, before.sequence)));
    }
    let (from, to) = (before.map(|before| before.to), event.to);
    let is_begin = from.is_none() && matches!(to, CaseState::Draft | CaseState::Reported);
    let leads = |from: CaseState| TRANSITIONS.iter().any(|row| row.to == to && row.from.contains(&from));
    if is_begin || from.is_some_and(leads) {
        return None;
    }
    let from = from.map_or("-", CaseState::as_str);
    let zh = format!("闭环中没有从 {from} 到 {to} 的一步（见 crates/domain/src/states.rs）");
    Some(("loop.step", zh, format!("the loop has no step from {from} to {to} (see crates/domain/src/states.rs)")))
}
