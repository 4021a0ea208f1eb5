//! The resources to read, over the real server and both databases.

use std::collections::HashSet;

use fengtu_domain::sight::{self, Access, CaseFacts};
use fengtu_wire::cases::{CaseSummary, Sensitivity};
use fengtu_wire::session::Role;
use serde_json::Value;

use crate::common::fixture::{CANARY, TELEPHONE};
use crate::common::{self, Server, backends};

async fn get(server: &Server, client: &reqwest::Client, path: &str) -> (u16, Value) {
    let response = client.get(server.url(path)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn every_role_gets_on_every_route_what_the_table_says() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let (_, document) = fengtu_server::app::api().split_for_parts();
        for &role in Role::ALL {
            let client = server.client_as(role).await;
            for rule in sight::ROUTES.iter().filter(|rule| rule.method == "GET" && rule.path != "/api/v1/events") {
                if !document.paths.paths.contains_key(rule.path) {
                    continue;
                }
                let path = rule.path.replace("{number}", "nothing").replace("{id}", "nothing");
                let (status, body) = get(&server, &client, &path).await;
                let expected = match (rule.access(role), role) {
                    (Access::Denied, Role::Public) => Some(401),
                    (Access::Denied, _) => Some(403),
                    _ => None,
                };
                match expected {
                    Some(expected) => assert_eq!(status, expected, "{role} {path} {backend:?}"),
                    None => assert!(matches!(status, 200 | 204 | 400 | 404), "{role} {path} {status} {body}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn each_viewer_lists_exactly_the_cases_that_the_rule_allows() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        for &role in Role::ALL {
            let access = sight::access("GET", "/api/v1/cases", role).unwrap();
            if !access.is_granted() {
                continue;
            }
            let client = server.client_as(role).await;
            let (_, page) = get(&server, &client, "/api/v1/cases?limit=1000&total=true").await;
            let listed: Vec<CaseSummary> = serde_json::from_value(page["items"].clone()).unwrap();
            let listed: HashSet<String> = listed.into_iter().map(|case| case.number.0).collect();
            assert_eq!(listed, expected(role, access), "{role} {backend:?}");
            assert_eq!(page["total"], listed.len(), "{role}");
        }
    }
}

// Written from the rule in the domain crate, case by case, and not from the SQL.
fn expected(role: Role, access: Access) -> HashSet<String> {
    let (inside, handles) = match role {
        Role::GridMember => ("1111", None),
        Role::CommunityClerk => ("111", Some("111")),
        Role::CommunitySecretary | Role::Mediator => ("111", None),
        Role::Street => ("11", None),
        Role::Department => ("121", Some("121")),
        _ => ("1", None),
    };
    let mut numbers = HashSet::new();
    for grid in ["1111", "1112", "1211"] {
        for n in 0..12 {
            let sensitivity = Sensitivity::ALL[n % 4];
            let category = if sensitivity == Sensitivity::Restricted { "domestic_violence" } else { "neighbours" };
            let case = CaseFacts {
                sensitivity,
                category: &category.into(),
                inside_place: grid.starts_with(inside),
                is_handler: handles.is_some_and(|office| grid.starts_with(office)),
            };
            if sight::may_see_case(role, access, &case) {
                numbers.insert(format!("C{grid}-{n:02}"));
            }
        }
    }
    numbers
}

#[tokio::test]
async fn no_name_and_no_telephone_leaves_unmasked() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        for &role in Role::ALL {
            let client = server.client_as(role).await;
            for path in
                ["/cases?limit=1000", "/cases/C1111-00", "/cases/C1111-00/events", "/stations", "/grids", "/places"]
            {
                let text =
                    client.get(server.url(&format!("/api/v1{path}"))).send().await.unwrap().text().await.unwrap();
                assert!(!text.contains(TELEPHONE), "{role} {path}");
                let staff = !matches!(role, Role::Public | Role::Wall);
                let may_name = staff && matches!(path, "/stations" | "/grids");
                let handler = matches!(role, Role::CommunityClerk | Role::Department) && path.starts_with("/cases");
                assert!(may_name || handler || !text.contains(CANARY), "{role} {path}: {text}");
                assert!(role != Role::Wall || !text.contains("**"), "{role} {path}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_double() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::DistrictLeader).await;
        for list in
            ["/api/v1/cases?limit=4", "/api/v1/cases?limit=5&sort=-changed_at", "/api/v1/buildings?limit=3&q=光明"]
        {
            let (mut next, mut seen) = (Some(list.to_owned()), Vec::new());
            while let Some(path) = next.take() {
                let response = client.get(server.url(&path)).send().await.unwrap();
                let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
                next = link.and_then(|link| Some(link.split(['<', '>']).nth(1)?.to_owned()));
                let page: Value = response.json().await.unwrap();
                assert!(page["items"].is_array(), "{path} {backend:?}: {page}");
                assert_eq!(page["next"].is_string(), next.is_some());
                let key = if list.contains("cases") { "number" } else { "code" };
                seen.extend(
                    page["items"].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap().to_owned()),
                );
            }
            let distinct: HashSet<&String> = seen.iter().collect();
            assert_eq!(distinct.len(), seen.len(), "{list}");
            assert_eq!(seen.len(), if list.contains("cases") { 27 } else { 25 }, "{list} {backend:?}");
        }
    }
}

#[tokio::test]
async fn buildings_are_found_however_they_are_typed() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::Public).await;
        for q in ["光明花园 7 栋", "光明花园７栋", "gm-0007", "ＧＭ－０００７", "光明大道7号"] {
            let response = client.get(server.url("/api/v1/buildings")).query(&[("q", q)]).send().await.unwrap();
            let page: Value = response.json().await.unwrap();
            assert_eq!(page["items"][0]["code"], "GM-0007", "{q} {backend:?}");
            assert_eq!(page["items"][0]["population"], 0, "the public is not told");
        }
        let response = client.get(server.url("/api/v1/buildings")).query(&[("q", "%%")]).send().await.unwrap();
        let page: Value = response.json().await.unwrap();
        assert_eq!(page["items"].as_array().unwrap().len(), 0, "a wildcard is only a letter");
    }
}

