//! Orders: each viewer's own, who came by name only where it may be told, and what figures make of them.

use std::collections::HashSet;

use chrono::Duration;
use fengtu_domain::sight::{self, Access, OrderFacts};
use fengtu_server::dataset::{Change, ConfirmationRow, MediationRow};
use fengtu_server::live::apply;
use fengtu_wire::cases::{ClockState, Sensitivity};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::mediations::{MediationKind, MediationOutcome};
use fengtu_wire::orders::{Order, OrderState};
use fengtu_wire::paging::Page;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::statistics::{Figures, Share, Statistics};
use serde::de::DeserializeOwned;

use crate::common::fixture::{CANARY, TELEPHONE, district};
use crate::common::{Server, backends};

async fn get<T: DeserializeOwned>(server: &Server, client: &reqwest::Client, path: &str) -> T {
    let response = client.get(server.url(&format!("/api/v1{path}"))).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

async fn list(server: &Server, client: &reqwest::Client, query: &str) -> Page<Order> {
    get(server, client, &format!("/orders{query}")).await
}

async fn figures(server: &Server, client: &reqwest::Client, query: &str) -> Figures {
    get::<Statistics>(server, client, &format!("/statistics{query}")).await.figures
}

fn numbers(page: &Page<Order>) -> Vec<&str> {
    page.items.iter().map(|order| order.number.as_str()).collect()
}

/// Written from the rule in the domain crate, order by order, and not from the SQL.
fn expected(role: Role, access: Access) -> HashSet<String> {
    let (inside, office) = match role {
        Role::GridMember => ("1111", None),
        Role::CommunityClerk => ("111", Some("111")),
        Role::CommunitySecretary | Role::Mediator => ("111", None),
        Role::Street => ("11", None),
        Role::Department => ("121", Some("121")),
        _ => ("1", None),
    };
    let mut seen = HashSet::new();
    for grid in ["1111", "1112", "1211"] {
        for n in 0..4 {
            let gave = office.is_some_and(|office| grid.starts_with(office));
            let was_ordered = office == Some("121") && n % 2 == 1;
            let facts = OrderFacts {
                sensitivity: Sensitivity::ALL[n],
                inside_place: grid.starts_with(inside),
                is_party: gave || was_ordered,
            };
            if sight::may_see_order(role, access, &facts) {
                seen.insert(format!("O{grid}-{n}"));
            }
        }
    }
    seen
}

#[tokio::test]
async fn each_viewer_lists_exactly_the_orders_that_the_rule_allows() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        for &role in Role::ALL {
            let access = sight::access("GET", "/api/v1/orders", role).unwrap();
            if !access.is_granted() {
                continue;
            }
            let client = server.client_as(role).await;
            let page = list(&server, &client, "?total=true").await;
            let listed: HashSet<String> = numbers(&page).into_iter().map(str::to_owned).collect();
            assert_eq!(listed, expected(role, access), "{role} {backend:?}");
            assert_eq!(page.total, Some(listed.len() as u64), "{role} {backend:?}");
            // The case behind an order is named exactly where the list of cases has it.
            let cases: serde_json::Value = get(&server, &client, "/cases?limit=1000").await;
            let may_see: HashSet<&str> =
                cases["items"].as_array().unwrap().iter().map(|case| case["number"].as_str().unwrap()).collect();
            for order in &page.items {
                let behind = order.number.as_str().replacen('O', "C", 1).replace('-', "-0");
                let named = order.case.as_ref().map(CaseNumber::as_str);
                assert_eq!(named, may_see.contains(behind.as_str()).then_some(behind.as_str()), "{role} {backend:?}");
            }
        }
    }
}

#[tokio::test]
async fn who_came_is_named_to_those_who_work_with_them_and_numbers_to_nobody() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for &role in Role::ALL {
        let client = server.client_as(role).await;
        let text = client.get(server.url("/api/v1/orders")).send().await.unwrap().text().await.unwrap();
        assert!(!text.contains(TELEPHONE), "{role}");
        let may_know = sight::names_who_came(role) && text.contains("\"check_in\":{");
        assert_eq!(text.contains(CANARY), may_know, "{role}: {text}");
    }
    let member = server.client_as(Role::GridMember).await;
    let page = list(&server, &member, "?state=checked_in").await;
    let check_in = page.items[0].departments[0].check_in.clone().unwrap();
    assert_eq!((check_in.person, check_in.people, check_in.in_time), (None, 2, true), "that they came is no secret");
}

