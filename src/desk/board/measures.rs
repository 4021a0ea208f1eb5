//! Every figure of supervision as data: its word, how it is read, and whether more of it is better.

use fengtu_domain::lawsuits::{When, is_comparable, services_of, told_of};
use fengtu_domain::ranking::{Better, is_beyond_chance};
use fengtu_domain::statistics::{Part, lawsuit_rate};
use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::{Figures, Lawsuits, Share};

use crate::i18n;
use crate::routes::Rank;
use crate::state::figures::rate;
use crate::tr;
use crate::ui::number::{MoneyUnit, amount, changed_by, grouped, percent, share};

/// A figure as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A count; `None`: withheld.
    Count(Option<u64>),
    /// No fewer than this: how it has changed is not known.
    AtLeast(Option<u64>),
    /// A part of a whole.
    Rate(Share),
    /// Fen.
    Money(Option<i64>),
    /// Lawsuits, read per 10,000 people and year; `None`: none are known.
    Lawsuits(Option<Lawsuits>),
}

impl Value {
    /// Returns it as it is read; a dash where it is withheld or unknown.
    pub fn text(self) -> String {
        let text = match self {
            Self::Count(count) => count.map(grouped),
            Self::AtLeast(count) => count.map(|n| grouped(n) + "+"),
            Self::Rate(share) => rate(share).map(percent),
            Self::Money(fen) => fen.map(money),
            Self::Lawsuits(known) => rate(lawsuit_rate(known)).map(per_10_000),
        };
        text.unwrap_or_else(|| "—".to_owned())
    }

    /// Returns the change from an earlier value.
    pub fn change_from(self, before: Self) -> Option<Change> {
        match (self, before) {
            (Self::Count(now), Self::Count(before)) => grown(now?, before?),
            (Self::Money(now), Self::Money(before)) => {
                let mut change = grown(now?.max(0).unsigned_abs(), before?.max(0).unsigned_abs())?;
                // Amounts are made by single large cases: no count from which chance could be told.
                change.is_certain = None;
                Some(change)
            }
            (Self::Rate(now), Self::Rate(before)) => {
                let points = (rate(now)? - rate(before)?) * 100.0;
                let text = tr!(board.points, n = format!("{:.1}", points.abs()));
                Some(Change { up: sign(points, 0.05), text, is_certain: Some(differ(now, before)) })
            }
            (Self::Lawsuits(now), Self::Lawsuits(before)) => {
                is_comparable(now?, before?).then_some(())?;
                let (now, before) = (lawsuit_rate(now), lawsuit_rate(before));
                let change = rate(now)? - rate(before)?;
                Some(Change {
                    up: sign(change, 5e-6),
                    text: per_10_000(change.abs()),
                    is_certain: Some(differ(now, before)),
                })
            }
            _ => None,
        }
    }

    /// Says why no change is told from an earlier value, though both are known.
    pub fn why_not_compared(self, before: Self) -> Option<&'static str> {
        let (Self::Lawsuits(Some(now)), Self::Lawsuits(Some(earlier))) = (self, before) else { return None };
        let is_withheld = self.is_known() && before.is_known() && !is_comparable(now, earlier);
        is_withheld.then(|| tr!(board.months_differ))
    }

    /// Says of which months it is, where it is told by the month.
    pub fn months(self, cube: &Cube, when: When) -> Option<String> {
        let told = match self {
            Self::Lawsuits(known) => told_of(cube, when, known),
            Self::AtLeast(Some(_)) => services_of(cube, when),
            _ => None,
        };
        told.map(|text| i18n::local(&text))
    }

    /// Whether it grows with the time that it is counted over.
    pub const fn is_summed(self) -> bool {
        matches!(self, Self::Count(_) | Self::Money(_))
    }

    /// Whether there is anything to read.
    pub fn is_known(self) -> bool {
        match self {
            Self::Count(count) | Self::AtLeast(count) => count.is_some(),
            Self::Rate(share) => rate(share).is_some(),
            Self::Lawsuits(known) => rate(lawsuit_rate(known)).is_some(),
            Self::Money(fen) => fen.is_some(),
        }
    }
}

