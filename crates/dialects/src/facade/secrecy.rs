//! Which records are told to nobody.

use fengtu_wire::cases::Sensitivity;
use fengtu_wire::config::Config;
use serde_json::{Value, json};

use crate::problem::Trouble;
use crate::record::Reader;
use crate::record::value::quoted;
use crate::speech::hand::UNSHOWN;
use crate::speech::{Backend, Talk, list};

/// The least sensitivity of a category's cases; one that is not listed is as the nearest listed one above it.
pub(crate) fn least(config: &Config, category: &str) -> Sensitivity {
    least_listed(config, category).unwrap_or(Sensitivity::Public)
}

fn least_listed(config: &Config, category: &str) -> Option<Sensitivity> {
    let listed = |id: &str| config.categories.iter().find(|known| known.id.as_str() == id);
    let mut above = std::iter::successors(Some(category), |id| id.rsplit_once('.').map(|(above, _)| above));
    above.find_map(listed).map(|category| category.sensitivity)
}

/// How sensitive a record is, as it says itself and as its category has it. What cannot be told of itself is restricted; what
/// cannot be told of its kind is as `unknown` has it.
pub(crate) fn said_by(config: &Config, reader: &Reader<'_>, raw: &Value, unknown: Sensitivity) -> Sensitivity {
    let said =
        |name: &str| reader.one(name, raw).map(|value| value.and_then(|value| value.as_str().map(str::to_owned)));
    let own = match said("sensitivity") {
        Ok(None) => Sensitivity::Public,
        Ok(Some(word)) => serde_json::from_value(json!(word)).unwrap_or(Sensitivity::Restricted),
        Err(_) => Sensitivity::Restricted,
    };
    let of_kind =
        said("category").map_or(unknown, |kind| kind.map_or(Sensitivity::Public, |kind| least(config, &kind)));
    own.max(of_kind)
}

/// Whether a record is told to nobody. An unknown kind alone does not make it so: whoever maps it must learn the word.
pub(super) fn is_secret(config: &Config, reader: &Reader<'_>, raw: &Value) -> bool {
    said_by(config, reader, raw, Sensitivity::Public) == Sensitivity::Restricted
}

/// What is said of a record whose kind cannot be read.
const KINDLESS: &str = "读不出类别，或许不可显示 ‖ no category can be read: it may be one that is shown to nobody";

/// What is told of a record's kind, where that may be shown: what is listed, and what lies below.
fn kind_of(config: &Config, reader: &Reader<'_>, raw: &Value) -> Result<(), String> {
    let kind = reader.one("category", raw).map_err(|why| why.to_string())?;
    let kind = kind.as_ref().and_then(Value::as_str).ok_or(KINDLESS)?;
    if least_listed(config, kind).is_some() {
        return Ok(());
    }
    let word = quoted(kind);
    Err(format!(
        "本区没有类别{}，或许不可显示 ‖ the district has no category {}: it may be one that is shown to nobody",
        word.zh, word.en
    ))
}

/// The fields that say whether a record may be shown.
pub(super) const TOLD: [&str; 2] = ["sensitivity", "category"];

/// What tells which raw records are shown to nobody, whoever maps them: of cases and reports alone.
pub(super) struct Secrets<'a> {
    config: Option<Config>,
    /// As the resource itself is read, and as the cases of the same server are; what stands before the names of their fields tells
    /// them apart.
    readers: Vec<(&'static str, Reader<'a>)>,
}

impl<'a> Secrets<'a> {
    pub(super) async fn of(
        talk: &'a Talk,
        backend: &Backend,
        resource: &str,
        own: Reader<'a>,
    ) -> Result<Self, Trouble> {
        if !matches!(resource, "cases" | "reports") {
            return Ok(Self { config: None, readers: Vec::new() });
        }
        let cases = talk.inner.of("cases").filter(|cases| cases.name == backend.name);
        let cases = cases.filter(|_| resource != "cases");
        let cases = cases.and_then(|cases| cases.mapping.as_ref()?.resources.get("cases"));
        let of_cases = cases.map(|map| ("cases/", list::reader(talk, map, own.schema)));
        let readers = std::iter::once(("", own)).chain(of_cases).collect();
        Ok(Self { config: Some(talk.config().await?), readers })
    }

    /// Whether a record is one of these, or may be: while its kind is not understood, nobody knows.
    pub(super) fn has(&self, raw: &Value) -> bool {
        let Some(config) = &self.config else { return false };
        let has_kind = |reader: &Reader<'_>| kind_of(config, reader, raw).is_ok();
        let may_be =
            |reader: &Reader<'_>| said_by(config, reader, raw, Sensitivity::Restricted) == Sensitivity::Restricted;
        !self.each().any(has_kind) || self.each().any(may_be)
    }

    /// Whether a record is known to be one of these.
    pub(super) fn is_known(&self, raw: &Value) -> bool {
        let Some(config) = &self.config else { return false };
        self.each().any(|reader| is_secret(config, reader, raw))
    }

    /// Why it is not shown: whoever maps it must learn the word that is not understood, and nothing else of such a record.
    pub(super) fn whys(&self, raw: &Value) -> Vec<String> {
        let Some(config) = &self.config else { return Vec::new() };
        if self.each().any(|reader| is_secret(config, reader, raw) && reader.one("sensitivity", raw).is_ok()) {
            return vec![format!("sensitivity: {UNSHOWN}")];
        }
        let unread = |(of, reader): &(&'static str, Reader<'_>)| {
            let sensitivity = reader.one("sensitivity", raw).err().map(|why| format!("{of}sensitivity: {why}"));
            let kind = kind_of(config, reader, raw).err().map(|why| format!("{of}category: {why}"));
            [sensitivity, kind].into_iter().flatten().collect::<Vec<_>>()
        };
        self.readers.iter().flat_map(unread).collect()
    }

    fn each(&self) -> impl Iterator<Item = &Reader<'a>> {
        self.readers.iter().map(|(_, reader)| reader)
    }
}
