//! An empty server starts on either database and answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

#[tokio::test]
async fn an_empty_database_is_migrated_and_answers() {
    for backend in common::backends() {
        let database = common::Database::fresh(backend).await;
        let server = common::Server::start(&database.url).await;
        let response = common::client().get(server.url("/api/v1/health")).send().await.unwrap();
        assert_eq!(response.status(), 204, "{backend:?}");
    }
}
