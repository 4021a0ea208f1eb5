//! Asked again: `ETag`, `If-None-Match`, 304.

use fengtu_dialects::Call;

use super::Kit;
use super::operations::Found;

/// Asks again what the description says can be answered with 304.
pub(super) fn check(kit: &mut Kit, found: &[Found]) {
    let all: Vec<&Found> = found.iter().filter(|one| one.is_conditional).collect();
    let right = all.iter().filter(|one| again(kit, one)).count();
    if right > 0 && right == all.len() {
        let (zh, en) = (
            format!("{right} 处都给出 ETag,未变时回答 304"),
            format!("{right} addresses give an ETag, and 304 when nothing changed"),
        );
        kit.report.works("conditional.304", "If-None-Match", &zh, &en);
    }
}

fn again(kit: &mut Kit, one: &Found) -> bool {
    let subject = format!("GET {}", one.template);
    let Ok(first) = kit.ask(&one.path) else { return false };
    let Some(etag) = first.header("etag") else {
        let zh = "没有 ETag:每次都要重新下载；请给出 ETag 并对 If-None-Match 回答 304";
        let en = "has no ETag, so that all is loaded anew each time: give one, and answer If-None-Match with 304";
        kit.report.wrong("conditional.etag", subject, zh, en);
        return false;
    };
    let mut call = Call::get(format!("{}{}", kit.base, one.path));
    call.headers.push(("if-none-match".to_owned(), etag.to_owned()));
    match kit.http.send(&call) {
        Ok(second) if second.status == 304 && second.body.is_empty() => true,
        // It may have changed between the two.
        Ok(second) if second.status == 200 && second.body != first.body => true,
        Ok(second) => {
            let zh = format!("内容未变，If-None-Match 却回答 HTTP {};应为 304", second.status);
            let en =
                format!("nothing has changed, and If-None-Match is answered HTTP {}; should be 304", second.status);
            kit.report.wrong("conditional.304", subject, &zh, &en);
            false
        }
        Err(_) => false,
    }
}
