//! Thresholds tried on the past year before anybody sets them.

use std::sync::Arc;

use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, TrialOutcome, WarningTrial};
use leptos::prelude::*;

use super::card::{Grid, take_along};
use super::inbox::Inbox;
use crate::api::supervision::TrialQuery;
use crate::desk::scope::asked;
use crate::reactive::{effect, part};
use crate::state::DistrictStore;
use crate::ui::button::Button;
use crate::ui::level::{LevelBadge, level_word};
use crate::ui::message::loaded;
use crate::ui::number;
use crate::{say, tr};

/// The part of the page; it asks only when somebody wants to know.
pub fn trial(inbox: Inbox) -> AnyView {
    let fields = [RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new())];
    let mut shown = [const { String::new() }; 3];
    effect(move || {
        let set = inbox.district.with(|d: &DistrictStore| d.config.value().map(|c| c.warning_thresholds));
        fill(fields, &mut shown, set.unwrap_or_default());
    });
    let wanted = RwSignal::new(None::<[f64; 3]>);
    let question = move || {
        let thresholds = wanted.get()?;
        Some(TrialQuery { place: inbox.scope.place.get(), level: PlaceLevel::Grid, thresholds })
    };
    let answer = asked(question);
    let said = RwSignal::new(String::new());
    let press = Callback::new(move |()| match read(fields) {
        Some(thresholds) => {
            said.set(String::new());
            wanted.set(Some(thresholds));
        }
        None => said.set(tr!(board.trial_wrong).to_owned()),
    });
    let outcome = part(move || {
        if wanted.get().is_none() {
            return ().into_any();
        }
        let offset = inbox.district.with(DistrictStore::utc_offset_s);
        answer.answer.with(|found| loaded(found, offset, answer.again, |found| told(inbox, found)))
    });
    view! {
        <section class="card trial" aria-labelledby="trial-title">
            <h2 id="trial-title">{say!(board.trial)}</h2>
            <p>{say!(board.trial_hint)}</p>
            <div class="brush-fields">
                {field("trial-blue", Level::Blue, fields[0])}{field("trial-yellow", Level::Yellow, fields[1])}{field("trial-red", Level::Red, fields[2])}
                <Button label=say!(board.try_out) on_press=press />
            </div>
            <p role="status" class="field-error">{said}</p>
            <div aria-live="polite">{outcome}</div>
            <details><summary>{say!(board.right_means)}</summary><p class="quiet">{say!(board.right_definition)}</p></details>
        </section>
    }
    .into_any()
}

/// Shows the thresholds that are set, but where somebody has typed others: the names of places may come while they do.
fn fill(fields: [RwSignal<String>; 3], shown: &mut [String; 3], set: [f64; 3]) {
    for ((field, shown), value) in fields.into_iter().zip(shown).zip(set) {
        let before = std::mem::replace(shown, value.to_string());
        if field.with_untracked(|text| *text == before) {
            field.set(shown.clone());
        }
    }
}

fn field(id: &'static str, level: Level, value: RwSignal<String>) -> AnyView {
    view! {
        <label><LevelBadge level />" ≥ "
            <input class="field-input" id=id type="number" inputmode="decimal" min="0" max="100" step="0.5" prop:value=value
                on:input:target=move |event| value.set(event.target().value()) /></label>
    }
    .into_any()
}

/// Three ascending scores above 0.
fn read(fields: [RwSignal<String>; 3]) -> Option<[f64; 3]> {
    let [blue, yellow, red] = fields.map(|field| field.get_untracked().trim().parse::<f64>().ok());
    ascending(blue?, yellow?, red?)
}

fn ascending(blue: f64, yellow: f64, red: f64) -> Option<[f64; 3]> {
    (0.0 < blue && blue < yellow && yellow < red && red <= 100.0).then_some([blue, yellow, red])
}

