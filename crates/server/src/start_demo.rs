//! Starts the demo: fills an empty database once, and moves the district on while a server runs.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fengtu_domain::defaults;
use fengtu_wire::config::{Config, DemoAccount};
use fengtu_wire::session::Role;
use fengtu_wire::text::LocalText;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::cli::DemoDistrict;
use crate::dataset::AccountRow;
use crate::db::Db;
use crate::demo;
use crate::live::drive::drive;
use crate::store::write::{self, Part};
use crate::store::{accounts, meta, standing};

/// How the demo that a database holds was made; made again from this, it is the same.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Made {
    seed: u64,
    cases: usize,
    at: DateTime<Utc>,
}

const MADE: &str = "demo";

/// Fills an empty database with the demo; one that holds something is left as it is.
pub async fn fill(db: &Db, _district: DemoDistrict, seed: u64, cases: usize, now: DateTime<Utc>) -> anyhow::Result<()> {
    if !write::is_empty(db).await? {
        if meta::get(db.pool(), MADE).await?.is_none() {
            tracing::warn!("--demo is left aside: the database holds a district that is not the demo");
        }
        return Ok(());
    }
    let started = std::time::Instant::now();
    let bar = progress_bar(cases as u64);
    bar.set_message("inventing the district");
    let data = tokio::task::spawn_blocking(move || demo::generate(seed, cases, now)).await?;
    // The facts first: stopped in between, the database still counts as empty, and the next start does it all.
    write_facts(db, Made { seed, cases, at: now }).await?;
    write::write_dataset(db, &data, now, &mut |part, done| show(&bar, part, done)).await?;
    bar.finish_and_clear();
    tracing::info!("demo district made in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// So long after the database failed the demo is taken up from it again.
const AGAIN: Duration = Duration::from_secs(5);

/// Moves the demo on from where the database says that it stands; returns at once where it holds none. The time in which
/// no server moved it is skipped: nobody came and nobody worked, and clocks ran on.
pub async fn move_on(state: AppState, events_per_second: f64) {
    loop {
        let error = match simulator(&state.db).await {
            Ok(Some(mut simulator)) => drive(state.clone(), move |now| simulator.next(now), events_per_second).await,
            Ok(None) => return tracing::warn!("--live is left aside: the database does not hold the demo"),
            Err(error) => error,
        };
        tracing::warn!("the demo does not move, and is taken up anew in {} s: {error:#}", AGAIN.as_secs());
        tokio::time::sleep(AGAIN).await;
    }
}

async fn simulator(db: &Db) -> anyhow::Result<Option<demo::Simulator>> {
    let made = meta::get(db.pool(), MADE).await?.and_then(|text| serde_json::from_str::<Made>(&text).ok());
    let Some(Made { seed, .. }) = made else { return Ok(None) };
    let standing = standing::read(db).await?;
    Ok(Some(tokio::task::spawn_blocking(move || demo::Simulator::new(seed, &standing)).await?))
}

async fn write_facts(db: &Db, made: Made) -> anyhow::Result<()> {
    let mut tx = db.begin_write().await?;
    accounts::write(&mut tx, &account_rows()).await?;
    meta::set_config(&mut *tx, &config(made.at)).await?;
    meta::set(&mut *tx, MADE, &serde_json::to_string(&made)?).await?;
    Ok(tx.commit().await?)
}

fn config(now: DateTime<Utc>) -> Config {
    let wire = |account: demo::DemoAccount| DemoAccount {
        name: account.name.to_owned(),
        password: account.password.to_owned(),
        role: account.role,
        title: LocalText::new(account.display_name, account.display_name_en),
    };
    Config {
        name: LocalText::new("光明区", "Guangming District"),
        demo: true,
        demo_accounts: demo::accounts().into_iter().map(wire).collect(),
        ..defaults::config(now.fixed_offset())
    }
}

fn account_rows() -> Vec<AccountRow> {
    let row = |account: demo::DemoAccount| AccountRow {
        office: office(account.role).map(str::to_owned),
        name: account.name.to_owned(),
        display_name: account.display_name.to_owned(),
        staff_number: account.staff_number.map(str::to_owned),
        role: account.role,
        place: account.place,
        title: LocalText::new(account.display_name, account.display_name_en),
        password: account.password.to_owned(),
    };
    demo::accounts().into_iter().map(row).collect()
}

// The offices that the generator's cases are held by. Secretaries and leaders hold none: they see what lies in their part
// of the tree, and restricted cases only reach those who handle them.
const fn office(role: Role) -> Option<&'static str> {
    match role {
        Role::CommunityClerk => Some("群众诉求服务站"),
        Role::Street => Some("综治办"),
        Role::Department => Some("区人力资源局"),
        Role::Counsellor => Some("区心理服务中心"),
        _ => None,
    }
}

fn progress_bar(cases: u64) -> ProgressBar {
    let bar = ProgressBar::new(cases);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(bar: &ProgressBar, part: Part, done: usize) {
    bar.set_message(match part {
        Part::Places => "writing places",
        Part::Stations => "writing stations",
        Part::Buildings => "writing buildings",
        Part::Basemap => "writing the base map",
        Part::Cases => "writing cases",
        Part::Orders => "writing orders",
        Part::Lawsuits => "writing lawsuits",
    });
    if part == Part::Cases {
        bar.set_position(done as u64);
    }
}
