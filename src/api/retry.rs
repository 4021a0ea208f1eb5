//! When a read is tried again: exponential back-off with full jitter, at most three times, never before the server asks.

use super::error::ApiError;

/// Most tries after the first.
pub const MAX_RETRIES: u32 = 3;
const BASE_MS: u32 = 400;
const CAP_MS: u32 = 8_000;
/// Longer than this nobody waits in front of a screen: the error is shown instead.
const LONGEST_ASKED_MS: u32 = 30_000;

/// Returns the milliseconds to wait before try `attempt` (1 is the first repeat), or none: give up.
///
/// `random` is in 0…1.
pub fn delay_ms(attempt: u32, error: &ApiError, random: f64) -> Option<u32> {
    if attempt > MAX_RETRIES || !error.is_retryable() {
        return None;
    }
    let asked = match error {
        ApiError::Problem { retry_after_ms, .. } => retry_after_ms.unwrap_or(0),
        _ => 0,
    };
    let jittered = f64::from(backoff_ms(attempt)) * random.clamp(0.0, 1.0);
    (asked <= LONGEST_ASKED_MS).then_some(asked.saturating_add(jittered as u32))
}

fn backoff_ms(attempt: u32) -> u32 {
    BASE_MS.saturating_mul(1 << attempt.saturating_sub(1).min(10)).min(CAP_MS)
}
