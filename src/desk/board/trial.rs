//! Thresholds tried on the past year before anybody sets them.

use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, TrialOutcome, WarningTrial};
use leptos::prelude::*;

use super::inbox::Inbox;
use crate::api::supervision::TrialQuery;
use crate::desk::scope::asked;
use crate::reactive::{effect, part};
use crate::state::DistrictStore;
use crate::ui::button::Button;
use crate::ui::level::LevelBadge;
use crate::ui::message::loaded;
use crate::ui::number;
use crate::{say, tr};

/// The part of the page; it asks only when somebody wants to know.
pub fn trial(inbox: Inbox) -> AnyView {
    let fields = [RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new())];
    effect(move || {
        let set = inbox.district.with(|d: &DistrictStore| d.config.value().map(|c| c.warning_thresholds));
        for (field, value) in fields.iter().zip(set.unwrap_or_default()) {
            field.set(value.to_string());
        }
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
        answer.answer.with(|found| loaded(found, offset, answer.again, told))
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

fn told(trial: &WarningTrial) -> AnyView {
    let share =
        |outcome: &TrialOutcome| (outcome.judged > 0).then(|| f64::from(outcome.right) / f64::from(outcome.judged));
    let text = |rate: Option<f64>| rate.map_or_else(|| "—".to_owned(), number::share);
    let red = &trial.red;
    let says = tr!(
        board.trial_says,
        given = red.given,
        judged = red.judged,
        right = red.right,
        share = text(share(red)),
        chance = text(trial.chance)
    );
    let row = |(level, outcome): (Level, &TrialOutcome)| {
        view! {
            <tr>
                <th scope="row"><LevelBadge level /></th>
                <td class="figure">{outcome.threshold.to_string()}</td><td class="figure">{outcome.given}</td>
                <td class="figure">{outcome.judged}</td><td class="figure">{outcome.right}</td>
                <td class="figure">{text(share(outcome))}</td><td class="figure">{format!("{:.1}", outcome.daily)}</td>
            </tr>
        }
    };
    let rows = [(Level::Red, &trial.red), (Level::Yellow, &trial.yellow), (Level::Blue, &trial.blue)].map(row);
    view! {
        <p><b>{says}</b></p>
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.trial)>
            <table class="table">
                <caption class="sr-only">{tr!(board.trial)}</caption>
                <thead><tr>
                    <th scope="col">{tr!(board.level_or_above)}</th><th scope="col" class="figure">{tr!(board.threshold)}</th>
                    <th scope="col" class="figure">{tr!(board.given)}</th><th scope="col" class="figure">{tr!(board.judged)}</th>
                    <th scope="col" class="figure">{tr!(board.right)}</th><th scope="col" class="figure">{tr!(board.hit_rate)}</th>
                    <th scope="col" class="figure">{tr!(board.daily)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().collect_view()}</tbody>
            </table>
        </div>
        <p class="quiet">{tr!(board.trial_chance, chance = text(trial.chance), places = trial.places, days = trial.horizon_days)}</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_ascend_within_the_scores_that_there_are() {
        assert_eq!(ascending(8.5, 20.0, 35.0), Some([8.5, 20.0, 35.0]));
        for [blue, yellow, red] in
            [[0.0, 1.0, 2.0], [2.0, 2.0, 3.0], [1.0, 3.0, 2.0], [1.0, 2.0, 101.0], [f64::NAN, 1.0, 2.0]]
        {
            assert_eq!(ascending(blue, yellow, red), None);
        }
    }
}
