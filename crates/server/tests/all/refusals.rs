//! What is refused, and how: problems, foreign requests, sessions, and the headers on every answer.

use chrono::Duration;
use fengtu_domain::sight;
use fengtu_server::account::{self, AccountArgs};
use fengtu_server::app::{Settings, api};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::problem::{Problem, kinds};
use fengtu_wire::session::Role;
use reqwest::{Method, Response};

use crate::common::{self, Server, backends};

async fn problem(response: Response) -> Problem {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.unwrap();
    assert_eq!(problem.status, status);
    problem
}

#[test]
fn every_route_is_in_the_table_of_sight() {
    let (_, document) = api().split_for_parts();
    assert!(!document.paths.paths.is_empty());
    for (path, item) in &document.paths.paths {
        for (method, operation) in
            [("GET", &item.get), ("POST", &item.post), ("DELETE", &item.delete), ("PUT", &item.put)]
        {
            let listed = sight::access(method, path, Role::Public).is_some();
            assert!(operation.is_none() || listed, "{method} {path} is not in fengtu_domain::sight::ROUTES");
        }
    }
}

#[tokio::test]
async fn refusals_name_what_is_wrong() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::DistrictLeader).await;
        let table = [
            ("/api/v1/cases?colour=red", kinds::UNKNOWN_PARAMETER, "?colour"),
            ("/api/v1/places?level=planet", kinds::INVALID_VALUE, "?level"),
            ("/api/v1/cases?limit=0", kinds::INVALID_VALUE, "?limit"),
            ("/api/v1/cases?place=nowhere", kinds::INVALID_VALUE, "?place"),
            ("/api/v1/cases?from=yesterday", kinds::INVALID_VALUE, "?from"),
            ("/api/v1/cases?q=%00", kinds::INVALID_VALUE, "?q"),
            ("/api/v1/grids?bbox=1,2,3", kinds::INVALID_VALUE, "?bbox"),
            ("/api/v1/cases?cursor=AAAA", kinds::INVALID_CURSOR, "?cursor"),
            // A cursor of the right list with the character zero in its key.
            ("/api/v1/places?cursor=WyJwbGFjZXMiLCJcdTAwMDAiXQ", kinds::INVALID_CURSOR, "?cursor"),
            ("/api/v1/heat?to=-262143-01-01T00:00:00Z", kinds::INVALID_VALUE, "?to"),
            ("/api/v1/heat/points?from=%2B262142-12-31T23:59:59Z", kinds::INVALID_VALUE, "?from"),
            ("/api/v1/statistics?to=9999-12-31T23:59:59Z", kinds::INVALID_VALUE, "?to"),
            ("/api/v1/warnings/history?from=2026-11-20%2000:00:00%20%2B08:00", kinds::INVALID_VALUE, "?from"),
            ("/api/v1/cases?category=none.such", kinds::INVALID_VALUE, "?category"),
            ("/api/v1/cases?category=", kinds::INVALID_VALUE, "?category"),
            ("/api/v1/heat?category=none.such", kinds::INVALID_VALUE, "?category"),
            ("/api/v1/statistics?place=nowhere", kinds::NOT_FOUND, "?place"),
            ("/api/v1/warnings?place=nowhere", kinds::NOT_FOUND, "?place"),
        ];
        for (path, kind, pointer) in table {
            let problem = problem(client.get(server.url(path)).send().await.unwrap()).await;
            assert_eq!(
                (problem.kind.as_str(), problem.errors[0].pointer.as_str()),
                (kind, pointer),
                "{path} {backend:?}"
            );
        }
        for path in [
            "/api/v1/nothing",
            "/api/v1/cases/nothing",
            "/api/v1/cases/%00",
            "/api/v1/cases/%FF",
            "/api/v1/cases/C1111-03",
        ] {
            let problem = problem(client.get(server.url(path)).send().await.unwrap()).await;
            assert_eq!(problem.kind, kinds::NOT_FOUND, "{path}");
        }
        let wrong = problem(client.request(Method::PUT, server.url("/api/v1/places")).send().await.unwrap()).await;
        assert_eq!(wrong.kind, kinds::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn only_our_own_page_may_change_anything() {
    let (server, _database) = Server::filled(backends()[0]).await;
    let body = r#"{"name":"street","password":"wrong"}"#;
    let own = server.base.clone();
    let table: [(&[(&str, &str)], u16); 8] = [
        (&[("content-type", "application/json")], 403),
        (&[("content-type", "application/json"), ("x-fengtu", "1"), ("origin", "https://evil.example")], 403),
        (&[("content-type", "application/json"), ("x-fengtu", "1"), ("origin", "null")], 403),
        (&[("content-type", "application/json"), ("x-fengtu", "1"), ("sec-fetch-site", "cross-site")], 403),
        (&[("content-type", "application/json"), ("x-fengtu", "1"), ("sec-fetch-site", "same-site")], 403),
        (&[("content-type", "text/plain"), ("x-fengtu", "1"), ("origin", &own)], 415),
        (&[("content-type", "application/x-www-form-urlencoded"), ("x-fengtu", "1"), ("origin", &own)], 415),
        (&[("content-type", "application/json"), ("x-fengtu", "1"), ("origin", &own)], 401),
    ];
    for (headers, status) in table {
        let mut request = common::client().post(server.url("/api/v1/session")).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{headers:?}");
        problem(response).await;
    }
    let large = common::client().post(server.url("/api/v1/session")).header("x-fengtu", "1");
    let large = large.header("content-type", "application/json").body(format!("\"{}\"", "x".repeat(100_000)));
    assert_eq!(problem(large.send().await.unwrap()).await.kind, kinds::TOO_LARGE);
}

#[tokio::test]
async fn a_bad_body_is_refused_with_a_pointer_to_the_field() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for (body, pointer) in [
        (r#"{"name":"street"}"#, "/password"),
        (r#"{"name":5,"password":"x"}"#, "/name"),
        (r#"{"name":"street","password":"x","role":"auditor"}"#, "/role"),
        (r#"{"name":"#, ""),
    ] {
        let request = common::client().post(server.url("/api/v1/session")).header("x-fengtu", "1");
        let request = request.header("content-type", "application/json; charset=utf-8").body(body);
        let problem = problem(request.send().await.unwrap()).await;
        assert_eq!(
            (problem.kind.as_str(), problem.errors[0].pointer.as_str()),
            (kinds::INVALID_VALUE, pointer),
            "{body}"
        );
    }
}

#[tokio::test]
async fn sessions_begin_end_and_run_out() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (client, wall) = (server.client_as(Role::Street).await, server.client_as(Role::Wall).await);
        let status =
            async |client: &reqwest::Client| client.get(server.url("/api/v1/sessions")).send().await.unwrap().status();
        server.clock.advance(Duration::minutes(29));
        assert_eq!(status(&client).await, 200);
        server.clock.advance(Duration::minutes(31));
        assert_eq!(status(&client).await, 401, "idle");
        assert_eq!(status(&wall).await, 200, "a wall is never idle");
        assert_eq!(server.sign_in(&client, "street", common::fixture::PASSWORD).await.status(), 201);
        for _ in 0..30 {
            server.clock.advance(Duration::minutes(25));
            status(&client).await;
        }
        assert_eq!(status(&client).await, 401, "12 hours are the end");
        assert_eq!(server.sign_in(&client, "street", common::fixture::PASSWORD).await.status(), 201);
        let out = client.delete(server.url("/api/v1/session")).header("x-fengtu", "1").send().await.unwrap();
        assert_eq!(out.status(), 204);
        assert_eq!(status(&client).await, 401);
    }
}

#[tokio::test]
async fn sessions_that_ended_by_themselves_are_not_kept() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let wall = server.client_as(Role::Wall).await;
        for _ in 0..3 {
            server.client_as(Role::Street).await;
        }
        server.clock.advance(Duration::minutes(29));
        let street = server.client_as(Role::Street).await;
        let count = async || -> i64 {
            sqlx::query_scalar("SELECT COUNT(*) FROM sessions").fetch_one(server.state.db.pool()).await.unwrap()
        };
        assert_eq!(count().await, 5, "{backend:?}: all last");
        server.clock.advance(Duration::minutes(1));
        server.client_as(Role::Auditor).await;
        assert_eq!(count().await, 3, "{backend:?}: the three were idle");
        let status =
            async |client: &reqwest::Client| client.get(server.url("/api/v1/sessions")).send().await.unwrap().status();
        assert_eq!((status(&wall).await, status(&street).await), (reqwest::StatusCode::OK, reqwest::StatusCode::OK));
        server.clock.advance(Duration::days(365));
        server.client_as(Role::Auditor).await;
        assert_eq!(count().await, 1, "{backend:?}: walls end too");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::Street).await;
        let status = async || client.get(server.url("/api/v1/sessions")).send().await.unwrap().status();
        assert_eq!(status().await, 200);
        let (name, role) = ("street".to_owned(), Role::Street);
        let args = AccountArgs { name, role, place: None, display_name: None, office: None };
        account::run(&server.state.db, &args, &mut "a longer one than before\n".as_bytes()).await.unwrap();
        assert_eq!(status().await, 401, "{backend:?}");
    }
}

