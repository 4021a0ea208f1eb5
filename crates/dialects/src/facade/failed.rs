//! What of an answer could not be had: named beside what is there.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::problem::Trouble;

/// A part of an answer that could not be had.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    pub resource: &'static str,
    /// The name of the backend that it was asked of.
    pub backend: String,
    pub trouble: Trouble,
    /// The Unix second at which it was had last: that stands in for it; absent: nothing does.
    pub since: Option<i64>,
}

impl Failed {
    pub fn json(&self) -> Value {
        let since = self.since.and_then(|at| DateTime::from_timestamp(at, 0)).map(|at| at.to_rfc3339());
        json!({"resource": self.resource, "backend": self.backend, "type": self.trouble.kind, "detail": self.trouble.detail,
            "since": since})
    }
}

/// Writes them as answers have them.
pub(crate) fn listed<'a>(failed: impl IntoIterator<Item = &'a Failed>) -> Value {
    failed.into_iter().map(Failed::json).collect()
}
