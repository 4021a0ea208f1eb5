//! What went wrong, as our contract tells it: RFC 9457, never anything of a foreign server's insides beyond its own words.

use fengtu_domain::masking;
use fengtu_wire::problem::{FieldError, MEDIA_TYPE, Problem, kinds};
use serde_json::Value;

use crate::exchange::{Answer, Failure, Outcome};

/// A problem on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub kind: &'static str,
    pub status: u16,
    title: &'static str,
    /// What the foreign server said, or where its answer broke.
    pub detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<String>,
}

const NO_ANSWER: &str = "The backend does not answer.";

/// Longest text of a foreign server that is passed on.
const MAX_WORDS: usize = 300;

impl Trouble {
    const fn new(kind: &'static str, status: u16, title: &'static str, detail: String) -> Self {
        Self { kind, status, title, detail, errors: Vec::new(), retry_after: None }
    }

    /// Says which backend it is about.
    pub fn of(mut self, backend: &str) -> Self {
        if !self.detail.starts_with(backend) {
            self.detail = format!("{backend}: {}", self.detail);
        }
        self
    }

    /// Says what could not be had because of it.
    pub fn about(mut self, what: &str) -> Self {
        self.detail = format!("{what}: {}", self.detail);
        self
    }

    /// Whether the foreign server takes the token for one that is over.
    pub fn is_signed_out(&self) -> bool {
        self.kind == kinds::UNAUTHENTICATED
    }

    /// Whether the foreign server lets nobody in as we are.
    pub fn is_shut_out(&self) -> bool {
        self.is_signed_out() || self.kind == kinds::FORBIDDEN
    }

    /// Whether it is about the question as it stood: another way of asking may be answered.
    pub fn is_about_the_question(&self) -> bool {
        let is_odd = matches!(self.status, 400 | 405..=407 | 409..=428 | 430..=499 | 500 | 502);
        is_odd && self.title != NO_ANSWER
    }

    /// A backend that takes our account for none is no reason to sign the viewer out.
    pub fn for_the_page(self) -> Self {
        if self.is_signed_out() { Self { kind: kinds::FORBIDDEN, status: 403, ..self } } else { self }
    }

    /// Returns the answer that tells it.
    pub fn answer(self) -> Answer {
        let problem = Problem {
            kind: self.kind.to_owned(),
            status: self.status,
            title: self.title.to_owned(),
            detail: (!self.detail.is_empty()).then_some(self.detail),
            errors: self.errors,
        };
        let mut headers = vec![("content-type".to_owned(), MEDIA_TYPE.to_owned())];
        headers.extend(self.retry_after.map(|after| ("retry-after".to_owned(), after)));
        Answer { status: problem.status, headers, body: serde_json::to_vec(&problem).unwrap_or_default() }
    }
}

pub(crate) fn internal(detail: &str) -> Trouble {
    Trouble::new(kinds::INTERNAL, 500, "Something failed.", detail.to_owned())
}

/// The backend has nothing of the kind.
pub(crate) fn not_offered(what: &str) -> Trouble {
    Trouble::new(kinds::NOT_OFFERED, 501, "The backend behind this resource does not offer it.", what.to_owned())
}

pub(crate) fn not_found(what: &str) -> Trouble {
    Trouble::new(kinds::NOT_FOUND, 404, "It does not exist.", what.to_owned())
}

/// A part of the request has a value that cannot be used.
pub(crate) fn invalid(pointer: &str, detail: &str) -> Trouble {
    let mut trouble = Trouble::new(kinds::INVALID_VALUE, 422, "A value cannot be used.", String::new());
    trouble.errors.push(FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() });
    trouble
}

/// An answer came that is not what the mapping says.
pub(crate) fn unreadable(detail: impl Into<String>) -> Trouble {
    let detail = cut(&detail.into());
    Trouble::new(kinds::BACKEND_UNREADABLE, 502, "The backend's answer cannot be read.", detail)
}

/// What goes with a question, a token or the words of a report, is for whom it is sent to alone.
const SENT_ON: &str =
    "it leads to another address, which is not followed: put the address that answers into the settings";

/// Turns an outcome into the good answer or what is wrong.
pub(crate) fn checked(outcome: Outcome) -> Result<Answer, Trouble> {
    match outcome {
        Outcome::Answered(answer) if answer.is_good() => Ok(answer),
        Outcome::Answered(answer) => Err(of_answer(&answer)),
        Outcome::Failed(failure) => Err(of_failure(failure)),
    }
}