/// It would be refused all streets but its own, and its heading would name the district.
#[tokio::test]
async fn a_wall_is_the_whole_districts() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let made = async |role: Role, place: Option<&str>| {
            let place = place.map(|place| PlaceId(place.to_owned()));
            let args = AccountArgs { name: "new".to_owned(), role, place, display_name: None, office: None };
            account::run(&server.state.db, &args, &mut "a password that is long\n".as_bytes()).await
        };
        for (place, is_made) in [(None, true), (Some("1"), true), (Some("11"), false), (Some("nowhere"), false)] {
            assert_eq!(made(Role::Wall, place).await.is_ok(), is_made, "{backend:?}: {place:?}");
        }
        assert!(made(Role::Street, Some("11")).await.is_ok());
    }
}

#[tokio::test]
async fn wrong_passwords_slow_down_and_lock_nobody_out() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = common::client();
        let unknown = problem(server.sign_in(&client, "nobody", "x").await).await;
        let mut waits = 0;
        for _ in 0..7 {
            let response = server.sign_in(&client, "leader-no", "x").await;
            if response.status() == 429 {
                assert!(response.headers().contains_key("retry-after"));
                waits += 1;
            } else {
                assert_eq!(problem(response).await, unknown);
            }
        }
        assert!(waits > 0, "{backend:?}");
        server.clock.advance(Duration::minutes(2));
        assert_eq!(server.sign_in(&client, "leader-no", "x").await.status(), 401);
    }
}

