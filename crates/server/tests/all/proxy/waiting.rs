//! Who is slow holds up nobody else: pages that send or read slowly, and servers that stand still.

use std::time::{Duration, Instant};

use fengtu_wire::problem::kinds;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{get, kind, server};
use crate::common::{self, upstream::Upstream};

const ONE: &str = "who = \"everyone\"\nmethods = [\"GET\", \"POST\"]\nat_once = 1\n";

#[tokio::test]
async fn a_body_that_comes_slowly_is_cut_and_holds_no_place() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &format!("{ONE}body_s = 1\nwait_s = 0")).await;
    let host = server.base.trim_start_matches("http://");
    let mut slow = TcpStream::connect(host).await.unwrap();
    let head = format!("POST /proxy/up/echo HTTP/1.1\r\nHost: {host}\r\nX-Fengtu: 1\r\nContent-Length: 9\r\n\r\nx");
    slow.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200, "a question without a body goes by");
    let mut start = [0; 12];
    slow.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 408");
    assert_eq!(up.seen().len(), 1, "half a body was passed on");
    let post = common::client().post(server.url("/proxy/up/echo")).header("x-fengtu", "1").body("123").send();
    assert_eq!(post.await.unwrap().status(), 200, "its place is free");
}

#[tokio::test]
async fn a_question_waits_a_little_for_a_place() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &format!("{ONE}timeout_s = 1\nwait_s = 5")).await;
    let slow = tokio::spawn(common::client().get(server.url("/proxy/up/slow")).send());
    up.until(|seen| seen.iter().any(|uri| uri.contains("slow"))).await;
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200);
    assert_eq!(slow.await.unwrap().unwrap().status(), 504);
}

#[tokio::test]
async fn a_server_that_stands_still_is_cut_and_told() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &format!("{ONE}idle_s = 1\ntimeout_s = 30\nwait_s = 0")).await;
    let begun = Instant::now();
    assert_eq!(kind(get(&server, "/proxy/up/silent").await).await, (504, kinds::UPSTREAM_SLOW.to_owned()));
    let stalled = get(&server, "/proxy/up/stalled").await;
    assert_eq!(stalled.status(), 200, "its answer had begun");
    assert!(stalled.bytes().await.is_err(), "half an answer looks like one that is whole");
    assert!(begun.elapsed() < Duration::from_secs(15), "idle_s, not timeout_s");
    // One that goes on, however slowly each piece, is let through.
    assert_eq!(get(&server, "/proxy/up/steady").await.text().await.unwrap(), "....");
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200, "the place is free");
}

#[tokio::test]
async fn a_page_that_does_not_read_loses_its_place_in_time() {
    let up = Upstream::start().await;
    let (server, _database) =
        server(&up, &format!("{ONE}timeout_s = 1\nwait_s = 10\nmax_answer_bytes = 1000000000000")).await;
    let unread = get(&server, "/proxy/up/endless").await;
    assert_eq!(unread.status(), 200);
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200);
    assert!(unread.bytes().await.is_err(), "an answer that was cut looks like one that is whole");
}

#[tokio::test]
async fn a_page_that_leaves_frees_its_place_at_once() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &format!("{ONE}timeout_s = 60\nidle_s = 60\nwait_s = 10")).await;
    drop(get(&server, "/proxy/up/stalled").await);
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200);
}