#[tokio::test]
async fn an_order_is_as_sensitive_as_its_case_has_become() {
    for backend in backends() {
        let (server, database) = Server::filled(backend).await;
        // Imported again: one restricted, one sensitive, one of a restricted kind.
        for sql in [
            "UPDATE cases SET sensitivity = 3 WHERE number = 'C1111-00'",
            "UPDATE cases SET sensitivity = 2 WHERE number = 'C1111-01'",
            "UPDATE cases SET category = 'psychological.crisis' WHERE number = 'C1211-00'",
        ] {
            sqlx::query(sql).execute(server.state.db.pool()).await.unwrap();
        }
        let of = async |role: Role| {
            let client = server.client_as(role).await;
            let page = list(&server, &client, "?place=1111&total=true").await;
            assert_eq!(page.total, Some(page.items.len() as u64), "{role} {backend:?}");
            numbers(&page).join(" ")
        };
        assert_eq!(of(Role::DistrictLeader).await, "O1111-1 O1111-2", "{backend:?}");
        assert_eq!(of(Role::GridMember).await, "", "{backend:?}");
        assert_eq!(of(Role::CommunityClerk).await, "O1111-0 O1111-1 O1111-2 O1111-3", "gave them {backend:?}");
        let fresh = Server::start(&database.url).await;
        let leader = fresh.client_as(Role::DistrictLeader).await;
        assert_eq!(figures(&fresh, &leader, "").await.orders, Some(7), "{backend:?}");
    }
}

#[tokio::test]
async fn where_somebody_came_is_cut_at_the_building_for_those_who_are_no_party() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for (role, spot) in [
        (Role::CommunityClerk, "光明街道东周社区光明大道1号3栋502室,电话 "),
        (Role::DistrictLeader, "光明街道东周社区光明大道1号3栋"),
        (Role::GridMember, "光明街道东周社区光明大道1号3栋"),
    ] {
        let client = server.client_as(role).await;
        let page = list(&server, &client, "?place=1111&state=checked_in").await;
        let check_in = page.items[0].departments[0].check_in.as_ref().unwrap();
        let found = &check_in.spot;
        assert_eq!(
            check_in.position.is_some(),
            role == Role::CommunityClerk,
            "a point is nearer than a building: {role}"
        );
        assert!(found.starts_with(spot) && (role == Role::CommunityClerk || found == spot), "{role} {found}");
    }
}

#[tokio::test]
async fn filters_pages_and_clocks() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let leader = server.client_as(Role::DistrictLeader).await;
        let of = async |query: &str| numbers(&list(&server, &leader, query).await).join(" ");
        assert_eq!(of("?place=11&kind=quick").await, "O1112-0 O1111-0", "{backend:?}");
        assert_eq!(of("?state=reported&place=121").await, "O1211-2", "{backend:?}");
        assert_eq!(of("?kind=emergency&kind=tough&place=1111").await, "O1111-1 O1111-2", "{backend:?}");
        let (from, to) = ("2026-03-11T07:30:00%2B08:00", "2026-03-11T08:30:00%2B08:00");
        assert_eq!(of(&format!("?from={from}&to={to}")).await, "O1211-1 O1112-1 O1111-1", "{backend:?}");
        let (mut paged, mut path) = (Vec::new(), "?limit=4".to_owned());
        loop {
            let page = list(&server, &leader, &path).await;
            paged.extend(page.items);
            let Some(next) = page.next else { break };
            path = format!("?limit=4&cursor={next}");
        }
        assert_eq!(paged, list(&server, &leader, "").await.items, "{backend:?}");
        let states: Vec<_> = paged.iter().map(|order| (order.state, order.clock.state)).collect();
        assert_eq!(states[0], (OrderState::Issued, ClockState::Overdue), "an hour ago, and half an hour was given");
        assert!(states.contains(&(OrderState::CheckedIn, ClockState::Met)));
        assert!(states.contains(&(OrderState::Reported, ClockState::Overdue)), "late stays late");
        for (query, pointer) in [
            ("?kind=loud", "?kind"),
            ("?state=", "?state"),
            ("?place=nowhere", "?place"),
            ("?cursor=x", "?cursor"),
            ("?q=x", "?q"),
        ] {
            let response = leader.get(server.url(&format!("/api/v1/orders{query}"))).send().await.unwrap();
            let problem: serde_json::Value = response.json().await.unwrap();
            assert_eq!(
                (&problem["status"], &problem["errors"][0]["pointer"]),
                (&400.into(), &pointer.into()),
                "{query}"
            );
        }
    }
}

const fn share(part: u64, whole: u64) -> Share {
    Share { part: Some(part), whole: Some(whole) }
}

