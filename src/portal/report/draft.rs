//! What a resident has filled in, what is still missing, and the report that it becomes: plain values, no clock of its own.

use fengtu_wire::geojson::Position;
use fengtu_wire::json::FromJson;
use serde::Serialize;

use crate::api::reports::{Answer, Attribute, AttributeKind, Report, Service, Services};

/// Longest description that servers take.
pub const MAX_DESCRIPTION: usize = 4_000;

/// One question at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, FromJson)]
pub enum Step {
    /// What kind of thing it is about.
    #[default]
    Kind,
    /// Where.
    Place,
    /// What happened.
    What,
    /// The questions of that kind.
    Questions,
    /// Whom to answer, and sending.
    Contact,
}

/// What was filled in; the tab remembers it over a reload.
#[derive(Debug, Clone, PartialEq, Default, Serialize, FromJson)]
#[serde(default)]
pub struct Draft {
    /// The question that is shown.
    pub step: Step,
    /// The code of the kind.
    pub service: String,
    /// Where.
    pub spot: Option<Spot>,
    /// What happened.
    pub description: String,
    /// Answers by the question's code; several where several may be chosen.
    pub answers: Vec<(String, Vec<String>)>,
    /// Who reports.
    pub name: String,
    /// How to call them.
    pub telephone: String,
    /// How to write to them.
    pub email: String,
    /// When it was sent, while nobody knows whether it arrived.
    pub sent_at: Option<String>,
}

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, FromJson)]
#[serde(default)]
pub struct Spot {
    /// The point, where there is one.
    pub at: Option<Position>,
    /// The place in words; empty: the point alone.
    pub words: String,
}

/// Something that is to be mended before it can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it is asked.
    pub step: Step,
    /// The id of the element.
    pub id: String,
    /// What is wrong.
    pub why: Why,
    /// The question, where it is the server's.
    pub question: String,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing is there.
    Missing,
    /// It is longer than servers take.
    TooLong,
    /// It is no number.
    NoNumber,
    /// It is no moment.
    NoMoment,
    /// It is no telephone number.
    NoTelephone,
    /// It is no e-mail address.
    NoEmail,
}

/// What is known of the report's kind: what it takes and asks.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// All kinds.
    pub services: &'a Services,
    /// The questions of this one.
    pub attributes: &'a [Attribute],
}

impl Terms<'_> {
    /// Whether a member has a place in what the server gets.
    pub fn takes(&self, member: &str) -> bool {
        self.services.takes.iter().any(|taken| taken == member)
    }

    /// Whether it cannot be done without.
    pub fn needs(&self, member: &str) -> bool {
        self.services.needs.iter().any(|needed| needed == member)
    }

    fn asks_place(&self) -> bool {
        self.takes("at") || self.takes("address")
    }

    fn needs_place(&self) -> bool {
        ["place", "at", "address"].iter().any(|need| self.needs(need))
    }
}

