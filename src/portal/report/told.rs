//! What residents are told when something went wrong, and of where their report is: names that the catalogue words.

use fengtu_wire::cases::CaseState;
use fengtu_wire::problem::{Problem, kinds};
use fengtu_wire::text::BETWEEN;

use super::draft::{Fault, Why};
use crate::api::{ApiError, Trouble};
use crate::tr;

/// Whether the report may have arrived although no good answer came: then it must be looked for before it is sent again.
pub fn may_have_arrived(error: &ApiError) -> bool {
    match error.trouble() {
        // Some lead on once they have taken a report.
        Trouble::TimedOut | Trouble::Unreachable | Trouble::SentOn | Trouble::Server | Trouble::Unreadable => true,
        Trouble::Offline
        | Trouble::SignedOut
        | Trouble::WrongCredentials
        | Trouble::SlowDown
        | Trouble::Forbidden
        | Trouble::NotFound
        | Trouble::Refused
        | Trouble::NotOffered => false,
    }
}

/// What happened when a report was sent, and what to do.
pub fn sending_words(error: &ApiError) -> &'static str {
    match error.trouble() {
        Trouble::Offline => tr!(report.err_offline),
        Trouble::TimedOut => tr!(report.err_timed_out),
        Trouble::Unreachable | Trouble::SentOn | Trouble::Server => tr!(report.err_failed),
        Trouble::Unreadable => tr!(report.err_unreadable),
        Trouble::SlowDown => tr!(report.err_slow_down),
        Trouble::SignedOut | Trouble::WrongCredentials | Trouble::Forbidden => tr!(report.err_forbidden),
        Trouble::NotFound | Trouble::NotOffered => tr!(report.err_gone),
        Trouble::Refused => tr!(report.err_refused),
    }
}

/// What happened when a report was asked after, and what to do.
pub fn tracking_words(error: &ApiError) -> &'static str {
    match error.trouble() {
        Trouble::NotFound | Trouble::Refused => tr!(report.track_none),
        Trouble::Offline => tr!(report.track_offline),
        Trouble::NotOffered => tr!(report.track_not_offered),
        Trouble::SlowDown => tr!(report.err_slow_down),
        _ => tr!(report.track_failed),
    }
}

/// Returns the server's own words, where it has any: without the names that the translator put before them.
pub fn their_words(error: &ApiError) -> Option<String> {
    let ApiError::Problem { problem, .. } = error else { return None };
    let said = problem.detail.as_deref().filter(|_| is_theirs(problem))?;
    Some(
        said.split_once("HTTP ")
            .and_then(|(_, rest)| rest.split_once(": "))
            .map_or(said, |(_, words)| words)
            .to_owned(),
    )
}

/// Whether the words are the server's and not ours about it, which the translator has in both languages.
fn is_theirs(problem: &Problem) -> bool {
    let ours = [kinds::BACKEND_UNREADABLE, kinds::NOT_OFFERED, kinds::INTERNAL, kinds::SENT_ON];
    !ours.contains(&problem.kind.as_str())
        && problem
            .detail
            .as_deref()
            .is_some_and(|detail| !detail.contains(BETWEEN) && (detail.contains("HTTP ") || detail.contains("code ")))
}

/// Says what is to be mended in a field.
pub fn fault_words(fault: &Fault) -> String {
    let missing = match fault.id.as_str() {
        "kind" => tr!(report.missing_kind),
        "address" => tr!(report.missing_place),
        "description" => tr!(report.missing_what),
        "name" => tr!(report.missing_name),
        "telephone" => tr!(report.missing_telephone),
        "email" => tr!(report.missing_email),
        _ => return with_question(fault),
    };
    match fault.why {
        Why::Missing => missing.to_owned(),
        why => why_words(why),
    }
}

fn with_question(fault: &Fault) -> String {
    match fault.why {
        Why::Missing => tr!(report.missing_answer, text = fault.question.clone()),
        why => format!("{}{}{}", fault.question, tr!(report.colon), why_words(why)),
    }
}

fn why_words(why: Why) -> String {
    match why {
        Why::TooLong => tr!(report.too_long, n = super::draft::MAX_DESCRIPTION),
        Why::NoNumber => tr!(report.no_number).to_owned(),
        Why::NoMoment => tr!(report.no_moment).to_owned(),
        Why::NoTelephone => tr!(report.no_telephone).to_owned(),
        Why::NoEmail => tr!(report.no_email).to_owned(),
        Why::Missing => String::new(),
    }
}

/// Says where a report is, as residents say it.
pub fn state_words(state: CaseState) -> &'static str {
    match state {
        CaseState::Draft | CaseState::Reported => tr!(report.state_reported),
        CaseState::Accepted => tr!(report.state_accepted),
        CaseState::Handling | CaseState::Ordered | CaseState::Mediating => tr!(report.state_handling),
        CaseState::Referred | CaseState::Transferred | CaseState::Escalated => tr!(report.state_transferred),
        CaseState::Resolved | CaseState::Confirmed | CaseState::Rated => tr!(report.state_resolved),
        CaseState::Archived => tr!(report.state_archived),
        CaseState::Returned => tr!(report.state_returned),
        CaseState::Reopened => tr!(report.state_reopened),
        CaseState::Withdrawn => tr!(report.state_withdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::NetworkError;

    fn problem(kind: &str, status: u16, detail: &str) -> ApiError {
        let (kind, detail) = (kind.to_owned(), Some(detail.to_owned()));
        let problem = Problem { kind, status, title: String::new(), detail, errors: Vec::new() };
        ApiError::Problem { problem: Box::new(problem), retry_after_ms: None }
    }

    #[test]
    fn the_servers_words_are_told_and_ours_about_it_are_not() {
        let said = |kind, status, detail| their_words(&problem(kind, status, detail));
        let refused = said(kinds::INVALID_VALUE, 400, "hotline: HTTP 400: api_key: was not provided");
        assert_eq!(refused.as_deref(), Some("api_key: was not provided"));
        let page = "hotline: HTTP 500: 返回的是网页，不是数据 ‖ hotline: HTTP 500: a page instead of data";
        assert_eq!(said(kinds::UNAVAILABLE, 502, page), None);
        assert_eq!(
            said(kinds::UNAVAILABLE, 502, "hotline: HTTP 500，没有说明 ‖ hotline: HTTP 500 without a word"),
            None
        );
        assert_eq!(said(kinds::BACKEND_UNREADABLE, 502, "hotline: broken JSON where data was expected: {"), None);
        assert_eq!(said(kinds::SENT_ON, 502, "hotline: it leads on (HTTP 302: a page instead of data)"), None);
        assert_eq!(said(kinds::UNAVAILABLE, 504, "it did not answer in time"), None);
        assert_eq!(their_words(&ApiError::Network(NetworkError::Offline)), None);
    }

    #[test]
    fn only_where_nobody_knows_it_is_looked_for_first() {
        for (error, unsure) in [
            (ApiError::Network(NetworkError::TimedOut), true),
            (ApiError::Network(NetworkError::Offline), false),
            (problem(kinds::UNAVAILABLE, 502, ""), true),
            (problem(kinds::SENT_ON, 502, ""), true),
            (problem(kinds::BACKEND_UNREADABLE, 502, ""), true),
            (problem(kinds::INVALID_VALUE, 400, ""), false),
            (problem(kinds::FORBIDDEN, 403, ""), false),
            (problem(kinds::SLOW_DOWN, 429, ""), false),
        ] {
            assert_eq!(may_have_arrived(&error), unsure, "{error}");
        }
    }
}
