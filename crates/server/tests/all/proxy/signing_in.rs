//! Signing in elsewhere: once for all, not again and again, and without a word about the credentials.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use fengtu_wire::problem::{Problem, kinds};

use super::{get, server};
use crate::common::{self, upstream::Upstream};

fn entry(login: &str) -> String {
    LazyLock::force(&LOG);
    format!(
        "who = \"everyone\"\ncredentials.login = {{ path = \"/{login}\", fields = {{ username = \"u\", \
         password = \"hunter2\" }}, token = \"/token\", ended = {{ at = \"/code\", is = 401 }} }}"
    )
}

fn logins(up: &Upstream) -> usize {
    up.seen().iter().filter(|uri| uri.contains("login")).count()
}

/// What is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

/// One for all tests of this binary: a log of one test's own misses what other threads have caused to be left out.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    // All that is said, but for every statement of every other test.
    let subscriber = tracing_subscriber::fmt().with_env_filter("debug,sqlx=off").with_ansi(false);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log
});

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_log_in_that_is_refused_is_not_tried_again_at_once() {
    for login in ["login-refused", "login-odd", "login-page", "login-moved"] {
        let up = Upstream::start().await;
        let (server, _database) = server(&up, &entry(login)).await;
        let answers = futures::future::join_all((0..10).map(|_| get(&server, "/proxy/up/guarded"))).await;
        for answer in answers {
            let told: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((55..=61).contains(&told), "{login}: {told}");
            let text = answer.text().await.unwrap();
            let problem: Problem = serde_json::from_str(&text).unwrap();
            assert_eq!((problem.status, problem.kind.as_str()), (502, kinds::UPSTREAM_SIGN_IN), "{login}");
            assert!(problem.detail.unwrap().contains(&format!("{told} s")), "{text}");
            assert!(!text.contains("hunter2") && !text.contains("127.0.0.1"), "{text}");
        }
        assert_eq!(up.seen().len(), 1, "{login}: one try for all who asked: {:?}", up.seen());
        let logged = LOG.text();
        let told = format!("{}: cannot sign in", up.base);
        let line = logged.lines().find(|line| line.contains(&told)).unwrap();
        assert!(line.contains("next try in 60 s"), "{line}");
        assert!(!logged.contains("hunter2"), "the password is in the log");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_asked_again_sooner() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &entry("login-busy")).await;
    for _ in 0..3 {
        let answer = get(&server, "/proxy/up/guarded").await;
        let told: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((5..=8).contains(&told), "it asked for seven seconds: {told}");
    }
    assert_eq!(logins(&up), 1);
}

#[tokio::test]
async fn who_leaves_while_we_sign_in_spoils_it_for_nobody() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &entry("login-late")).await;
    let hasty = common::client().get(server.url("/proxy/up/guarded")).timeout(Duration::from_millis(150)).send();
    assert!(hasty.await.is_err());
    let answer: serde_json::Value = get(&server, "/proxy/up/guarded").await.json().await.unwrap();
    assert_eq!((answer["code"].as_u64(), logins(&up)), (Some(200), 1));
}

#[tokio::test]
async fn tokens_that_are_of_no_use_are_not_fetched_with_every_question() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &entry("login")).await;
    for _ in 0..12 {
        let answer: serde_json::Value = get(&server, "/proxy/up/never").await.json().await.unwrap();
        assert_eq!(answer["code"], 401, "what the server says is passed on");
    }
    assert!((2..=4).contains(&logins(&up)), "{}", logins(&up));
    // The token is a good one elsewhere.
    let answer: serde_json::Value = get(&server, "/proxy/up/guarded").await.json().await.unwrap();
    assert_eq!(answer["code"], 200);
}

#[tokio::test]
async fn answers_in_turn_with_a_token_and_without_are_no_way_to_drive_the_log_in() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &entry("login")).await;
    // Some servers give tokens for a few questions: two hundred in ten minutes, and then no more than pauses let through.
    for _ in 0..240 {
        get(&server, "/proxy/up/never").await;
        get(&server, "/proxy/up/guarded").await;
    }
    assert!((150..=205).contains(&logins(&up)), "{}", logins(&up));
}

#[tokio::test]
async fn where_a_redirect_leads_is_logged_without_what_opens_it() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, &entry("login")).await;
    assert_eq!(get(&server, "/proxy/up/redirect/telling").await.status(), 502);
    let logged = LOG.text();
    assert!(logged.contains("redirects to http://evil.example/there"), "{logged}");
    assert!(!logged.contains("hunter3"));
}