/// Writes a rate as so many of 10,000.
fn per_10_000(rate: f64) -> String {
    format!("{:.1}", rate * 10_000.0)
}

/// Whether two shares differ beyond chance: their intervals do not touch.
fn differ(now: Share, before: Share) -> bool {
    let interval = |share: Share| fengtu_domain::statistics::wilson(part(share)?);
    match (interval(now), interval(before)) {
        (Some(now), Some(before)) => now.0 > before.1 || before.0 > now.1,
        _ => false,
    }
}

/// Returns a share as the rules count it; `None`: either is withheld.
pub fn part(share: Share) -> Option<Part> {
    Some(Part { part: share.part?, whole: share.whole? })
}

fn grown(now: u64, before: u64) -> Option<Change> {
    let growth = (before > 0).then(|| (now as f64 - before as f64) / before as f64)?;
    let text = changed_by(growth.abs());
    Some(Change { up: sign(growth, 0.0005), text, is_certain: Some(is_beyond_chance(now, before)) })
}

fn sign(value: f64, least: f64) -> i8 {
    if value > least { 1 } else { -i8::from(value < -least) }
}

/// Writes fen as people say it: 万元 in Chinese, millions of yuan in English.
pub fn money(fen: i64) -> String {
    let (figure, unit) = amount(fen);
    match unit {
        MoneyUnit::Yuan => tr!(board.yuan, n = figure),
        MoneyUnit::TenThousand | MoneyUnit::Million => tr!(board.wan, n = figure),
        MoneyUnit::HundredMillion => tr!(board.yi, n = figure),
    }
}

/// A change: up (1), down (−1) or none, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its direction.
    pub up: i8,
    /// How much, without a sign.
    pub text: String,
    /// Whether it is more than chance explains; nothing: nobody can tell.
    pub is_certain: Option<bool>,
}

/// How a change is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For the better.
    Better,
    /// For the worse.
    Worse,
    /// Neither, or no more than chance.
    Plain,
    /// The period is too young: its cases are still being settled and rated.
    Young,
}

/// A figure.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Its word.
    pub word: fn() -> &'static str,
    /// What is said of it on demand.
    pub of: fn(&Figures) -> Value,
    /// Whether more of it is better; nothing: it is neither.
    pub better: Option<Better>,
    /// Whether it goes on growing after the period, as cases are settled and rated: a young period cannot be compared by it.
    pub matures: bool,
}

impl Measure {
    /// Returns how a change of it is to be taken.
    pub fn tone(&self, change: &Change) -> Tone {
        match (change.up, self.better, change.is_certain) {
            (1, Some(Better::More), Some(true)) | (-1, Some(Better::Less), Some(true)) => Tone::Better,
            (-1, Some(Better::More), Some(true)) | (1, Some(Better::Less), Some(true)) => Tone::Worse,
            _ => Tone::Plain,
        }
    }
}

const fn measure(word: fn() -> &'static str, better: Option<Better>, of: fn(&Figures) -> Value) -> Measure {
    Measure { word, of, better, matures: false }
}

/// One that goes on growing after the period.
const fn maturing(word: fn() -> &'static str, better: Option<Better>, of: fn(&Figures) -> Value) -> Measure {
    Measure { word, of, better, matures: true }
}

/// How old a period must be for what matures to be compared, in days: nearly all cases are settled by then.
const MATURE_DAYS: i64 = 30;

/// Whether what matures can be compared yet.
pub fn is_mature(cube: &Cube) -> bool {
    (cube.at - cube.to).num_days() >= MATURE_DAYS
}

/// Whether so much of the period is still to come that its counts are none beside those of the whole one before. To who gets
/// counts from `k` up whole days are told, before and now: of one day that goes on much is missing, of four weeks little.
pub fn is_part(cube: &Cube) -> bool {
    !cube.exact && (cube.to - cube.at) * 20 > cube.to - cube.from
}

const fn settled(f: &Figures) -> Share {
    Share { part: f.settled, whole: f.received }
}

const fn of_received(part: Option<u64>, f: &Figures) -> Value {
    Value::Rate(Share { part, whole: f.received })
}

