//! A small district with a case of each sensitivity; every text that must not leak holds the word 金丝雀.

use chrono::{DateTime, Duration, Utc};
use fengtu_server::dataset::{
    AccountRow, BuildingRow, CaseEventRow, CaseRow, CheckInRow, Dataset, GridDetail, OrderRow, PartyRow, PlaceRow,
    ReportRow, ScoreRow, SummonsRow,
};
use fengtu_server::db::Db;
use fengtu_server::store::{accounts, write};
use fengtu_wire::cases::{CaseState, Channel, Class, PartySide, Sensitivity};
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::orders::{OrderKind, Rank};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::stations::{Service, StaffKind, StaffOnDuty, Station, StationLevel};
use fengtu_wire::text::LocalText;

/// In every name, telephone and text that some viewer must not get.
pub const CANARY: &str = "金丝雀";
/// The telephone of every party.
pub const TELEPHONE: &str = "13800138000";
/// The password of every account.
pub const PASSWORD: &str = "correct horse battery";

/// Writes the district and one account for each role, named as the role.
pub async fn fill(db: &Db, now: DateTime<Utc>) {
    write::write_dataset(db, &district(now), now, &mut |_, _| ()).await.unwrap();
    let mut tx = db.begin_write().await.unwrap();
    accounts::write(&mut tx, &all_accounts()).await.unwrap();
    tx.commit().await.unwrap();
}

/// District 1, streets 11 and 12, communities 111 and 121, grids 1111, 1112, 1211; 12 cases and 4 orders in each grid.
pub fn district(now: DateTime<Utc>) -> Dataset {
    Dataset {
        places: places(),
        stations: vec![station()],
        buildings: (0..25).map(building).collect(),
        cases: ["1111", "1112", "1211"].iter().flat_map(|grid| (0..12).map(|n| case(grid, n, now))).collect(),
        orders: ["1111", "1112", "1211"].iter().flat_map(|grid| (0..4).map(|n| order(grid, n, now))).collect(),
        ..Dataset::default()
    }
}

fn places() -> Vec<PlaceRow> {
    let all = [
        ("1", PlaceLevel::District, ""),
        ("11", PlaceLevel::Street, "1"),
        ("12", PlaceLevel::Street, "1"),
        ("111", PlaceLevel::Community, "11"),
        ("121", PlaceLevel::Community, "12"),
        ("1111", PlaceLevel::Grid, "111"),
        ("1112", PlaceLevel::Grid, "111"),
        ("1211", PlaceLevel::Grid, "121"),
    ];
    all.iter().enumerate().map(|(n, (id, level, parent))| place(n, id, *level, parent)).collect()
}

fn place(n: usize, id: &str, level: PlaceLevel, parent: &str) -> PlaceRow {
    let west = 113.9 + n as f64 / 100.0;
    let ring: Vec<Position> =
        vec![[west, 22.7], [west + 0.01, 22.7], [west + 0.01, 22.71], [west, 22.71], [west, 22.7]];
    let detail = GridDetail {
        land_use: LandUse::Estate,
        member: Some(format!("{CANARY}网格员")),
        telephone: Some("0755-12345678".to_owned()),
    };
    PlaceRow {
        id: id.into(),
        level,
        parent: (!parent.is_empty()).then(|| parent.into()),
        name: format!("地方{id}"),
        name_en: Some(format!("Place {id}")),
        population: 1_000,
        geometry: Some(Geometry::Polygon(vec![ring])),
        grid: (level == PlaceLevel::Grid).then_some(detail),
    }
}

fn station() -> Feature<Station> {
    let staff = StaffOnDuty { kind: StaffKind::Mediator, count: 1, names: vec![format!("李{CANARY}")] };
    let station = Station {
        id: "s1".into(),
        name: "东周社区诉求服务厅".to_owned(),
        level: StationLevel::Community,
        site: None,
        place: Some("111".into()),
        address: "东周路 1 号".to_owned(),
        telephone: None,
        services: vec![Service::Mediation],
        circles: Vec::new(),
        staff: vec![staff],
        hours: Vec::new(),
        stops: Vec::new(),
    };
    Feature::new(Some(Geometry::Point([113.95, 22.75])), station)
}

fn building(n: u16) -> BuildingRow {
    BuildingRow {
        code: format!("GM-{n:04}").into(),
        name: format!("光明花园 {n} 栋"),
        address: format!("光明街道东周社区光明大道{n}号"),
        place: Some(if n < 20 { "1111" } else { "1211" }.into()),
        at: (n != 3).then(|| [113.95 + f64::from(n) / 1000.0, 22.75]),
        floors: Some(7),
        population: u32::from(n),
        land_use: LandUse::Estate,
    }
}

