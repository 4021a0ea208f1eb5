//! Remotes of walls: who may pair one, what reaches which wall, what runs out; and ending a wall's login from afar.

use std::time::Duration as StdDuration;

use chrono::Duration;
use fengtu_wire::events::Event;
use fengtu_wire::session::Role;
use fengtu_wire::walls::{Pairing, Remote, WallAction, WallCommand, WallScene, WallSession};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::common::{Server, backends};

async fn send(server: &Server, client: &Client, method: Method, path: &str, body: Option<Value>) -> Response {
    let request = client.request(method, server.url(&format!("/api/v1/walls{path}"))).header("x-fengtu", "1");
    match body {
        Some(body) => request.json(&body),
        None => request,
    }
    .send()
    .await
    .unwrap()
}

async fn pair(server: &Server, wall: &Client) -> Pairing {
    let answer = send(server, wall, Method::POST, "/pairings", None).await;
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn claim(server: &Server, client: &Client, code: &str) -> Response {
    send(server, client, Method::POST, "/remotes", Some(json!({"code": code}))).await
}

async fn paired(server: &Server, wall: &Client, holder: &Client) -> Remote {
    let code = pair(server, wall).await.code;
    let answer = claim(server, holder, &code).await;
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn tell(server: &Server, holder: &Client, remote: &Remote, body: Value) -> u16 {
    let path = format!("/remotes/{}/commands", remote.id);
    send(server, holder, Method::POST, &path, Some(body)).await.status().as_u16()
}

/// What a stream brings within a moment.
struct Heard(Response);

impl Heard {
    async fn open(server: &Server, client: &Client, query: &str) -> Self {
        Self(client.get(server.url(&format!("/api/v1/events{query}"))).send().await.unwrap())
    }

    /// Reads until `enough` is in it or a while has passed.
    async fn until(&mut self, enough: &str) -> String {
        let mut text = String::new();
        while !text.contains(enough) {
            match tokio::time::timeout(StdDuration::from_millis(1_500), self.0.chunk()).await {
                Ok(Ok(Some(chunk))) => text.push_str(&String::from_utf8_lossy(&chunk)),
                _ => break,
            }
        }
        text
    }

    /// Reads what the wall is told.
    async fn command(&mut self, enough: &str) -> Option<WallCommand> {
        let text = self.until(enough).await;
        let told = text.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|line| line.contains(enough));
        told.map(|line| match serde_json::from_str(line).unwrap() {
            Event::Wall(command) => command,
            other => panic!("{other:?}"),
        })
        .next_back()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_reaches_the_wall_that_was_paired_and_nobody_else() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (wall, other) = (server.client_as(Role::Wall).await, server.client_as(Role::Wall).await);
        let (holder, leader) = (server.client_as(Role::Street).await, server.client_as(Role::DistrictLeader).await);
        let remote = paired(&server, &wall, &holder).await;
        let mut streams = [
            Heard::open(&server, &wall, "").await,
            Heard::open(&server, &other, "").await,
            Heard::open(&server, &holder, "").await,
            Heard::open(&server, &leader, "").await,
        ];
        let body = json!({"action": "show", "scene": "street", "place": "11"});
        assert_eq!(tell(&server, &holder, &remote, body).await, 202, "{backend:?}");
        let heard = streams[0].command("\"show\"").await.unwrap();
        assert_eq!((heard.action, heard.scene), (WallAction::Show, Some(WallScene::Street)), "{backend:?}");
        assert_eq!(heard.place.unwrap().as_str(), "11");
        for (who, stream) in streams.iter_mut().enumerate().skip(1) {
            let text = stream.until("event: wall").await;
            assert!(text.contains("event: ") && !text.contains("event: wall"), "{who} {backend:?}: {text}");
        }
    }
}

#[tokio::test]
async fn a_code_serves_once_runs_out_and_gives_way_to_the_next() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (wall, holder) = (server.client_as(Role::Wall).await, server.client_as(Role::Street).await);
        let first = pair(&server, &wall).await;
        assert!(first.code.len() == 6 && first.address == format!("{}/remote#{}", server.base, first.code));
        let second = pair(&server, &wall).await;
        assert_eq!(claim(&server, &holder, &first.code).await.status(), 404, "replaced {backend:?}");
        assert_eq!(claim(&server, &holder, &second.code).await.status(), 201);
        assert_eq!(claim(&server, &holder, &second.code).await.status(), 404, "used {backend:?}");
        let third = pair(&server, &wall).await;
        server.clock.advance(Duration::minutes(3));
        assert_eq!(claim(&server, &holder, &third.code).await.status(), 404, "too late {backend:?}");
        for bad in ["12345", "1234567", "12a456", "１２３４５６"] {
            assert_eq!(claim(&server, &holder, bad).await.status(), 400, "{bad}");
        }
    }
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_trying() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let holder = server.client_as(Role::Street).await;
        let mut refused = 0;
        for n in 0..8 {
            let answer = claim(&server, &holder, &format!("{n:06}")).await;
            match answer.status().as_u16() {
                404 => {}
                429 => {
                    assert!(answer.headers().contains_key("retry-after"));
                    refused += 1;
                }
                other => panic!("{other}"),
            }
        }
        assert!(refused >= 2, "{backend:?}: {refused}");
        // Another person is not held up by it.
        let (wall, leader) = (server.client_as(Role::Wall).await, server.client_as(Role::DistrictLeader).await);
        paired(&server, &wall, &leader).await;
    }
}

