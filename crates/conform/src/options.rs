//! What the kit is asked to do.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Parser, ValueEnum};
use serde_json::{Map, Value, json};

/// The language of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Language {
    /// 中文.
    Zh,
    /// English.
    En,
    /// Both, one below the other.
    #[default]
    Both,
}

/// Checks a backend and says what works, what is missing, and what is wrong.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "cargo xtask conform", version)]
pub struct Options {
    /// The backend's address, such as `http://127.0.0.1:8080/api/v1`.
    #[arg(long, required_unless_present = "config")]
    pub base: Option<String>,
    /// What it speaks: fengtu, ogc-features, georeport, postgrest, json.
    #[arg(long, default_value = "fengtu")]
    pub dialect: String,
    /// A ready-made mapping: ruoyi, jeecgboot, wfs, arcgis.
    #[arg(long = "use", value_name = "NAME")]
    pub ready_made: Option<String>,
    /// A mapping (JSON): what stands under `mapping` in `config.json`.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// A whole `config.json` in place of base, dialect and mapping.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the paths of a `config.json` are: the server that fronts the others, such as `http://127.0.0.1:8080`.
    #[arg(long, value_name = "URL")]
    pub origin: Option<String>,
    /// Signs in first, for our own contract: `NAME:PASSWORD`.
    #[arg(long, value_name = "NAME:PASSWORD")]
    pub account: Option<String>,
    /// A header with every request to the server of `--base` or `--origin`, such as `X-Api-Key: …`; may be repeated.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// Looks at so many answers of each call: for servers whose answers are random.
    #[arg(long, default_value_t = 1)]
    pub repeat: u32,
    /// Makes a report too, and follows it, or with `fengtu` takes a warning a step on; it stays in the backend.
    #[arg(long)]
    pub write: bool,
    /// Takes a step with a case, such as `accept:GM-1`; it stays in the backend.
    #[arg(long, value_name = "ACTION:NUMBER")]
    pub act: Option<String>,
    /// The language of the report.
    #[arg(long = "lang", value_enum, default_value_t)]
    pub language: Language,
}

impl Options {
    /// Returns whether it is our own contract that is checked.
    pub fn is_contract(&self) -> bool {
        self.config.is_none() && self.dialect == "fengtu"
    }

    /// Returns the backend's address without a trailing slash.
    pub fn base(&self) -> &str {
        self.base.as_deref().unwrap_or_default().trim_end_matches('/')
    }

    /// Returns the `config.json` that is asked with: the one named, or one made of the other options.
    pub fn config(&self) -> anyhow::Result<Vec<u8>> {
        if let Some(file) = &self.config {
            return std::fs::read(file).with_context(|| format!("无法读取 / cannot read {}", file.display()));
        }
        let mut backend = Map::new();
        backend.insert("dialect".to_owned(), json!(self.dialect));
        backend.insert("base".to_owned(), json!(self.base()));
        if let Some(name) = &self.ready_made {
            backend.insert("use".to_owned(), json!(name));
        }
        if let Some(file) = &self.mapping {
            let text = std::fs::read(file).with_context(|| format!("无法读取 / cannot read {}", file.display()))?;
            let mapping: Value = serde_json::from_slice(&text).with_context(|| format!("{}", file.display()))?;
            backend.insert("mapping".to_owned(), mapping);
        }
        Ok(serde_json::to_vec(&json!({ "backends": { "default": backend } }))?)
    }

    /// Returns the headers that go with every request to the servers that the options name.
    pub fn headers(&self) -> anyhow::Result<Vec<(String, String)>> {
        let split = |line: &String| match line.split_once(':') {
            Some((name, value)) => Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            None => bail!("--header {line}: NAME: VALUE"),
        };
        self.headers.iter().map(split).collect()
    }
}
