//! Who may see what.

use std::collections::BTreeSet;

use fengtu_domain::sight::{
    Access, Audience, CONFIG_FILE, CaseFacts, OrderFacts, PROXY, ROUTES, Viewer, access, layer_ok, may_count,
    may_see_case, may_see_order, may_use, names_who_came,
};
use fengtu_wire::cases::Sensitivity as Sens;
use fengtu_wire::ids::CategoryId;
use fengtu_wire::session::Role as R;

const CASE_ROUTES: &[&str] = &[
    "/api/v1/cases",
    "/api/v1/cases/{number}",
    "/api/v1/cases/{number}/events",
    "/api/v1/heat/points",
    "/api/v1/orders",
];

fn of(role: R, path: &str) -> Access {
    access("GET", path, role).unwrap()
}

fn sees(role: R, sensitivity: Sens, inside_place: bool, is_handler: bool, category: &str) -> bool {
    let category = CategoryId::from(category);
    let case = CaseFacts { sensitivity, category: &category, inside_place, is_handler };
    may_see_case(role, of(role, "/api/v1/cases"), &case)
}

#[test]
fn no_route_is_listed_twice_and_each_names_every_role_at_most_once() {
    let keys: BTreeSet<_> = ROUTES.iter().map(|rule| (rule.method, rule.path)).collect();
    assert_eq!(keys.len(), ROUTES.len());
}

#[test]
fn a_route_that_is_not_listed_has_no_answer() {
    assert_eq!(access("GET", "/api/v1/secrets", R::DistrictLeader), None);
    assert_eq!(access("DELETE", "/api/v1/cases/{number}", R::DistrictLeader), None);
    assert_eq!(Viewer::public().access("PUT", "/api/v1/config"), None);
}

#[test]
fn the_public_and_the_wall_never_reach_a_single_case() {
    for role in [R::Public, R::Wall] {
        for path in CASE_ROUTES {
            assert_eq!(of(role, path), Access::Denied, "{role} {path}");
        }
        for rule in ROUTES {
            assert_ne!(rule.access(role), Access::Place, "{role} {}", rule.path);
        }
    }
}

#[test]
fn the_public_gets_what_the_portal_needs_and_no_more() {
    let granted: BTreeSet<_> =
        ROUTES.iter().filter(|rule| rule.access(R::Public).is_granted()).map(|rule| (rule.method, rule.path)).collect();
    let expected = BTreeSet::from([
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/config"),
        ("GET", "/api/v1/session"),
        ("POST", "/api/v1/session"),
        ("GET", "/api/v1/basemap"),
        ("GET", "/api/v1/places"),
        ("GET", "/api/v1/stations"),
        ("GET", "/api/v1/buildings"),
        ("GET", "/api/v1/heat"),
        // As far as an entry of the proxy's settings is for everybody.
        ("GET", PROXY),
        ("POST", PROXY),
        ("PUT", PROXY),
        ("PATCH", PROXY),
        ("DELETE", PROXY),
    ]);
    assert_eq!(granted, expected);
    assert!(ROUTES.iter().all(|rule| !rule.access(R::Public).is_granted() || rule.access(R::Public).is_anonymous()));
}

#[test]
fn which_backends_are_asked_is_the_system_administrators_to_say() {
    for role in R::ALL {
        let granted = access("PUT", CONFIG_FILE, *role).unwrap().is_granted();
        assert_eq!(granted, *role == R::SystemAdmin, "{role}");
    }
}

#[test]
fn what_the_wall_gets_of_people_and_cases_is_counts() {
    for path in ["grids", "buildings", "heat", "warnings", "statistics", "snapshot", "events"] {
        assert_eq!(of(R::Wall, &format!("/api/v1/{path}")), Access::Aggregates, "{path}");
    }
}

#[test]
fn administrators_and_the_auditor_read_no_case_and_change_nothing_but_sessions_and_the_configuration() {
    for role in [R::SystemAdmin, R::SecurityAdmin, R::Auditor] {
        assert!(CASE_ROUTES.iter().all(|path| of(role, path) == Access::Denied), "{role}");
        let changes = ROUTES.iter().filter(|rule| rule.method != "GET" && rule.access(role).is_granted());
        // Their own, and those of walls, which nobody sits at.
        let mut changes = changes.filter(|rule| !rule.path.contains("/session"));
        let kept = |path| match path {
            "/api/v1/walls/{id}" => role != R::Auditor,
            CONFIG_FILE => role == R::SystemAdmin,
            _ => false,
        };
        assert!(changes.all(|rule| kept(rule.path)), "{role}");
    }
}

#[test]
fn a_remote_is_for_staff_and_a_code_for_the_wall() {
    let may = |method, path, role| access(method, path, role).unwrap().is_granted();
    for &role in R::ALL {
        let remote = ["/api/v1/walls/remotes", "/api/v1/walls/calls", "/api/v1/walls/remotes/{id}/commands"];
        let is_staff = !matches!(role, R::Public | R::Wall | R::SystemAdmin | R::SecurityAdmin | R::Auditor);
        assert!(remote.iter().all(|path| may("POST", path, role) == is_staff), "{role}");
        assert_eq!(may("POST", "/api/v1/walls/pairings", role), role == R::Wall);
        let keeps = matches!(role, R::DistrictLeader | R::SystemAdmin | R::SecurityAdmin);
        assert_eq!((may("GET", "/api/v1/walls", role), may("DELETE", "/api/v1/walls/{id}", role)), (keeps, keeps));
    }
}

