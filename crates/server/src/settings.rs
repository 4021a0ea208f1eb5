//! What a district sets for itself beside its rows: how its warnings are computed, and the days of a year that no release has yet.
//!
//! Both come by `fengtu-server settings FILE.toml` (`[warnings]`, `[calendar]`), the first with an import too
//! (`[district.warnings]` of the mapping).
//! What a file leaves out stays as it is; what would make no sense is refused, and then nothing is changed.

mod calendar;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use fengtu_domain::calendar::with_later;
use fengtu_domain::warnings;
use fengtu_wire::config::{Config, WarningRules};
use fengtu_wire::warnings::Signal;
use serde::Deserialize;

pub use self::calendar::{CalendarSettings, Holiday, WrongCalendar};
use crate::dataset::Dataset;
use crate::db::Db;
use crate::store::{meta, write};

/// What `settings` is asked to do.
#[derive(Debug, Clone, clap::Args)]
pub struct SettingsArgs {
    /// Checks the file and says what would be, and writes nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The settings, in TOML.
    pub file: PathBuf,
}

/// A settings file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How warnings are computed.
    pub warnings: WarningSettings,
    /// The days of years that are not built in.
    pub calendar: CalendarSettings,
}

impl Settings {
    fn apply(&self, config: &mut Config) -> anyhow::Result<()> {
        self.warnings.apply(config)?;
        Ok(self.calendar.apply(config)?)
    }
}

/// How warnings are computed, as far as it differs from what is set.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WarningSettings {
    /// Scores at which a warning turns blue, yellow, red.
    pub thresholds: Option<[f64; 3]>,
    /// What signals weigh.
    pub weights: BTreeMap<Signal, WeightSettings>,
    /// How far back signals look.
    pub windows: WindowSettings,
}

/// What one signal weighs; see [`fengtu_wire::config::SignalWeight`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeightSettings {
    /// The most points it can come near.
    pub points: Option<f64>,
    /// The value at which it earns half of them in a grid.
    pub half: Option<f64>,
    /// What 1,000 people have as a rule.
    pub usual: Option<f64>,
}

/// Lengths of time in seconds; see [`fengtu_wire::config::WarningWindows`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WindowSettings {
    /// How long a class-1 case counts.
    pub urgent_s: Option<u32>,
    /// How long repeats, group matters, failed mediations and rebounds count.
    pub recent_s: Option<u32>,
    /// The time whose cases are compared …
    pub growth_s: Option<u32>,
    /// … with those of so long before it.
    pub before_s: Option<u32>,
}

impl WarningSettings {
    /// Changes the settings that this names; all of them must make sense together.
    pub fn apply(&self, config: &mut Config) -> Result<(), warnings::WrongRules> {
        config.warning_thresholds = self.thresholds.unwrap_or(config.warning_thresholds);
        let rules = config.warning_rules.get_or_insert_with(warnings::rules);
        self.weigh(rules);
        let windows = &mut rules.windows;
        windows.urgent_s = self.windows.urgent_s.unwrap_or(windows.urgent_s);
        windows.recent_s = self.windows.recent_s.unwrap_or(windows.recent_s);
        windows.growth_s = self.windows.growth_s.unwrap_or(windows.growth_s);
        windows.before_s = self.windows.before_s.unwrap_or(windows.before_s);
        warnings::check(rules, &config.warning_thresholds)
    }

    fn weigh(&self, rules: &mut WarningRules) {
        for weight in &mut rules.weights {
            let Some(set) = self.weights.get(&weight.signal) else { continue };
            weight.points = set.points.unwrap_or(weight.points);
            weight.half = set.half.unwrap_or(weight.half);
            weight.usual = set.usual.unwrap_or(weight.usual);
        }
    }
}

/// Reads a settings file, changes what it names, and tells `out` what holds from now on.
pub async fn run(db: &Db, args: &SettingsArgs, now: DateTime<Utc>, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let shown = args.file.display();
    let text = std::fs::read_to_string(&args.file).with_context(|| format!("无法读取 / cannot read {shown}"))?;
    let settings: Settings = toml::from_str(text.trim_start_matches('\u{feff}'))
        .with_context(|| format!("设置文件无法识别 / the settings cannot be read: {shown}"))?;
    let mut config = meta::stored_config(db.pool(), now).await?;
    settings.apply(&mut config)?;
    if !args.dry_run {
        let set_up = |config: &mut Config| settings.apply(config);
        write::write_with_settings(db, &Dataset::default(), &set_up, now, &mut |_, _| ()).await?;
    }
    tell(out, &config, args.dry_run)
}

fn tell(out: &mut (dyn Write + Send), config: &Config, dry_run: bool) -> anyhow::Result<()> {
    let heading = if dry_run { "试运行,未写入 / dry run, nothing was written" } else { "已写入 / written" };
    writeln!(out, "{heading}")?;
    let [blue, yellow, red] = config.warning_thresholds;
    writeln!(out, "  蓝 blue {blue} · 黄 yellow {yellow} · 红 red {red}")?;
    for weight in config.warning_rules.iter().flat_map(|rules| &rules.weights) {
        let (signal, points, half, usual) = (weight.signal, weight.points, weight.half, weight.usual);
        writeln!(out, "  {signal}: points {points}, half {half}, usual {usual}")?;
    }
    let years: Vec<String> = with_later(&config.calendar).years.iter().map(i32::to_string).collect();
    writeln!(out, "  放假安排 holidays known: {}", years.join(" "))?;
    Ok(())
}
