//! When the next try to sign in may be made: a wrong password must not lock the account that is another system's.

use std::time::{Duration, Instant};

/// Pauses after log-ins that were refused: what counts failures counts them for some ten minutes, and locks at five.
const REFUSED_S: [u64; 4] = [60, 300, 900, 3600];
/// Pauses after log-ins that nobody answered.
const DOWN_S: [u64; 4] = [2, 5, 15, 60];
/// Tokens in a row that may have been of no use before new ones are got less often.
const USELESS: usize = 3;
/// How old a token must be to have served: a page can have a younger one used and refused in turn.
const SERVED: Duration = Duration::from_secs(30);
/// Younger tokens that have been of use are replaced so often in so long: some servers give tokens for a few questions, and a
/// page that has one used and refused in turn must not drive their log-in.
const YOUNG: usize = 200;
const WINDOW: Duration = Duration::from_secs(600);
/// The longest pause that the other server can ask for.
const MOST: Duration = Duration::from_secs(3600);

/// Why a try has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer was no.
    Refused,
    /// There was no answer.
    Down,
}

/// What came of the tries until now.
#[derive(Debug, Default)]
pub struct Attempts {
    refused: usize,
    down: usize,
    useless: usize,
    next: Option<Instant>,
    next_token: Option<Instant>,
    /// When the window of young tokens began, and how many were replaced in it.
    young: Option<(Instant, usize)>,
}

impl Attempts {
    /// Returns how long to wait until the next try.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.next.map(|next| next.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Notes a failure and returns the pause after it; `told` is what the other server asked for.
    pub fn failed(&mut self, kind: Kind, told: Option<Duration>, now: Instant) -> Duration {
        let (count, pauses) = match kind {
            Kind::Refused => (&mut self.refused, REFUSED_S),
            Kind::Down => (&mut self.down, DOWN_S),
        };
        let pause = pause(pauses, *count).max(told.unwrap_or_default().min(MOST));
        *count += 1;
        self.next = Some(now + pause);
        pause
    }

    /// Notes that a token was given.
    pub fn succeeded(&mut self) {
        (self.refused, self.down, self.next) = (0, 0, None);
    }

    /// Returns whether a token that is said to have ended may be replaced now: one that was of use for some time always, one
    /// that was of use for a moment so often in ten minutes, one that was never a few times and then after pauses.
    pub fn may_replace(&mut self, was_of_use: bool, age: Duration, now: Instant) -> bool {
        if was_of_use && age >= SERVED {
            (self.useless, self.next_token) = (0, None);
            return true;
        }
        if was_of_use && self.may_replace_young(now) {
            return true;
        }
        if self.next_token.is_some_and(|next| now < next) {
            return false;
        }
        self.useless += 1;
        self.next_token = self.useless.checked_sub(USELESS).map(|over| now + pause(REFUSED_S, over));
        true
    }
}

impl Attempts {
    fn may_replace_young(&mut self, now: Instant) -> bool {
        let is_open = |begun: &(Instant, usize)| now.saturating_duration_since(begun.0) < WINDOW;
        let (_, count) = match &mut self.young {
            Some(young) if is_open(young) => young,
            young => young.insert((now, 0)),
        };
        *count += 1;
        *count <= YOUNG
    }
}

fn pause(pauses: [u64; 4], count: usize) -> Duration {
    let [.., longest] = pauses;
    Duration::from_secs(pauses.get(count).copied().unwrap_or(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn pauses_grow_to_a_bound_and_start_anew_after_a_success() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        assert_eq!(attempts.left(now), None);
        let pauses: Vec<u64> = (0..6).map(|_| attempts.failed(Kind::Refused, None, now).as_secs()).collect();
        assert_eq!(pauses, [60, 300, 900, 3600, 3600, 3600]);
        assert_eq!(attempts.left(now + s(3599)), Some(s(1)));
        assert_eq!(attempts.left(now + s(3600)), None);
        attempts.succeeded();
        assert_eq!(attempts.left(now), None);
        assert_eq!(attempts.failed(Kind::Refused, None, now), s(60));
    }

    #[test]
    fn five_refusals_never_fall_into_ten_minutes_that_each_refusal_prolongs() {
        let (mut attempts, start) = (Attempts::default(), Instant::now());
        let (mut now, mut in_a_row) = (start, 0);
        while now < start + s(86_400) {
            let pause = attempts.failed(Kind::Refused, None, now);
            in_a_row = if pause < s(600) { in_a_row + 1 } else { 0 };
            assert!(in_a_row < 4, "after {:?}", now - start);
            now += pause;
        }
    }

    #[test]
    fn a_server_that_is_away_does_not_excuse_a_wrong_password() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        assert_eq!(attempts.failed(Kind::Refused, None, now), s(60));
        assert_eq!(attempts.failed(Kind::Down, None, now), s(2));
        assert_eq!(attempts.failed(Kind::Down, Some(s(30)), now), s(30));
        assert_eq!(attempts.failed(Kind::Down, Some(s(1_000_000)), now), s(3600));
        assert_eq!(attempts.failed(Kind::Refused, Some(s(1)), now), s(300));
    }

    #[test]
    fn tokens_of_no_use_are_not_fetched_for_ever() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        let got = |attempts: &mut Attempts, now| (0..50).filter(|_| attempts.may_replace(false, s(99), now)).count();
        assert_eq!(got(&mut attempts, now), 3);
        assert_eq!(got(&mut attempts, now + s(60)), 1);
        assert_eq!(got(&mut attempts, now + s(61)), 0);
        assert!(attempts.may_replace(true, s(30), now + s(61)));
        assert_eq!(got(&mut attempts, now + s(61)), 3);
    }

    #[test]
    fn tokens_that_last_for_a_moment_are_fetched_so_often_and_no_more() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        let got = |attempts: &mut Attempts, now| (0..999).filter(|_| attempts.may_replace(true, s(1), now)).count();
        assert_eq!(got(&mut attempts, now), YOUNG + USELESS);
        assert_eq!(got(&mut attempts, now + s(599)), 1, "one after a pause");
        assert_eq!(got(&mut attempts, now + s(600)), YOUNG);
    }
}