fn of_failure(failure: Failure) -> Trouble {
    let kind = if failure == Failure::SentOn { kinds::SENT_ON } else { kinds::UNAVAILABLE };
    let (status, detail): (u16, &str) = match failure {
        Failure::Unreachable => (502, "it cannot be reached, or its answer may not be read from this page (CORS)"),
        Failure::TimedOut => (504, "it did not answer in time"),
        Failure::TooLarge => (502, "its answer is too large"),
        Failure::SentOn => (502, SENT_ON),
    };
    Trouble::new(kind, status, NO_ANSWER, detail.to_owned())
}

/// Says what a bad answer means; the server's words are passed on, cut short.
pub(crate) fn of_answer(answer: &Answer) -> Trouble {
    let said = words(answer);
    let mut trouble = of_status(answer.status, said);
    trouble.retry_after = answer.header("retry-after").map(|after| after.chars().take(40).collect());
    trouble
}

/// Says what a status means, of HTTP or of an envelope.
pub(crate) fn of_status(status: u16, said: String) -> Trouble {
    let with = |kind, title| Trouble::new(kind, status, title, said.clone());
    match status {
        // It is good news where something was kept; where nothing was, it is no answer.
        304 => with(kinds::UNAVAILABLE, "The backend says that nothing has changed."),
        300..=399 => Trouble::new(kinds::SENT_ON, 502, NO_ANSWER, format!("{SENT_ON} ({said})")),
        401 => with(kinds::UNAUTHENTICATED, "The backend asks for a session."),
        403 => with(kinds::FORBIDDEN, "The backend forbids it."),
        404 => with(kinds::NOT_FOUND, "The backend does not know it."),
        429 => with(kinds::SLOW_DOWN, "The backend asks to slow down."),
        400..=499 => with(kinds::INVALID_VALUE, "The backend refuses the request."),
        503 => with(kinds::UNAVAILABLE, "The backend is not available."),
        _ => Trouble::new(kinds::UNAVAILABLE, 502, "The backend failed.", said),
    }
}

/// Finds what a server says of its error in the shapes that are in use: problem+json, Open311's list, `{code, description}`,
/// `{detail}` of text or of fields, `{message}`, `{msg}`, `{error: {message}}`, XML of the same, plain text.
pub(crate) fn words(answer: &Answer) -> String {
    let status = answer.status;
    let body = String::from_utf8_lossy(answer.body.get(..answer.body.len().min(20_000)).unwrap_or_default());
    let text = body.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return format!("HTTP {status} without a word");
    }
    let said = match crate::xml::json_or_xml(text) {
        Some(value) => said_in(&value, 0),
        None if text.starts_with('<') => Some("a page instead of data".to_owned()),
        None => Some(text.to_owned()),
    };
    cut(&format!("HTTP {status}: {}", said.unwrap_or_else(|| "no words that can be read".to_owned())))
}

const WORDS: [&str; 12] = [
    "detail",
    "description",
    "message",
    "msg",
    "error_description",
    "title",
    "hint",
    "error",
    "errors",
    "reason",
    "text",
    "ExceptionText",
];

pub(crate) fn said_in(value: &Value, depth: u8) -> Option<String> {
    if depth > 5 {
        return None;
    }
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(list) => {
            let said: Vec<String> = list.iter().take(3).filter_map(|value| said_in(value, depth + 1)).collect();
            (!said.is_empty()).then(|| said.join("; "))
        }
        Value::Object(members) => {
            let named = WORDS.iter().find_map(|name| said_in(members.get(*name)?, depth + 1));
            // Of fields: {"description": ["This field is required."]}
            named.or_else(|| {
                members.iter().find_map(|(name, value)| Some(format!("{name}: {}", said_in(value, depth + 1)?)))
            })
        }
        _ => None,
    }
}

/// Cuts a foreign text short and takes out what is no text: a hostile answer must not become a hostile message.
pub(crate) fn cut(text: &str) -> String {
    // A server's own words may hold what they are about: PostgreSQL names the key, a portal the caller.
    // What is cut off afterwards leaves no part of a number.
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(2 * MAX_WORDS).collect();
    masking::scrub(&words).chars().take(MAX_WORDS).collect()
}
