//! Imports into a database: twice, dry, strict, broken off, and told.

use std::path::{Path, PathBuf};

use fengtu_server::db::Db;
use fengtu_server::import::mapping::{Kind, Mapping};
use fengtu_server::import::report::{Reason, Report, Verdict};
use fengtu_server::import::run::{ImportArgs, ImportError, context, run};

use super::{fixture, said};
use crate::common::{Backend, Database, NOW, backends};

fn args(kind: Kind, file: &Path, map: &Path) -> ImportArgs {
    ImportArgs { kind, map: map.into(), dry_run: false, strict: false, report: None, file: file.into() }
}

async fn import(db: &Db, args: &ImportArgs) -> Result<Report, ImportError> {
    run(Some(db), args, NOW.parse().unwrap(), &mut std::io::sink()).await
}

async fn rows(db: &Db, table: &str) -> i64 {
    sqlx::query_scalar(&format!("SELECT COUNT(*) FROM {table}")).fetch_one(db.pool()).await.unwrap()
}

const FILES: [(Kind, &str, &str); 7] = [
    (Kind::Places, "places.geojson", "places.toml"),
    (Kind::Grids, "grids.geojson", "grids.toml"),
    (Kind::Buildings, "buildings.geojson", "buildings.toml"),
    (Kind::Stations, "stations.csv", "stations.toml"),
    (Kind::Stops, "stops.csv", "stops.toml"),
    (Kind::Cases, "cases.csv", "cases.toml"),
    (Kind::Lawsuits, "lawsuits.csv", "lawsuits.toml"),
];

#[tokio::test]
async fn the_same_files_twice_double_nothing() {
    for backend in backends() {
        let database = Database::fresh(backend).await;
        let db = Db::open(&database.url).await.unwrap();
        for (kind, file, map) in FILES {
            let args = args(kind, &fixture(file), &fixture(map));
            let dry = import(&db, &ImportArgs { dry_run: true, ..args.clone() }).await.unwrap();
            let first = import(&db, &args).await.unwrap();
            assert_eq!(dry, first, "{backend:?} {file}: a dry run tells the same");
            let again = import(&db, &args).await.unwrap();
            assert_eq!((again.new, again.updated), (0, 0), "{backend:?} {file}");
            let once = |report: &Report| report.read - report.refused - report.ignored;
            assert_eq!(again.unchanged, once(&first), "{backend:?} {file}");
        }
        assert_eq!(rows(&db, "places").await, 12, "{backend:?}");
        assert_eq!(rows(&db, "stations").await, 3, "{backend:?}");
        assert_eq!(rows(&db, "lawsuits").await, 5, "{backend:?}");
        let config = fengtu_server::store::meta::config(&db, NOW.parse().unwrap()).await.unwrap();
        assert_eq!((config.name.zh.as_str(), config.name.en.as_str()), ("示例区", "Example District"));
        assert_eq!(config.root.unwrap().as_str(), "440399");
    }
}

#[tokio::test]
async fn a_count_of_lawsuits_that_was_wrong_can_be_taken_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.csv");
    std::fs::write(&file, "区域,月份,民事立案\n西南,2026-01,\n西南,2026-02,9\n").unwrap();
    for backend in backends() {
        let database = Database::fresh(backend).await;
        let db = Db::open(&database.url).await.unwrap();
        import(&db, &args(Kind::Places, &fixture("places.geojson"), &fixture("places.toml"))).await.unwrap();
        import(&db, &args(Kind::Lawsuits, &fixture("lawsuits.csv"), &fixture("lawsuits.toml"))).await.unwrap();
        let log = rows(&db, "change_log").await;
        let out = args(Kind::Lawsuits, &file, &fixture("lawsuits.toml"));
        import(&db, &ImportArgs { dry_run: true, ..out.clone() }).await.unwrap();
        assert_eq!(rows(&db, "lawsuits").await, 5, "{backend:?}: a dry run takes nothing out");
        let report = import(&db, &ImportArgs { strict: true, ..out.clone() }).await.unwrap();
        assert_eq!((report.updated, report.unchanged), (1, 1), "{backend:?}");
        let left = fengtu_server::store::lawsuits::all(db.pool()).await.unwrap();
        let gone =
            |month: &str| left.iter().all(|row| row.place.as_str() != "440399001001" || row.month.to_string() != month);
        assert_eq!((left.len(), gone("2026-01-01"), gone("2026-02-01")), (4, true, false), "{backend:?}");
        // A server that runs is told.
        assert_eq!(rows(&db, "change_log").await, log + 1, "{backend:?}");
        import(&db, &out).await.unwrap();
        assert_eq!(rows(&db, "change_log").await, log + 1, "{backend:?}: the same again changes nothing");
    }
}

