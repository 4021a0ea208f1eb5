//! Errors as RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// The media type of an error answer.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for people and for programs; never anything internal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable name of the kind of problem, such as `/problems/unknown-parameter`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in one short English sentence; the client words it by `type` in the reader's language.
    pub title: String,
    /// What about this request, and what to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Which parts of the request were wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// One wrong part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON Pointer into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// The stable names of problems.
pub mod kinds {
    /// No session, or one that ended.
    pub const UNAUTHENTICATED: &str = "/problems/unauthenticated";
    /// Name or password is wrong.
    pub const WRONG_CREDENTIALS: &str = "/problems/wrong-credentials";
    /// Too many tries; `Retry-After` says when.
    pub const SLOW_DOWN: &str = "/problems/slow-down";
    /// The viewer's role may not use this.
    pub const FORBIDDEN: &str = "/problems/forbidden";
    /// It does not exist, or the viewer may not know that it does.
    pub const NOT_FOUND: &str = "/problems/not-found";
    /// The method is not for this address.
    pub const METHOD_NOT_ALLOWED: &str = "/problems/method-not-allowed";
    /// A parameter is not one of this address's.
    pub const UNKNOWN_PARAMETER: &str = "/problems/unknown-parameter";
    /// A parameter or field has a value that cannot be used.
    pub const INVALID_VALUE: &str = "/problems/invalid-value";
    /// The cursor is not one that this server gave for this list.
    pub const INVALID_CURSOR: &str = "/problems/invalid-cursor";
    /// The request did not come from our own page.
    pub const FOREIGN_ORIGIN: &str = "/problems/foreign-origin";
    /// An edit without `If-Match`: what it is based on is not known.
    pub const PRECONDITION_REQUIRED: &str = "/problems/precondition-required";
    /// Somebody else changed it meanwhile.
    pub const CHANGED_MEANWHILE: &str = "/problems/changed-meanwhile";
    /// What is asked for cannot be done in this state.
    pub const NOT_NOW: &str = "/problems/not-now";
    /// A request that creates something has no `Idempotency-Key`.
    pub const KEY_MISSING: &str = "/problems/idempotency-key-missing";
    /// An `Idempotency-Key` was used for another request.
    pub const KEY_REUSED: &str = "/problems/idempotency-key-reused";
    /// No form that the client accepts can be given.
    pub const NOT_ACCEPTABLE: &str = "/problems/not-acceptable";
    /// The body is not of a type that this address takes.
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "/problems/unsupported-media-type";
    /// The body is larger than allowed.
    pub const TOO_LARGE: &str = "/problems/too-large";
    /// Something failed inside; it is logged under the request's id.
    pub const INTERNAL: &str = "/problems/internal";
    /// The database cannot be reached now; `Retry-After` says when to try again.
    pub const UNAVAILABLE: &str = "/problems/unavailable";
    /// The server behind the proxy cannot be reached, or may not be.
    pub const UPSTREAM_DOWN: &str = "/problems/upstream-down";
    /// The server behind the proxy did not answer in time.
    pub const UPSTREAM_SLOW: &str = "/problems/upstream-slow";
    /// The answer of the server behind the proxy is larger than its entry allows, or leads elsewhere.
    pub const UPSTREAM_REFUSED: &str = "/problems/upstream-refused";
    /// The server behind the proxy did not let ours sign in; `Retry-After` says when it is tried again.
    pub const UPSTREAM_SIGN_IN: &str = "/problems/upstream-sign-in";
    /// A foreign backend leads to another address, where nobody goes.
    pub const SENT_ON: &str = "/problems/sent-on";
    /// The body of the request did not arrive in time.
    pub const TOO_SLOW: &str = "/problems/too-slow";
    /// The backend behind this resource has nothing of the kind.
    pub const NOT_OFFERED: &str = "/problems/not-offered";
    /// A foreign backend answered with something else than its mapping says.
    pub const BACKEND_UNREADABLE: &str = "/problems/backend-unreadable";
}
