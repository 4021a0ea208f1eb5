//! Which headers go out to another server and come back: those that data need, never ours and never its browser matters.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::rule::Rules;
use super::scrub;
use super::settings::Entry;

/// What a question about data may carry. Profiles are not among it: they choose another schema of a database.
const OUT: &[&str] = &[
    "accept",
    "accept-crs",
    "accept-language",
    "content-crs",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "prefer",
    "range",
    "range-unit",
];

/// What an entry cannot list: ours, what belongs to one connection, and what would make another question of this one.
const NEVER_OUT: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-fengtu",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
];

/// What never comes back: one connection's matters, cookies, and what would command the browser in our name.
const NEVER_BACK: &[&str] = &[
    "accept-ch",
    "activate-storage-access",
    "alt-svc",
    "authentication-info",
    "clear-site-data",
    "connection",
    "content-disposition",
    "content-length",
    "content-security-policy",
    "content-security-policy-report-only",
    "critical-ch",
    "cross-origin-embedder-policy",
    "cross-origin-embedder-policy-report-only",
    "cross-origin-opener-policy",
    "cross-origin-opener-policy-report-only",
    "cross-origin-resource-policy",
    "document-policy",
    "expect-ct",
    "integrity-policy",
    "integrity-policy-report-only",
    "keep-alive",
    "nel",
    "no-vary-search",
    "origin-agent-cluster",
    "origin-trial",
    "permissions-policy",
    "permissions-policy-report-only",
    "pragma",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "public-key-pins",
    "referrer-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "set-login",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "supports-loading-mode",
    "te",
    "timing-allow-origin",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "www-authenticate",
    "x-accel-redirect",
    "x-dns-prefetch-control",
    "x-frame-options",
    "x-powered-by",
    "x-sendfile",
    "x-sourcemap",
];

/// Addresses in these lead to the other server's own address, which a page cannot reach.
const WITH_ADDRESSES: &[&str] = &["link", "location", "content-location", "x-next-page-url"];

/// What is ours in an answer.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// The other server's address, and ours in its place.
    pub addresses: (&'a str, &'a str),
    /// What the entry sets in queries.
    pub rules: &'a Rules,
    /// The header that carries what we show, which some servers repeat.
    pub shown: Option<&'a HeaderName>,
}

/// Returns whether an entry may let a page send a header.
pub fn may_pass(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.parse::<HeaderName>().is_ok() && !NEVER_OUT.contains(&name.as_str()) && !name.starts_with("x-forwarded")
}

/// Picks the headers that go to the other server.
pub fn outward(asked: &HeaderMap, entry: &Entry) -> HeaderMap {
    let hops = connection_names(asked);
    let passes = |name: &HeaderName| {
        let listed = entry.headers.iter().any(|more| more.eq_ignore_ascii_case(name.as_str()));
        (OUT.contains(&name.as_str()) || listed)
            && may_pass(name.as_str())
            && !hops.iter().any(|hop| hop == name.as_str())
    };
    let mut out: HeaderMap =
        asked.iter().filter(|(name, _)| passes(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    // Counted limits want plain bytes, and some servers compress wrongly.
    out.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    out.insert(header::USER_AGENT, HeaderValue::from_static(concat!("fengtu/", env!("CARGO_PKG_VERSION"))));
    // Those before us stay: two servers that lead to each other each find themselves among them.
    let before = asked.get_all(header::VIA).iter().filter_map(|via| via.to_str().ok());
    let own = format!("1.1 {}", own_name());
    if let Ok(via) = HeaderValue::try_from(before.chain([own.as_str()]).collect::<Vec<_>>().join(", ")) {
        out.insert(header::VIA, via);
    }
    out
}

/// Returns whether a request has come through us already: an entry that leads back to us would go round for ever.
pub fn has_been_here(asked: &HeaderMap) -> bool {
    asked.get_all(header::VIA).iter().any(|via| via.to_str().is_ok_and(|via| via.contains(own_name())))
}

/// The name of this process, which no other has.
fn own_name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| format!("fengtu-{:016x}", rand::random::<u64>()));
    &NAME
}

/// Picks the headers that come back, with addresses below the other server's base led to ours.
pub fn back(answered: &HeaderMap, ours: Ours<'_>) -> HeaderMap {
    let named: Vec<String> = connection_names(answered);
    let mut out = HeaderMap::new();
    for (name, value) in answered {
        let is_dropped = NEVER_BACK.contains(&name.as_str())
            || ours.shown == Some(name)
            || name.as_str().starts_with("access-control-")
            || named.iter().any(|listed| listed == name.as_str());
        if let Some(value) = led_to_us(name, value, ours).filter(|_| !is_dropped) {
            out.append(name.clone(), value);
        }
    }
    make_harmless(&mut out);
    out
}