#[tokio::test]
async fn a_remote_ends_with_either_session_on_demand_and_after_four_hours() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (wall, holder) = (server.client_as(Role::Wall).await, server.client_as(Role::Street).await);
        let next = json!({"action": "next"});
        let own = paired(&server, &wall, &holder).await;
        let stranger = server.client_as(Role::DistrictLeader).await;
        assert_eq!(tell(&server, &stranger, &own, next.clone()).await, 404, "another's remote is not there");
        let path = format!("/remotes/{}", own.id);
        assert_eq!(send(&server, &stranger, Method::DELETE, &path, None).await.status(), 404);
        assert_eq!(send(&server, &holder, Method::DELETE, &path, None).await.status(), 204);
        assert_eq!(tell(&server, &holder, &own, next.clone()).await, 404, "ended {backend:?}");
        let unpaired = paired(&server, &wall, &holder).await;
        assert_eq!(send(&server, &wall, Method::DELETE, "/pairings", None).await.status(), 204);
        assert_eq!(tell(&server, &holder, &unpaired, next.clone()).await, 404, "the wall let go {backend:?}");
        let signed_out = paired(&server, &wall, &stranger).await;
        let out = stranger.delete(server.url("/api/v1/session")).header("x-fengtu", "1").send().await.unwrap();
        assert_eq!(out.status(), 204);
        let again = server.client_as(Role::DistrictLeader).await;
        assert_eq!(tell(&server, &again, &signed_out, next.clone()).await, 404, "{backend:?}");
        let long = paired(&server, &wall, &holder).await;
        for _ in 0..10 {
            server.clock.advance(Duration::minutes(24));
            let all: Vec<Remote> = send(&server, &holder, Method::GET, "/remotes", None).await.json().await.unwrap();
            assert!(all.len() <= 1, "{backend:?}");
        }
        assert_eq!(tell(&server, &holder, &long, next).await, 404, "four hours {backend:?}");
    }
}

