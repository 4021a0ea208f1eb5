//! Text in the two languages, and names that were not known.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// What stands between the two languages where a text travels as one: the Chinese, this, the English.
pub const BETWEEN: &str = " ‖ ";

/// A name in both languages, as the backend serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocalText {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl LocalText {
    /// Builds a text from both languages.
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// Reads a text that travelled as one; where it has but one language, that stands for both.
    pub fn apart(text: &str) -> Self {
        let (zh, en) = apart(text);
        Self::new(zh, en)
    }
}

/// Takes a text that travelled as one into its Chinese and its English; where it has but one language, that stands for both.
pub fn apart(text: &str) -> (&str, &str) {
    text.split_once(BETWEEN).unwrap_or((text, text))
}

/// A name that stands for no value of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: {name:?}")]
pub struct UnknownName {
    /// The type that was expected.
    pub what: &'static str,
    /// What came instead.
    pub name: String,
}