fn connection_names(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// Leads addresses to us and takes out what the entry sets; nothing where they cannot be read, and so not be cleaned.
fn led_to_us(name: &HeaderName, value: &HeaderValue, ours: Ours<'_>) -> Option<HeaderValue> {
    if !WITH_ADDRESSES.contains(&name.as_str()) {
        return Some(value.clone());
    }
    let (base, prefix) = ours.addresses;
    let text = std::str::from_utf8(value.as_bytes()).ok()?.replace(&format!("{base}/"), &format!("{prefix}/"));
    let is_set = |name: &str| ours.rules.sets(name);
    let clean = if *name == header::LINK { scrub::links(&text, &is_set) } else { scrub::address(&text, &is_set) };
    HeaderValue::try_from(clean).ok()
}

/// Another server's page or script is shown as text: it must never run in our name. One type alone is passed on, since
/// of several each reader takes another.
fn make_harmless(headers: &mut HeaderMap) {
    let kind = headers.get(header::CONTENT_TYPE).cloned();
    let text = kind.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_one = headers.get_all(header::CONTENT_TYPE).iter().count() == 1;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let shown = kind.filter(|_| is_one && is_data(&essence)).unwrap_or(plain);
    headers.insert(header::CONTENT_TYPE, shown);
}

fn is_data(essence: &str) -> bool {
    let structured = essence.ends_with("+json") || essence.ends_with("+xml") && essence != "image/svg+xml";
    let named = matches!(essence, "application/json" | "application/xml" | "text/xml" | "text/csv" | "text/plain");
    let picture = matches!(essence, "image/png" | "image/jpeg" | "image/webp" | "image/gif");
    let is_page = essence.contains("html") || essence.contains("xsl");
    (named || picture || structured || essence.starts_with("application/vnd.")) && !is_page
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::proxy::rule::Rules;

    fn map(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    fn entry(lines: &str) -> Entry {
        let text = format!("[proxy.a]\nbase = \"https://a.example\"\nwho = \"everyone\"\n{lines}");
        crate::proxy::settings::parse(&text).unwrap().remove("a").unwrap()
    }

    fn back_from(answered: &[(&'static str, &'static str)], lines: &str) -> HeaderMap {
        let rules = Rules::of(&entry(lines)).unwrap();
        let shown = HeaderName::from_static("x-api-key");
        let addresses = ("http://gis:5000/ogc", "/proxy/gis");
        back(&map(answered), Ours { addresses, rules: &rules, shown: Some(&shown) })
    }

    #[test]
    fn addresses_in_headers_lead_to_us_without_what_the_entry_set() {
        let answered = [("link", "<http://gis:5000/ogc/items?key=s3&offset=10>; rel=\"next\""), ("etag", "\"1\"")];
        let out = back_from(&answered, "paths = [{ path = \"/\", fixed = { key = \"s3\" } }]");
        assert_eq!(out["link"], "</proxy/gis/items?offset=10>; rel=\"next\"");
        assert_eq!(out["etag"], "\"1\"");
    }

    #[test]
    fn pages_and_scripts_become_text() {
        const TEXT: &str = "text/plain; charset=utf-8";
        for (kind, shown) in [
            ("text/html", TEXT),
            ("TEXT/HTML; charset=utf-8", TEXT),
            ("application/javascript", TEXT),
            ("text/css", TEXT),
            ("image/svg+xml", TEXT),
            ("application/xhtml+xml", TEXT),
            ("application/vnd.wap.xhtml+xml", TEXT),
            ("application/xslt+xml", TEXT),
            ("multipart/x-mixed-replace; boundary=a", TEXT),
            ("application/json, text/html", TEXT),
            ("", TEXT),
            ("application/geo+json", "application/geo+json"),
            ("text/xml; charset=utf-8", "text/xml; charset=utf-8"),
        ] {
            assert_eq!(back_from(&[("content-type", kind)], "")["content-type"], shown, "{kind}");
        }
        assert_eq!(back_from(&[], "")["content-type"], TEXT);
        let twice = back_from(&[("content-type", "application/json"), ("content-type", "text/html")], "");
        assert_eq!(twice.get_all("content-type").iter().collect::<Vec<_>>(), [TEXT]);
    }

    #[test]
    fn what_a_connection_names_and_what_we_show_is_kept() {
        let answered = [("connection", "x-hop, close"), ("x-hop", "1"), ("x-total-count", "5"), ("x-api-key", "k")];
        let out = back_from(&answered, "");
        assert!(!out.contains_key("x-hop") && !out.contains_key("x-api-key") && out["x-total-count"] == "5");
    }

    #[test]
    fn only_headers_about_data_and_listed_ones_go_out_and_none_that_the_connection_names() {
        let asked = [
            ("accept", "*/*"),
            ("accept-profile", "secret"),
            ("content-profile", "secret"),
            ("x-token", "t"),
            ("x-hop", "1"),
            ("prefer", "count=exact"),
            ("connection", "keep-alive, Prefer, x-hop"),
            ("x-http-method-override", "DELETE"),
            ("cookie", "a=b"),
            ("te", "trailers"),
            ("upgrade", "h2c"),
        ];
        let names = |lines: &str| {
            let out = outward(&map(&asked), &entry(lines));
            out.keys()
                .map(ToString::to_string)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["accept", "accept-encoding", "user-agent", "via"]);
        let listed = names("headers = [\"Accept-Profile\", \"x-token\", \"x-hop\"]");
        assert_eq!(listed, ["accept", "accept-encoding", "accept-profile", "user-agent", "via", "x-token"]);
        for never in ["Cookie", "host", "X-HTTP-Method-Override", "x-forwarded-prefix", "connection", "a b", ""] {
            assert!(!may_pass(never), "{never}");
        }
    }

    #[test]
    fn a_question_that_went_through_us_is_known_again() {
        let out = outward(&HeaderMap::new(), &entry(""));
        assert!(has_been_here(&out) && !has_been_here(&map(&[("via", "1.1 fengtu-0000000000000000")])));
    }
}
