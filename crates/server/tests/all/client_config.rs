//! `/config.json`, and who may write it.

use fengtu_server::app::Settings;
use fengtu_wire::session::Role;
use serde_json::{Value, json};

use crate::common::{self, Database, Server, backends};

const SHIPPED: &str = r#"{"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}}}"#;

/// A server with the client's files, and a file of its own where it is given one.
struct Site {
    folder: tempfile::TempDir,
    server: Server,
    _database: Database,
}

impl Site {
    async fn new(has_own: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "the desk").unwrap();
        std::fs::write(folder.path().join("config.json"), SHIPPED).unwrap();
        let (first, database) = Server::filled(backends()[0]).await;
        drop(first);
        let config = has_own.then(|| folder.path().join("own.json"));
        let settings = Settings { dist: Some(folder.path().to_owned()), config, ..Settings::default() };
        let server = Server::start_with(&database.url, settings).await;
        Self { folder, server, _database: database }
    }

    /// What everybody reads, and its tag.
    async fn read(&self) -> (String, String) {
        let answer = common::client().get(self.server.url("/config.json")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["cache-control"].to_str().unwrap()), (200, "no-cache"));
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        (answer.text().await.unwrap(), tag)
    }

    /// Writes it; returns the status and what is said.
    async fn write(&self, client: &reqwest::Client, based_on: Option<&str>, text: &str) -> (u16, Value) {
        let put = client.put(self.server.url("/config.json")).header("content-type", "application/json");
        let put = based_on.into_iter().fold(put.header("x-fengtu", "1"), |put, tag| put.header("if-match", tag));
        let answer = put.body(text.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }
}

fn another(base: &str) -> String {
    let file = json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}, "x": {"dialect": "json", "base": base}}});
    serde_json::to_string_pretty(&file).unwrap()
}

#[tokio::test]
async fn an_administrator_writes_it_and_every_page_reads_it() {
    let site = Site::new(true).await;
    let admin = site.server.client_as(Role::SystemAdmin).await;
    let (text, tag) = site.read().await;
    assert_eq!(text, SHIPPED, "what was shipped, until there is another");
    let (first, second) = (another("https://gis.example/a"), another("https://gis.example/b"));
    assert_eq!(site.write(&admin, Some(&tag), &first).await.0, 204);
    let (now, tag_now) = site.read().await;
    assert_eq!(now, first, "byte for byte");
    // A page that opens now may ask whom it names.
    let page = common::client().get(site.server.url("/")).send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"].to_str().unwrap().contains("connect-src 'self' https://gis.example;")
    );
    // Two that began with the same: the second has to look again.
    let (status, problem) = site.write(&admin, Some(&tag), &second).await;
    assert_eq!((status, problem["detail"].as_str()), (412, Some("Read it again, then decide.")));
    assert_eq!(
        site.write(&admin, Some(&format!("W/{tag_now}")), &second).await.0,
        204,
        "a tag that a proxy has weakened"
    );
    assert_eq!(site.read().await.0, second);
    assert_eq!(
        std::fs::read_to_string(site.folder.path().join("config.json")).unwrap(),
        SHIPPED,
        "the client's files stay"
    );
    let known = common::client().get(site.server.url("/config.json")).header("if-none-match", site.read().await.1);
    assert_eq!(known.send().await.unwrap().status(), 304);
    // Taken away, what was shipped counts again.
    std::fs::remove_file(site.folder.path().join("own.json")).unwrap();
    assert_eq!(site.read().await.0, SHIPPED);
}

#[tokio::test]
async fn the_first_is_written_where_there_is_none_and_a_link_stays_one() {
    let site = Site::new(true).await;
    let admin = site.server.client_as(Role::SystemAdmin).await;
    std::fs::remove_file(site.folder.path().join("config.json")).unwrap();
    assert_eq!(common::client().get(site.server.url("/config.json")).send().await.unwrap().status(), 404);
    let (status, problem) = site.write(&admin, Some("\"x\""), SHIPPED).await;
    assert_eq!((status, problem["title"].as_str().unwrap().contains("If-None-Match: *")), (428, true), "{problem}");
    let kept = site.folder.path().join("kept.json");
    std::os::unix::fs::symlink(&kept, site.folder.path().join("own.json")).unwrap();
    let first = || {
        let put = admin.put(site.server.url("/config.json")).header("content-type", "application/json");
        put.header("x-fengtu", "1").header("if-none-match", "*").body(SHIPPED).send()
    };
    assert_eq!(first().await.unwrap().status(), 204);
    assert_eq!(first().await.unwrap().status(), 412, "of two first ones, the second");
    let (_, tag) = site.read().await;
    assert_eq!(site.write(&admin, Some(&tag), &another("https://gis.example")).await.0, 204);
    assert_eq!(site.read().await.0, another("https://gis.example"));
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), another("https://gis.example"));
    assert!(std::fs::symlink_metadata(site.folder.path().join("own.json")).unwrap().is_symlink());
}

#[tokio::test]
async fn what_would_leave_pages_without_a_backend_is_refused() {
    let site = Site::new(true).await;
    let admin = site.server.client_as(Role::SystemAdmin).await;
    let (_, tag) = site.read().await;
    let large = format!(
        "{{\"backends\": {{\"default\": {{\"dialect\": \"fengtu\", \"base\": \"{}\"}}}}}}",
        "x".repeat(600 * 1024)
    );
    for (text, status, pointer) in [
        ("", 400, ""),
        ("<html>", 400, ""),
        ("[]", 400, ""),
        ("{}", 400, "/backends"),
        (r#"{"backends": {}}"#, 400, "/backends/default"),
        (r#"{"backends": {"default": {"dialect": "fengtu"}}}"#, 400, "/backends/default/base"),
        (r#"{"backends": {"default": {"dialect": 1, "base": "/api/v1"}}}"#, 400, "/backends/default/dialect"),
        (large.as_str(), 413, ""),
    ] {
        let (got, problem) = site.write(&admin, Some(&tag), text).await;
        assert_eq!(got, status, "{} {problem}", &text[..text.len().min(60)]);
        if status == 400 {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{text}");
        }
    }
    let (status, problem) = site.write(&admin, None, SHIPPED).await;
    assert_eq!((status, problem["title"].as_str()), (428, Some("The header If-Match is missing.")));
    assert_eq!(site.read().await, (SHIPPED.to_owned(), tag), "nothing was written");
}

#[tokio::test]
async fn nobody_else_writes_it_and_no_server_that_was_not_told_where() {
    let site = Site::new(true).await;
    let (_, tag) = site.read().await;
    for role in Role::ALL.iter().filter(|role| **role != Role::SystemAdmin) {
        let client = site.server.client_as(*role).await;
        let expected = if *role == Role::Public { 401 } else { 403 };
        assert_eq!(site.write(&client, Some(&tag), SHIPPED).await.0, expected, "{role}");
    }
    let admin = site.server.client_as(Role::SystemAdmin).await;
    let forged = admin.put(site.server.url("/config.json")).header("if-match", &tag).body("{}").send().await.unwrap();
    assert_eq!(forged.status(), 403, "without the header that no form of another site can send");
    let site = Site::new(false).await;
    let admin = site.server.client_as(Role::SystemAdmin).await;
    let (status, problem) = site.write(&admin, Some(&site.read().await.1), SHIPPED).await;
    assert_eq!(status, 405);
    assert!(problem["detail"].as_str().unwrap().contains("--config FILE"), "{problem}");
}
