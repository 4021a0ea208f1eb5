//! Other servers under our own origin: who may ask which of them for what, and what is kept from either side.

use fengtu_server::app::Settings;
use fengtu_server::proxy::Proxies;
use fengtu_wire::problem::{Problem, kinds};
use fengtu_wire::session::Role;
use reqwest::{Method, Response};

use crate::common::upstream::{self, Upstream};
use crate::common::{self, Database, Server, backends, fixture};

mod bodies;
mod narrowing;
mod settings;
mod signing_in;
mod waiting;

/// Ours with one entry `up` to the upstream, and more lines for it.
async fn server(up: &Upstream, more: &str) -> (Server, Database) {
    server_of(&format!("[proxy.up]\nbase = \"{}\"\nprivate = true\n{more}", up.base)).await
}

async fn server_of(settings: &str) -> (Server, Database) {
    let database = Database::fresh(backends()[0]).await;
    let db = fengtu_server::db::Db::open(&database.url).await.unwrap();
    fixture::fill(&db, common::NOW.parse().unwrap()).await;
    let settings = Settings { proxies: Proxies::parse(settings).unwrap(), ..Settings::default() };
    (Server::start_with(&database.url, settings).await, database)
}

async fn get(server: &Server, path: &str) -> Response {
    common::client().get(server.url(path)).send().await.unwrap()
}

async fn kind(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let text = response.text().await.unwrap();
    assert!(!text.contains("127.0.0.1") && !text.contains("hyper"), "nothing of the inside: {text}");
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(problem.status, status);
    (status, problem.kind)
}

#[tokio::test]
async fn a_question_arrives_as_asked_and_nothing_of_ours_goes_with_it() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"\nmethods = [\"GET\", \"POST\"]").await;
    let client = server.client_as(Role::Street).await;
    let request = client
        .post(server.url("/proxy/up/echo/%E7%BD%91%E6%A0%BC?a=1&b=%20x"))
        .header("x-fengtu", "1")
        .header("origin", &server.base)
        .header("authorization", "Bearer ours")
        .header("prefer", "count=exact")
        .header("x-forwarded-for", "6.6.6.6")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("service_code=1");
    let seen: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["uri"], "/api/echo/%E7%BD%91%E6%A0%BC?a=1&b=%20x");
    assert_eq!(seen["body"], "service_code=1");
    let headers = seen["headers"].as_object().unwrap();
    assert_eq!(headers["prefer"], "count=exact");
    assert_eq!(headers["host"], up.base.trim_start_matches("http://").trim_end_matches("/api"));
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    for ours in ["cookie", "authorization", "x-fengtu", "origin", "referer", "x-forwarded-for"] {
        assert!(!headers.contains_key(ours), "{ours} went out");
    }
}

#[tokio::test]
async fn an_answer_comes_back_as_data_and_commands_no_browser() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"").await;
    let answer = get(&server, "/proxy/up/page").await;
    assert_eq!(answer.status(), 418);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(headers["x-total-count"], "3");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["link"], "</proxy/up/page?page=2>; rel=\"next\"");
    assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    for dropped in
        ["set-cookie", "www-authenticate", "clear-site-data", "access-control-allow-origin", "server", "keep-alive"]
    {
        assert!(!headers.contains_key(dropped), "{dropped} came back");
    }
    assert_eq!(answer.text().await.unwrap(), "<script>alert(1)</script>");
    // Two types are none: each reader would take another of them.
    let twice = get(&server, "/proxy/up/two-types").await;
    let types: Vec<_> = twice.headers().get_all("content-type").iter().collect();
    assert_eq!(types, ["text/plain; charset=utf-8"]);
    let policy = twice.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-"));
    let again =
        common::client().get(server.url("/proxy/up/tagged")).header("if-none-match", "\"v1\"").send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.headers()["etag"].to_str().unwrap()), (304, "\"v1\""));
    assert_eq!(again.headers()["cache-control"], "private, no-cache");
}

