//! What changes something: every address of the description that takes a body refuses one that cannot be read, and, where the kit
//! may write, a warning is taken a step on as `fengtu_domain::handling` has it: on what was read, once, and no step that is not there.

use fengtu_dialects::exchange::encode;
use fengtu_dialects::{Answer, Call, Method};
use fengtu_domain::handling::{after, possible};
use fengtu_wire::problem::kinds;
use fengtu_wire::warnings::{Warning, WarningAction, WarningRecord};
use serde_json::{Value, json};

use super::{Kit, essence, json};

/// What stands for a parameter of a path that nothing is known of.
const NOBODY: &str = "fengtu-conform";
/// Begins a JSON that does not end.
const UNREADABLE: &str = "{";

/// Checks what changes something.
pub(super) fn check(kit: &mut Kit, may_write: bool) {
    for (method, template) in takers(&kit.document) {
        unreadable(kit, method, &template);
    }
    if may_write {
        step(kit);
    }
}

/// The operations that take a body.
fn takers(document: &Value) -> Vec<(Method, String)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let all = paths.into_iter().flatten().flat_map(|(path, item)| {
        let takes = |method: &Method| item.pointer(&format!("/{}/requestBody", method.name().to_lowercase())).is_some();
        let methods = [Method::Post, Method::Put, Method::Patch].into_iter().filter(takes);
        methods.filter_map(|method| Some((method, path.strip_prefix("/api/v1")?.to_owned()))).collect::<Vec<_>>()
    });
    all.collect()
}

fn unreadable(kit: &mut Kit, method: Method, template: &str) {
    let subject = format!("{} {template}", method.name());
    let segment = |part: &str| if part.starts_with('{') { NOBODY.to_owned() } else { part.to_owned() };
    let path: Vec<String> = template.split('/').map(segment).collect();
    let Ok(answer) = send(kit, method, &path.join("/"), &[], UNREADABLE) else { return };
    let is_told = essence(&answer) == "application/problem+json";
    match answer.status {
        404 | 405 | 501 if !is_told => {
            let (zh, en) = ("没有提供；用到它的页面将不显示", "is not offered; pages go without it");
            kit.report.missing("write.offered", subject, zh, en);
        }
        400..=499 if is_told => {
            let (zh, en) = ("读不懂的内容被拒绝", "refuses a body that cannot be read");
            kit.report.works("write.unreadable", subject, zh, en);
        }
        status => {
            let zh = format!("内容是残缺的 JSON,应以 4xx 与 application/problem+json 拒绝;实际是 HTTP {status}");
            let en = format!(
                "the body is broken JSON: refuse it with 4xx and application/problem+json; it is HTTP {status}"
            );
            kit.report.wrong("write.unreadable", subject, &zh, &en);
        }
    }
}

fn send(
    kit: &Kit,
    method: Method,
    path: &str,
    more: &[(&str, String)],
    body: &str,
) -> Result<Answer, fengtu_dialects::Failure> {
    let of_all = [("content-type", "application/json".to_owned()), ("x-fengtu", "1".to_owned())];
    let headers = of_all.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    kit.http.send(&Call { method, url: format!("{}{path}", kit.base), headers, body: Some(body.to_owned()) })
}

/// A warning about which something can be done without naming another place.
struct Deed {
    warning: Warning,
    path: String,
    /// What can be done, and what cannot.
    action: WarningAction,
    forbidden: WarningAction,
}

fn deed(kit: &Kit) -> Option<Deed> {
    let list = json(&kit.ask("/warnings?limit=50").ok()?)?;
    let ids = list.get("items")?.as_array()?.iter().filter_map(|item| item.get("id")?.as_str());
    ids.take(50).find_map(|id| {
        let path = format!("/warnings/{}", encode(id));
        let warning: Warning = fengtu_wire::json::read(&kit.ask(&path).ok()?.body).ok()?;
        let action = warning.actions.iter().copied().find(|action| *action != WarningAction::HandDown)?;
        let forbidden = *WarningAction::ALL.iter().find(|action| !possible(warning.state).contains(action))?;
        Some(Deed { warning, path: format!("{path}/actions"), action, forbidden })
    })
}

