//! A demo that is stopped or killed and started again on the same database goes on from what that holds.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use fengtu_domain::states::TRANSITIONS;
use fengtu_server::dataset::{CaseRow, Change, Dataset};
use fengtu_server::db::Db;
use fengtu_server::demo::{Simulator, generate};
use fengtu_server::standing::Standing;
use fengtu_server::store::changes::{Refused, apply_changes};
use fengtu_server::store::{cases, change_log, standing, write};
use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::mediations::MediationOutcome;

use crate::common::{Backend, Database, NOW, backends};

const SEED: u64 = 3;
/// Changes between a start and the next kill: some dozen mediations are among them.
const CHANGES: u64 = 400;

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// What goes on in a demo district; the rest of it would only take time to write.
fn district() -> Dataset {
    let mut all = generate(SEED, 1500, now());
    // By now every order may be scored and every agreement confirmed: of the newest ones something is left to do.
    for order in all.orders.iter_mut().rev().take(3) {
        order.departments.iter_mut().for_each(|one| one.score = None);
    }
    all.confirmations.iter_mut().rev().take(3).for_each(|row| row.confirmed_at = None);
    Dataset {
        cases: all.cases,
        orders: all.orders,
        mediations: all.mediations,
        confirmations: all.confirmations,
        ..Dataset::default()
    }
}

