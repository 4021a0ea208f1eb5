//! The words of the wire's names.

use fengtu_wire::cases::{CaseState, Channel, Class, ClockKind, PartySide, Sensitivity};
use fengtu_wire::grids::LandUse;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, Service, StaffKind, StationLevel};
use fengtu_wire::warnings::Signal;

use crate::tr;

macro_rules! words {
    ($name:ident, $type:ident, $group:ident: $($variant:ident $key:ident),+ $(,)?) => {
        #[doc = concat!("Returns the word of a `", stringify!($type), "`.")]
        pub fn $name(value: $type) -> &'static str {
            match value { $($type::$variant => tr!(desk.$group.$key)),+ }
        }
    };
}

words!(channel, Channel, channel: Hall hall, QrCode qr_code, MiniProgram mini_program, CityApp city_app, Hotline hotline,
    GridPatrol grid_patrol, SecretaryOnline secretary_online, Transfer transfer);
words!(class, Class, class: Urgent urgent, Ordinary ordinary, Departmental departmental, Major major);
words!(sensitivity, Sensitivity, sensitivity: Public public, Internal internal, Sensitive sensitive, Restricted restricted);
words!(state, CaseState, states: Draft draft, Reported reported, Returned returned, Accepted accepted, Handling handling,
    Ordered ordered, Mediating mediating, Referred referred, Transferred transferred, Escalated escalated, Resolved resolved,
    Confirmed confirmed, Rated rated, Archived archived, Reopened reopened, Withdrawn withdrawn);
words!(clock, ClockKind, clocks: Answer answer, Accept accept, Settle settle, CheckIn check_in);
words!(side, PartySide, sides: Applicant applicant, Respondent respondent, Other other);
words!(signal, Signal, signals: OpenCases open_cases, OverdueClocks overdue_clocks, UrgentCases urgent_cases, Repeats repeats,
    GroupMatters group_matters, Growth growth, Amount amount, FailedMediations failed_mediations, Rebounds rebounds);
words!(service, Service, services: Mediation mediation, Complaints complaints, Assistance assistance, Legal legal,
    Psychological psychological);
words!(circle, CircleKind, circles: Appeal appeal, Legal legal, Psychological psychological);
words!(staff, StaffKind, staff: GridMember grid_member, Mediator mediator, Police police, Counsellor counsellor, Lawyer lawyer);
words!(station_level, StationLevel, station_levels: District district, Street street, Community community, Site site,
    Mobile mobile);
words!(place_level, PlaceLevel, levels: District district, Street street, Community community, Grid grid, SubGrid sub_grid);
words!(land, LandUse, land: Estate estate, UrbanVillage urban_village, IndustrialPark industrial_park, Commercial commercial,
    School school, Hospital hospital, BuildingSite building_site, Green green, Farmland farmland, Other other);

/// Returns the word of an ISO weekday, 1 = Monday.
pub fn weekday(day: u8) -> &'static str {
    match day {
        1 => tr!(desk.weekdays.d1),
        2 => tr!(desk.weekdays.d2),
        3 => tr!(desk.weekdays.d3),
        4 => tr!(desk.weekdays.d4),
        5 => tr!(desk.weekdays.d5),
        6 => tr!(desk.weekdays.d6),
        _ => tr!(desk.weekdays.d7),
    }
}

/// Returns a time left or overrun in words, in its two largest units.
pub fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
    match (days, hours) {
        (0, 0) => tr!(desk.case.minutes, n = minutes),
        (0, _) => format!("{} {}", tr!(desk.case.hours, n = hours), tr!(desk.case.minutes, n = minutes)),
        _ => format!("{} {}", tr!(desk.case.days, n = days), tr!(desk.case.hours, n = hours)),
    }
}