#[tokio::test]
async fn cookies_are_hard_to_steal() {
    let (server, database) = Server::filled(backends()[0]).await;
    let plain = server.sign_in(&common::client(), "street", common::fixture::PASSWORD).await;
    let cookie = plain.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("fengtu=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let settings = Settings { secure_cookies: true, ..Settings::default() };
    let server = Server::start_with(&database.url, settings).await;
    let secure = server.sign_in(&common::client(), "street", common::fixture::PASSWORD).await;
    let cookie = secure.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-fengtu=") && cookie.contains("Secure") && cookie.contains("Path=/"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_files_fall_back_per_face() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::create_dir(dist.path().join("report")).unwrap();
    std::fs::write(dist.path().join("index.html"), "the desk").unwrap();
    std::fs::write(dist.path().join("report/index.html"), "the portal").unwrap();
    std::fs::write(dist.path().join("app-0123456789abcdef.js"), "1").unwrap();
    let database = common::Database::fresh(backends()[0]).await;
    let settings = Settings { dist: Some(dist.path().to_owned()), ..Settings::default() };
    let server = Server::start_with(&database.url, settings).await;
    let table = [
        ("/", 200, "the desk"),
        ("/wall", 200, "the desk"),
        ("/places/440311?layers=heat", 200, "the desk"),
        ("/report/", 200, "the portal"),
        ("/report/near", 200, "the portal"),
        ("/app-0123456789abcdef.js", 200, "1"),
        ("/missing.js", 404, ""),
        ("/../Cargo.toml", 404, ""),
        ("/api/v1/health", 204, ""),
        ("/api/v1/missing", 404, ""),
        ("/api/v1/cases", 401, ""),
    ];
    for (path, status, body) in table {
        let response = common::client().get(server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"));
        for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
            assert_eq!(headers[name], value, "{path}");
        }
        let cache = headers["cache-control"].to_str().unwrap().to_owned();
        assert_eq!(cache.contains("immutable"), path.contains("0123456789abcdef"), "{path} {cache}");
        assert!(response.text().await.unwrap().contains(body), "{path}");
    }
    // A tile server that is named while we run may be loaded from with the next page.
    let allowed = async || {
        let response = common::client().get(server.url("/")).send().await.unwrap();
        response.headers()["content-security-policy"].to_str().unwrap().to_owned()
    };
    for (config, origin) in
        [("https://a.example/{z}", "https://a.example"), ("http://another.example/", "http://another.example")]
    {
        assert!(!allowed().await.contains(origin));
        let text = format!("{{\"basemaps\": [{{\"url\": \"{config}\"}}]}}");
        std::fs::write(dist.path().join("config.json"), text).unwrap();
        assert!(allowed().await.contains(&format!("img-src 'self' data: blob: {origin};")));
    }
    assert!(!allowed().await.contains("a.example"), "what the file names no longer");
    std::fs::remove_file(dist.path().join("config.json")).unwrap();
    assert!(!allowed().await.contains("example"));
}
