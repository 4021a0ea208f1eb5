//! An empty server starts on either database and answers.

use crate::common;

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

/// Runs the binary until it ends by itself; returns its code and what it said.
fn ended(args: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fengtu-server"));
    let command = command
        .env_remove("DATABASE_URL")
        .env_remove("FENGTU_PROXIES")
        .env_remove("RUST_LOG")
        .env("KEY_OF_TEST", "hunter2\n");
    let outcome = command.args(args).output().unwrap();
    (outcome.status.code(), String::from_utf8(outcome.stderr).unwrap())
}

#[test]
fn settings_that_cannot_be_used_end_the_start_with_their_place_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("proxies.toml"));
    let entry = "[proxy.gis]\nbase = \"https://gis.example\"\nwho = \"staff\"\n";
    for (text, told) in [
        (None, vec!["proxies.toml", "cannot read"]),
        (Some("[proxy.gis\n".to_owned()), vec!["proxies.toml", "line 1"]),
        (Some(format!("{entry}querry = 1")), vec!["proxies.toml", "line 4", "querry", "expected one of"]),
        (Some(format!("{entry}timeout_s = 0")), vec!["[proxy.gis]", "timeout_s", "1–300"]),
        (Some(format!("{entry}paths = [{{ path = \"x\" }}]")), vec!["[proxy.gis]", "paths: x", "must begin with /"]),
        (
            Some(format!("{entry}credentials.header = {{ name = \"k\", value = {{ env = \"KEY_OF_TEST\" }} }}")),
            vec!["[proxy.gis]", "no header can"],
        ),
    ] {
        let text = text.map(|text| std::fs::write(&file, text).unwrap());
        assert_eq!(text.is_some(), file.exists());
        let args = ["--listen", "127.0.0.1:0", "--data", data.to_str().unwrap(), "--proxies", file.to_str().unwrap()];
        let (code, said) = ended(&args);
        assert_eq!(code, Some(1), "{said}");
        assert!(told.iter().all(|part| said.contains(part)), "{told:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("hunter2"), "{said}");
        assert!(!data.exists(), "a database was made all the same");
    }
}

#[test]
fn an_address_that_is_taken_ends_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = ended(&["--listen", &address, "--data", folder.path().to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
}
