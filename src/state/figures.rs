//! Figures of supervision: today's, moved by the stream, and those of the node and period in view.

use fengtu_wire::statistics::{Figures, Share, Statistics};

use super::Loadable;

/// The figures as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct FiguresStore {
    /// Today's, of the viewer's own node.
    pub today: Loadable<Figures>,
    /// Those of the node and period in view.
    pub view: Loadable<Statistics>,
}

/// Returns a share as a rate in 0…1; `None` if it is withheld or there was nothing to share.
pub fn rate(share: Share) -> Option<f64> {
    match (share.part, share.whole) {
        (Some(part), Some(whole)) if whole > 0 => Some(part as f64 / whole as f64),
        _ => None,
    }
}

/// Returns the growth from `before` to `now` as a part of `before`.
pub fn growth(now: Option<u64>, before: Option<u64>) -> Option<f64> {
    match (now, before) {
        (Some(now), Some(before)) if before > 0 => Some((now as f64 - before as f64) / before as f64),
        _ => None,
    }
}
