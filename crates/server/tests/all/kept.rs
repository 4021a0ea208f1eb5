//! What is kept ready is what the database says: for its viewer, until the commit of the next import and not beyond.

use chrono::{DateTime, Utc};
use fengtu_server::db::Db;
use fengtu_server::store::write;
use fengtu_wire::session::Role;
use reqwest::header::{CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY};
use serde_json::Value;

use crate::common::{self, NOW, Server, backends, fixture};

const PATHS: [&str; 5] = ["/places", "/grids", "/stations", "/basemap", "/buildings/points"];

async fn ask(server: &Server, client: &reqwest::Client, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let request = client.get(server.url(&format!("/api/v1{path}")));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

#[tokio::test]
async fn the_second_answer_is_the_first_and_a_known_one_is_not_sent_again() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let leader = server.client_as(Role::DistrictLeader).await;
        for path in PATHS {
            let first = ask(&server, &leader, path, &[("accept-encoding", "br")]).await;
            let second = ask(&server, &leader, path, &[("accept-encoding", "br")]).await;
            assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200), "{path}");
            assert_eq!(first.headers()[ETAG], second.headers()[ETAG], "{path}");
            assert_eq!(first.headers().get(CONTENT_ENCODING), second.headers().get(CONTENT_ENCODING), "{path}");
            let vary: Vec<_> = second.headers().get_all(VARY).iter().map(|v| v.to_str().unwrap().to_owned()).collect();
            assert!(vary.join(",").to_lowercase().contains("accept-encoding"), "{path}: {vary:?}");
            let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
            assert_eq!(first.bytes().await.unwrap(), second.bytes().await.unwrap(), "{path}");
            let known = ask(&server, &leader, path, &[("if-none-match", &tag), ("accept-encoding", "br")]).await;
            assert_eq!(known.status(), 304, "{path}");
            assert!(known.headers().get(IF_NONE_MATCH).is_none() && known.headers().get(CONTENT_ENCODING).is_none());
            assert!(known.bytes().await.unwrap().is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_plain_answer_is_plain_after_a_compressed_one() {
    let (server, _database) = Server::filled(common::Backend::Sqlite).await;
    let leader = server.client_as(Role::DistrictLeader).await;
    let packed = ask(&server, &leader, "/grids", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    let plain = ask(&server, &leader, "/grids", &[]).await;
    assert!(plain.headers().get(CONTENT_ENCODING).is_none());
    assert_eq!(plain.json::<Value>().await.unwrap()["features"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_import_by_another_process_counts_from_its_commit_on() {
    for backend in backends() {
        let (server, database) = Server::filled(backend).await;
        let leader = server.client_as(Role::DistrictLeader).await;
        let before: Value = ask(&server, &leader, "/places?level=grid", &[]).await.json().await.unwrap();
        assert!(!before.to_string().contains("新网格"));
        let now = NOW.parse::<DateTime<Utc>>().unwrap();
        let mut district = fixture::district(now);
        district.cases.clear();
        district.places.last_mut().unwrap().name = "新网格".to_owned();
        // Its own connection, as `fengtu-server import` has.
        let other = Db::open(&database.url).await.unwrap();
        write::write_dataset(&other, &district, now, &mut |_, _| ()).await.unwrap();
        let after: Value = ask(&server, &leader, "/places?level=grid", &[]).await.json().await.unwrap();
        assert!(after.to_string().contains("新网格"), "{backend:?}");
    }
}

#[tokio::test]
async fn what_was_kept_for_one_viewer_is_not_given_to_another() {
    let (server, _database) = Server::filled(common::Backend::Sqlite).await;
    let (leader, public) = (server.client_as(Role::DistrictLeader).await, server.client_as(Role::Public).await);
    let populations = |body: &Value| {
        let features = body["features"].as_array().unwrap();
        features.iter().filter(|feature| !feature["properties"]["population"].is_null()).count()
    };
    let mine: Value = ask(&server, &leader, "/places", &[]).await.json().await.unwrap();
    let theirs: Value = ask(&server, &public, "/places", &[]).await.json().await.unwrap();
    assert_eq!((populations(&mine), populations(&theirs)), (8, 0));
}