fn told(inbox: Inbox, trial: &WarningTrial) -> AnyView {
    let (red, kept) = (&trial.red, trial.clone());
    let files = inbox.files(|| tr!(board.trial), None, Arc::new(move || grid(&kept)));
    let says = tr!(
        board.trial_says,
        given = red.given,
        judged = red.judged,
        right = red.right,
        share = text(share(red)),
        chance = text(trial.chance)
    );
    let row = |(level, cells): (Level, Vec<String>)| {
        let cells = cells.into_iter().map(|cell| view! { <td class="figure">{cell}</td> }).collect_view();
        view! { <tr><th scope="row"><LevelBadge level /></th>{cells}</tr> }
    };
    let head = |(at, word): (usize, &'static str)| view! { <th scope="col" class:figure={at > 0}>{word}</th> };
    view! {
        <p><b>{says}</b></p>
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.trial)>
            <table class="table">
                <caption class="sr-only">{tr!(board.trial)}</caption>
                <thead><tr>{heads().into_iter().enumerate().map(head).collect_view()}</tr></thead>
                <tbody>{rows(trial).into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="quiet">{tr!(board.trial_chance, chance = text(trial.chance), places = trial.places, days = trial.horizon_days)}</p>
        {take_along(&files)}
    }
    .into_any()
}

fn share(outcome: &TrialOutcome) -> Option<f64> {
    (outcome.judged > 0).then(|| f64::from(outcome.right) / f64::from(outcome.judged))
}

fn text(rate: Option<f64>) -> String {
    rate.map_or_else(|| "—".to_owned(), number::share)
}

fn heads() -> [&'static str; 7] {
    [
        tr!(board.level_or_above),
        tr!(board.threshold),
        tr!(board.given),
        tr!(board.judged),
        tr!(board.right),
        tr!(board.hit_rate),
        tr!(board.daily),
    ]
}

fn rows(trial: &WarningTrial) -> [(Level, Vec<String>); 3] {
    let cells = |outcome: &TrialOutcome| {
        let TrialOutcome { threshold, given, judged, right, daily } = *outcome;
        let rate = text(share(outcome));
        vec![
            threshold.to_string(),
            given.to_string(),
            judged.to_string(),
            right.to_string(),
            rate,
            format!("{daily:.1}"),
        ]
    };
    [(Level::Red, cells(&trial.red)), (Level::Yellow, cells(&trial.yellow)), (Level::Blue, cells(&trial.blue))]
}

/// The table of a trial, as files have it.
fn grid(trial: &WarningTrial) -> Grid {
    Grid {
        heads: heads().map(str::to_owned).to_vec(),
        rows: rows(trial).map(|(level, cells)| [vec![level_word(level).to_owned()], cells].concat()).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_while_the_district_comes_and_the_rest_shows_what_is_set() {
        let owner = Owner::new();
        owner.set();
        let fields = [(); 3].map(|()| RwSignal::new(String::new()));
        let (mut shown, texts) = ([const { String::new() }; 3], || fields.map(|field| field.get_untracked()));
        fill(fields, &mut shown, [8.5, 20.0, 35.0]);
        assert_eq!(texts(), ["8.5", "20", "35"]);
        fields[2].set("77".to_owned());
        fill(fields, &mut shown, [8.5, 20.0, 35.0]);
        assert_eq!(texts(), ["8.5", "20", "77"], "the names of places came");
        fill(fields, &mut shown, [9.0, 20.0, 40.0]);
        assert_eq!(texts(), ["9", "20", "77"], "others were set");
    }

    #[test]
    fn thresholds_ascend_within_the_scores_that_there_are() {
        assert_eq!(ascending(8.5, 20.0, 35.0), Some([8.5, 20.0, 35.0]));
        for [blue, yellow, red] in
            [[0.0, 1.0, 2.0], [2.0, 2.0, 3.0], [1.0, 3.0, 2.0], [1.0, 2.0, 101.0], [f64::NAN, 1.0, 2.0]]
        {
            assert_eq!(ascending(blue, yellow, red), None);
        }
    }

    #[test]
    fn the_file_has_what_the_table_has_and_no_rate_of_none() {
        let of = |threshold, judged, right| TrialOutcome { threshold, given: 9, judged, right, daily: 0.25 };
        let day = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let trial = WarningTrial {
            from: day,
            to: day,
            places: 1,
            horizon_days: 30,
            red: of(35.0, 8, 2),
            yellow: of(20.0, 0, 0),
            blue: of(8.5, 8, 8),
            chance: None,
        };
        let Grid { heads, rows } = grid(&trial);
        assert!(rows.iter().all(|row| row.len() == heads.len()), "{rows:?}");
        let column = |at: usize| rows.iter().filter_map(|row| row.get(at).cloned()).collect::<Vec<_>>();
        assert_eq!(column(1), ["35", "20", "8.5"]);
        assert_eq!(column(5), ["25%", "—", "100%"]);
    }
}