async fn filled(backend: Backend, data: &Dataset) -> (Db, Database) {
    let database = Database::fresh(backend).await;
    let db = Db::open(&database.url).await.unwrap();
    write::write_dataset(&db, data, now(), &mut |_, _| ()).await.unwrap();
    (db, database)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_reads_back_where_a_district_stands_and_a_simulator_goes_on_from_there() {
    let data = district();
    for backend in backends() {
        let (db, _database) = filled(backend, &data).await;
        let (known, read) = (Standing::of(&data), standing::read(&db).await.unwrap());
        assert!(!read.cases.is_empty() && !read.mediations.is_empty(), "{backend:?}");
        assert!(read.orders.len() >= 3 && read.confirmations.len() >= 3, "{backend:?}");
        assert_eq!((read.at, &read.cases, &read.orders), (known.at, &known.cases, &known.orders), "{backend:?}");
        assert_eq!((&read.mediations, &read.confirmations), (&known.mediations, &known.confirmations), "{backend:?}");
        let [mut one, mut two] = [&known, &read].map(|standing| Simulator::new(SEED, standing));
        for second in 0..200 {
            let at = now() + TimeDelta::seconds(second);
            assert_eq!(one.next(at), two.next(at), "{backend:?}");
        }
        for hour in 0..3 {
            move_on(&db, now() + TimeDelta::hours(hour)).await;
        }
        assert_sound(&db).await;
    }
}

/// Takes the district up, and moves it on for some minutes; nothing of it may be refused.
async fn move_on(db: &Db, from: DateTime<Utc>) {
    let mut simulator = Simulator::new(SEED, &standing::read(db).await.unwrap());
    for second in 0..300 {
        let at = from + TimeDelta::seconds(second);
        for together in simulator.next(at) {
            apply_changes(db, at, &together).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_together_is_written_together_or_not_at_all() {
    let data = district();
    for backend in backends() {
        let (db, _database) = filled(backend, &data).await;
        let before = (change_log::latest(&db).await.unwrap(), standing::read(&db).await.unwrap());
        let mut mediation = before.1.mediations[0].clone();
        mediation.ended = Some((now(), MediationOutcome::Agreed));
        let taken = Change::NewCase(Box::new(data.cases[0].clone()));
        let refused = apply_changes(&db, now(), &[Change::Mediation(mediation.clone()), taken]).await;
        assert!(matches!(refused, Err(Refused::InUse(_))), "{backend:?}");
        let after = (change_log::latest(&db).await.unwrap(), standing::read(&db).await.unwrap());
        assert_eq!(after, before, "{backend:?}");
        let last =
            apply_changes(&db, now(), &[Change::Mediation(mediation.clone()), Change::Mediation(mediation)]).await;
        assert_eq!(last.unwrap().0, before.0 + 2, "each has its row in the log {backend:?}");
        assert_eq!(standing::read(&db).await.unwrap().mediations, before.1.mediations[1..], "{backend:?}");
    }
}

/// The server's own binary, moving a small demo fast.
struct Process {
    child: Child,
    said: Option<JoinHandle<Vec<String>>>,
}

impl Process {
    fn start(url: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fengtu-server"));
        for name in ["DATABASE_URL", "FENGTU_PROXIES", "FENGTU_PUBLIC_ORIGIN", "RUST_LOG"] {
            command.env_remove(name);
        }
        command.args(["--listen", "127.0.0.1:0", "--database-url", url, "--demo", "guangming", "--seed", "3"]);
        command.args(["--cases", "400", "--live", "500"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = std::thread::spawn(move || lines.map_while(Result::ok).collect());
        Self { child, said: Some(said) }
    }

    /// Waits until so many changes more are in the log than `before`.
    async fn changes(&mut self, db: &Db, before: u64) {
        let began = Instant::now();
        while change_log::latest(db).await.unwrap() < before + CHANGES {
            assert_eq!(self.child.try_wait().unwrap(), None, "it ended by itself");
            assert!(began.elapsed() < Duration::from_secs(300), "it does not move");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it as a power cut would, and returns what it has said.
    fn kill(&mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.said.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended before: then there is nothing to do.
        let _ = (self.child.kill(), self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_that_was_killed_goes_on_where_it_stood_and_nothing_is_refused() {
    for backend in backends() {
        let database = Database::fresh(backend).await;
        let db = Db::open(&database.url).await.unwrap();
        let (mut numbers, mut people) = (BTreeSet::new(), BTreeSet::new());
        for turn in 0..3 {
            let before = change_log::latest(&db).await.unwrap();
            let mut process = Process::start(&database.url);
            process.changes(&db, before).await;
            let said = process.kill();
            assert!(!said.iter().any(|line| is_complaint(line)), "{backend:?} {turn} {said:#?}");
            let new: Vec<CaseRow> = cases::rows(&db).await.unwrap();
            let new: Vec<CaseRow> = new.into_iter().filter(|case| !numbers.contains(&case.number)).collect();
            assert!(new.len() > 10, "{backend:?} {turn}");
            // What was done before is not done again: other people come.
            let who: BTreeSet<String> = new.iter().map(|case| format!("{:?}", case.parties)).collect();
            assert!(people.is_disjoint(&who), "{backend:?} {turn}");
            people.extend(who);
            numbers.extend(new.into_iter().map(|case| case.number));
            assert_sound(&db).await;
        }
    }
}

// That the board is late is not a change that was refused: other tests keep the machine busy.
fn is_complaint(line: &str) -> bool {
    (line.contains(" WARN ") || line.contains("ERROR")) && !line.contains("has not come back from the log yet")
}

/// Checks that every case went a legal way, and that mediations are those of which the cases tell.
async fn assert_sound(db: &Db) {
    let rows = cases::rows(db).await.unwrap();
    for case in &rows {
        for pair in case.events.windows(2) {
            let is_step = TRANSITIONS.iter().any(|row| row.from.contains(&pair[0].to) && row.to == pair[1].to);
            assert!(is_step && pair[0].at <= pair[1].at, "{} {pair:?}", case.number);
        }
    }
    let mediating = rows.iter().filter(|case| case.events.last().unwrap().to == CaseState::Mediating);
    let mediating: BTreeSet<&CaseNumber> = mediating.map(|case| &case.number).collect();
    let going_on = standing::read(db).await.unwrap().mediations;
    assert_eq!(going_on.iter().map(|row| &row.case).collect::<BTreeSet<_>>(), mediating);
}
