//! Names on the wire: enums and stream positions, there and back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use fengtu_wire::events::StreamPosition;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Checks that a name is the same in JSON, in a query and in a message, and stands for one value.
fn check<T>(all: &[T])
where
    T: Copy + PartialEq + Debug + Display + FromStr + Serialize + DeserializeOwned,
{
    let mut seen = BTreeSet::new();
    for &value in all {
        let name = value.to_string();
        let is_snake = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(is_snake && seen.insert(name.clone()), "{name}");
        assert_eq!(serde_json::to_value(value).unwrap(), name);
        assert_eq!(serde_json::from_value::<T>(name.clone().into()).unwrap(), value);
        assert_eq!(name.parse::<T>().ok(), Some(value));
        assert!(name.to_uppercase().parse::<T>().is_err() && format!(" {name}").parse::<T>().is_err());
    }
    assert!("".parse::<T>().is_err() && serde_json::from_str::<T>("null").is_err());
}

macro_rules! check_all {
    ($($path:path),+ $(,)?) => {
        #[test]
        fn every_name_stands_for_one_value_in_json_and_in_queries() {
            $({ use $path as Enum; check(Enum::ALL); })+
        }

        /// Counts the enums that are checked.
        const CHECKED: usize = [$(stringify!($path)),+].len();
    };
}

check_all!(
    fengtu_wire::basemap::BaseClass,
    fengtu_wire::cases::Channel,
    fengtu_wire::cases::Class,
    fengtu_wire::cases::Sensitivity,
    fengtu_wire::cases::CaseState,
    fengtu_wire::cases::ClockKind,
    fengtu_wire::cases::ClockState,
    fengtu_wire::cases::PartySide,
    fengtu_wire::config::DayKind,
    fengtu_wire::grids::LandUse,
    fengtu_wire::places::PlaceLevel,
    fengtu_wire::mediations::MediationKind,
    fengtu_wire::mediations::MediationOutcome,
    fengtu_wire::orders::OrderKind,
    fengtu_wire::orders::OrderState,
    fengtu_wire::orders::Rank,
    fengtu_wire::session::Role,
    fengtu_wire::stations::StationLevel,
    fengtu_wire::stations::Service,
    fengtu_wire::stations::CircleKind,
    fengtu_wire::stations::StaffKind,
    fengtu_wire::walls::WallScene,
    fengtu_wire::walls::WallAction,
    fengtu_wire::warnings::Level,
    fengtu_wire::warnings::Signal,
    fengtu_wire::warnings::WarningAction,
    fengtu_wire::warnings::WarningState,
);

#[test]
fn no_enum_of_the_contract_is_left_unchecked() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let paths = std::fs::read_dir(source).unwrap().map(|file| file.unwrap().path());
    let texts = paths.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap());
    let declared: usize = texts.map(|text| text.matches("crate::wire_enum!(").count()).sum();
    assert_eq!(declared, CHECKED);
}

#[test]
fn a_stream_position_without_epoch_or_number_is_none() {
    for text in ["", ":", ":5", "e", "e:", "e:-1", "e: 1", "e:1 ", "e:18446744073709551616", "5"] {
        assert!(text.parse::<StreamPosition>().is_err(), "{text:?}");
    }
    let read: StreamPosition = "a:b:7".parse().unwrap();
    assert_eq!((read.epoch.as_str(), read.sequence), ("a:b", 7), "the number stands after the last colon");
}

proptest! {
    #[test]
    fn a_stream_position_is_read_as_it_was_written(epoch in ".{1,20}", sequence in any::<u64>()) {
        let position = StreamPosition { epoch, sequence };
        prop_assert_eq!(position.to_string().parse::<StreamPosition>().unwrap(), position);
    }

    #[test]
    fn no_text_makes_a_stream_position_panic(text in any::<String>()) {
        let _ = text.parse::<StreamPosition>();
    }
}