/// Takes a step, after those that must be refused.
fn step(kit: &mut Kit) {
    let subject = "POST /warnings/{id}/actions";
    let Some(deed) = deed(kit) else {
        let (zh, en) = (
            "没有这个身份可以处置的预警，未检查",
            "there is no warning that this viewer can do something about; not checked",
        );
        return kit.report.note("loop.step_taken", subject, zh, en);
    };
    let now = deed.warning.version;
    let key = |step: &str| format!("{NOBODY}-{step}-{}", chrono::Utc::now().timestamp_micros());
    // What is not there is asked for first: a server that misses why it must refuse still does nothing.
    let refused = [
        ("loop.if_match", None, 428, kinds::PRECONDITION_REQUIRED),
        ("loop.if_match", Some(now.wrapping_add(7)), 412, kinds::CHANGED_MEANWHILE),
        ("loop.forbidden", Some(now), 409, kinds::NOT_NOW),
    ];
    for (check, version, status, kind) in refused {
        let Some(answer) = act(kit, &deed, deed.forbidden, version, &key(kind)) else { return };
        if answer.status != status {
            let (zh, en) = (
                format!("应为 HTTP {status},实际是 {}", answer.status),
                format!("should be HTTP {status}; it is {}", answer.status),
            );
            return kit.report.wrong(check, subject, &zh, &en);
        }
        // What else is wrong with it has been told.
        if !kit.is_problem(check, subject, &answer, kind) {
            return;
        }
    }
    let (zh, en) = (
        "状态机里没有的一步、没写依据的和依据已过时的都被拒绝",
        "refuses a step that is not there, one without what it is based on, and one that is based on what has changed",
    );
    kit.report.works("loop.forbidden", subject, zh, en);
    once(kit, subject, &deed, &key("step"));
}

/// The step is taken once, however often it is sent, and is seen afterwards.
fn once(kit: &mut Kit, subject: &str, deed: &Deed, key: &str) {
    let now = deed.warning.version;
    let sent = [(); 2].map(|()| act(kit, deed, deed.action, Some(now), key));
    let record = |answer: &Option<Answer>| {
        let answer = answer.as_ref().filter(|answer| answer.status == 201)?;
        fengtu_wire::json::read::<WarningRecord>(&answer.body).ok()
    };
    let path = deed.path.trim_end_matches("/actions");
    let seen = kit.ask(path).ok().and_then(|answer| fengtu_wire::json::read::<Warning>(&answer.body).ok());
    let is_once = sent.iter().all(|answer| record(answer).is_some_and(|record| record.version == now + 1));
    let is_seen = seen.is_some_and(|seen| (seen.version, seen.state) == (now + 1, after(deed.action)));
    if is_once && is_seen {
        let (zh, en) = (
            "走一步：发两次只算一次，之后读到的是新状态",
            "a step is taken, once though it was sent twice, and is seen afterwards",
        );
        return kit.report.works("loop.step_taken", subject, zh, en);
    }
    let told: Vec<String> =
        sent.iter().map(|answer| answer.as_ref().map_or_else(|| "-".to_owned(), |a| a.status.to_string())).collect();
    let zh = format!(
        "同一个 Idempotency-Key 发两次，两次都应答 201、版本 {},之后读到的版本和状态也应如此;实际是 {}",
        now + 1,
        told.join("、")
    );
    let en = format!(
        "sent twice with one Idempotency-Key it should answer 201 and version {} both times, and be read so afterwards; it answered {}",
        now + 1,
        told.join(", ")
    );
    kit.report.wrong("loop.step_taken", subject, &zh, &en);
}

fn act(kit: &Kit, deed: &Deed, action: WarningAction, version: Option<u32>, key: &str) -> Option<Answer> {
    let mut headers = vec![("idempotency-key", key.replace('/', "-"))];
    headers.extend(version.map(|version| ("if-match", format!("\"{version}\""))));
    let body = json!({"action": action, "note": NOBODY}).to_string();
    send(kit, Method::Post, &deed.path, &headers, &body).ok()
}