#[tokio::test]
async fn nobody_but_staff_can_page_through_all_doors() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for role in [Role::Public, Role::Wall] {
        let client = server.client_as(role).await;
        for (query, pointer) in [
            ("", "?q"),
            ("?q=g", "?q"),
            ("?q=%20g%20", "?q"),
            ("?q=g%20m", "?q"),
            ("?q=gm&place=1111", "?place"),
            ("?bbox=113.9,22.7,114.0,22.8", "?q"),
            ("?q=gm&total=true", "?total"),
            ("?q=gm&limit=51", "?limit"),
            ("?q=gm&cursor=WyJidWlsZGluZ3MiLFsxLCJHTS0wMDAwIl1d", "?cursor"),
        ] {
            let (status, body) = get(&server, &client, &format!("/api/v1/buildings{query}")).await;
            assert_eq!((status, body["errors"][0]["pointer"].as_str()), (400, Some(pointer)), "{role} {query}");
        }
        for query in ["?q=gm&limit=3", "?bbox=113.95,22.745,113.97,22.755&limit=3"] {
            let (status, body) = get(&server, &client, &format!("/api/v1/buildings{query}")).await;
            assert_eq!((status, body["items"].as_array().unwrap().len()), (200, 3), "{role} {query}");
            assert!(body["next"].is_null() && body["total"].is_null(), "{role} {query}");
        }
    }
}

