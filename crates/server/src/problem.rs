//! Every refusal as RFC 9457 `application/problem+json`; nothing internal ever in a body.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fengtu_wire::problem::{FieldError, MEDIA_TYPE, Problem, kinds};

/// Why a request was not answered as asked; every handler's error type.
#[derive(Debug, Clone)]
pub struct Failure {
    problem: Box<Problem>,
    retry_after_s: Option<u32>,
}

/// What a handler returns.
pub type Answer<T = Response> = Result<T, Failure>;

impl Failure {
    /// Builds a refusal from its status, stable kind and one English sentence.
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Self {
        let (status, kind, title) = (status.as_u16(), kind.to_owned(), title.to_owned());
        Self {
            problem: Box::new(Problem { kind, status, title, detail: None, errors: Vec::new() }),
            retry_after_s: None,
        }
    }

    /// Says it does not exist, or that the viewer may not know that it does: the same answer for both.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, kinds::NOT_FOUND, "There is nothing at this address.")
    }

    /// Says that the place asked for does not exist, or that the viewer may not know that it does.
    pub fn unknown_place() -> Self {
        let error = FieldError { pointer: "?place".to_owned(), detail: "is not a place of yours".to_owned() };
        Self::new(StatusCode::NOT_FOUND, kinds::NOT_FOUND, "There is no such place in what you may see.")
            .errors(vec![error])
    }

    /// Says that somebody has to sign in first.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, kinds::UNAUTHENTICATED, "Sign in first.")
    }

    /// Says that the viewer's role may not use this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, kinds::FORBIDDEN, "Your role may not use this.")
    }

    /// Says that parameters or fields have values that cannot be used.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let mut failure =
            Self::new(StatusCode::BAD_REQUEST, kinds::INVALID_VALUE, "Some values of the request cannot be used.");
        failure.problem.errors = errors;
        failure
    }

    /// Says that one query parameter has a value that cannot be used.
    pub fn invalid_parameter(name: &str, detail: &str) -> Self {
        Self::invalid(vec![FieldError { pointer: format!("?{name}"), detail: detail.to_owned() }])
    }

    /// Says that parameters are not of this address.
    pub fn unknown_parameters(errors: Vec<FieldError>) -> Self {
        let title = "The request has parameters that this address does not know.";
        let mut failure = Self::new(StatusCode::BAD_REQUEST, kinds::UNKNOWN_PARAMETER, title);
        failure.problem.errors = errors;
        failure
    }

    /// Says that something failed inside; the cause is logged and not sent.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!("internal: {cause}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, kinds::INTERNAL, "Something failed inside the server.")
    }

    /// Says that the database cannot be reached now; the cause is logged and not sent.
    pub fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!("unavailable: {cause}");
        let title = "The server cannot reach its data now.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kinds::UNAVAILABLE, title).retry_after(5)
    }

    /// Adds what about this request, and what to do next.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        self.problem.detail = Some(detail.to_owned());
        self
    }

    /// Adds which parts of the request were wrong.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.problem.errors = errors;
        self
    }

    /// Adds `Retry-After`, in seconds.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(&*self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => Self::unavailable(&error),
            other => Self::internal(&other),
        }
    }
}

// The store reads rows that it wrote itself: what is wrong with one is ours, unless the database is what is wrong.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<sqlx::Error>() {
            Ok(database) => database.into(),
            Err(other) => Self::internal(&other),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(&error)
    }
}
