//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::Settings;

// `__Host-` makes browsers insist on Secure, Path=/ and no Domain. On loopback there is no HTTPS, and not every browser
// takes a Secure cookie over plain HTTP there, so it has a plain name of its own and never leaves the machine.
const SECURE: &str = "__Host-fengtu";
const LOOPBACK: &str = "fengtu";

/// Reads the session token that a browser sent.
pub fn token(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    let wanted = name(settings);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned())
}

/// Returns the header that gives a browser its token.
pub fn set_cookie(settings: &Settings, token: &str, max_age_s: i64) -> HeaderValue {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let text = format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}", name(settings));
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Returns the header that takes the token from a browser.
pub fn clear_cookie(settings: &Settings) -> HeaderValue {
    set_cookie(settings, "", 0)
}

const fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { SECURE } else { LOOPBACK }
}