#[tokio::test]
async fn a_repeat_names_the_earlier_case_only_to_those_who_may_see_it() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        // The first is sensitive (2 of 0..3), which a grid member does not see; the second restricted, which few do.
        for (number, earlier) in [("C1111-00", "C1111-02"), ("C1111-01", "C1111-03"), ("C1111-04", "C1111-05")] {
            let sql = "UPDATE cases SET repeat_of = $1 WHERE number = $2";
            sqlx::query(sql).bind(earlier).bind(number).execute(server.state.db.pool()).await.unwrap();
        }
        let told = async |role: Role, number: &str| {
            let client = server.client_as(role).await;
            get(&server, &client, &format!("/api/v1/cases/{number}")).await.1["repeat_of"].clone()
        };
        assert_eq!(told(Role::GridMember, "C1111-00").await, Value::Null, "{backend:?}");
        assert_eq!(told(Role::DistrictLeader, "C1111-00").await, "C1111-02", "{backend:?}");
        assert_eq!(told(Role::DistrictLeader, "C1111-01").await, Value::Null, "{backend:?}");
        assert_eq!(told(Role::CommunityClerk, "C1111-01").await, "C1111-03", "its handler");
        assert_eq!(told(Role::GridMember, "C1111-04").await, "C1111-05", "{backend:?}");
    }
}

#[tokio::test]
async fn how_warnings_are_computed_is_told_to_staff_alone() {
    let (server, _database) = Server::filled(backends()[0]).await;
    for &role in Role::ALL {
        let client = server.client_as(role).await;
        let (_, config) = get(&server, &client, "/api/v1/config").await;
        let is_staff = !matches!(role, Role::Public | Role::Wall);
        assert_eq!(config["warning_rules"]["weights"].is_array(), is_staff, "{role}");
        assert!(config["warning_thresholds"].is_array(), "{role}");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::DistrictLeader).await;
        for path in ["config", "places", "grids", "stations", "basemap", "buildings/points", "cases", "cases/C1111-00"]
        {
            let url = server.url(&format!("/api/v1/{path}"));
            let first = client.get(&url).send().await.unwrap();
            assert_eq!(first.status(), 200, "{path}");
            let tag = first.headers()["etag"].clone();
            let again = client.get(&url).header("if-none-match", tag).send().await.unwrap();
            assert_eq!(again.status(), 304, "{path}");
            assert!(again.bytes().await.unwrap().is_empty());
            let other = client.get(&url).header("if-none-match", "\"other\"").send().await.unwrap();
            assert_eq!(other.status(), 200, "{path}");
        }
    }
}

#[tokio::test]
async fn a_change_is_sent_and_bulk_travels_compressed() {
    let (server, _database) = Server::filled(backends()[0]).await;
    let client = server.client_as(Role::DistrictLeader).await;
    let url = server.url("/api/v1/buildings/points");
    let plain = client.get(&url).send().await.unwrap();
    let (tag, plain) = (plain.headers()["etag"].clone(), plain.bytes().await.unwrap());
    for coding in ["br", "gzip"] {
        let small = client.get(&url).header("accept-encoding", coding).send().await.unwrap();
        assert_eq!(small.headers()["content-encoding"], coding);
        assert_eq!(small.headers()["etag"], tag, "the coding does not change what it is");
        assert!(small.bytes().await.unwrap().len() * 2 < plain.len(), "{coding}");
    }
    let sql = "UPDATE buildings SET population = population + 1";
    sqlx::query(sql).execute(server.state.db.pool()).await.unwrap();
    // As an import says it, in the same transaction.
    fengtu_server::store::meta::set(server.state.db.pool(), "dataset", "another").await.unwrap();
    let other = client.get(&url).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(other.status(), 200, "another content has another tag");
}

#[tokio::test]
async fn overdue_cases_are_open_and_late() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::DistrictLeader).await;
        let (_, page) = get(&server, &client, "/api/v1/cases?overdue=true&limit=1000&total=true").await;
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty());
        assert_eq!(page["total"], items.len());
        for case in items {
            assert_ne!(case["state"], "resolved");
            assert!(case["clocks"].as_array().unwrap().iter().any(|clock| clock["state"] == "overdue"), "{case}");
        }
    }
}

