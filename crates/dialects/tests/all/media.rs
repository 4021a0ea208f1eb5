//! Links to what is attached: by http(s) alone, resolved against where the answer came from, and what is refused is counted.

use fengtu_dialects::{Call, Request};
use serde_json::{Value, json};

use super::{ask, good, installation};

const PUBLIC: &str = "https://311.example.org/v2";

/// The links of a case of a server at a base, and how many were refused.
fn one(base: &str, mapping: &Value, media: &Value) -> (Value, Value) {
    let all = installation(
        &json!({"backends": {"default": {"dialect": "georeport", "base": base, "mapping": mapping}}, "resources": {}}),
    );
    assert!(all.capabilities("cases").attached);
    let row = json!([{"service_request_id": "A", "status": "open", "service_code": "1",
        "requested_datetime": "2026-02-01T08:00:00Z", "media_url": media}]);
    let read = ask(&all, Request::get("/cases/A"), &mut |_: &Call| good(&row));
    (read["media"].clone(), read["media_refused"].clone())
}

fn linked(base: &str, media: &Value) -> (Value, Value) {
    one(base, &json!({}), media)
}

#[test]
fn links_by_http_are_shown_as_they_are() {
    let link = "https://media.example.org/a%20b.jpg";
    assert_eq!(linked("/x", &json!(link)), (json!([link]), json!(0)));
    let two = json!([link, "http://x/y.png?z=1"]);
    assert_eq!(linked("/x", &two), (two, json!(0)));
    assert_eq!(
        linked("/x", &json!("HTTPS://media.example.org/A.jpg")),
        (json!(["https://media.example.org/A.jpg"]), json!(0))
    );
    assert_eq!(linked("/x", &json!("Http://x/y")), (json!(["http://x/y"]), json!(0)));
    for nothing in [json!(""), json!(null), json!([]), json!([" "])] {
        assert_eq!(linked(PUBLIC, &nothing), (json!([]), json!(0)), "{nothing}");
    }
}

#[test]
fn what_may_not_be_pressed_is_counted_and_the_case_is_shown() {
    let long = format!("https://x/{}", "a".repeat(2_000));
    let bad = [
        "javascript:alert(1)",
        "JavaScript:alert(1)//x.y",
        "data:text/html,x",
        "ftp://x/y",
        "https://",
        "https://good@evil/",
        "https://x/\"onclick",
        "https://x/a b",
        "\\\\x\\y.jpg",
        "无",
        "https:x/y",
        long.as_str(),
    ];
    for base in ["/x", PUBLIC] {
        for bad in bad {
            assert_eq!(linked(base, &json!(bad)), (json!([]), json!(1)), "{base} {bad}");
        }
        assert_eq!(linked(base, &json!([bad[0], "https://x/y", bad[1]])), (json!(["https://x/y"]), json!(2)));
        assert_eq!(linked(base, &json!(7)), (json!([]), json!(1)));
    }
}

/// A character that turns the direction of text makes a link look like another.
#[test]
fn a_link_that_looks_like_another_is_refused() {
    let turns = ['\u{200e}', '\u{200f}', '\u{061c}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'];
    for turn in turns {
        assert_eq!(
            linked("/x", &json!(format!("https://good.example/{turn}gpj.live"))),
            (json!([]), json!(1)),
            "{turn:?}"
        );
        assert_eq!(linked(PUBLIC, &json!(format!("/a/{turn}gpj.live"))), (json!([]), json!(1)), "{turn:?}");
    }
}

#[test]
fn a_link_without_a_server_is_of_the_one_that_answered() {
    for (said, leads_to) in [
        ("/uploads/a.jpg", "https://311.example.org/uploads/a.jpg"),
        ("a.jpg", "https://311.example.org/v2/requests/a.jpg"),
        ("../files/a.jpg", "https://311.example.org/v2/requests/../files/a.jpg"),
        ("//media.example.org/a.jpg", "https://media.example.org/a.jpg"),
    ] {
        assert_eq!(linked(PUBLIC, &json!(said)), (json!([leads_to]), json!(0)), "{said}");
    }
    // Behind a proxy of ours nobody knows where that server has its root: ours has nothing there.
    for said in ["/uploads/a.jpg", "a.jpg", "//media.example.org/a.jpg"] {
        assert_eq!(linked("/proxy/311", &json!(said)), (json!([]), json!(1)), "{said}");
    }
}

#[test]
fn more_than_can_be_shown_are_counted() {
    let many: Vec<String> = (0..25).map(|n| format!("https://x/{n}")).collect();
    let (links, refused) = linked("/x", &json!(many));
    assert_eq!((links.as_array().unwrap().len(), refused), (20, json!(5)));
}

#[test]
fn nothing_of_a_sensitive_case_is_told() {
    let sensitive = json!({"resources": {"cases": {"fields": {"sensitivity": {"value": "sensitive"}}}}});
    let media = json!(["https://x/y", "javascript:1"]);
    assert_eq!(one("/x", &sensitive, &media), (json!([]), json!(0)), "nobody has masked what it shows");
}
