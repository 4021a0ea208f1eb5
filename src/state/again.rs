//! Asking again by itself for what a backend did not answer to: it may answer by now, and "not answering" must not outlive that.

use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use leptos::prelude::*;

use super::district::Tree;
use super::{DistrictStore, LiveStore, Loadable, use_store};
use crate::api::ApiError;
use crate::api::lenient::Refused;

/// Counts the minutes that begin while something is lacking: with each, it is to be asked for again.
pub fn while_lacking(lacks: impl Fn() -> bool + Send + Sync + 'static) -> Memo<u32> {
    let live = use_store::<LiveStore>();
    let minute = Memo::new(move |_| live.with(|live| live.now.timestamp().div_euclid(60)));
    let lacks = Memo::new(move |_| lacks());
    let turns =
        Memo::new(move |before: Option<&Turn>| before.copied().unwrap_or_default().next(minute.get(), lacks.get()));
    Memo::new(move |_| turns.get().count)
}

/// How often something was asked for again, and the last minute that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Turn {
    minute: Option<i64>,
    count: u32,
}

impl Turn {
    fn next(self, minute: i64, lacks: bool) -> Self {
        let is_new = self.minute.is_some_and(|before| before < minute);
        Self { minute: Some(minute), count: self.count + u32::from(is_new && lacks) }
    }
}

/// Whether an answer is no better than none: asked again by itself, it then moves nothing.
pub fn lacks(answer: Result<&Refused, &ApiError>) -> bool {
    answer.map_or(true, |refused| is_silent(Some(refused)))
}

/// Whether a backend did not answer to a part of a list.
pub fn is_silent(refused: Option<&Refused>) -> bool {
    refused.is_some_and(|refused| !refused.silent.is_empty())
}

/// Whether an answer to a question that was asked again by itself is worth showing: one that lacks as before moves nothing, unless
/// it is the first of which there is anything.
pub fn is_news<T>(known: &Loadable<T>, answer: Result<&Refused, &ApiError>) -> bool {
    !lacks(answer) || (answer.is_ok() && known.value().is_none())
}

impl DistrictStore {
    /// Takes the settings and the tree. Asked again by itself, what is no better than it was moves nothing. Returns whether
    /// anything is another than it was.
    pub fn settle(
        &mut self,
        (config, tree): (Result<Config, ApiError>, Result<(Tree, Refused), ApiError>),
        at: DateTime<Utc>,
        by_itself: bool,
    ) -> bool {
        let had_failed = self.config.error().is_some();
        let config = config.map(|config| (config, Refused::default()));
        // Settings that come again are the same; alone they move nothing.
        let is_mended = self.config.settle_again(config, at, by_itself) && (had_failed || !by_itself);
        self.tree.settle_again(tree, at, by_itself) || is_mended
    }

    /// Whether the settings or a part of the tree could not be had, or stands as it was.
    pub fn is_lacking(&self) -> bool {
        let has_failed = self.config.error().is_some() || self.tree.error().is_some() || self.grids.error().is_some();
        has_failed || is_silent(self.tree.refused()) || is_silent(self.grids.refused())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::api::lenient::Silent;

    #[test]
    fn what_lacks_is_asked_for_again_with_every_minute_and_nothing_else_is() {
        let steps = [(1, false), (2, false), (2, true), (3, true), (3, true), (4, true), (4, false), (5, false)];
        let mut turn = Turn::default();
        let counts = steps.map(|(minute, lacks)| {
            turn = turn.next(minute, lacks);
            turn.count
        });
        assert_eq!(counts, [0, 0, 0, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn the_count_follows_the_clock_of_the_page() {
        Owner::new().with(|| {
            provide_context(RwSignal::new(LiveStore::default()));
            let (live, lacks) = (use_store::<LiveStore>(), RwSignal::new(false));
            let count = while_lacking(move || lacks.get());
            let after = |seconds: i64| {
                live.update(|live| live.now += chrono::TimeDelta::seconds(seconds));
                count.get_untracked()
            };
            assert_eq!([after(0), after(60)], [0, 0], "all is there");
            lacks.set(true);
            assert_eq!([after(0), after(1), after(60), after(1), after(60)], [0, 0, 1, 1, 2]);
            lacks.set(false);
            assert_eq!(after(600), 2);
        });
    }

    #[test]
    fn each_part_is_judged_by_itself_and_the_first_that_comes_is_taken_though_it_lacks() {
        let (at, partly) = (DateTime::UNIX_EPOCH, grids_are_silent());
        let (whole, failed) = (Refused::default(), ApiError::NotOffered("x"));
        let mut known = Loadable::<u8>::default();
        known.settle(Err(ApiError::NotOffered("x")), at);
        assert_eq!([Ok(&whole), Ok(&partly), Err(&failed)].map(|answer| is_news(&known, answer)), [true, true, false]);
        known.settle(Ok(1), at);
        assert_eq!([Ok(&whole), Ok(&partly), Err(&failed)].map(|answer| is_news(&known, answer)), [true, false, false]);
    }

    fn grids_are_silent() -> Refused {
        let silent =
            Silent { backend: "gis".to_owned(), resource: "grids".to_owned(), detail: String::new(), since: None };
        Refused { silent: vec![silent], ..Refused::default() }
    }

    fn golden() -> Config {
        serde_json::from_str(include_str!("../../crates/wire/tests/golden/config.json")).unwrap()
    }

    #[test]
    fn asked_again_by_itself_a_district_moves_only_for_what_is_better() {
        let (at, failed) = (DateTime::UNIX_EPOCH, || ApiError::NotOffered("x"));
        let (config, tree) = (golden(), || Ok((Tree::default(), Refused::default())));
        let mut district = DistrictStore::default();
        assert!(district.settle((Err(failed()), Err(failed())), at, false), "the first answer shows, whatever it is");
        assert!(!district.settle((Err(failed()), Err(failed())), at, true));
        assert!(district.settle((Ok(config.clone()), Err(failed())), at, true), "the settings are mended");
        assert!(!district.settle((Ok(config.clone()), Err(failed())), at, true), "they are the same");
        assert!(district.settle((Ok(config), tree()), at, true), "the tree is mended");
        assert!(!district.is_lacking());
    }

    #[test]
    fn a_district_lacks_what_a_backend_did_not_answer_to() {
        let at = DateTime::UNIX_EPOCH;
        let mut district = DistrictStore::default();
        let refused = grids_are_silent();
        assert!(!district.is_lacking(), "it is on its way");
        district.tree.settle_list(Ok((Tree::default(), refused)), at);
        assert!(district.is_lacking());
        let odd = Refused { count: 1, ..Refused::default() };
        district.tree.settle_list(Ok((Tree::default(), odd)), at);
        assert!(!district.is_lacking(), "a record that cannot be read is not mended by asking again");
        district.grids.settle(Err(ApiError::NotOffered("x")), at);
        assert!(district.is_lacking());
        let mut settings = DistrictStore::default();
        settings.config.settle(Err(ApiError::NotOffered("x")), at);
        assert!(settings.is_lacking());
    }
}