#[tokio::test]
async fn a_dry_run_and_a_strict_one_write_nothing() {
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let places = args(Kind::Places, &fixture("places.geojson"), &fixture("places.toml"));
    import(&db, &ImportArgs { dry_run: true, ..places.clone() }).await.unwrap();
    assert_eq!((rows(&db, "places").await, rows(&db, "change_log").await), (0, 0));
    import(&db, &places).await.unwrap();
    let grids = args(Kind::Grids, &fixture("grids.geojson"), &fixture("grids.toml"));
    let error = import(&db, &ImportArgs { strict: true, ..grids }).await.unwrap_err();
    assert!(matches!(error, ImportError::Strict(12)) && error.exit_code() == 1, "{error}");
    assert_eq!(rows(&db, "places").await, 6);
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing() {
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let trigger = "CREATE TRIGGER fails BEFORE INSERT ON case_events WHEN NEW.number = 'A24' BEGIN SELECT RAISE(ABORT, 'no'); END";
    sqlx::query(trigger).execute(db.pool()).await.unwrap();
    import(&db, &args(Kind::Places, &fixture("places.geojson"), &fixture("places.toml"))).await.unwrap();
    let log = rows(&db, "change_log").await;
    let error = import(&db, &args(Kind::Cases, &fixture("cases.csv"), &fixture("cases.toml"))).await.unwrap_err();
    assert!(matches!(error, ImportError::Failed(_)), "{error}");
    assert_eq!((rows(&db, "cases").await, rows(&db, "case_events").await, rows(&db, "change_log").await), (0, 0, log));
    sqlx::query("DROP TRIGGER fails").execute(db.pool()).await.unwrap();
    assert!(import(&db, &args(Kind::Cases, &fixture("cases.csv"), &fixture("cases.toml"))).await.unwrap().new > 0);
}

/// Writes a mapping of the example district with more lines under `[district]`.
fn mapping_with(folder: &Path, more: &str) -> PathBuf {
    let path = folder.join("map.toml");
    std::fs::write(&path, std::fs::read_to_string(fixture("places.toml")).unwrap() + more).unwrap();
    path
}

#[tokio::test]
async fn rows_and_settings_are_written_together_or_not_at_all() {
    for backend in backends() {
        let database = Database::fresh(backend).await;
        let db = Db::open(&database.url).await.unwrap();
        let name = async || fengtu_server::store::meta::config(&db, NOW.parse().unwrap()).await.unwrap().name.zh;
        // The last thing that an import writes cannot be written.
        sqlx::query("ALTER TABLE change_log RENAME TO gone").execute(db.pool()).await.unwrap();
        let places = args(Kind::Places, &fixture("places.geojson"), &fixture("places.toml"));
        assert!(matches!(import(&db, &places).await.unwrap_err(), ImportError::Failed(_)), "{backend:?}");
        assert_eq!((rows(&db, "places").await, name().await.as_str()), (0, "未命名辖区"), "{backend:?}");
        sqlx::query("ALTER TABLE gone RENAME TO change_log").execute(db.pool()).await.unwrap();
        import(&db, &places).await.unwrap();
        assert_eq!((rows(&db, "places").await, name().await.as_str()), (6, "示例区"), "{backend:?}");
    }
}

#[tokio::test]
async fn an_import_may_set_how_warnings_are_computed_and_nonsense_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let wrong = mapping_with(folder.path(), "warnings.weights.amount.points = 20\n");
    let error = import(&db, &args(Kind::Places, &fixture("places.geojson"), &wrong)).await.unwrap_err();
    assert!(error.to_string().contains("114") && error.exit_code() == 2, "{error}");
    let unknown = mapping_with(folder.path(), "warnings.weights.colour.points = 20\n");
    assert_eq!(
        import(&db, &args(Kind::Places, &fixture("places.geojson"), &unknown)).await.unwrap_err().exit_code(),
        2
    );
    assert_eq!((rows(&db, "places").await, rows(&db, "change_log").await), (0, 0));
    let right = "warnings.thresholds = [9, 18, 30]\nwarnings.weights.amount.points = 0\n\
                 warnings.weights.repeats.points = 16\nwarnings.windows.recent_s = 1209600\n";
    let args = args(Kind::Places, &fixture("places.geojson"), &mapping_with(folder.path(), right));
    import(&db, &args).await.unwrap();
    let config = fengtu_server::store::meta::config(&db, NOW.parse().unwrap()).await.unwrap();
    let rules = config.warning_rules.unwrap();
    assert_eq!((config.warning_thresholds, rules.windows.recent_s), ([9.0, 18.0, 30.0], 1_209_600));
    assert!((rules.weights.iter().map(|weight| weight.points).sum::<f64>() - 100.0).abs() < 1e-9);
    let log = rows(&db, "change_log").await;
    import(&db, &args).await.unwrap();
    assert_eq!(rows(&db, "change_log").await, log, "the same again changes nothing");
}

