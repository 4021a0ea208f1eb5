//! What went wrong, as our contract tells it: RFC 9457, never anything of a foreign server's insides beyond its own words.

use fengtu_domain::masking;
use fengtu_wire::problem::{FieldError, MEDIA_TYPE, Problem, kinds};
use serde_json::Value;

use crate::exchange::{Answer, Failure, Outcome};
use crate::record::reason::Reason;

/// A problem on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub kind: &'static str,
    pub status: u16,
    title: Title,
    /// What the foreign server said, or where its answer broke.
    pub detail: Reason,
    error: Option<Box<FieldError>>,
    retry_after: Option<String>,
    /// It is of the backend that the viewer is signed in to, and was said just now.
    of_session: bool,
}

/// What a kind of trouble is called, in both languages.
type Title = &'static (&'static str, &'static str);

const NO_ANSWER: Title = &("对方没有回答", "The backend does not answer.");

/// Longest text of a foreign server that is passed on.
const MAX_WORDS: usize = 300;

impl Trouble {
    fn new(kind: &'static str, status: u16, title: Title, detail: impl Into<Reason>) -> Self {
        Self { kind, status, title, detail: detail.into(), error: None, retry_after: None, of_session: false }
    }

    /// Says which backend it is about.
    pub fn of(mut self, backend: &str) -> Self {
        if !self.detail.zh.starts_with(backend) {
            self.detail = self.detail.about(backend);
        }
        self
    }

    /// Says that the backend said so which the viewer is signed in to.
    pub fn of_session(self) -> Self {
        Self { of_session: true, ..self }
    }

    /// Whether the viewer's own session is over.
    pub fn ends_session(&self) -> bool {
        self.of_session && self.is_signed_out()
    }