#[tokio::test]
async fn only_listed_servers_methods_and_paths_are_asked() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"\npaths = [\"/echo\", \"/redirect\"]").await;
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200);
    for path in ["/proxy/up/page", "/proxy/up/echoes", "/proxy/other/echo", "/proxy/up", "/proxy", "/proxy/up/echo//x"]
    {
        assert_eq!(kind(get(&server, path).await).await, (404, kinds::NOT_FOUND.to_owned()), "{path}");
    }
    for path in [
        "/proxy/up/echo/../page",
        "/proxy/up/echo/%2e%2e/page",
        "/proxy/up/echo/..%2fpage",
        "/proxy/up/echo/%252e%252e/page",
        "/proxy/up/echo/..;/page",
        "/proxy/up//page",
        "/proxy/up/echo/%2e%2e%2fpage",
        "/proxy/up/echo/%00",
        "/proxy/up/echo/%0d%0aX:1",
        "/proxy/up/echo\\..\\page",
        "//proxy/up/echo",
        "/%70roxy/up/page",
        "/proxy/%75p/page",
        "/proxy/up@evil.example/echo",
        "http://evil.example/proxy/up/page",
    ] {
        let line = upstream::raw(&server.base, path).await;
        assert!(line.starts_with("HTTP/1.1 404") || line.starts_with("HTTP/1.1 400"), "{path}: {line}");
    }
    for method in [Method::DELETE, Method::PUT, Method::POST] {
        let request = common::client().request(method.clone(), server.url("/proxy/up/echo")).header("x-fengtu", "1");
        assert_eq!(kind(request.send().await.unwrap()).await, (405, kinds::METHOD_NOT_ALLOWED.to_owned()), "{method}");
    }
    assert!(up.seen().iter().all(|uri| uri == "/api/echo"), "{:?}", up.seen());
}

#[tokio::test]
async fn a_redirect_is_followed_within_the_base_and_no_further() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"\npaths = [\"/echo\", \"/redirect\"]").await;
    let seen: serde_json::Value = get(&server, "/proxy/up/redirect/inside").await.json().await.unwrap();
    assert_eq!(seen["uri"], "/api/echo/there");
    for place in ["elsewhere", "above", "unlisted", "again"] {
        let answer = get(&server, &format!("/proxy/up/redirect/{place}")).await;
        assert_eq!(kind(answer).await, (502, kinds::UPSTREAM_REFUSED.to_owned()), "{place}");
    }
}

#[tokio::test]
async fn each_entry_says_for_whom_it_is() {
    let up = Upstream::start().await;
    let entry = |name, who| {
        format!("[proxy.{name}]\nbase = \"{}\"\nprivate = true\nwho = {who}\nmethods = [\"GET\", \"POST\"]\n", up.base)
    };
    let all =
        [entry("open", "\"everyone\""), entry("staff", "\"staff\""), entry("lead", "[\"district_leader\"]")].concat();
    let (server, _database) = server_of(&all).await;
    let table = [
        (Role::Public, [200, 401, 401]),
        (Role::Wall, [200, 403, 403]),
        (Role::Street, [200, 200, 403]),
        (Role::DistrictLeader, [200, 200, 200]),
    ];
    for (role, expected) in table {
        let client = server.client_as(role).await;
        for (name, status) in ["open", "staff", "lead"].iter().zip(expected) {
            let answer = client.get(server.url(&format!("/proxy/{name}/echo"))).send().await.unwrap();
            assert_eq!(answer.status(), status, "{role} {name}");
        }
    }
    // A change needs our own page, and a wall changes nothing.
    let change = |client: reqwest::Client, header: &'static str| {
        let request = client.post(server.url("/proxy/open/echo")).header(header, "1");
        async move { request.send().await.unwrap() }
    };
    assert_eq!(kind(change(common::client(), "x-other").await).await.1, kinds::FOREIGN_ORIGIN);
    assert_eq!(change(common::client(), "x-fengtu").await.status(), 200);
    assert_eq!(change(server.client_as(Role::Wall).await, "x-fengtu").await.status(), 403);
}