#[tokio::test]
async fn a_command_says_what_it_needs_and_not_too_often() {
    let (server, _database) = Server::filled(backends()[0]).await;
    let (wall, holder) = (server.client_as(Role::Wall).await, server.client_as(Role::Street).await);
    let remote = paired(&server, &wall, &holder).await;
    for (body, pointer) in [
        (json!({"action": "show"}), "/scene"),
        (json!({"action": "show", "scene": "street"}), "/place"),
        (json!({"action": "show", "scene": "street", "place": "nowhere"}), "/place"),
        (json!({"action": "show", "scene": "heat", "place": "11"}), "/place"),
        (json!({"action": "period", "days": 8}), "/days"),
        (json!({"action": "next", "days": 7}), "/days"),
        (json!({"action": "code"}), "/action"),
        (json!({"action": "dance"}), "/action"),
        (json!({"action": "next", "words": "x"}), "/words"),
    ] {
        let path = format!("/remotes/{}/commands", remote.id);
        let answer = send(&server, &holder, Method::POST, &path, Some(body.clone())).await;
        assert_eq!(answer.status(), 400, "{body}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    let mut statuses = Vec::new();
    for _ in 0..32 {
        statuses.push(tell(&server, &holder, &remote, json!({"action": "next"})).await);
    }
    assert_eq!((statuses[29], statuses[30], statuses[31]), (202, 429, 429));
    server.clock.advance(Duration::seconds(11));
    assert_eq!(tell(&server, &holder, &remote, json!({"action": "period", "days": 90})).await, 202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_that_was_away_is_told_what_is_fresh_and_spared_what_is_stale() {
    let (server, _database) = Server::filled(backends()[0]).await;
    let (wall, holder) = (server.client_as(Role::Wall).await, server.client_as(Role::Street).await);
    let remote = paired(&server, &wall, &holder).await;
    let start = server.state.live.position();
    assert_eq!(tell(&server, &holder, &remote, json!({"action": "blank"})).await, 202);
    server.clock.advance(Duration::seconds(31));
    assert_eq!(tell(&server, &holder, &remote, json!({"action": "light"})).await, 202);
    let mut stream = Heard::open(&server, &wall, &format!("?after={start}")).await;
    let text = stream.until("\"light\"").await;
    assert!(text.contains("\"light\"") && !text.contains("\"blank\""), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_makes_every_wall_show_a_code_and_is_not_made_often() {
    let (server, _database) = Server::filled(backends()[0]).await;
    let (wall, holder) = (server.client_as(Role::Wall).await, server.client_as(Role::Street).await);
    let mut stream = Heard::open(&server, &wall, "").await;
    assert_eq!(send(&server, &holder, Method::POST, "/calls", None).await.status(), 202);
    assert_eq!(stream.command("\"code\"").await.unwrap(), WallCommand::of(WallAction::Code));
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(send(&server, &holder, Method::POST, "/calls", None).await.status().as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_whose_login_is_ended_from_afar_hears_and_reads_nothing_more() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (wall, kept) = (server.client_as(Role::Wall).await, server.client_as(Role::Wall).await);
        let (holder, admin) = (server.client_as(Role::Street).await, server.client_as(Role::SystemAdmin).await);
        let mut stream = Heard::open(&server, &wall, "").await;
        let remote = paired(&server, &wall, &holder).await;
        let all: Vec<WallSession> = send(&server, &admin, Method::GET, "", None).await.json().await.unwrap();
        assert_eq!(all.len(), 2, "{backend:?}");
        let gone = all.iter().find(|one| one.remotes == 1).unwrap();
        assert_eq!(send(&server, &holder, Method::DELETE, &format!("/{}", gone.id), None).await.status(), 403);
        assert_eq!(send(&server, &admin, Method::DELETE, &format!("/{}", gone.id), None).await.status(), 204);
        assert_eq!(send(&server, &admin, Method::DELETE, &format!("/{}", gone.id), None).await.status(), 404);
        // The stream ends within its next look at the session.
        let ended = tokio::time::timeout(StdDuration::from_secs(5), async {
            while let Ok(Some(_)) = stream.0.chunk().await {}
        });
        assert!(ended.await.is_ok(), "{backend:?}");
        let status = async |client: &Client| client.get(server.url("/api/v1/snapshot")).send().await.unwrap().status();
        assert_eq!((status(&wall).await.as_u16(), status(&kept).await.as_u16()), (401, 200), "{backend:?}");
        assert_eq!(tell(&server, &holder, &remote, json!({"action": "next"})).await, 404, "{backend:?}");
    }
}

#[tokio::test]
async fn a_code_is_for_walls_and_a_remote_for_staff() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for &role in Role::ALL {
        let client = server.client_as(role).await;
        let code = send(&server, &client, Method::POST, "/pairings", None).await.status().as_u16();
        let remote = claim(&server, &client, "000000").await.status().as_u16();
        let expected = match role {
            Role::Public => (401, 401),
            Role::Wall => (201, 403),
            Role::SystemAdmin | Role::SecurityAdmin | Role::Auditor => (403, 403),
            _ => (403, 404),
        };
        assert_eq!((code, remote), expected, "{role}");
    }
}
