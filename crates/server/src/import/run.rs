//! `fengtu-server import`: reads the files, asks the database what is there, writes all or nothing, tells.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use fengtu_wire::text::LocalText;
use indicatif::{ProgressBar, ProgressStyle};
use thiserror::Error;

use super::mapping::{Kind, Mapping, MappingError};
use super::report::{FileError, Report};
use super::{Context, Outcome, existing, print, read};
use crate::dataset::Dataset;
use crate::db::Db;
use crate::store::{self, meta, write};

/// What `import` is asked to do.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArgs {
    /// What the file holds.
    #[arg(long, value_enum)]
    pub kind: Kind,
    /// The mapping: which column is what, in which datum, in whose words.
    #[arg(long, value_name = "MAPPING.toml")]
    pub map: PathBuf,
    /// Reads and reports as ever, and writes nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Writes nothing if any row is refused.
    #[arg(long)]
    pub strict: bool,
    /// Every line of the report, as CSV, or as JSON by the name's ending.
    #[arg(long, value_name = "REPORT")]
    pub report: Option<PathBuf>,
    /// The file: `GeoJSON` or CSV.
    pub file: PathBuf,
}

/// Why an import did not come to its end; nothing was written.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The mapping is wrong: the command was.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The file as a whole cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// With `--strict`: rows were refused.
    #[error(
        "有 {0} 行被拒绝,因 --strict 未写入任何内容 / {0} rows were refused; nothing was written because of --strict"
    )]
    Strict(u64),
    /// A file or the database failed.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
}

impl ImportError {
    /// Returns the exit code: 2 where the command was wrong, 1 where the file was, or the machine.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Mapping(_) => 2,
            _ => 1,
        }
    }
}

/// Imports a file and tells `out` what happened. Without a database (a dry run before the first import) nothing is there.
pub async fn run(
    db: Option<&Db>,
    args: &ImportArgs,
    now: DateTime<Utc>,
    out: &mut (dyn Write + Send),
) -> Result<Report, ImportError> {
    let mapping = Mapping::parse(&text(&args.map)?, args.kind)?;
    check_settings(db, &mapping, now).await?;
    let outcome = read_file(args, &mapping, &context(db, args.kind, &mapping, now).await?)?;
    // Opened before anything is written: an import whose report cannot be kept does not happen.
    let mut kept = args.report.as_deref().map(create).transpose()?;
    let stopped = args.strict && outcome.report.refused > 0;
    if let (Some(db), false) = (db, args.dry_run || stopped) {
        keep(db, &outcome, &mapping, now).await?;
    }
    tell(out, args, &outcome.report, stopped).context("cannot write the report")?;
    if let (Some(file), Some(path)) = (&mut kept, &args.report) {
        write_whole(file, path, &outcome.report).context("cannot write the report")?;
    }
    if stopped { Err(ImportError::Strict(outcome.report.refused)) } else { Ok(outcome.report) }
}

// Before the rows are read, and in a dry run too: settings that make no sense stop the import.
async fn check_settings(db: Option<&Db>, mapping: &Mapping, now: DateTime<Utc>) -> Result<(), ImportError> {
    let Some(district) = &mapping.district else { return Ok(()) };
    let mut config = match db {
        Some(db) => meta::stored_config(db.pool(), now).await?,
        None => fengtu_domain::defaults::config(now.fixed_offset()),
    };
    Ok(district.warnings.apply(&mut config).map_err(MappingError::Warnings)?)
}

fn read_file(args: &ImportArgs, mapping: &Mapping, context: &Context) -> Result<Outcome, ImportError> {
    let bytes = std::fs::read(&args.file).with_context(|| cannot_read(&args.file))?;
    let bar = bar("读取 reading");
    let mut progress = |done: usize, total: usize| show(&bar, done, total);
    Ok(read(&bytes, &args.file.to_string_lossy(), args.kind, mapping, context, &mut progress)?)
}

