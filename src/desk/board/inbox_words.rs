//! What is read of a warning of the inbox: in its row, in its file.

use fengtu_wire::warnings::{Reason, Warning};

use super::inbox::standing_word;
use crate::desk::scope::local;
use crate::desk::words;
use crate::ui::level::level_word;
use crate::ui::time::day_and_time;

/// A warning with what people read of it alone: one that was computed anew and reads the same is the same.
pub fn as_read(warning: Warning) -> Warning {
    let mut warning = warning;
    warning.at = warning.since;
    warning.score = (warning.score * 10.0).round() / 10.0;
    for reason in &mut warning.reasons {
        reason.share = (reason.share * 100.0).round() / 100.0;
        (reason.value, reason.points) = (0.0, 0.0);
    }
    warning
}

/// The cells of a warning after its names; the time with its zone, as a file travels.
pub fn cells(warning: &Warning, utc_offset_s: i32) -> Vec<String> {
    vec![
        level_word(warning.level).to_owned(),
        format!("{:.1}", warning.score),
        standing_word(warning).to_owned(),
        with_zone(warning, utc_offset_s),
        reasons(warning),
    ]
}

/// Since when a warning has had its level, with the zone.
pub fn with_zone(warning: &Warning, utc_offset_s: i32) -> String {
    let since = local(warning.since.to_utc(), utc_offset_s);
    format!("{} {}", day_and_time(&since), since.offset())
}

/// Its first three reasons and their shares.
pub fn reasons(warning: &Warning) -> String {
    let one = |reason: &Reason| format!("{} {:.0}%", words::signal(reason.signal), reason.share * 100.0);
    warning.reasons.iter().take(3).map(one).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::warnings::WarningState;

    use super::*;

    fn warning() -> Warning {
        let text = r#"{"id":"g1","place":"g1","level":"red","score":41.26,"at":"2026-03-29T12:00:00+08:00",
            "since":"2026-03-29T09:30:00+08:00","state":"open","reasons":[{"signal":"group_matters","value":3.0,"points":25.0,
                "share":0.614,"cases":3}]}"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_warning_that_was_computed_anew_and_reads_the_same_is_the_same() {
        let (before, mut after) = (warning(), warning());
        after.at += chrono::TimeDelta::minutes(5);
        after.score += 0.01;
        for reason in &mut after.reasons {
            reason.points += 0.01;
        }
        assert_eq!(as_read(before.clone()), as_read(after.clone()));
        after.score += 0.1;
        assert_ne!(as_read(before.clone()), as_read(after));
        let acted = Warning { state: WarningState::Handled, version: 1, ..before.clone() };
        assert_ne!(as_read(before), as_read(acted), "what others did is new");
    }

    #[test]
    fn a_file_says_the_moment_with_its_zone() {
        let cells = cells(&warning(), 28_800);
        assert_eq!(cells.get(3).map(String::as_str), Some("2026-03-29 09:30 +08:00"), "{cells:?}");
        assert!(cells.last().is_some_and(|why| why.contains("61%")), "{cells:?}");
    }
}
