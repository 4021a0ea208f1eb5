//! Which of several backends does not answer: nobody at a wall opens a list of them. Pure.

use crate::api::ApiError;
use crate::api::error::Trouble;
use crate::api::json::{self, Json};
use crate::api::lenient::Silent;
use crate::state::Loadable;
use crate::tr;

/// Returns the names of an installation's backends as its `config.json` has them.
pub fn configured(file: &[u8]) -> Vec<String> {
    let file = json::parse(file).unwrap_or(Json::Null);
    let Some(Json::Object(backends)) = file.get("backends") else { return Vec::new() };
    backends.iter().map(|(name, _)| name.to_string()).collect()
}

/// What the answers that a wall is made of tell of who was silent.
#[derive(Debug, Default)]
pub struct Told {
    /// Named beside what there is.
    pub beside: Vec<Silent>,
    /// Why there is no answer at all.
    pub failed: Vec<ApiError>,
}

impl Told {
    /// Takes one answer.
    pub fn take<T>(&mut self, answer: &Loadable<T>) {
        self.beside.extend(answer.refused().into_iter().flat_map(|refused| refused.silent.iter().cloned()));
        self.failed.extend(answer.error().cloned());
    }
}

/// Returns the backends that do not answer, each once: those that answers name beside what they have, and those that an answer
/// failed for. What is said of a failure begins with the backend's name; where it names none, none is blamed.
pub fn names<'a>(
    configured: &[String],
    beside: impl IntoIterator<Item = &'a Silent>,
    failed: impl IntoIterator<Item = &'a ApiError>,
) -> Vec<String> {
    let beside = beside.into_iter().map(|silent| silent.backend.as_str());
    let failed = failed.into_iter().filter_map(|error| blamed(configured, error));
    let mut names: Vec<String> = Vec::new();
    for name in beside.chain(failed) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn blamed<'a>(configured: &[String], error: &'a ApiError) -> Option<&'a str> {
    let is_silent =
        matches!(error.trouble(), Trouble::Unreachable | Trouble::SentOn | Trouble::TimedOut | Trouble::Server);
    let ApiError::Problem { problem, .. } = error else { return None };
    let mut words = problem.detail.as_deref().filter(|_| is_silent)?.split(": ");
    words.find(|word| configured.iter().any(|name| name == word))
}

/// Says it; nothing where all answer.
pub fn line(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { tr!(wall.silent, names = names.join(tr!(desk.map_comma))) }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use fengtu_wire::problem::Problem;

    use super::*;
    use crate::api::lenient::Refused;

    fn failed(status: u16, detail: &str) -> ApiError {
        let (kind, title) = ("/problems/upstream".to_owned(), "upstream".to_owned());
        let problem = Problem { kind, status, title, detail: Some(detail.to_owned()), errors: Vec::new() };
        ApiError::Problem { problem: Box::new(problem), retry_after_ms: None }
    }

    fn beside(backend: &str) -> Silent {
        Silent { backend: backend.to_owned(), resource: "grids".to_owned(), detail: "HTTP 502".to_owned(), since: None }
    }

    fn three() -> Vec<String> {
        configured(br#"{"backends": {"default": {}, "gis": {}, "hotline": {}}, "resources": {"cases": "hotline"}}"#)
    }

    #[test]
    fn of_two_backends_the_silent_one_is_named_once() {
        assert_eq!(three(), ["default", "gis", "hotline"]);
        let errors = [failed(502, "gis: HTTP 502"), failed(504, "grids: gis: no answer")];
        let said = names(&three(), &[beside("gis"), beside("gis")], &errors);
        assert_eq!(said, ["gis"]);
        assert!(line(&said).contains("gis") && !line(&said).contains("hotline"), "{}", line(&said));
        let both = names(&three(), &[beside("gis")], &[failed(502, "hotline: HTTP 502")]);
        assert_eq!(both, ["gis", "hotline"]);
    }

    #[test]
    fn what_came_in_part_and_what_did_not_come_both_tell() {
        let (mut part, mut none) = (Loadable::<u8>::Loading, Loadable::<u8>::Loading);
        let refused = Refused { silent: vec![beside("gis")], ..Refused::default() };
        part.settle_list(Ok((7, refused)), DateTime::default());
        none.settle(Err(failed(502, "hotline: HTTP 502")), DateTime::default());
        let mut told = Told::default();
        told.take(&part);
        told.take(&none);
        assert_eq!(names(&three(), &told.beside, &told.failed), ["gis", "hotline"]);
    }

    #[test]
    fn who_answers_that_it_will_not_or_is_not_named_is_not_said_to_be_silent() {
        let errors = [failed(403, "gis: HTTP 403"), failed(502, "HTTP 502"), ApiError::NotOffered("grids")];
        assert!(names(&three(), &[], &errors).is_empty());
        assert_eq!(line(&[]), "");
        assert!(configured(b"").is_empty());
    }
}
