//! Signing in, and what nobody gets who has not.

use anyhow::bail;
use fengtu_dialects::{Call, Method};
use fengtu_wire::problem::kinds;
use serde_json::json;

use super::Kit;

/// Signs in; the cookie goes with every request from then on.
pub(super) fn sign_in(kit: &mut Kit, name: &str, password: &str) -> anyhow::Result<()> {
    wrong_password(kit, name);
    is_closed(kit);
    let Ok(answer) = kit.http.send(&attempt(kit, name, password)) else {
        bail!("POST /session 没有回答 / does not answer")
    };
    let Some(cookie) = answer.header("set-cookie").filter(|_| answer.status == 201) else {
        bail!("POST /session 不接受这个账号 / does not take this account (HTTP {})", answer.status)
    };
    let marks = cookie.to_ascii_lowercase();
    for mark in ["httponly", "samesite=strict"] {
        if !marks.contains(mark) {
            let zh = format!("会话 Cookie 没有 {mark}:网页脚本或别的网站可能用到它");
            let en = format!("the session's cookie has no {mark}: scripts or other sites could use it");
            kit.report.wrong("session.cookie", "POST /session", &zh, &en);
        }
    }
    let pair = cookie.split(';').next().unwrap_or_default().to_owned();
    kit.http.keep("cookie", &pair);
    kit.report.works("session.sign_in", "POST /session", "可以登录", "signing in works");
    Ok(())
}

fn wrong_password(kit: &mut Kit, name: &str) {
    let Ok(answer) = kit.http.send(&attempt(kit, name, "certainly not the password")) else { return };
    // Too many tries of somebody else: slowed down is right too.
    let kind = if answer.status == 429 { kinds::SLOW_DOWN } else { kinds::WRONG_CREDENTIALS };
    if kit.is_problem("session.wrong_password", "POST /session", &answer, kind) {
        kit.report.works("session.wrong_password", "POST /session", "拒绝错误的密码", "refuses a wrong password");
    }
}

fn attempt(kit: &Kit, name: &str, password: &str) -> Call {
    Call {
        method: Method::Post,
        url: format!("{}/session", kit.base),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Some(json!({ "name": name, "password": password }).to_string()),
    }
}

/// Cases are for those who have signed in.
pub(super) fn is_closed(kit: &mut Kit) {
    let http = kit.http.without("cookie");
    for path in ["/cases", "/heat/points", "/orders", "/snapshot", "/sessions"] {
        let Ok(answer) = http.get(&format!("{}{path}", kit.base)) else { continue };
        let subject = format!("GET {path}");
        if answer.status == 200 {
            let zh = "未登录也能读：这里有居民和案件的数据，应回答 401";
            let en = "can be read by anybody: there are residents and cases in it; answer 401";
            kit.report.wrong("session.closed", subject, zh, en);
        } else if answer.status == 401 {
            kit.is_problem("session.closed", &subject, &answer, kinds::UNAUTHENTICATED);
        }
    }
}