/// Reads what an import has to know of the database.
pub async fn context(db: Option<&Db>, kind: Kind, mapping: &Mapping, now: DateTime<Utc>) -> anyhow::Result<Context> {
    let Some(db) = db else {
        return Ok(Context { existing: Dataset::default(), categories: fengtu_domain::categories::tree(), now });
    };
    let mut there = Dataset { places: existing::places(db).await?, ..Dataset::default() };
    match kind {
        Kind::Places | Kind::Grids => {}
        Kind::Stations | Kind::Stops => there.stations = existing::stations(db).await?,
        Kind::Buildings => there.buildings = existing::buildings(db).await?,
        Kind::Cases => there.cases = store::cases::rows(db).await?,
        Kind::Lawsuits => there.lawsuits = store::lawsuits::all(db.pool()).await?,
    }
    if kind == Kind::Cases && mapping.fields.contains_key("building") {
        there.buildings = existing::buildings(db).await?;
    }
    Ok(Context { existing: there, categories: meta::config(db, now).await?.categories, now })
}

async fn keep(db: &Db, outcome: &Outcome, mapping: &Mapping, now: DateTime<Utc>) -> anyhow::Result<()> {
    let Dataset { places, stations, buildings, cases, lawsuits, lawsuits_out, .. } = &outcome.dataset;
    let counts = lawsuits.len() + lawsuits_out.len();
    let total = places.len() + stations.len() + buildings.len() + cases.len() + counts;
    if total == 0 && !changes_settings(db, mapping, now).await? {
        return Ok(());
    }
    let bar = bar("写入 writing");
    let mut progress = |_, done: usize| show(&bar, done, total);
    let set_up = |config: &mut Config| set_up(mapping, config);
    write::write_with_settings(db, &outcome.dataset, &set_up, now, &mut progress)
        .await
        .context("the database refused; nothing was written")
}

async fn changes_settings(db: &Db, mapping: &Mapping, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let before = meta::stored_config(db.pool(), now).await?;
    let mut after = before.clone();
    set_up(mapping, &mut after)?;
    Ok(after != before)
}

fn set_up(mapping: &Mapping, config: &mut Config) -> anyhow::Result<()> {
    let Some(district) = &mapping.district else { return Ok(()) };
    config.name = LocalText::new(&district.name, district.name_en.as_deref().unwrap_or(&district.name));
    if let Some(offset) = mapping.offset() {
        config.utc_offset_s = offset.local_minus_utc();
    }
    if let Some(source) = &district.source {
        config.map_notice.source = LocalText::new(source, source);
    }
    config.map_notice.review_number = district.review_number.clone().or(config.map_notice.review_number.take());
    Ok(district.warnings.apply(config)?)
}

fn tell(out: &mut (dyn Write + Send), args: &ImportArgs, report: &Report, stopped: bool) -> anyhow::Result<()> {
    let (zh, en) = match (args.dry_run, stopped, report.refused) {
        (true, ..) => ("试运行,未写入", "dry run, nothing was written"),
        (_, true, _) => ("未写入", "nothing was written"),
        (_, _, 0) => ("已写入", "written"),
        _ => ("已写入,被拒绝的行除外", "written, but for the refused rows"),
    };
    let file = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    writeln!(out, "{file}: {zh} / {en}")?;
    Ok(print::text(out, report)?)
}

fn create(path: &Path) -> anyhow::Result<std::fs::File> {
    std::fs::File::create(path).with_context(|| format!("无法创建 / cannot create {}", path.display()))
}

fn write_whole(file: &mut std::fs::File, path: &Path, report: &Report) -> anyhow::Result<()> {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        print::json(file, report)
    } else {
        print::csv(file, report)
    }
}

fn text(path: &Path) -> Result<String, ImportError> {
    Ok(std::fs::read_to_string(path).with_context(|| cannot_read(path))?)
}

fn cannot_read(path: &Path) -> String {
    format!("无法读取 / cannot read {}", path.display())
}

// Drawn on a terminal only; in a log there is none.
fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}");
    let bar = ProgressBar::new(0).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, done: usize, total: usize) {
    bar.set_length(total as u64);
    bar.set_position(done as u64);
}
