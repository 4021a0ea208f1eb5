//! The one error of every request: the network, a problem that the server names, or an answer that cannot be read.

use fengtu_wire::problem::{Problem, kinds};

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No answer came.
    #[error("network: {0}")]
    Network(NetworkError),
    /// The server says what is wrong.
    #[error("problem {}: {} {}", .problem.status, .problem.kind, .problem.detail.as_deref().unwrap_or_default())]
    Problem {
        /// What it says.
        problem: Box<Problem>,
        /// Milliseconds after which it asks to be tried again.
        retry_after_ms: Option<u32>,
    },
    /// An answer came that is not what was asked for.
    #[error("{what} cannot be read: {detail}")]
    Decode {
        /// What was being read.
        what: &'static str,
        /// Where and why it failed; for the log and for support, not for residents.
        detail: String,
    },
    /// The backend behind this resource cannot do it.
    #[error("the backend does not offer {0}")]
    NotOffered(&'static str),
}

/// How the network failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The browser says that it has no network.
    #[error("offline")]
    Offline,
    /// No answer within the time-out.
    #[error("timed out")]
    TimedOut,
    /// The request could not be sent or its answer broke off.
    #[error("failed")]
    Failed,
    /// The answer leads to another address, where nothing is carried.
    #[error("sent on to another address")]
    SentOn,
    /// Whoever asked has left.
    #[error("cancelled")]
    Cancelled,
}

impl ApiError {
    /// Wraps a reader's complaint.
    pub fn decode(what: &'static str, detail: impl core::fmt::Display) -> Self {
        // A hostile body must not become a hostile message: cut it short.
        let detail = detail.to_string().chars().take(200).collect();
        Self::Decode { what, detail }
    }

    /// Returns the HTTP status, where the server answered with one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem { problem, .. } => Some(problem.status),
            _ => None,
        }
    }

    /// Whether the same read may succeed if it is tried again soon.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Network(error) => matches!(error, NetworkError::TimedOut | NetworkError::Failed),
            Self::Problem { problem, .. } => matches!(problem.status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            Self::Decode { .. } | Self::NotOffered(_) => false,
        }
    }

    /// Whether an answer was waited for in vain, here or by a proxy.
    pub fn is_time_out(&self) -> bool {
        match self {
            Self::Network(error) => *error == NetworkError::TimedOut,
            Self::Problem { problem, .. } => problem.status == 504,
            Self::Decode { .. } | Self::NotOffered(_) => false,
        }
    }

    /// Whether the session is over.
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Problem { problem, .. }
            if problem.status == 401 && problem.kind != kinds::WRONG_CREDENTIALS)
    }

    /// Returns what people should be told, as a name that the catalogue words.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Network(NetworkError::Offline) => Trouble::Offline,
            Self::Network(NetworkError::TimedOut) => Trouble::TimedOut,
            Self::Network(NetworkError::SentOn) => Trouble::SentOn,
            Self::Network(_) => Trouble::Unreachable,
            Self::Problem { problem, .. } => of_problem(problem),
            Self::Decode { .. } => Trouble::Unreadable,
            Self::NotOffered(_) => Trouble::NotOffered,
        }
    }
}

/// What people are told of an error; the catalogue has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The device has no network.
    Offline,
    /// The server did not answer in time.
    TimedOut,
    /// The server cannot be reached.
    Unreachable,
    /// The server leads to another address, where nobody goes.
    SentOn,
    /// The session is over.
    SignedOut,
    /// Name or password is wrong.
    WrongCredentials,
    /// Too many tries.
    SlowDown,
    /// The role may not see it.
    Forbidden,
    /// It does not exist.
    NotFound,
    /// The request was refused as it stood.
    Refused,
    /// Something failed inside the server.
    Server,
    /// The server is of another version, or something in between changed the answer.
    Unreadable,
    /// This backend has nothing of the kind.
    NotOffered,
}

fn of_problem(problem: &Problem) -> Trouble {
    match problem.kind.as_str() {
        kinds::UNAUTHENTICATED => Trouble::SignedOut,
        kinds::WRONG_CREDENTIALS => Trouble::WrongCredentials,
        kinds::SLOW_DOWN => Trouble::SlowDown,
        kinds::FORBIDDEN | kinds::FOREIGN_ORIGIN => Trouble::Forbidden,
        kinds::NOT_FOUND => Trouble::NotFound,
        kinds::NOT_OFFERED => Trouble::NotOffered,
        kinds::BACKEND_UNREADABLE => Trouble::Unreadable,
        kinds::SENT_ON => Trouble::SentOn,
        _ => of_status(problem.status),
    }
}

const fn of_status(status: u16) -> Trouble {
    match status {
        401 => Trouble::SignedOut,
        403 => Trouble::Forbidden,
        404 => Trouble::NotFound,
        429 => Trouble::SlowDown,
        502..=504 => Trouble::Unreachable,
        500.. => Trouble::Server,
        _ => Trouble::Refused,
    }
}
