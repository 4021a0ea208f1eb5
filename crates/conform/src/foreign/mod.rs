//! A foreign backend: the questions of the faces, asked through its dialect's conversations, and whether the answers hold together.

mod cases;
mod compared;
mod discovery;
mod ignored;
mod lists;
mod random;
mod reports;
mod standard;
mod told;

use std::collections::BTreeSet;

use anyhow::bail;
use chrono::Utc;
use fengtu_dialects::{Installation, Request, Step};
use fengtu_wire::config::Config;
use fengtu_wire::text::LocalText;
use serde_json::Value;

use crate::http::Http;
use crate::options::Options;
use crate::report::Report;
use compared::Mapped;
use told::Told;

/// What every check shares.
struct Kit {
    http: Http,
    installation: Installation,
    report: Report,
    repeat: u32,
    /// Where their cases have what, and what they call it.
    mapped: Mapped,
    /// Resources that a backend of our own contract serves.
    ours: BTreeSet<String>,
    /// The foreign servers: dialect and base.
    servers: BTreeSet<(String, String)>,
}

/// Asks the backends of a `config.json`, or the one that the options name.
pub fn check(options: &Options) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let config = options.config()?;
    let installation = match Installation::read(&config) {
        Ok(installation) => installation,
        Err(faults) => {
            for fault in faults {
                report.wrong("config.fault", fault.pointer.as_str(), &fault.says.zh, &fault.says.en);
            }
            return Ok(report);
        }
    };
    let http = Http::new(options.origin.as_deref().unwrap_or_default(), options.base(), options.headers()?);
    let mut kit = Kit {
        http,
        installation,
        report,
        repeat: options.repeat.max(1),
        mapped: Mapped::read(&config),
        ours: BTreeSet::new(),
        servers: BTreeSet::new(),
    };
    kit.who_serves();
    kit.config()?;
    standard::check(&mut kit);
    for resource in ["places", "grids", "stations", "buildings"] {
        if kit.is_foreign(resource) {
            lists::check(&mut kit, resource);
        }
    }
    if kit.is_foreign("cases") {
        cases::check(&mut kit);
        if let Some((action, number)) = options.act.as_deref().and_then(|act| act.split_once(':')) {
            cases::act(&mut kit, action, number);
        }
    }
    if kit.is_foreign("services") {
        reports::check(&mut kit, options.write);
    }
    if kit.is_random() {
        let (zh, en) = ("回答随机，不算总数", "the answers are random: no figures are made of them");
        kit.report.note("extra", "GET /statistics", zh, en);
    } else {
        kit.extras();
    }
    Ok(kit.report)
}

impl Kit {
    /// Holds a conversation to its end.
    fn converse(&self, request: Request) -> Told {
        let mut conversation = self.installation.converse(request, Utc::now().fixed_offset());
        let mut told = Told::default();
        let mut step = conversation.start();
        loop {
            match step {
                Step::Done(answer) => {
                    told.answer = answer;
                    return told;
                }
                // There is no other that could sign in.
                Step::Wait => return told,
                Step::Ask(calls) => {
                    let outcomes: Vec<_> = calls.iter().map(|call| self.http.outcome(call)).collect();
                    told.raw.extend(calls.into_iter().zip(outcomes.iter().cloned()));
                    step = conversation.go_on(outcomes);
                }
            }
        }
    }

    fn get(&self, target: &str) -> Told {
        self.converse(Request::of_target(fengtu_dialects::Method::Get, target, Vec::new()))
    }

    /// Whether the servers' answers are random: what one holds says nothing of the next.
    const fn is_random(&self) -> bool {
        self.repeat > 1
    }

    /// Finds out what a backend of our own contract serves: that is not checked here.
    fn who_serves(&mut self) {
        let told = self.get("/backends").json();
        let rows = told.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (ours, others): (Vec<&Value>, Vec<&Value>) = rows.iter().partition(|row| text(row, "dialect") == "fengtu");
        self.ours = ours.iter().map(|row| text(row, "resource")).collect();
        self.servers = others.iter().map(|row| (text(row, "dialect"), text(row, "base"))).collect();
        if !self.ours.is_empty() {
            let names = self.ours.iter().cloned().collect::<Vec<_>>().join(" ");
            let zh = "由 fengtu 后端提供，这里不查；用 --dialect fengtu 检查";
            let en = "are served by a fengtu backend and not checked here; use --dialect fengtu for it";
            self.report.note("ours", names, zh, en);
        }
    }

    fn is_foreign(&self, resource: &str) -> bool {
        !self.ours.contains(resource)
    }

    /// The settings come first: without them nothing can be shown.
    fn config(&mut self) -> anyhow::Result<()> {
        let told = self.get("/config");
        if told.answer.status != 200 {
            let LocalText { zh, en } = told.detail();
            bail!("GET /config: {zh} / {en}");
        }
        match fengtu_wire::json::read::<Config>(&told.answer.body) {
            Ok(config) if config.bounds.is_some() => {
                self.report.works("config", "GET /config", "本区设置可用", "the district's settings can be used");
            }
            Ok(_) => {
                let zh = "config.json 的 district 没有 bounds:地图打开时不知道看哪里";
                self.report.note(
                    "config.bounds",
                    "district",
                    zh,
                    "district in config.json has no bounds: the map does not know where to look",
                );
            }
            Err(error) => {
                let (zh, en) = (format!("设置无法读取：{error}"), format!("the settings cannot be read: {error}"));
                self.report.wrong("config", "GET /config", &zh, &en);
            }
        }
        Ok(())
    }

    /// What the faces make of the rest, where the backend has none of its own.
    fn extras(&mut self) {
        for (resource, target) in
            [("heat", "/heat/points"), ("statistics", "/statistics"), ("warnings", "/warnings"), ("live", "/snapshot")]
        {
            if !self.is_foreign(resource) {
                continue;
            }
            let can = self.installation.capabilities(resource);
            let subject = format!("GET {target}");
            if !can.read {
                self.report.missing("extra", subject, "没有，页面不显示", "is not there; pages go without it");
                continue;
            }
            let told = self.get(target);
            match (told.answer.status, can.derived) {
                (200, true) => self.report.works("extra", subject, "由案件算出", "is made of the cases"),
                (200, false) => self.report.works("extra", subject, "可用", "answers"),
                // No figures are made of a part, which is said where the cases are looked at.
                (501, true) => self.report.missing("extra", subject, &told.detail().zh, &told.detail().en),
                // Another's log-in is no log-in of the pages' (403): it is our own server that asks.
                (401, _) => self.report.note(
                    "extra.session",
                    subject,
                    "本系统的后端要求登录，此处未检查",
                    "our own backend asks for a session; not checked here",
                ),
                _ => self.report.wrong("extra", subject, &told.detail().zh, &told.detail().en),
            }
        }
    }
}