#[tokio::test]
async fn cases_are_listed_by_how_many_people_are_part_of_them() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let client = server.client_as(Role::DistrictLeader).await;
        let (_, all) = get(&server, &client, "/api/v1/cases?limit=1000").await;
        let people = |page: &Value| -> Vec<u64> {
            page["items"].as_array().unwrap().iter().map(|case| case["people"].as_u64().unwrap()).collect()
        };
        // The fixture's have two people at most.
        for least in 1..=3 {
            let path = format!("/api/v1/cases?people_from={least}&limit=1000&total=true");
            let (_, found) = get(&server, &client, &path).await;
            let expected: Vec<u64> = people(&all).into_iter().filter(|n| *n >= least).collect();
            assert_eq!(people(&found), expected, "{backend:?} {least}");
            assert_eq!(found["total"].as_u64(), Some(expected.len() as u64));
        }
        let (status, told) = get(&server, &client, "/api/v1/cases?people_from=2147483648").await;
        assert_eq!((status, told["errors"][0]["pointer"].as_str()), (400, Some("?people_from")), "{told}");
    }
}

#[tokio::test]
async fn repeats_are_listed_where_the_earlier_case_may_be_seen_too() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        let repeats = "UPDATE cases SET repeat_of = 'C1111-00' WHERE number LIKE '%-01' OR number LIKE '%-04'";
        sqlx::query(repeats).execute(server.state.db.pool()).await.unwrap();
        for role in [Role::DistrictLeader, Role::GridMember] {
            let client = server.client_as(role).await;
            let listed = async |path: &str| -> Vec<String> {
                let (_, page) = get(&server, &client, path).await;
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|case| case["number"].as_str().unwrap().to_owned())
                    .collect()
            };
            let all = listed("/api/v1/cases?limit=1000").await;
            let mut expected = Vec::new();
            for number in &all {
                let (_, case) = get(&server, &client, &format!("/api/v1/cases/{number}")).await;
                // What a viewer may not see is not told as the earlier case either.
                expected.extend(case["repeat_of"].is_string().then(|| number.clone()));
            }
            assert_eq!(listed("/api/v1/cases?repeats=true&limit=1000").await, expected, "{backend:?} {role:?}");
            assert_eq!(listed("/api/v1/cases?repeats=false&limit=1000").await, all, "{backend:?} {role:?}");
            assert!(role != Role::DistrictLeader || !expected.is_empty(), "some repeat another");
        }
    }
}

#[tokio::test]
async fn the_cases_of_a_building_are_those_that_happened_in_it_and_the_viewer_may_see() {
    for backend in backends() {
        let (server, _database) = Server::filled(backend).await;
        // All of the fixture's are in one building; two move, one of them restricted.
        let sql = "UPDATE cases SET building = 'GM-0002' WHERE number IN ('C1111-00', 'C1111-03')";
        sqlx::query(sql).execute(server.state.db.pool()).await.unwrap();
        let listed = async |role: Role, code: &str| -> Vec<String> {
            let client = server.client_as(role).await;
            let (_, page) = get(&server, &client, &format!("/api/v1/cases?building={code}&total=true")).await;
            let items = page["items"].as_array().unwrap();
            assert_eq!(page["total"], items.len(), "{role} {code} {backend:?}");
            items.iter().map(|case| case["number"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(listed(Role::DistrictLeader, "GM-0002").await, ["C1111-00"], "{backend:?}");
        assert_eq!(listed(Role::DistrictLeader, "GM-0001").await.len(), 26, "{backend:?}");
        assert_eq!(listed(Role::CommunityClerk, "GM-0002").await, ["C1111-00", "C1111-03"], "its handler");
        assert!(listed(Role::Department, "GM-0002").await.is_empty(), "another's");
        for code in ["GM-000", "GM-00021", "%25", "GM-000_"] {
            assert!(listed(Role::DistrictLeader, code).await.is_empty(), "{code} {backend:?}");
        }
    }
}

#[tokio::test]
async fn writing_twice_doubles_nothing() {
    for backend in backends() {
        let (server, database) = Server::filled(backend).await;
        common::fixture::fill(&server.state.db, server.clock.now()).await;
        let again = Server::start(&database.url).await;
        let client = again.client_as(Role::DistrictLeader).await;
        let (_, page) = get(&again, &client, "/api/v1/cases?total=true").await;
        assert_eq!(page["total"], 27);
        let (_, events) = get(&again, &client, "/api/v1/cases/C1111-02/events").await;
        assert_eq!(events.as_array().unwrap().len(), 3);
    }
}