/// Case `n` of a grid: its sensitivity goes round, its state too.
fn case(grid: &str, n: usize, now: DateTime<Utc>) -> CaseRow {
    let sensitivity = Sensitivity::ALL[n % 4];
    let reported = now - Duration::hours(n.cast_signed() as i64 * 7 + 1);
    CaseRow {
        number: format!("C{grid}-{n:02}").into(),
        channel: Channel::Hall,
        category: if sensitivity == Sensitivity::Restricted { "domestic_violence" } else { "neighbours" }.into(),
        class: Class::Ordinary,
        sensitivity,
        place: Some(grid.into()),
        address: Some("光明街道东周社区光明大道1号3栋502室".to_owned()),
        building: Some("GM-0001".into()),
        at: Some([113.95, 22.75]),
        title: format!("噪声 100% 纠纷 {}", if sensitivity == Sensitivity::Restricted { CANARY } else { "普通" }),
        description: format!("电话 {TELEPHONE} 联系"),
        people: 2,
        amount_fen: 100,
        parties: vec![PartyRow {
            name: format!("王{CANARY}"),
            telephone: Some(TELEPHONE.to_owned()),
            side: PartySide::Applicant,
        }],
        repeat_of: None,
        rating: None,
        events: events(grid, n, reported),
    }
}

fn events(grid: &str, n: usize, reported: DateTime<Utc>) -> Vec<CaseEventRow> {
    let community = PlaceId::from(&grid[..3]);
    let step = |minutes: i64, to| CaseEventRow {
        at: reported + Duration::minutes(minutes),
        to,
        by: "社区".to_owned(),
        note: Some(format!("回电 {TELEPHONE}")),
        holder: Some((community.clone(), "窗口".to_owned())),
    };
    let all = [step(0, CaseState::Reported), step(5, CaseState::Accepted), step(50, CaseState::Resolved)];
    all.into_iter().take(1 + n % 3).collect()
}

/// Order `n` of a grid, of the case `n` and as sensitive: nobody has come, in time, late with a report, in time and
/// scored. The community orders the district's labour department, and for odd ones community 121's window too.
fn order(grid: &str, n: usize, now: DateTime<Utc>) -> OrderRow {
    let issued_at = now - Duration::hours(n.cast_signed() as i64 + 1);
    let summons = |department: &str, place: &str| SummonsRow {
        department: department.to_owned(),
        place: place.into(),
        check_in: (n > 0).then(|| CheckInRow {
            at: issued_at + Duration::minutes(if n == 2 { 40 } else { 10 }),
            spot: format!("光明街道东周社区光明大道1号3栋502室,电话 {TELEPHONE}"),
            position: Some([113.95, 22.75]),
            rank: Rank::SectionHead,
            person: format!("赵{CANARY}"),
            people: 2,
        }),
        report: (n > 1).then(|| ReportRow { at: now, text: format!("已联系 {TELEPHONE}") }),
        score: (n > 2).then_some(ScoreRow { at: now, score: 5 }),
    };
    let mut departments = vec![summons("区人社局", "1")];
    if n % 2 == 1 {
        departments.push(summons("窗口", "121"));
    }
    OrderRow {
        number: format!("O{grid}-{n}").into(),
        kind: OrderKind::ALL[n % 3],
        class: Class::Ordinary,
        place: grid.into(),
        by: (grid[..3].into(), "窗口".to_owned()),
        case: Some(format!("C{grid}-{n:02}").into()),
        sensitivity: Sensitivity::ALL[n],
        title: format!("请到场,电话 {TELEPHONE}"),
        check_in_s: 1_800,
        least_rank: Rank::Staff,
        people: 1,
        issued_at,
        departments,
    }
}

fn all_accounts() -> Vec<AccountRow> {
    let account = |role: Role| {
        let (place, office) = match role {
            Role::GridMember => (Some("1111"), None),
            Role::CommunityClerk => (Some("111"), Some("窗口")),
            Role::CommunitySecretary | Role::Mediator => (Some("111"), None),
            Role::Department => (Some("121"), Some("窗口")),
            Role::Street => (Some("11"), None),
            Role::SystemAdmin | Role::SecurityAdmin | Role::Auditor => (None, None),
            _ => (Some("1"), None),
        };
        AccountRow {
            name: role.as_str().to_owned(),
            display_name: role.as_str().to_owned(),
            staff_number: None,
            role,
            place: place.map(PlaceId::from),
            office: office.map(str::to_owned),
            title: LocalText::new("", ""),
            password: PASSWORD.to_owned(),
        }
    };
    Role::ALL.iter().filter(|role| **role != Role::Public).map(|role| account(*role)).collect()
}