#[tokio::test]
async fn too_much_too_late_and_too_many() {
    let up = Upstream::start().await;
    let limits = "who = \"everyone\"\nmethods = [\"GET\", \"POST\"]\ntimeout_s = 1\nmax_request_bytes = 10\nmax_answer_bytes = 5000\nat_once = 1\nwait_s = 0";
    let (server, _database) = server(&up, limits).await;
    let post = |body: &'static str| {
        common::client().post(server.url("/proxy/up/echo")).header("x-fengtu", "1").body(body).send()
    };
    assert_eq!(post("0123456789").await.unwrap().status(), 200);
    assert_eq!(kind(post("0123456789a").await.unwrap()).await, (413, kinds::TOO_LARGE.to_owned()));
    assert_eq!(kind(get(&server, "/proxy/up/large").await).await, (502, kinds::UPSTREAM_REFUSED.to_owned()));
    let streamed = get(&server, "/proxy/up/endless").await;
    assert_eq!(streamed.status(), 200);
    assert!(streamed.bytes().await.is_err(), "a stream that is too long breaks off");
    let slow = tokio::spawn(common::client().get(server.url("/proxy/up/slow")).send());
    up.until(|seen| seen.iter().any(|uri| uri.contains("slow"))).await;
    let second = get(&server, "/proxy/up/echo").await;
    assert_eq!(second.headers()["retry-after"], "2");
    assert_eq!(kind(second).await, (503, kinds::UNAVAILABLE.to_owned()));
    assert_eq!(kind(slow.await.unwrap().unwrap()).await, (504, kinds::UPSTREAM_SLOW.to_owned()));
    assert_eq!(get(&server, "/proxy/up/echo").await.status(), 200);
}

#[tokio::test]
async fn one_that_is_down_and_one_that_may_not_be_asked_say_the_same() {
    let up = Upstream::start().await;
    let port = up.base.rsplit(':').next().unwrap().trim_end_matches("/api").to_owned();
    let settings = format!(
        "[proxy.down]\nbase = \"http://127.0.0.1:1\"\nprivate = true\nwho = \"everyone\"\n\
         [proxy.hidden]\nbase = \"http://localhost:{port}/api\"\nwho = \"everyone\"\n\
         [proxy.shown]\nbase = \"http://localhost:{port}/api\"\nprivate = true\nwho = \"everyone\"\n"
    );
    let (server, _database) = server_of(&settings).await;
    for name in ["down", "hidden"] {
        let answer = get(&server, &format!("/proxy/{name}/echo")).await;
        assert_eq!(kind(answer).await, (502, kinds::UPSTREAM_DOWN.to_owned()), "{name}");
    }
    assert_eq!(up.seen().len(), 0, "a name that leads to a private address was asked");
    assert_eq!(get(&server, "/proxy/shown/echo").await.status(), 200);
}

#[tokio::test]
async fn credentials_are_added_here_and_a_token_is_renewed_when_it_ends() {
    let up = Upstream::start().await;
    let entry =
        |name, more| format!("[proxy.{name}]\nbase = \"{}\"\nprivate = true\nwho = \"everyone\"\n{more}\n", up.base);
    let all = [
        entry("key", "credentials.header = { name = \"X-Api-Key\", value = \"k1\" }"),
        entry("basic", "credentials.basic = { name = \"a\", password = \"b\" }"),
        entry("page", "headers = [\"x-access-token\"]"),
        entry(
            "login",
            "credentials.login = { path = \"/login\", fields = { username = \"u\", password = \"p\" }, token = \"/token\", \
             ended = { at = \"/code\", is = 401 } }",
        ),
    ];
    let (server, _database) = server_of(&all.concat()).await;
    let seen = |path: &'static str, header: &'static str| {
        let request = common::client().get(server.url(path)).header("x-access-token", "t").header("x-api-key", "mine");
        async move { request.send().await.unwrap().json::<serde_json::Value>().await.unwrap()["headers"][header].clone() }
    };
    assert_eq!(seen("/proxy/key/echo", "x-api-key").await, "k1");
    assert_eq!(seen("/proxy/basic/echo", "authorization").await, "Basic YTpi");
    assert_eq!(seen("/proxy/page/echo", "x-access-token").await, "t");
    assert_eq!(seen("/proxy/page/echo", "x-api-key").await, serde_json::Value::Null);
    // The upstream ends each token after two questions: by a 200 with code 401 in it, as some do.
    for turn in 0..5 {
        let answer: serde_json::Value = get(&server, "/proxy/login/guarded").await.json().await.unwrap();
        assert_eq!(answer["code"], 200, "question {turn}: {answer}");
    }
    assert_eq!(up.seen().iter().filter(|uri| uri.ends_with("/login")).count(), 3);
}
