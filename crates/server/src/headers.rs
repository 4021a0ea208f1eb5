//! The headers that every answer carries, whatever it is.

use std::fs::Metadata;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::Settings;
use crate::client_config;

const FOREIGN_POLICY: &str = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The headers: all but the policy as they were at the start.
#[derive(Debug, Clone)]
pub struct Headers {
    all: Vec<(HeaderName, HeaderValue)>,
    /// Where the client's `config.json` is.
    settings: Arc<Settings>,
    policy: Arc<Mutex<Policy>>,
}

/// The policy, and the file that it was made from.
#[derive(Debug)]
struct Policy {
    read: Option<Stamp>,
    value: HeaderValue,
}

/// When a file was written, and how long it is.
type Stamp = (SystemTime, u64);

impl Headers {
    /// Makes them; the base maps that the client's `config.json` names may be loaded from their servers.
    pub fn new(settings: &Arc<Settings>) -> Self {
        let mut all = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (name("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (name("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
            (name("permissions-policy"), HeaderValue::from_static("geolocation=(self), camera=(), microphone=()")),
        ];
        if settings.secure_cookies {
            all.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
        }
        let settings = Arc::clone(settings);
        Self { all, settings, policy: Arc::new(Mutex::new(Policy { read: None, value: value(&policy(&[])) })) }
    }

    /// Returns the policy for the file as it is now: a page reads the same file anew.
    async fn policy(&self) -> HeaderValue {
        let Some(path) = client_config::served(&self.settings) else { return self.held().value.clone() };
        let stamp = |file: Metadata| Some((file.modified().ok()?, file.len()));
        let now = tokio::fs::metadata(&path).await.ok().and_then(stamp);
        if self.held().read != now {
            let text = tokio::fs::read_to_string(&path).await.unwrap_or_default();
            *self.held() = Policy { read: now, value: value(&policy(&tile_origins(&text))) };
        }
        self.held().value.clone()
    }

    fn held(&self) -> MutexGuard<'_, Policy> {
        self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds the headers to an answer.
pub async fn add(State(headers): State<Headers>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_foreign = request.uri().path().starts_with("/proxy/");
    let policy = match (is_foreign, is_api) {
        // Whatever another server sends is data; as a page it could do nothing.
        (true, _) => HeaderValue::from_static(FOREIGN_POLICY),
        // No page: no look at the file either.
        (_, true) => headers.held().value.clone(),
        _ => headers.policy().await,
    };
    let mut response = next.run(request).await;
    for (name, value) in headers.all {
        response.headers_mut().insert(name, value);
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    if is_api && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn policy(origins: &[String]) -> String {
    let more: String = origins.iter().flat_map(|origin| [" ", origin]).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:{more}; \
         font-src 'self'; connect-src 'self'{more}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
         object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

// Every http(s) address in the file counts: whoever may write it decides what the client loads anyway.
fn tile_origins(text: &str) -> Vec<String> {
    let mut origins = Vec::new();
    collect(&serde_json::from_str(text).unwrap_or_default(), &mut origins);
    origins.sort();
    origins.dedup();
    origins
}

fn collect(json: &serde_json::Value, origins: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) => origins.extend(origin(text)),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, origins)),
        serde_json::Value::Object(members) => members.values().for_each(|member| collect(member, origins)),
        _ => {}
    }
}

// A template's server may be `{s}.tile.example`: a policy says `*.tile.example` for that.
fn origin(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.split_once("}.").map_or_else(|| host.to_owned(), |(_, domain)| format!("*.{domain}"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '*');
    (!host.is_empty() && host.chars().all(plain)).then(|| format!("{scheme}://{host}"))
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

const fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_plain_and_nothing_else_gets_in() {
        assert_eq!(origin("https://{s}.tile.example.cn/{z}/{x}/{y}.png").as_deref(), Some("https://*.tile.example.cn"));
        assert_eq!(origin("http://t0.tianditu.gov.cn/vec_w/wmts?tk=1").as_deref(), Some("http://t0.tianditu.gov.cn"));
        for wrong in ["/api/v1", "javascript:alert(1)", "https://a;script-src *", "https://", "https://a b/"] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
