//! How old what is shown is, by the server's clock, whatever the machine's own clock says.

use chrono::{DateTime, Utc};

/// Milliseconds without a sign of life after which data is "delayed": a heartbeat (15 s) and 5 s for the way.
pub const DELAYED_MS: f64 = 20_000.0;
/// Milliseconds after which it is "stopped": three heartbeats.
pub const STOPPED_MS: f64 = 45_000.0;

/// Milliseconds for which a sample of the server's clock counts at least, and twice that at most: clocks drift apart by a second or
/// more a day, and a server's may be set back, which a wall that runs for weeks must get over by itself.
const TRUSTED_MS: f64 = 600_000.0;

/// How what is shown keeps up with the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Freshness {
    /// Nothing has come yet.
    #[default]
    Connecting,
    /// It moves with the district.
    Live,
    /// It is older than a heartbeat.
    Delayed,
    /// It has lost the district.
    Stopped,
}

/// The server's clock, told from samples of it and a monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ServerClock {
    /// Unix milliseconds of the server at monotonic zero; of the samples since `since_ms` the one that was least on its way.
    offset_ms: Option<f64>,
    /// The same of the span before.
    earlier_offset: Option<f64>,
    /// When the present span began.
    since_ms: f64,
    /// The server's time in the newest sign of life.
    newest_ms: Option<f64>,
}

impl ServerClock {
    /// Takes the server's time as it stood in an answer or a heartbeat that came at `mono_ms`.
    pub fn sample(&mut self, server: DateTime<Utc>, mono_ms: f64) {
        let server_ms = server.timestamp_millis() as f64;
        let offset = server_ms - mono_ms;
        if mono_ms - self.since_ms > TRUSTED_MS {
            (self.earlier_offset, self.offset_ms, self.since_ms) = (self.offset_ms, None, mono_ms);
        }
        // A sample is late by its way and never early, so the largest offset is the truest.
        self.offset_ms = Some(self.offset_ms.map_or(offset, |old| old.max(offset)));
        self.newest_ms = Some(self.newest_ms.map_or(server_ms, |old| old.max(server_ms)));
    }

    /// Takes an event that bears no time of the server: it is as new as its coming.
    pub fn alive(&mut self, mono_ms: f64) {
        if let Some(now) = self.now_ms(mono_ms) {
            self.newest_ms = Some(self.newest_ms.map_or(now, |old| old.max(now)));
        }
    }

    /// Forgets the offset: the monotonic clock stood still while the machine slept, or the server's clock was set.
    pub const fn distrust(&mut self) {
        (self.offset_ms, self.earlier_offset) = (None, None);
    }

    /// Returns the server's time now, if it is known.
    pub fn now(&self, mono_ms: f64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.now_ms(mono_ms)? as i64)
    }

    /// Returns the age of the newest sign of life, in milliseconds.
    pub fn age_ms(&self, mono_ms: f64) -> Option<f64> {
        Some((self.now_ms(mono_ms)? - self.newest_ms?).max(0.0))
    }

    /// Returns how things stand. Without a trusted clock they have stopped, unless nothing ever came.
    pub fn freshness(&self, mono_ms: f64) -> Freshness {
        match (self.newest_ms, self.age_ms(mono_ms)) {
            (None, _) => Freshness::Connecting,
            (_, Some(age)) if age <= DELAYED_MS => Freshness::Live,
            (_, Some(age)) if age <= STOPPED_MS => Freshness::Delayed,
            _ => Freshness::Stopped,
        }
    }

    fn now_ms(&self, mono_ms: f64) -> Option<f64> {
        Some(self.offset_ms.into_iter().chain(self.earlier_offset).reduce(f64::max)? + mono_ms)
    }
}
