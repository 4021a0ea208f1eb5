//! A resident's report: what can be reported, what is asked about it, the report itself, and what became of it.
//!
//! Only backends behind the translator of other dialects take reports; what it answers is read here member by member, which
//! weighs less in a small page than readers of whole types.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::CaseState;
use fengtu_wire::geojson::Position;
use serde::Serialize;

use super::dialect::{Dialect, Method, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::json::{self, Json};

/// What can be reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Services {
    /// The kinds, in the server's order.
    pub items: Vec<Service>,
    /// The members of a report that have a place in what the server gets.
    pub takes: Vec<String>,
    /// Those that it cannot do without; `place` is a position or an address.
    pub needs: Vec<String>,
    /// How many kinds could not be understood.
    pub refused: u64,
}

/// One kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What belongs to it.
    pub description: String,
    /// The group that it stands in.
    pub group: Option<String>,
    /// Whether there are questions of its own.
    pub has_questions: bool,
}

/// A question about one kind of report, or a word to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its code.
    pub code: String,
    /// How it is answered.
    pub kind: AttributeKind,
    /// Whether it is asked; else it is told.
    pub asked: bool,
    /// Whether it has to be answered.
    pub required: bool,
    /// The question, in the server's words.
    pub text: String,
    /// What to write, in the server's words.
    pub hint: Option<String>,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A number.
    Number,
    /// A date and a time of day.
    Moment,
    /// One of several.
    OneOf,
    /// Any of several.
    SomeOf,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub key: String,
    /// What people read.
    pub name: String,
}

/// A report to be made; its position is in WGS-84.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// The code of its kind.
    pub category: String,
    /// What happened.
    pub description: String,
    /// Where.
    pub at: Option<Position>,
    /// Where, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Who reports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How to call them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub telephone: String,
    /// How to write to them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Answers by the question's code.
    #[serde(serialize_with = "as_object")]
    pub answers: Vec<(String, Answer)>,
    /// When it was first sent, if it was and no answer came: then it is looked for before it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text, a number, an instant, or a key.
    One(String),
    /// Keys.
    Some(Vec<String>),
}

fn as_object<S: serde::Serializer>(answers: &[(String, Answer)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(answers.iter().map(|(code, answer)| (code, answer)))
}

/// What came of sending a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// Its number.
    pub number: Option<String>,
    /// What will become a number.
    pub token: Option<String>,
    /// What the server says to whoever reported.
    pub notice: Option<String>,
    /// It had arrived the first time already.
    pub was_there: bool,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its number; absent: it has only a token yet.
    pub number: Option<String>,
    /// Where it is.
    pub state: CaseState,
    /// What it is about.
    pub title: String,
    /// Where it is about, in words.
    pub address: Option<String>,
    /// Who deals with it.
    pub office: Option<String>,
    /// What they say.
    pub note: Option<String>,
    /// When it came.
    pub reported_at: Option<DateTime<FixedOffset>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<FixedOffset>>,
    /// When it is to be done.
    pub expected_at: Option<DateTime<FixedOffset>>,
}

/// Asks what can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServicesQuery;

impl Question for ServicesQuery {
    type Answer = Services;
    const RESOURCE: Resource = Resource::Services;

    fn request(&self, _: Dialect) -> Result<Request, ApiError> {
        Ok(Request::get("/services"))
    }

    fn answer(&self, _: Dialect, response: &Response) -> Result<Services, ApiError> {
        let read = parse("services", response)?;
        Ok(Services {
            items: list(&read, "items").iter().filter_map(service).collect(),
            takes: read.member("takes").unwrap_or_default(),
            needs: read.member("needs").unwrap_or_default(),
            refused: read.get("refused").and_then(|refused| refused.member("count").ok()).unwrap_or_default(),
        })
    }
}

/// Asks for the questions about one kind of report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributesQuery(pub String);

impl Question for AttributesQuery {
    type Answer = Vec<Attribute>;
    const RESOURCE: Resource = Resource::Services;

    fn request(&self, _: Dialect) -> Result<Request, ApiError> {
        Ok(Request::get(format!("/services/{}", encode(&self.0))))
    }

    fn answer(&self, _: Dialect, response: &Response) -> Result<Vec<Attribute>, ApiError> {
        let read = parse("questions", response)?;
        Ok(list(&read, "questions").iter().filter_map(attribute).collect())
    }
}

/// Makes a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportCommand(pub Report);

impl Question for ReportCommand {
    type Answer = Receipt;
    const RESOURCE: Resource = Resource::Reports;

    fn request(&self, _: Dialect) -> Result<Request, ApiError> {
        Ok(Request::new(Method::Post, "/reports").json(&self.0))
    }

    fn answer(&self, _: Dialect, response: &Response) -> Result<Receipt, ApiError> {
        let read = parse("receipt", response)?;
        Ok(Receipt {
            number: text(&read, "number"),
            token: text(&read, "token"),
            notice: text(&read, "notice"),
            was_there: truth(&read, "was_there"),
        })
    }
}

/// Asks what became of a report, by its number, or by `token:` and its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQuery(pub String);

impl Question for ReportQuery {
    type Answer = Progress;
    const RESOURCE: Resource = Resource::Reports;

