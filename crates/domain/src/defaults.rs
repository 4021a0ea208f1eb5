//! What stands in the settings of a district that has set nothing: the figures of `domain`'s sources.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Channel, Class, ClockKind};
use fengtu_wire::config::{CircleRule, ClassRule, ClockRule, Config, HeatRule, Limit, MapNotice, Named, OrderRule};
use fengtu_wire::orders::{OrderKind, Rank};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::CircleKind;
use fengtu_wire::text::LocalText;

use crate::{calendar, categories, warnings};

/// Seconds east of UTC in China.
pub const UTC_OFFSET_S: i32 = 8 * 3600;

/// Fewest cases that a cell or a count shows to a wall or to the public.
pub const K_ANONYMITY: u32 = 5;

/// Scores at which a warning turns blue, yellow, red: with the built-in weights, about 13, 6 and 1.5 % of the grids of
/// a district with 80,000 cases a year, and of its 31 communities seven, one and one.
pub const WARNING_THRESHOLDS: [f64; 3] = [8.5, 20.0, 35.0];

/// Returns the settings of a district in which nothing has been imported or set.
pub fn config(now: DateTime<FixedOffset>) -> Config {
    Config {
        server_time: now,
        name: LocalText::new("未命名辖区", "Unnamed district"),
        root: None,
        levels: PlaceLevel::ALL.to_vec(),
        bounds: None,
        utc_offset_s: UTC_OFFSET_S,
        demo: false,
        demo_accounts: Vec::new(),
        categories: categories::tree(),
        channels: channels(),
        classes: classes(),
        orders: orders(),
        confirmation_s: Some(CONFIRMATION_S),
        circles: circles(),
        warning_thresholds: WARNING_THRESHOLDS,
        warning_rules: Some(warnings::rules()),
        heat: heat(),
        k_anonymity: K_ANONYMITY,
        calendar: calendar::built_in(),
        map_notice: map_notice(),
    }
}

/// Returns the channels, all of them in use.
pub fn channels() -> Vec<Named<Channel>> {
    Channel::ALL.iter().map(|&id| Named { id, name: channel_name(id) }).collect()
}

fn channel_name(channel: Channel) -> LocalText {
    match channel {
        Channel::Hall => LocalText::new("大厅", "Hall"),
        Channel::QrCode => LocalText::new("扫码", "QR code"),
        Channel::MiniProgram => LocalText::new("小程序", "Mini-program"),
        Channel::CityApp => LocalText::new("i深圳", "i Shenzhen app"),
        Channel::Hotline => LocalText::new("热线电话", "Hotline"),
        Channel::GridPatrol => LocalText::new("网格巡查", "Grid patrol"),
        Channel::SecretaryOnline => LocalText::new("书记在线", "Secretary Online"),
        Channel::Transfer => LocalText::new("转办", "Transfer"),
    }
}

/// Returns the classes with their clocks.
///
/// The minutes of class 1, the same day and the 3 working days are Guangming's own. Where the sources name no figure
/// the clock is ours: an answer and an acceptance in working hours' reach, 5 working days for departments.
pub fn classes() -> Vec<ClassRule> {
    const HOUR: u32 = 3600;
    vec![
        class(Class::Urgent, "一类紧急", "Class 1, urgent", [seconds(10 * 60), seconds(30 * 60), Limit::SameDay]),
        class(Class::Ordinary, "一般事项", "Ordinary", [seconds(HOUR), seconds(2 * HOUR), Limit::SameDay]),
        class(
            Class::Departmental,
            "部门事项",
            "For departments",
            [seconds(HOUR), seconds(4 * HOUR), Limit::WorkingDays { count: 5 }],
        ),
        class(
            Class::Major,
            "重大疑难",
            "Major and difficult",
            [seconds(HOUR), seconds(4 * HOUR), Limit::WorkingDays { count: 3 }],
        ),
    ]
}

const fn seconds(count: u32) -> Limit {
    Limit::Seconds { count }
}

/// Joins a class and its limits for answer, acceptance, settlement.
fn class(class: Class, zh: &str, en: &str, limits: [Limit; 3]) -> ClassRule {
    let kinds = [ClockKind::Answer, ClockKind::Accept, ClockKind::Settle];
    let clocks = kinds.into_iter().zip(limits).map(|(kind, limit)| ClockRule { kind, limit }).collect();
    ClassRule { class, name: LocalText::new(zh, en), clocks }
}

/// Seconds within which a judicial confirmation shall be made: Guangming's half an hour.
pub const CONFIRMATION_S: u32 = 30 * 60;

/// Returns what each kind of order asks for. The sources name the kinds and that minutes, rank and number follow from kind
/// and class; the figures are ours.
pub fn orders() -> Vec<OrderRule> {
    let all = |kind: OrderKind| Class::ALL.iter().map(move |&class| order(kind, class));
    OrderKind::ALL.iter().copied().flat_map(all).collect()
}

fn order(kind: OrderKind, class: Class) -> OrderRule {
    let urgent = class == Class::Urgent;
    let (name, minutes, least_rank, people) = match kind {
        OrderKind::Quick => (LocalText::new("快捷哨", "Quick"), if urgent { 15 } else { 30 }, Rank::Staff, 1),
        OrderKind::Emergency => {
            (LocalText::new("应急哨", "Emergency"), if urgent { 10 } else { 15 }, Rank::SectionHead, 2)
        }
        OrderKind::Tough => (LocalText::new("攻坚哨", "Tough"), if urgent { 60 } else { 120 }, Rank::DeputyHead, 2),
    };
    OrderRule { kind, name, class, check_in_s: minutes * 60, least_rank, people }
}

/// Returns the three service circles of 500 m.
pub fn circles() -> Vec<CircleRule> {
    let circle = |kind, zh, en| CircleRule { kind, name: LocalText::new(zh, en), radius_m: 500.0 };
    vec![
        circle(CircleKind::Appeal, "诉求服务圈", "Appeal service circle"),
        circle(CircleKind::Legal, "公共法律服务圈", "Public legal service circle"),
        circle(CircleKind::Psychological, "心理服务圈", "Psychological service circle"),
    ]
}

/// Returns how heat cools and spreads: half in three days, one service-circle wide.
pub const fn heat() -> HeatRule {
    HeatRule { half_life_s: Some(72 * 3600), radius_m: 300.0, cell_m: 500.0 }
}

fn map_notice() -> MapNotice {
    let source = LocalText::new("地图数据来源:本辖区导入数据", "Map data: imported by this district");
    MapNotice { review_number: None, source }
}
