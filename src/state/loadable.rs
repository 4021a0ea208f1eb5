//! What has been asked for and may not be here: every panel shows loading, empty, error, partial and stale from this.

use chrono::{DateTime, Utc};

use crate::api::ApiError;
use crate::api::lenient::Refused;
use crate::state::again::is_news;

/// A value on its way, here, incomplete, or failed.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Loadable<T> {
    /// Nothing has come yet.
    #[default]
    Loading,
    /// It is here.
    Ready {
        /// The value.
        value: T,
        /// When it came.
        at: DateTime<Utc>,
    },
    /// It is here but for some records, or a part of it is old.
    Partial {
        /// The value without them.
        value: T,
        /// When it came.
        at: DateTime<Utc>,
        /// What is missing, and why.
        refused: Refused,
    },
    /// It could not be had.
    Failed {
        /// Why.
        error: ApiError,
        /// What was here before, and when that came.
        stale: Option<(T, DateTime<Utc>)>,
    },
}

impl<T> Loadable<T> {
    /// Returns the value, if need be a stale one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Loading => None,
            Self::Ready { value, .. } | Self::Partial { value, .. } => Some(value),
            Self::Failed { stale, .. } => match stale {
                Some((value, _)) => Some(value),
                None => None,
            },
        }
    }

    /// Returns the value to change it, if need be a stale one.
    pub const fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Loading => None,
            Self::Ready { value, .. } | Self::Partial { value, .. } => Some(value),
            Self::Failed { stale, .. } => match stale {
                Some((value, _)) => Some(value),
                None => None,
            },
        }
    }

    /// Returns when the value came.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Loading => None,
            Self::Ready { at, .. } | Self::Partial { at, .. } => Some(*at),
            Self::Failed { stale, .. } => stale.as_ref().map(|(_, at)| *at),
        }
    }

    /// Returns why it could not be had.
    pub const fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns why there is nothing to show: it could not be had, and was not here before.
    pub fn lack(&self) -> Option<&ApiError> {
        self.error().filter(|_| self.value().is_none())
    }

    /// Returns what is missing of it.
    pub const fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Partial { refused, .. } => Some(refused),
            _ => None,
        }
    }

    /// Whether nothing has come yet.
    pub const fn is_loading(&self) -> bool {
        matches!(self, Self::Loading)
    }

    /// Takes an answer; a failure keeps the value that was here as stale.
    pub fn settle(&mut self, answer: Result<T, ApiError>, at: DateTime<Utc>) {
        self.settle_list(answer.map(|value| (value, Refused::default())), at);
    }

    /// Takes an answer of which some records were refused.
    pub fn settle_list(&mut self, answer: Result<(T, Refused), ApiError>, at: DateTime<Utc>) {
        *self = match answer {
            Ok((value, refused)) if refused.is_nothing() => Self::Ready { value, at },
            Ok((value, refused)) => Self::Partial { value, at, refused },
            Err(error) => Self::Failed { error, stale: std::mem::take(self).into_value() },
        };
    }

    /// The same of a question that was asked again by itself: what is no better than what is here moves nothing. Returns whether it
    /// was taken.
    pub fn settle_again(&mut self, answer: Result<(T, Refused), ApiError>, at: DateTime<Utc>, by_itself: bool) -> bool {
        let is_taken = !by_itself || is_news(self, answer.as_ref().map(|(_, refused)| refused));
        if is_taken {
            self.settle_list(answer, at);
        }
        is_taken
    }

    fn into_value(self) -> Option<(T, DateTime<Utc>)> {
        match self {
            Self::Loading => None,
            Self::Ready { value, at } | Self::Partial { value, at, .. } => Some((value, at)),
            Self::Failed { stale, .. } => stale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::NetworkError;

    fn at(s: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(s, 0).unwrap_or_default()
    }

    #[test]
    fn a_failure_keeps_what_was_here_with_its_age() {
        let mut figure = Loadable::default();
        figure.settle(Ok(7), at(10));
        figure.settle(Err(ApiError::Network(NetworkError::Failed)), at(20));
        figure.settle(Err(ApiError::Network(NetworkError::TimedOut)), at(30));
        assert_eq!((figure.value(), figure.at()), (Some(&7), Some(at(10))));
        assert!(figure.error().is_some());
        figure.settle(Ok(8), at(40));
        assert_eq!((figure.value(), figure.at(), figure.error()), (Some(&8), Some(at(40)), None));
    }

    #[test]
    fn refused_records_make_it_partial() {
        let mut list = Loadable::default();
        let refused = Refused { count: 3, reasons: vec!["#1".to_owned()], ..Refused::default() };
        list.settle_list(Ok((vec![1], refused.clone())), at(1));
        assert_eq!(list.refused(), Some(&refused));
    }
}
