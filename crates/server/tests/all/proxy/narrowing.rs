//! What a question may be: its parameters, its method on a path, its headers; and that it does not go round.

use fengtu_wire::problem::{Problem, kinds};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::{get, kind, server, server_of};
use crate::common::{self, Database, Server, upstream::Upstream};

const WAYS: &str = "who = \"everyone\"\nmethods = [\"GET\", \"POST\"]\n\
    paths = [{ path = \"/echo\", query = [\"a\", \"request=GetFeature\"], fixed = { key = \"s3cret\" }, methods = [\"GET\"] }, \
    { path = \"/redirect\", query = [] }, { path = \"/links\", query = [\"page\"], fixed = { key = \"s3cret\" } }, \"/rpc\"]";

#[tokio::test]
async fn parameters_that_are_not_listed_are_refused_by_name_and_nobody_is_asked() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, WAYS).await;
    let seen: serde_json::Value = get(&server, "/proxy/up/echo/x?a=1&request=GetFeature").await.json().await.unwrap();
    assert_eq!(seen["uri"], "/api/echo/x?a=1&request=GetFeature&key=s3cret");
    for (query, name) in [
        ("request=Transaction", "?request"),
        ("a=1&select=secret", "?select"),
        ("$where=1", "?$where"),
        ("%24where=1", "?$where"),
        ("key=other", "?key"),
        ("a=1;b=2", "?a"),
    ] {
        let answer = get(&server, &format!("/proxy/up/echo?{query}")).await;
        let text = answer.text().await.unwrap();
        let problem: Problem = serde_json::from_str(&text).unwrap();
        assert_eq!((problem.status, problem.kind.as_str()), (403, kinds::UNKNOWN_PARAMETER), "{query}");
        assert_eq!(problem.errors[0].pointer, name, "{query}");
        assert!(problem.title.contains(&name[1..]), "{}", problem.title);
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert_eq!(up.seen().len(), 1, "{:?}", up.seen());
    // Without a list everything passes, as written.
    assert_eq!(get(&server, "/proxy/up/rpc?select=a,b(c)&%24x=1").await.status(), 200);
    assert_eq!(up.seen()[1], "/api/rpc?select=a,b(c)&%24x=1");
}

#[tokio::test]
async fn a_redirect_brings_nobody_around_the_list() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, WAYS).await;
    let answer = get(&server, "/proxy/up/redirect/secret").await;
    assert_eq!(kind(answer).await, (502, kinds::UPSTREAM_REFUSED.to_owned()));
    let seen: serde_json::Value = get(&server, "/proxy/up/redirect/inside").await.json().await.unwrap();
    assert_eq!(seen["uri"], "/api/echo/there?key=s3cret", "what the entry sets goes there too");
}

#[tokio::test]
async fn what_the_entry_sets_is_in_no_address_that_comes_back() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, WAYS).await;
    let answer = get(&server, "/proxy/up/links?page=1").await;
    assert_eq!(answer.headers()["link"], "</proxy/up/links?page=2>; rel=\"next\"");
}

#[tokio::test]
async fn what_the_entry_sets_is_in_no_address_after_a_redirect_however_it_is_spelt() {
    let up = Upstream::start().await;
    let ways = "who = \"everyone\"\npaths = [{ path = \"/moved\", query = [] }, \
        { path = \"/links-there\", query = [], fixed = { key = \"s3/cret\" } }]";
    let (server, _database) = server(&up, ways).await;
    let answer = get(&server, "/proxy/up/moved").await;
    let headers = answer.headers();
    let told = |name: &str| String::from_utf8(headers[name].as_bytes().to_vec()).unwrap();
    assert_eq!(told("link"), "</proxy/up/a?page=2>; rel=\"next\", </proxy/up/b?page=1>; rel=\"prev\"");
    assert_eq!(told("location"), "/proxy/up/a?page=3");
    assert_eq!(told("content-location"), "/proxy/up/网格");
}

#[tokio::test]
async fn a_path_may_take_fewer_methods_than_its_server() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, WAYS).await;
    let asked =
        |method: Method, path: &str| common::client().request(method, server.url(path)).header("x-fengtu", "1").send();
    assert_eq!(asked(Method::POST, "/proxy/up/rpc/accept").await.unwrap().status(), 200);
    let refused = asked(Method::POST, "/proxy/up/echo").await.unwrap();
    assert_eq!(kind(refused).await, (405, kinds::METHOD_NOT_ALLOWED.to_owned()));
    assert_eq!(asked(Method::HEAD, "/proxy/up/echo").await.unwrap().status(), 200);
}

#[tokio::test]
async fn profiles_go_out_only_where_the_entry_lists_them() {
    let up = Upstream::start().await;
    for (lines, expected) in [
        ("who = \"everyone\"", serde_json::Value::Null),
        ("who = \"everyone\"\nheaders = [\"Accept-Profile\"]", "other".into()),
    ] {
        let (server, _database) = server(&up, lines).await;
        let request = common::client().get(server.url("/proxy/up/echo"));
        let request = request.header("accept-profile", "other").header("content-profile", "other");
        let seen: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(seen["headers"]["accept-profile"], expected);
        assert_eq!(seen["headers"]["content-profile"], serde_json::Value::Null);
    }
}

#[tokio::test]
async fn settings_that_lead_back_to_us_go_round_once() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"").await;
    let seen: serde_json::Value = get(&server, "/proxy/up/echo").await.json().await.unwrap();
    let via = seen["headers"]["via"].as_str().unwrap();
    let again = common::client().get(server.url("/proxy/up/echo")).header("via", via).send().await.unwrap();
    assert_eq!(kind(again).await, (508, kinds::UPSTREAM_REFUSED.to_owned()));
    assert_eq!(up.seen().len(), 1);
    // Those before us are named on: two servers that lead to each other each find themselves.
    let through = common::client().get(server.url("/proxy/up/echo")).header("via", "1.1 other").send().await.unwrap();
    let seen: serde_json::Value = through.json().await.unwrap();
    assert_eq!(seen["headers"]["via"], format!("1.1 other, {via}"));
}

/// A server in front of one that answers a single question word for word; gives what that one was asked, and its connection.
async fn word_for_word(answer: &'static str) -> (Server, Database, JoinHandle<(String, TcpStream)>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (server, database) =
        server_of(&format!("[proxy.up]\nbase = \"{base}\"\nprivate = true\nwho = \"everyone\"\ntimeout_s = 5")).await;
    let up = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let length = stream.read(&mut asked).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        asked.truncate(length);
        (String::from_utf8(asked).unwrap(), stream)
    });
    (server, database, up)
}

#[tokio::test]
async fn an_old_server_is_read_as_it_is() {
    let old = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"名称\": \"路灯\"}]";
    let (server, _database, up) = word_for_word(old).await;
    let request = common::client().get(server.url("/proxy/up/x")).header("accept-encoding", "deflate");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let (asked, connection) = up.await.unwrap();
    assert!(asked.to_lowercase().contains("accept-encoding: identity"), "some servers break at deflate: {asked}");
    // Its end is the answer's: there is no length.
    drop(connection);
    assert_eq!(answer.text().await.unwrap(), "[{\"名称\": \"路灯\"}]");
}

#[tokio::test]
async fn a_server_that_changes_the_protocol_is_not_followed() {
    let changes = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let (server, _database, up) = word_for_word(changes).await;
    let request =
        common::client().get(server.url("/proxy/up/x")).header("connection", "upgrade").header("upgrade", "x");
    assert_eq!(request.send().await.unwrap().status(), 502);
    assert!(!up.await.unwrap().0.is_empty());
}