    /// Says what could not be had because of it.
    pub fn about(mut self, what: &str) -> Self {
        self.detail = self.detail.about(what);
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

    /// Whether it was waited for in vain.
    pub const fn is_time_out(&self) -> bool {
        self.status == 504
    }

    /// Whether it is about the question as it stood: another way of asking may be answered.
    pub fn is_about_the_question(&self) -> bool {
        let is_odd = matches!(self.status, 400 | 405..=407 | 409..=428 | 430..=499 | 500 | 502);
        is_odd && self.title != NO_ANSWER
    }

    /// The same, or that there is no such thing.
    pub fn is_about_what_was_asked(&self) -> bool {
        self.status == 404 || self.is_about_the_question()
    }

    /// Another backend that takes our account for none is no reason to sign the viewer out.
    pub fn for_the_page(self) -> Self {
        if self.is_signed_out() && !self.of_session {
            Self { kind: kinds::FORBIDDEN, status: 403, ..self }
        } else {
            self
        }
    }

    /// Returns the answer that tells it.
    pub fn answer(self) -> Answer {
        let detail = self.detail.to_string();
        let problem = Problem {
            kind: self.kind.to_owned(),
            status: self.status,
            title: Reason::new(self.title.0, self.title.1).to_string(),
            detail: (!detail.is_empty()).then_some(detail),
            errors: self.error.map(|error| *error).into_iter().collect(),
        };
        let mut headers = vec![("content-type".to_owned(), MEDIA_TYPE.to_owned())];
        headers.extend(self.retry_after.map(|after| ("retry-after".to_owned(), after)));
        Answer { status: problem.status, headers, body: serde_json::to_vec(&problem).unwrap_or_default() }
    }
}

pub(crate) fn internal(detail: &str) -> Trouble {
    Trouble::new(kinds::INTERNAL, 500, &("内部出错", "Something failed."), detail)
}

/// The backend has nothing of the kind.
pub(crate) fn not_offered(what: impl Into<Reason>) -> Trouble {
    let title = &("此资源的后端不提供该项", "The backend behind this resource does not offer it.");
    Trouble::new(kinds::NOT_OFFERED, 501, title, what)
}

pub(crate) fn not_found(what: impl Into<Reason>) -> Trouble {
    Trouble::new(kinds::NOT_FOUND, 404, &("没有这一项", "It does not exist."), what)
}

/// A part of the request has a value that cannot be used.
pub(crate) fn invalid(pointer: &str, zh: &str, en: &str) -> Trouble {
    let mut trouble = Trouble::new(kinds::INVALID_VALUE, 422, &("有一个值无效", "A value cannot be used."), "");
    let detail = Reason::new(zh, en).to_string();
    trouble.error = Some(Box::new(FieldError { pointer: pointer.to_owned(), detail }));
    trouble
}

/// An answer came that is not what the mapping says.
pub(crate) fn unreadable(detail: impl Into<Reason>) -> Trouble {
    let title = &("对方的回答无法读取", "The backend's answer cannot be read.");
    Trouble::new(kinds::BACKEND_UNREADABLE, 502, title, detail.into().each(cut))
}

/// What goes with a question, a token or the words of a report, is for whom it is sent to alone.
fn sent_on() -> Reason {
    Reason::new(
        "它转到了别的地址，没有跟去：请在设置中写上实际应答的地址",
        "it leads to another address, which is not followed: put the address that answers into the settings",
    )
}

/// Turns an outcome into the good answer or what is wrong.
pub(crate) fn checked(outcome: Outcome) -> Result<Answer, Trouble> {
    match outcome {
        Outcome::Answered(answer) if answer.is_good() => Ok(answer),
        Outcome::Answered(answer) => Err(of_answer(&answer)),
        Outcome::Failed(failure) => Err(of_failure(failure)),
    }
}

/// Says why there was no answer.
pub(crate) fn of_failure(failure: Failure) -> Trouble {
    let kind = if failure == Failure::SentOn { kinds::SENT_ON } else { kinds::UNAVAILABLE };
    let cors = "it cannot be reached, or its answer may not be read from this page (CORS)";
    let (status, detail): (u16, Reason) = match failure {
        Failure::Unreachable => (502, Reason::new("连不上，或它的回答不允许本页读取（跨域 CORS）", cors)),
        Failure::TimedOut => (504, Reason::new("没有按时回答", "it did not answer in time")),
        Failure::TooLarge => (502, Reason::new("回答太大", "its answer is too large")),
        Failure::SentOn => (502, sent_on()),
    };
    Trouble::new(kind, status, NO_ANSWER, detail)
}

/// Says what a bad answer means; the server's words are passed on, cut short.
pub(crate) fn of_answer(answer: &Answer) -> Trouble {
    let said = words(answer);
    let mut trouble = of_status(answer.status, said);
    trouble.retry_after = answer.header("retry-after").map(|after| after.chars().take(40).collect());
    trouble
}

/// Says what a status means, of HTTP or of an envelope.
pub(crate) fn of_status(status: u16, said: Reason) -> Trouble {
    let with = |kind, title: Title| Trouble::new(kind, status, title, said.clone());
    match status {
        // It is good news where something was kept; where nothing was, it is no answer.
        304 => with(kinds::UNAVAILABLE, &("对方说没有变化", "The backend says that nothing has changed.")),
        300..=399 => {
            let Reason { zh, en } = sent_on();
            let why = Reason::new(format!("{zh}（{}）", said.zh), format!("{en} ({})", said.en));
            Trouble::new(kinds::SENT_ON, 502, NO_ANSWER, why)
        }
        401 => with(kinds::UNAUTHENTICATED, &("对方要求登录", "The backend asks for a session.")),
        403 => with(kinds::FORBIDDEN, &("对方不允许", "The backend forbids it.")),
        404 => with(kinds::NOT_FOUND, &("对方没有这一项", "The backend does not know it.")),
        429 => with(kinds::SLOW_DOWN, &("对方要求放慢请求", "The backend asks to slow down.")),
        400..=499 => with(kinds::INVALID_VALUE, &("对方不接受这个请求", "The backend refuses the request.")),
        503 => with(kinds::UNAVAILABLE, &("对方暂停服务", "The backend is not available.")),
        // A gateway has waited for it in vain.
        504 => Trouble::new(kinds::UNAVAILABLE, 504, NO_ANSWER, said),
        _ => Trouble::new(kinds::UNAVAILABLE, 502, &("对方出错", "The backend failed."), said),
    }
}

/// Finds what a server says of its error in the shapes that are in use: problem+json, Open311's list, `{code, description}`,
/// `{detail}` of text or of fields, `{message}`, `{msg}`, `{error: {message}}`, XML of the same, plain text.
pub(crate) fn words(answer: &Answer) -> Reason {
    let status = answer.status;
    let body = String::from_utf8_lossy(answer.body.get(..answer.body.len().min(20_000)).unwrap_or_default());
    let text = body.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Reason::new(format!("HTTP {status}，没有说明"), format!("HTTP {status} without a word"));
    }
    let said = match crate::xml::json_or_xml(text) {
        Some(value) => said_in(&value, 0).map(Reason::from),
        None if text.starts_with('<') => Some(Reason::new("返回的是网页，不是数据", "a page instead of data")),
        None => Some(Reason::from(text)),
    };
    let none = || Reason::new("没有能读的说明", "no words that can be read");
    said.unwrap_or_else(none).about(&format!("HTTP {status}")).each(cut)
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