impl Draft {
    /// Returns the chosen kind.
    pub fn chosen<'a>(&self, services: &'a Services) -> Option<&'a Service> {
        services.items.iter().find(|service| service.code == self.service)
    }

    /// Lists the questions that this report asks, in their order.
    pub fn steps(&self, terms: Terms<'_>) -> Vec<Step> {
        let has_questions = self.chosen(terms.services).is_some_and(|service| service.has_questions);
        let asked = |step: &Step| match step {
            Step::Place => terms.asks_place(),
            Step::Questions => has_questions,
            Step::Kind | Step::What | Step::Contact => true,
        };
        [Step::Kind, Step::Place, Step::What, Step::Questions, Step::Contact].into_iter().filter(asked).collect()
    }

    /// Chooses a kind; answers to another kind's questions stay with that one.
    pub fn choose(&mut self, code: &str) {
        if self.service != code {
            code.clone_into(&mut self.service);
            self.answers.clear();
        }
    }

    /// Returns what was answered to a question.
    pub fn answer(&self, code: &str) -> &[String] {
        self.answers.iter().find(|(known, _)| known == code).map_or(&[], |(_, values)| values.as_slice())
    }

    /// Answers a question.
    pub fn set_answer(&mut self, code: &str, values: Vec<String>) {
        self.answers.retain(|(known, _)| known != code);
        self.answers.push((code.to_owned(), values));
    }

    /// Chooses or leaves one of several.
    pub fn turn(&mut self, code: &str, key: &str, on: bool) {
        let mut values = self.answer(code).to_vec();
        values.retain(|value| value != key);
        if on {
            values.push(key.to_owned());
        }
        self.set_answer(code, values);
    }

    /// Lists what is wrong with one question's answers.
    pub fn faults_of(&self, step: Step, terms: Terms<'_>) -> Vec<Fault> {
        let fault = |id: &str, why| Fault { step, id: id.to_owned(), why, question: String::new() };
        let mut faults = Vec::new();
        match step {
            Step::Kind => faults.extend(self.chosen(terms.services).is_none().then(|| fault("kind", Why::Missing))),
            Step::Place => faults.extend(self.no_place(terms).then(|| fault("address", Why::Missing))),
            Step::What => faults.extend(self.what(terms).map(|why| fault("description", why))),
            Step::Questions => faults.extend(self.questions(terms)),
            Step::Contact => {
                for (id, text, is_sound) in self.contact() {
                    let is_missing = terms.needs(id) && text.trim().is_empty();
                    let wrong = if id == "email" { Why::NoEmail } else { Why::NoTelephone };
                    let why = is_missing.then_some(Why::Missing);
                    let why = why.or_else(|| (!text.trim().is_empty() && !is_sound(text.trim())).then_some(wrong));
                    faults.extend(why.filter(|_| terms.takes(id)).map(|why| fault(id, why)));
                }
            }
        }
        faults
    }

    /// Lists what is wrong anywhere.
    pub fn faults(&self, terms: Terms<'_>) -> Vec<Fault> {
        self.steps(terms).into_iter().flat_map(|step| self.faults_of(step, terms)).collect()
    }

    fn no_place(&self, terms: Terms<'_>) -> bool {
        let spot = self.spot.clone().unwrap_or_default();
        let lacks_point = terms.needs("at") && spot.at.is_none();
        let lacks_words = terms.needs("address") && spot.words.is_empty();
        lacks_point || lacks_words || (terms.needs_place() && self.spot.is_none())
    }

    fn what(&self, terms: Terms<'_>) -> Option<Why> {
        if self.description.trim().is_empty() {
            return terms.takes("description").then_some(Why::Missing);
        }
        (self.description.chars().count() > MAX_DESCRIPTION).then_some(Why::TooLong)
    }

    fn contact(&self) -> [(&'static str, &str, Check); 3] {
        [("name", &self.name, |_| true), ("telephone", &self.telephone, is_telephone), ("email", &self.email, is_email)]
    }

    fn questions(&self, terms: Terms<'_>) -> Vec<Fault> {
        let asked = terms.attributes.iter().enumerate().filter(|(_, attribute)| attribute.asked);
        let faults = asked.filter_map(|(index, attribute)| {
            let why = wrong(attribute, self.answer(&attribute.code))?;
            Some(Fault { step: Step::Questions, id: field_id(index), why, question: attribute.text.clone() })
        });
        faults.collect()
    }

    /// Makes the report. `utc_offset_s` is the district's: a moment that is filled in has none of its own.
    pub fn report(&self, terms: Terms<'_>, utc_offset_s: i32) -> Report {
        let spot = self.spot.clone().unwrap_or_default();
        let trimmed = |text: &str| text.trim().to_owned();
        let given = |member: &str, text: &str| if terms.takes(member) { trimmed(text) } else { String::new() };
        Report {
            category: self.service.clone(),
            description: trimmed(&self.description),
            at: spot.at.filter(|_| terms.takes("at")),
            address: given("address", &spot.words),
            name: given("name", &self.name),
            telephone: given("telephone", &self.telephone),
            email: given("email", &self.email),
            answers: self.answered(terms.attributes, utc_offset_s),
            sent_at: self.sent_at.clone(),
        }
    }

    fn answered(&self, attributes: &[Attribute], utc_offset_s: i32) -> Vec<(String, Answer)> {
        let answers = attributes.iter().filter(|attribute| attribute.asked).filter_map(|attribute| {
            let values: Vec<String> = given(self.answer(&attribute.code));
            let first = values.first()?.clone();
            let answer = match attribute.kind {
                AttributeKind::SomeOf => Answer::Some(values),
                AttributeKind::Moment => Answer::One(instant(&first, utc_offset_s)),
                _ => Answer::One(first),
            };
            Some((attribute.code.clone(), answer))
        });
        answers.collect()
    }

    /// Forgets what was sent, and who sent it; the place may serve the next report.
    #[must_use]
    pub fn after_sending(&self) -> Self {
        Self { spot: self.spot.clone(), ..Self::default() }
    }
}

/// Whether a text is sound.
type Check = fn(&str) -> bool;

/// Returns the id of the field of a question.
pub fn field_id(index: usize) -> String {
    format!("question-{index}")
}

fn given(values: &[String]) -> Vec<String> {
    values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

fn wrong(attribute: &Attribute, values: &[String]) -> Option<Why> {
    let values = given(values);
    let Some(first) = values.first() else { return attribute.required.then_some(Why::Missing) };
    match attribute.kind {
        AttributeKind::Number => (!is_number(first)).then_some(Why::NoNumber),
        AttributeKind::Moment => (!is_moment(first)).then_some(Why::NoMoment),
        AttributeKind::Line | AttributeKind::Text => (first.chars().count() > MAX_DESCRIPTION).then_some(Why::TooLong),
        AttributeKind::OneOf | AttributeKind::SomeOf => None,
    }
}

/// Whether it is written as numbers are: a sign, figures, a point among them.
fn is_number(text: &str) -> bool {
    let figures = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = figures.split_once('.').unwrap_or((figures, "0"));
    let are_figures = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_figures(whole) && are_figures(part)
}

/// Whether it is what a browser makes of a date and a time: `2026-03-01T09:30`.
fn is_moment(text: &str) -> bool {
    let Some((day, time)) = text.split_once('T') else { return false };
    let parts = |text: &str, mark| text.split(mark).map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    let is_day = parts(day, '-').is_some_and(|parts| matches!(parts[..], [_, 1..=12, 1..=31]));
    let is_time =
        parts(time, ':').is_some_and(|parts| matches!(parts[..], [0..=23, 0..=59] | [0..=23, 0..=59, 0..=59]));
    is_day && is_time
}

fn is_telephone(text: &str) -> bool {
    let figures = text.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&figures) && text.chars().all(|c| c.is_ascii_digit() || "+-() #".contains(c))
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !text.contains(' ')
}

/// A moment with the district's offset, as RFC 3339 has it.
fn instant(local: &str, utc_offset_s: i32) -> String {
    let seconds = if local.matches(':').count() == 1 { ":00" } else { "" };
    format!("{local}{seconds}{}", offset(utc_offset_s))
}

/// Writes an offset from UTC, such as `+08:00`.
pub fn offset(utc_offset_s: i32) -> String {
    let (sign, minutes) = (if utc_offset_s < 0 { '-' } else { '+' }, utc_offset_s.abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
