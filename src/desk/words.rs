//! The words of the wire's names.

use fengtu_wire::cases::{CaseState, Channel, Class, ClockKind, PartySide, Sensitivity};
use fengtu_wire::grids::LandUse;
use fengtu_wire::orders::{OrderKind, OrderState, Rank};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, Service, StaffKind, StationLevel};
use fengtu_wire::warnings::Signal;

use crate::tr;

macro_rules! words {
    ($name:ident, $type:ident: $($variant:ident $key:ident),+ $(,)?) => {
        #[doc = concat!("Returns the word of a `", stringify!($type), "`.")]
        pub fn $name(value: $type) -> &'static str {
            match value { $($type::$variant => tr!(desk.$key)),+ }
        }
    };
}

words!(channel, Channel: Hall channel_hall, QrCode channel_qr_code, MiniProgram channel_mini_program, CityApp channel_city_app, Hotline channel_hotline,
    GridPatrol channel_grid_patrol, SecretaryOnline channel_secretary_online, Transfer channel_transfer);
words!(class, Class: Urgent class_urgent, Ordinary class_ordinary, Departmental class_departmental, Major class_major);
words!(sensitivity, Sensitivity: Public sensitivity_public, Internal sensitivity_internal, Sensitive sensitivity_sensitive, Restricted sensitivity_restricted);
words!(state, CaseState: Draft states_draft, Reported states_reported, Returned states_returned, Accepted states_accepted, Handling states_handling,
    Ordered states_ordered, Mediating states_mediating, Referred states_referred, Transferred states_transferred, Escalated states_escalated, Resolved states_resolved,
    Confirmed states_confirmed, Rated states_rated, Archived states_archived, Reopened states_reopened, Withdrawn states_withdrawn);
words!(clock, ClockKind: Answer clocks_answer, Accept clocks_accept, Settle clocks_settle, CheckIn clocks_check_in);
words!(side, PartySide: Applicant sides_applicant, Respondent sides_respondent, Other sides_other);
words!(signal, Signal: OpenCases signals_open_cases, OverdueClocks signals_overdue_clocks, UrgentCases signals_urgent_cases, Repeats signals_repeats,
    GroupMatters signals_group_matters, Growth signals_growth, Amount signals_amount, FailedMediations signals_failed_mediations, Rebounds signals_rebounds);
words!(service, Service: Mediation services_mediation, Complaints services_complaints, Assistance services_assistance, Legal services_legal,
    Psychological services_psychological);
words!(circle, CircleKind: Appeal circles_appeal, Legal circles_legal, Psychological circles_psychological);
words!(staff, StaffKind: GridMember staff_grid_member, Mediator staff_mediator, Police staff_police, Counsellor staff_counsellor, Lawyer staff_lawyer);
words!(station_level, StationLevel: District station_levels_district, Street station_levels_street, Community station_levels_community, Site station_levels_site,
    Mobile station_levels_mobile);
words!(place_level, PlaceLevel: District levels_district, Street levels_street, Community levels_community, Grid levels_grid, SubGrid levels_sub_grid);
words!(order_kind, OrderKind: Quick order_quick, Emergency order_emergency, Tough order_tough);
words!(order_state, OrderState: Issued order_issued, CheckedIn order_checked_in, Reported order_reported, Scored order_scored);
words!(rank, Rank: Staff rank_staff, SectionHead rank_section_head, DeputyHead rank_deputy_head, Head rank_head);
words!(land, LandUse: Estate land_estate, UrbanVillage land_urban_village, IndustrialPark land_industrial_park, Commercial land_commercial,
    School land_school, Hospital land_hospital, BuildingSite land_building_site, Green land_green, Farmland land_farmland, Other land_other);

/// Returns the word of a step of a case, of those that our own loop has.
pub fn case_step(key: &str) -> Option<&'static str> {
    Some(match key {
        "report" => tr!(desk.step_report),
        "amend" => tr!(desk.step_amend),
        "accept" => tr!(desk.step_accept),
        "return" => tr!(desk.step_return),
        "transfer" => tr!(desk.step_transfer),
        "escalate" => tr!(desk.step_escalate),
        "handle" => tr!(desk.step_handle),
        "order" => tr!(desk.step_order),
        "mediate" => tr!(desk.step_mediate),
        "refer" => tr!(desk.step_refer),
        "resolve" => tr!(desk.step_resolve),
        "confirm" => tr!(desk.step_confirm),
        "confirm_for" => tr!(desk.step_confirm_for),
        "disagree" => tr!(desk.step_disagree),
        "rebound" => tr!(desk.step_rebound),
        "rate" => tr!(desk.step_rate),
        "archive" => tr!(desk.step_archive),
        "withdraw" => tr!(desk.step_withdraw),
        _ => return None,
    })
}

/// Returns the word of an ISO weekday, 1 = Monday.
pub fn weekday(day: u8) -> &'static str {
    match day {
        1 => tr!(desk.weekdays_d1),
        2 => tr!(desk.weekdays_d2),
        3 => tr!(desk.weekdays_d3),
        4 => tr!(desk.weekdays_d4),
        5 => tr!(desk.weekdays_d5),
        6 => tr!(desk.weekdays_d6),
        _ => tr!(desk.weekdays_d7),
    }
}

/// Returns a time left or overrun in words, in its two largest units.
pub fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
    match (days, hours) {
        (0, 0) => tr!(desk.case_minutes, n = minutes),
        (0, _) => format!("{} {}", tr!(desk.case_hours, n = hours), tr!(desk.case_minutes, n = minutes)),
        _ => format!("{} {}", tr!(desk.case_days, n = days), tr!(desk.case_hours, n = hours)),
    }
}