#[tokio::test]
async fn what_was_done_here_is_not_undone() {
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let cases = args(Kind::Cases, &fixture("cases.csv"), &fixture("cases.toml"));
    import(&db, &args(Kind::Places, &fixture("places.geojson"), &fixture("places.toml"))).await.unwrap();
    import(&db, &cases).await.unwrap();
    let mapping = Mapping::parse(&std::fs::read_to_string(fixture("cases.toml")).unwrap(), Kind::Cases).unwrap();
    let sql = "INSERT INTO case_events (number, sequence, at, from_state, to_state, actor) VALUES ('A29', 2, 1773194400000, 'reported', 'accepted', '西街道')";
    sqlx::query(sql).execute(db.pool()).await.unwrap();
    let again = import(&db, &cases).await.unwrap();
    assert_eq!((said(&again, "A29"), again.updated), (vec!["moved_on_here"], 0));
    let there = context(Some(&db), Kind::Cases, &mapping, NOW.parse().unwrap()).await.unwrap().existing.cases;
    assert_eq!(there.iter().find(|case| case.number.as_str() == "A29").unwrap().events.len(), 2);
}

#[tokio::test]
async fn the_report_is_told_and_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let mut grids = args(Kind::Grids, &fixture("grids.geojson"), &fixture("grids.toml"));
    grids.report = Some(folder.path().join("r.csv"));
    let mut out = Vec::new();
    let report = run(Some(&db), &grids, NOW.parse().unwrap(), &mut out).await.unwrap();
    let told = String::from_utf8(out).unwrap();
    assert!(told.contains("被拒绝的行除外") && told.contains("[ring_self_crossing]"), "{told}");
    let csv = std::fs::read_to_string(folder.path().join("r.csv")).unwrap();
    assert_eq!(csv.lines().count(), report.lines.len() + 1);
    grids.report = Some(folder.path().join("r.json"));
    run(Some(&db), &grids, NOW.parse().unwrap(), &mut std::io::sink()).await.unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(json["lines"].as_array().unwrap().len(), report.lines.len());
    assert!(json["reasons"]["ring_self_crossing"]["zh"].is_string());
}

#[test]
fn every_reason_has_words_and_a_name_of_its_own() {
    let mut codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Reason::ALL.len());
    assert!(Reason::ALL.iter().all(|reason| !reason.words().0.is_ascii() && !reason.words().1.is_empty()));
    assert_eq!(Reason::RingUnclosed.verdict(), Verdict::Repaired);
}

// FENGTU_CHICAGO names a folder with areas.geojson and requests.csv, which are not ours to carry.
#[tokio::test]
async fn chicago_is_imported_where_it_is_at_hand() {
    let Some(folder) = std::env::var_os("FENGTU_CHICAGO").map(PathBuf::from) else { return };
    let database = Database::fresh(Backend::Sqlite).await;
    let db = Db::open(&database.url).await.unwrap();
    let areas = args(Kind::Places, &folder.join("areas.geojson"), &fixture("chicago/areas.toml"));
    let requests = args(Kind::Cases, &folder.join("requests.csv"), &fixture("chicago/requests.toml"));
    assert_eq!(import(&db, &areas).await.unwrap().new, 77);
    let report = import(&db, &requests).await.unwrap();
    assert_eq!((report.read, report.new + report.refused), (14_880, 14_880));
    let again = import(&db, &requests).await.unwrap();
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, report.new));
}