#[test]
fn another_server_is_for_whom_its_entry_says() {
    for role in R::ALL {
        assert!(may_use(&Audience::Everyone, *role));
        assert_eq!(may_use(&Audience::SignedIn, *role), *role != R::Public, "{role}");
        assert_eq!(may_use(&Audience::Staff, *role), !matches!(*role, R::Public | R::Wall), "{role}");
        assert_eq!(may_use(&Audience::Roles(vec![R::Street]), *role), *role == R::Street, "{role}");
    }
    assert_eq!(access("POST", PROXY, R::Wall), Some(Access::Denied));
}

#[test]
fn heat_for_everybody_is_cells_from_k_up() {
    assert!(R::ALL.iter().all(|&role| of(role, "/api/v1/heat") == Access::Aggregates));
}

#[test]
fn staff_of_a_place_see_its_cases_and_no_neighbours() {
    for role in [R::CommunityClerk, R::CommunitySecretary, R::Street] {
        assert!(sees(role, Sens::Internal, true, false, "mediation.wages"), "{role}");
        assert!(sees(role, Sens::Sensitive, true, false, "mediation.family"), "{role}");
        assert!(!sees(role, Sens::Public, false, false, "mediation.wages"), "{role}");
    }
    assert!(!sees(R::GridMember, Sens::Sensitive, true, false, "mediation.family"), "next door, and not the handler");
    assert!(sees(R::GridMember, Sens::Sensitive, true, true, "mediation.family"));
}

#[test]
fn those_who_are_called_in_see_what_they_were_given() {
    for role in [R::Department, R::Mediator, R::Counsellor, R::CourtClerk] {
        assert!(sees(role, Sens::Internal, false, true, "mediation.wages"), "{role}");
        assert!(!sees(role, Sens::Internal, true, false, "mediation.wages"), "{role}");
    }
}

#[test]
fn a_restricted_case_is_for_its_handler_and_the_counsellor_alone() {
    for &role in R::ALL {
        for category in ["mediation.domestic_violence", "mediation.minors", "psychological.crisis"] {
            let made_for_it = role == R::Counsellor && category == "psychological.crisis";
            assert_eq!(sees(role, Sens::Restricted, true, false, category), made_for_it, "{role} {category}");
            let works_on_cases = of(role, "/api/v1/cases").is_granted();
            assert_eq!(sees(role, Sens::Restricted, true, true, category), works_on_cases, "{role} {category}");
        }
    }
}

#[test]
fn an_order_is_seen_as_the_case_behind_it_and_a_restricted_one_by_its_parties_alone() {
    let sees = |role, sensitivity, inside_place, is_party| {
        may_see_order(role, of(role, "/api/v1/orders"), &OrderFacts { sensitivity, inside_place, is_party })
    };
    assert!(sees(R::Street, Sens::Internal, true, false) && !sees(R::Street, Sens::Internal, false, false));
    assert!(sees(R::Department, Sens::Internal, false, true) && !sees(R::Department, Sens::Internal, true, false));
    for &role in R::ALL {
        assert!(!sees(role, Sens::Restricted, true, false), "{role}");
        let works_on_orders = of(role, "/api/v1/orders").is_granted();
        assert_eq!(sees(role, Sens::Restricted, false, true), works_on_orders, "{role}");
        assert!(works_on_orders || !names_who_came(role), "{role}");
    }
    assert!(!sees(R::GridMember, Sens::Sensitive, true, false) && !names_who_came(R::GridMember));
}

#[test]
fn a_category_that_only_begins_like_a_psychological_one_is_none() {
    assert!(!sees(R::Counsellor, Sens::Restricted, true, false, "psychological_other.x"));
    assert!(!sees(R::Counsellor, Sens::Restricted, true, false, "mediation.psychological"));
}

#[test]
fn less_sensitive_is_never_seen_by_fewer() {
    for &role in R::ALL {
        for flags in 0..4 {
            let (inside, handler) = (flags & 1 == 1, flags & 2 == 2);
            let seen: Vec<bool> =
                Sens::ALL[..3].iter().map(|&sens| sees(role, sens, inside, handler, "mediation.other")).collect();
            assert!(seen.is_sorted_by(|a, b| a >= b), "{role} {seen:?}");
        }
    }
}

#[test]
fn restricted_cases_are_on_no_layer() {
    let drawn: Vec<_> = Sens::ALL.iter().copied().filter(|&sens| layer_ok(sens)).collect();
    assert_eq!(drawn, [Sens::Public, Sens::Internal, Sens::Sensitive]);
}

#[test]
fn nobodys_totals_have_restricted_cases() {
    assert!(!may_count(Access::Aggregates, Sens::Restricted) && may_count(Access::Aggregates, Sens::Sensitive));
    assert!(!may_count(Access::District, Sens::Restricted) && may_count(Access::District, Sens::Sensitive));
    assert!(!may_count(Access::Denied, Sens::Public));
}