#[tokio::test]
async fn figures_count_orders_and_a_wall_gets_no_small_number_of_them() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (leader, wall) = (server.client_as(Role::DistrictLeader).await, server.client_as(Role::Wall).await);
        let exact = figures(&server, &leader, "").await;
        assert_eq!((exact.orders, exact.checked_in), (Some(9), share(3, 9)), "without the restricted ones {backend:?}");
        let street = figures(&server, &leader, "?place=12").await;
        assert_eq!((street.orders, street.checked_in), (Some(3), share(1, 3)), "{backend:?}");
        let shown = figures(&server, &wall, "").await;
        assert_eq!((shown.orders, shown.checked_in), (Some(9), Share { part: None, whole: Some(9) }), "{backend:?}");
        let auditor = server.client_as(Role::Auditor).await;
        for (who, place) in [(&wall, "12"), (&auditor, "12"), (&auditor, "121"), (&auditor, "1211"), (&auditor, "1111")]
        {
            let few = figures(&server, who, &format!("?place={place}")).await;
            assert_eq!((few.orders, few.checked_in), (None, Share::default()), "{place} {backend:?}");
        }
        assert_eq!(
            (exact.confirmations, exact.confirmed_in_time),
            (None, Share::default()),
            "none are kept: not nought"
        );
    }
}

/// As an import may bring it, whose places are of an older list.
#[tokio::test]
async fn an_order_at_a_place_that_is_not_there_is_in_no_places_figures() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let leader = server.client_as(Role::DistrictLeader).await;
        let mut order = district(server.clock.now()).orders.remove(1);
        (order.number, order.place, order.case) = ("O0000-1".into(), "gone".into(), None);
        apply(&server.state, &[Change::Order(Box::new(order))]).await.unwrap();
        for place in ["1", "11", "12", "121"] {
            let plain = figures(&server, &leader, &format!("?place={place}")).await;
            let cut: Cube = get(&server, &leader, &format!("/statistics/cube?place={place}")).await;
            assert_eq!(
                (cut.figures.orders, cut.figures.checked_in),
                (plain.orders, plain.checked_in),
                "{place} {backend:?}"
            );
        }
        assert_eq!(figures(&server, &leader, "").await.orders, Some(9), "{backend:?}");
    }
}

#[tokio::test]
async fn orders_and_confirmations_that_come_while_the_server_runs_move_the_figures_of_every_process() {
    for backend in backends() {
        let (server, database) = Server::filled(backend).await;
        let other = Server::start(&database.url).await;
        let leader = other.client_as(Role::DistrictLeader).await;
        let now = server.clock.now();
        let mut order = district(now).orders.remove(1);
        order.number = "O1111-9".into();
        apply(&server.state, &[Change::Order(Box::new(order.clone()))]).await.unwrap();
        let (case, applied_at) = ("C1111-02".into(), now - Duration::minutes(40));
        let mut confirmation = ConfirmationRow { case, sequence: 1, room: None, applied_at, confirmed_at: None };
        apply(&server.state, &[Change::Confirmation(confirmation.clone())]).await.unwrap();
        let mediation = MediationRow {
            case: "C1111-02".into(),
            attempt: 1,
            kind: MediationKind::People,
            tier: PlaceLevel::Community,
            mediator: Some("李调解".to_owned()),
            began_at: now - Duration::hours(2),
            ended: Some((now - Duration::hours(1), MediationOutcome::Agreed)),
        };
        apply(&server.state, &[Change::Mediation(mediation)]).await.unwrap();
        let secret = ConfirmationRow { case: "C1111-03".into(), ..confirmation.clone() };
        apply(&server.state, &[Change::Confirmation(secret)]).await.unwrap();
        confirmation.confirmed_at = Some(now - Duration::minutes(15));
        apply(&server.state, &[Change::Confirmation(confirmation.clone())]).await.unwrap();
        let moved = async {
            loop {
                let figures = figures(&other, &leader, "").await;
                if figures.confirmed_in_time == share(1, 1) {
                    return figures;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        let figures = tokio::time::timeout(std::time::Duration::from_secs(20), moved).await.expect("they come");
        assert_eq!((figures.orders, figures.checked_in), (Some(10), share(4, 10)), "{backend:?}");
        assert_eq!(figures.confirmations, Some(1), "that of a restricted case is not counted {backend:?}");
        let count = "SELECT COUNT(*) FROM mediations WHERE outcome = 'agreed' AND case_number = 'C1111-02'";
        let kept: i64 = sqlx::query_scalar(count).fetch_one(server.state.db.pool()).await.unwrap();
        assert_eq!(kept, 1, "{backend:?}");
        // A process that starts now reads the same.
        let fresh = Server::start(&database.url).await;
        let leader = fresh.client_as(Role::DistrictLeader).await;
        assert_eq!(self::figures(&fresh, &leader, "").await, figures, "{backend:?}");
        let unknown = ConfirmationRow { case: "none".into(), ..confirmation };
        assert!(apply(&server.state, &[Change::Confirmation(unknown)]).await.is_err(), "{backend:?}");
    }
}
