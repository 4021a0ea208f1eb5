//! Refuses changes that did not come from our own page (cross-site request forgery).

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use fengtu_wire::problem::kinds;

use crate::app::Settings;
use crate::problem::{Answer, Failure};

/// The header that every change must carry; another site's form cannot send it.
pub const REQUIRED: HeaderName = HeaderName::from_static("x-fengtu");

/// Checks a request that may change something; reading is free.
pub fn check(settings: &Settings, method: &Method, headers: &HeaderMap) -> Answer<()> {
    let ours = method.is_safe() || (has_header(headers) && is_same_site(headers) && is_own_origin(settings, headers));
    if ours { Ok(()) } else { Err(refused()) }
}

fn refused() -> Failure {
    let title = "A change must come from this server's own page.";
    Failure::new(StatusCode::FORBIDDEN, kinds::FOREIGN_ORIGIN, title)
        .detail("Send the header X-Fengtu: 1, and the Origin of this server.")
}

fn has_header(headers: &HeaderMap) -> bool {
    text(headers, REQUIRED.as_str()) == Some("1")
}

fn is_same_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.to_str(), Ok("same-origin" | "none")))
}

// A program that is no browser sends no Origin; a browser always does when it changes something.
fn is_own_origin(settings: &Settings, headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let Some(origin) = text(headers, "origin") else { return false };
    if let Some(own) = &settings.public_origin {
        return origin.eq_ignore_ascii_case(own.trim_end_matches('/'));
    }
    let host = text(headers, "host");
    host.is_some() && origin.split_once("://").map(|(_, host)| host) == host
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