    fn request(&self, _: Dialect) -> Result<Request, ApiError> {
        Ok(Request::get(format!("/reports/{}", encode(&self.0))))
    }

    fn answer(&self, _: Dialect, response: &Response) -> Result<Progress, ApiError> {
        let read = parse("report", response)?;
        let instant = |name| text(&read, name).and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
        let state = text(&read, "state").and_then(|state| state.parse().ok());
        Ok(Progress {
            number: text(&read, "number"),
            state: state.ok_or_else(|| ApiError::decode("report", "its state is not known"))?,
            title: text(&read, "title").unwrap_or_default(),
            address: text(&read, "address"),
            office: text(&read, "office"),
            note: text(&read, "note"),
            reported_at: instant("reported_at"),
            updated_at: instant("updated_at"),
            expected_at: instant("expected_at"),
        })
    }
}

fn parse<'a>(what: &'static str, response: &'a Response) -> Result<Json<'a>, ApiError> {
    json::parse(&response.body).map_err(|error| ApiError::decode(what, error))
}

fn list<'a, 'b>(json: &'a Json<'b>, name: &str) -> &'a [Json<'b>] {
    match json.get(name) {
        Some(Json::List(list)) => list,
        _ => &[],
    }
}

fn text(json: &Json<'_>, name: &'static str) -> Option<String> {
    json.member::<String>(name).ok().filter(|text| !text.trim().is_empty())
}

fn truth(json: &Json<'_>, name: &str) -> bool {
    matches!(json.get(name), Some(Json::Bool(true)))
}

fn service(json: &Json<'_>) -> Option<Service> {
    let code = text(json, "code")?;
    Some(Service {
        name: text(json, "name").unwrap_or_else(|| code.clone()),
        code,
        description: text(json, "description").unwrap_or_default(),
        group: text(json, "group"),
        has_questions: truth(json, "has_questions"),
    })
}

fn attribute(json: &Json<'_>) -> Option<Attribute> {
    let code = text(json, "code")?;
    let choice = |json: &Json<'_>| Some(Choice { key: text(json, "key")?, name: text(json, "name")? });
    let choices: Vec<Choice> = list(json, "choices").iter().filter_map(choice).collect();
    let kind = match text(json, "kind").as_deref() {
        Some("text") => AttributeKind::Text,
        Some("number") => AttributeKind::Number,
        Some("datetime") => AttributeKind::Moment,
        // A list of nothing leaves the resident to write.
        Some("one_of") if !choices.is_empty() => AttributeKind::OneOf,
        Some("some_of") if !choices.is_empty() => AttributeKind::SomeOf,
        _ => AttributeKind::Line,
    };
    Some(Attribute {
        text: text(json, "text").unwrap_or_else(|| code.clone()),
        code,
        kind,
        asked: truth(json, "asked"),
        required: truth(json, "required"),
        hint: text(json, "hint"),
        choices,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn ok(body: &str) -> Response {
        Response { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec(), apart: None }
    }

    #[test]
    fn a_report_is_sent_as_the_translator_takes_it() {
        let report = Report {
            category: "001".to_owned(),
            description: "灯坏了".to_owned(),
            at: Some([113.95, 22.75]),
            answers: vec![
                ("KIND".to_owned(), Answer::One("a".to_owned())),
                ("MANY".to_owned(), Answer::Some(vec!["x".to_owned(), "y".to_owned()])),
            ],
            ..Report::default()
        };
        let request = ReportCommand(report).request(Dialect::Fengtu).unwrap();
        assert_eq!((request.method, request.path.as_str()), (Method::Post, "/reports"));
        let sent: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
        let expected = serde_json::json!({"category": "001", "description": "灯坏了", "at": [113.95, 22.75],
            "answers": {"KIND": "a", "MANY": ["x", "y"]}});
        assert_eq!(sent, expected);
        let path = ReportQuery("token:a/b".to_owned()).request(Dialect::Fengtu).unwrap().path;
        assert_eq!(path, "/reports/token%3Aa%2Fb");
    }

    #[test]
    fn questions_are_read_with_what_there_is_to_choose() {
        let body = r#"{"code": "1", "questions": [
            {"code": "K", "kind": "one_of", "asked": true, "required": true, "text": "?", "hint": null, "choices": [{"key": "a", "name": "甲"}]},
            {"code": "N", "kind": "some_of", "asked": true, "required": false, "text": "", "choices": []}, {"kind": "text"}]}"#;
        let read = AttributesQuery("1".to_owned()).answer(Dialect::Fengtu, &ok(body)).unwrap();
        assert_eq!(read.iter().map(|one| one.kind).collect::<Vec<_>>(), [AttributeKind::OneOf, AttributeKind::Line]);
        assert_eq!(read.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["?", "N"]);
    }

    #[test]
    fn progress_without_a_state_that_is_known_is_none() {
        let progress = |body| ReportQuery("1".to_owned()).answer(Dialect::Fengtu, &ok(body));
        assert!(progress(r#"{"number": "1", "state": "unheard"}"#).is_err());
        let known =
            progress(r#"{"number": null, "token": "t", "state": "reported", "updated_at": "2026-03-01T01:00:00Z"}"#)
                .unwrap();
        assert_eq!((known.number, known.state), (None, CaseState::Reported));
        assert!(known.updated_at.is_some());
    }
}