const MORE: Option<Better> = Some(Better::More);
const LESS: Option<Better> = Some(Better::Less);

/// The figures that stand large at the top.
pub const HEROES: [Measure; 6] = [
    measure(|| tr!(board.received), None, |f| Value::Count(f.received)),
    maturing(|| tr!(board.rate), MORE, |f| Value::Rate(settled(f))),
    measure(|| tr!(board.in_time), MORE, |f| Value::Rate(f.settled_in_time)),
    measure(|| tr!(board.overdue), LESS, |f| Value::Count(f.overdue)),
    measure(|| tr!(board.satisfied), MORE, |f| Value::Rate(f.satisfied)),
    measure(|| tr!(board.people), None, |f| Value::Count(f.people)),
];

/// Gives a word in the language of the moment.
pub type Word = fn() -> &'static str;

/// The other figures, in four groups with their titles.
pub const GROUPS: [(Word, &[Measure]); 4] = [
    (
        || tr!(board.group_load),
        &[
            maturing(|| tr!(board.settled), None, |f| Value::Count(f.settled)),
            measure(|| tr!(board.open), LESS, |f| Value::Count(f.open)),
            measure(|| tr!(board.amount), None, |f| Value::Money(f.amount_fen)),
            measure(|| tr!(board.self_reported), None, |f| Value::Count(f.self_reported)),
            measure(|| tr!(board.self_share), None, |f| of_received(f.self_reported, f)),
        ],
    ),
    (
        || tr!(board.group_time),
        &[
            measure(|| tr!(board.answered), MORE, |f| Value::Rate(f.answered)),
            measure(|| tr!(board.accepted), MORE, |f| Value::Rate(f.accepted)),
            measure(|| tr!(board.orders), None, |f| Value::Count(f.orders)),
            measure(|| tr!(board.checked_in), MORE, |f| Value::Rate(f.checked_in)),
            maturing(|| tr!(board.rated), MORE, |f| Value::Rate(f.rated)),
        ],
    ),
    (
        || tr!(board.group_again),
        &[
            measure(|| tr!(board.repeats), LESS, |f| Value::Count(f.repeats)),
            measure(|| tr!(board.repeat_rate), LESS, |f| of_received(f.repeats, f)),
            maturing(|| tr!(board.rebounds), LESS, |f| Value::Count(f.rebounds)),
            maturing(|| tr!(board.rebound_rate), LESS, |f| of_received(f.rebounds, f)),
        ],
    ),
    (
        || tr!(board.group_lawsuit),
        &[
            maturing(|| tr!(board.mediated), MORE, |f| Value::Rate(f.mediated)),
            measure(|| tr!(board.confirmations), None, |f| Value::Count(f.confirmations)),
            measure(|| tr!(board.confirmed), MORE, |f| Value::Rate(f.confirmed_in_time)),
            measure(|| tr!(board.psychological), None, |f| Value::AtLeast(f.psychological)),
            measure(|| tr!(board.lawsuit_rate), LESS, |f| Value::Lawsuits(f.lawsuits)),
        ],
    ),
];

/// Returns what places are ranked by: word, share, whether more is better.
pub fn ranked(rank: Rank) -> (Word, fn(&Figures) -> Share, Better) {
    use Better::{Less, More};
    match rank {
        Rank::Settled => (|| tr!(board.rate), settled, More),
        Rank::InTime => (|| tr!(board.in_time), |f| f.settled_in_time, More),
        Rank::Accepted => (|| tr!(board.accepted), |f| f.accepted, More),
        Rank::Satisfied => (|| tr!(board.satisfied), |f| f.satisfied, More),
        Rank::Overdue => (|| tr!(board.overdue_rate), |f| Share { part: f.overdue, whole: f.open }, Less),
        Rank::Repeats => (|| tr!(board.repeat_rate), |f| Share { part: f.repeats, whole: f.received }, Less),
        Rank::Rebounds => (|| tr!(board.rebound_rate), |f| Share { part: f.rebounds, whole: f.received }, Less),
        Rank::Mediated => (|| tr!(board.mediated), |f| f.mediated, More),
        Rank::Lawsuits => (|| tr!(board.lawsuit_rate), |f| lawsuit_rate(f.lawsuits), Less),
    }
}

