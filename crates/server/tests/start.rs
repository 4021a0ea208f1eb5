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

#[tokio::test]
async fn an_older_database_counts_a_case_as_accepted_when_the_office_above_took_it() {
    for backend in common::backends() {
        let (server, database) = common::Server::filled(backend).await;
        let pool = server.state.db.pool();
        let accepted = async |number: &str| {
            let sql = "SELECT accepted_at FROM cases WHERE number = $1";
            sqlx::query_scalar::<_, Option<i64>>(sql).bind(number.to_owned()).fetch_one(pool).await.unwrap()
        };
        let before = accepted("C1111-02").await.unwrap();
        // As it was written before: passed up, and counted as accepted with that.
        for sql in [
            "UPDATE case_events SET to_state = 'escalated' WHERE to_state = 'accepted' AND number IN ('C1111-01', 'C1111-02')",
            "UPDATE cases SET accepted_at = 7 WHERE number = 'C1111-04'",
            "DELETE FROM _sqlx_migrations WHERE version = 3",
        ] {
            sqlx::query(sql).execute(pool).await.unwrap();
        }
        fengtu_server::db::Db::open(&database.url).await.unwrap();
        assert_eq!(accepted("C1111-01").await, None, "nobody took it yet {backend:?}");
        assert_eq!(accepted("C1111-02").await, Some(before + 45 * 60_000), "settled by the office above {backend:?}");
        assert_eq!(accepted("C1111-04").await, Some(7), "was not passed up {backend:?}");
    }
}
