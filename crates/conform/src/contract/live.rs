//! The live stream: it opens, goes on from a snapshot, and beats.

use std::thread::JoinHandle;
use std::time::Duration;

use fengtu_dialects::exchange::encode;
use fengtu_dialects::{Answer, Failure};
use serde_json::Value;

use super::{Kit, essence, json};

/// The contract promises a heartbeat every 15 s; a little more for the way.
const MOST: Duration = Duration::from_secs(18);

type Heard = Option<Result<(Answer, Vec<String>), Failure>>;

/// Opens the stream behind a snapshot, in a thread of its own.
pub(super) fn listen(kit: &Kit) -> JoinHandle<Heard> {
    let (http, base) = (kit.http.clone(), kit.base.clone());
    std::thread::spawn(move || {
        let snapshot = http.get(&format!("{base}/snapshot")).ok().filter(|answer| answer.status == 200)?;
        let position = json(&snapshot)?.get("position").and_then(Value::as_str).map(encode)?;
        Some(http.stream(&format!("{base}/events?after={position}"), MOST, |block| {
            block.contains("event: heartbeat") || block.contains("event:heartbeat")
        }))
    })
}

/// Says what came of it.
pub(super) fn check(kit: &mut Kit, stream: JoinHandle<Heard>) {
    let subject = "GET /events";
    let Some(heard) = stream.join().ok().flatten() else {
        let zh = "没有快照与实时流（或这个身份不能读）：页面将定时查询";
        let en = "there is no snapshot with a stream (or this viewer may not): pages will ask every so often";
        kit.report.missing("live.offered", subject, zh, en);
        return;
    };
    match heard {
        Ok((headers, blocks)) => is_sound(kit, subject, &headers, &blocks),
        Err(failure) => {
            let (zh, en) = (format!("没有打开：{failure:?}"), format!("does not open: {failure:?}"));
            kit.report.wrong("live.opens", subject, &zh, &en);
        }
    }
}

fn is_sound(kit: &mut Kit, subject: &str, head: &Answer, blocks: &[String]) {
    if head.status != 200 || essence(head) != "text/event-stream" {
        let zh = format!("应为 200 text/event-stream,实际是 {} {}", head.status, essence(head));
        let en = format!("should be 200 text/event-stream; it is {} {}", head.status, essence(head));
        kit.report.wrong("live.opens", subject, &zh, &en);
        return;
    }
    let beats = blocks.iter().any(|block| block.contains("heartbeat"));
    let events = blocks.iter().filter(|block| block.contains("data:"));
    let bare = events.filter(|block| !block.lines().any(|line| line.starts_with("id:"))).count();
    if !beats {
        let zh = "18 秒内没有心跳：页面会当作连接已断；请至少每 15 秒发一次 event: heartbeat";
        let en = "no heartbeat in 18 s, and pages take the stream for dead: send event: heartbeat at least every 15 s";
        kit.report.wrong("live.heartbeat", subject, zh, en);
    } else if bare > 0 {
        let zh = format!("{bare} 个事件没有 id:断线后无法从原处继续");
        kit.report.wrong(
            "live.position",
            subject,
            &zh,
            &format!("{bare} events have no id: nobody can go on after a break"),
        );
    } else {
        kit.report.works("live.heartbeat", subject, "打开、有心跳、有位置", "opens, beats, has positions");
    }
}
