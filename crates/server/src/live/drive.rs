//! Moves a demo district: takes changes from a simulator at a steady pace and applies them like anyone's. Those that belong
//! together are written together, so that a demo that is killed between them leaves no half of a step.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{MissedTickBehavior, interval};

use super::apply;
use crate::app::AppState;
use crate::dataset::Change;
use crate::store::changes::Refused;

/// Applies what `next` has to offer, `events_per_second` times a second (0.001 to 1,000), for as long as it is polled and the
/// database takes it; returns why it did not. `next` is then ahead of what is written, and is to be made anew.
pub async fn drive(
    state: AppState,
    mut next: impl FnMut(DateTime<Utc>) -> Vec<Vec<Change>> + Send,
    events_per_second: f64,
) -> anyhow::Error {
    let pace = Duration::from_secs_f64(1.0 / events_per_second.clamp(0.001, 1_000.0));
    let mut beat = interval(pace);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        for together in next(state.now()) {
            match apply(&state, &together).await {
                Ok(_) => {}
                Err(Refused::Failed(error)) => return error,
                Err(refused) => tracing::warn!("a simulated change was refused: {refused}"),
            }
        }
    }
}