/// Returns how the rate that places are ranked by is read.
pub fn read(rank: Rank) -> fn(f64) -> String {
    if rank == Rank::Lawsuits { per_10_000 } else { share }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const fn share(part: u64, whole: u64) -> Value {
        Value::Rate(Share { part: Some(part), whole: Some(whole) })
    }

    #[test]
    fn a_change_is_good_or_bad_only_beyond_chance() {
        let rate = HEROES[1];
        let certain = share(980, 1_000).change_from(share(900, 1_000)).unwrap();
        assert_eq!((certain.up, certain.text.contains("8.0"), rate.tone(&certain)), (1, true, Tone::Better));
        let chance = share(98, 100).change_from(share(97, 100)).unwrap();
        assert_eq!((chance.up, rate.tone(&chance)), (1, Tone::Plain));
        let overdue = Value::Count(Some(90)).change_from(Value::Count(Some(30))).unwrap();
        assert_eq!((HEROES[3].tone(&overdue), HEROES[0].tone(&overdue)), (Tone::Worse, Tone::Plain));
    }

    #[test]
    fn lawsuits_are_read_per_10_000_and_fewer_are_better() {
        let measure = GROUPS[3].1.last().unwrap();
        let filed =
            |filed, months| Some(Lawsuits { filed, months, ended: 3, people: 120_000 / u64::from(months.max(1)) });
        let of = |n: u64| Value::Lawsuits(filed(Some(n), 1));
        let change = of(62).change_from(of(130)).unwrap();
        assert_eq!((of(62).text(), change.text.as_str(), change.up), ("62.0".to_owned(), "68.0", -1));
        assert_eq!((measure.tone(&change), read(Rank::Lawsuits)(0.0062)), (Tone::Better, "62.0".to_owned()));
        assert!(!Value::Lawsuits(filed(None, 0)).is_known() && read(Rank::Settled)(0.5) == "50%");
        let two = Value::Lawsuits(filed(Some(130), 2));
        assert_eq!((of(62).change_from(two), of(62).change_from(Value::Lawsuits(None))), (None, None));
        assert!(of(62).why_not_compared(two).is_some_and(|why| why.contains("月数")));
        let silent = [of(130), Value::Lawsuits(None), Value::Lawsuits(filed(None, 0)), Value::Count(Some(2))];
        assert!(silent.iter().all(|&before| of(62).why_not_compared(before).is_none()));
    }

    #[test]
    fn what_is_withheld_is_a_dash_and_never_compared() {
        assert_eq!(Value::Count(None).text(), "—");
        assert_eq!(Value::Count(Some(3)).change_from(Value::Count(None)), None);
        assert_eq!(Value::Count(Some(3)).change_from(Value::Count(Some(0))), None);
        assert_eq!(share(1, 0).text(), "—");
    }

    #[test]
    fn services_are_told_as_no_fewer_than_so_many_and_not_compared() {
        let measure = GROUPS[3].1.iter().find(|measure| (measure.word)() == tr!(board.psychological)).unwrap();
        let of = |psychological| (measure.of)(&Figures { psychological, ..Figures::default() });
        assert_eq!((of(Some(10)).text(), of(None).text()), ("10+".to_owned(), "—".to_owned()));
        assert_eq!((of(Some(10)).change_from(of(Some(10))), of(Some(15)).change_from(of(Some(5)))), (None, None));
    }

    #[test]
    fn money_is_said_as_people_say_it() {
        assert_eq!(money(123_400), "1234 元");
        assert_eq!(money(12_345_600_000), "1.23 亿元");
        assert_eq!(money(1_234_400_000), "1234 万元");
        assert_eq!(money(1_999_900), "2 万元");
    }

    #[test]
    fn places_are_never_said_to_have_done_all_where_one_is_left() {
        assert_eq!(read(Rank::Settled)(78_630.0 / 78_633.0), "99.9%");
    }
}
