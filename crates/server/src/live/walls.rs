//! What walls are told, from the log to their streams.

use chrono::{DateTime, Duration, Utc};
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::events::Event;

use super::hub::News;
use super::{ROUND_TRIP, Shared};
use crate::board::tree::NOWHERE;
use crate::store::walls::Told;

/// For so long a wall that was away is still told what somebody wanted of it.
const FRESH: Duration = Duration::seconds(30);

impl Shared {
    /// Puts what a wall is told on the hub.
    pub(super) fn take_told(&self, told: Told, at: DateTime<Utc>) {
        // A plain struct of text and numbers always serialises; were one not to, the wall stays as it is.
        let Ok(json) = serde_json::to_string(&Event::Wall(told.command)) else { return };
        let news = News::Wall { wall: told.wall, until: at + FRESH, json: json.into_boxed_str() };
        self.hub.publish(news, NOWHERE, Sensitivity::Public);
    }

    /// Wakes the follower for a row of the log and waits until it is on the streams of this process.
    pub async fn arrived(&self, sequence: u64) {
        let mut applied = self.applied.subscribe();
        self.changed.notify_one();
        let arrived = applied.wait_for(|&position| position >= sequence);
        // It is in the log: the follower gets there, now or later.
        drop(tokio::time::timeout(ROUND_TRIP, arrived).await);
    }
}
