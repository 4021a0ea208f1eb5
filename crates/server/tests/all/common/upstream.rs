//! A little server that ours fronts: it tells what it was asked, and misbehaves on request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A running one.
pub struct Upstream {
    /// Its address, with a path.
    pub base: String,
    inner: Arc<Inner>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Inner {
    seen: Mutex<Vec<String>>,
    tokens: Mutex<(u32, u32)>,
}

impl Upstream {
    /// Starts one on a port of its own.
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/api", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base, inner, task }
    }

    /// Returns the addresses that were asked for.
    pub fn seen(&self) -> Vec<String> {
        self.inner.seen.lock().unwrap().clone()
    }

    /// Waits until something was asked for.
    pub async fn until(&self, done: impl Fn(&[String]) -> bool) {
        while !done(&self.seen()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let uri = request.uri().to_string();
    inner.seen.lock().unwrap().push(uri.clone());
    match uri.strip_prefix("/api/").unwrap_or_default() {
        "page" => page(request.headers()[header::HOST].to_str().unwrap()),
        "tagged" => (StatusCode::NOT_MODIFIED, [(header::ETAG, "\"v1\"")]).into_response(),
        "redirect/inside" => redirect("/api/echo/there"),
        "redirect/elsewhere" => redirect("http://evil.example/api/echo"),
        "redirect/above" => redirect("/other"),
        "redirect/unlisted" => redirect("/api/page"),
        "redirect/again" => redirect("/api/redirect/again"),
        "redirect/secret" => redirect("/api/echo?select=secret"),
        "redirect/telling" => redirect("http://u:hunter3@evil.example/there;jsessionid=hunter3?a=hunter3#t=hunter3"),
        "moved" => redirect("/api/links-there"),
        "links-there?key=s3%2Fcret" => telling(&here(&request)),
        "two-types" => two_types(),
        "links?page=1&key=s3cret" => {
            let link = "</api/links?page=2&key=s3cret>; rel=\"next\"".replace("/api", &here(&request));
            ([(header::LINK, link)], "1").into_response()
        }
        "silent" => pieces(0, Duration::ZERO, true),
        "stalled" => pieces(1, Duration::ZERO, true),
        "steady" => pieces(4, Duration::from_millis(500), false),
        "large" => "x".repeat(6_000).into_response(),
        "endless" => endless(),
        "slow" => std::future::pending().await,
        "login" => axum::Json(json!({ "code": 200, "token": inner.new_token() })).into_response(),
        "login-refused" => (StatusCode::UNAUTHORIZED, "hunter2 is wrong").into_response(),
        "login-odd" => axum::Json(json!({ "code": 500, "msg": "hunter2" })).into_response(),
        "login-page" => "<p>hunter2</p>".into_response(),
        "login-moved" => redirect("/api/login"),
        "login-busy" => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "7")]).into_response(),
        "login-late" => {
            tokio::time::sleep(Duration::from_millis(600)).await;
            axum::Json(json!({ "token": inner.new_token() })).into_response()
        }
        "never" => unsized_json(&json!({ "code": 401 })),
        "guarded" => unsized_json(&inner.guarded(request.headers())),
        _ => echo(request).await,
    }
}

fn page(host: &str) -> Response {
    let headers = [
        ("content-type", "text/html".to_owned()),
        ("set-cookie", "session=theirs".to_owned()),
        ("www-authenticate", "Basic realm=\"x\"".to_owned()),
        ("clear-site-data", "\"*\"".to_owned()),
        ("access-control-allow-origin", "*".to_owned()),
        ("server", "Theirs/1.0".to_owned()),
        ("keep-alive", "timeout=5".to_owned()),
        ("x-total-count", "3".to_owned()),
        ("link", format!("<http://{host}/api/page?page=2>; rel=\"next\"")),
    ];
    let mut response = (StatusCode::IM_A_TEAPOT, "<script>alert(1)</script>").into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

/// The address of this server, as it was asked.
fn here(request: &Request) -> String {
    format!("http://{}/api", request.headers()[header::HOST].to_str().unwrap())
}

/// An answer whose addresses repeat a key, each in another spelling.
fn telling(here: &str) -> Response {
    let mut response = "1".into_response();
    for (name, value) in [
        (
            "link",
            format!("<{here}/a?k%65y=s3%2fcret&page=2>; rel=\"next\", <{here}/b?page=1&key=s3/cret>; rel=\"prev\""),
        ),
        ("location", format!("{here}/a?page=3&KEY=s3%2Fcret#key=s3/cret")),
        ("content-location", format!("{here}/网格?back=%2Fa%3Fkey%3Ds3%252Fcret")),
    ] {
        let value = axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        response.headers_mut().insert(name, value);
    }
    response
}

fn two_types() -> Response {
    let mut response = "<script>alert(1)</script>".into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    response.headers_mut().append(header::CONTENT_TYPE, "text/html".parse().unwrap());
    response
}

/// An answer in pieces, which then may stand still.
fn pieces(count: usize, pause: Duration, stalls: bool) -> Response {
    Body::from_stream(async_stream::stream! {
        for _ in 0..count {
            yield Ok::<_, std::io::Error>(".");
            tokio::time::sleep(pause).await;
        }
        if stalls {
            std::future::pending::<()>().await;
        }
    })
    .into_response()
}

fn endless() -> Response {
    let chunk = || Ok::<_, std::io::Error>("x".repeat(1_000));
    Body::from_stream(futures::stream::repeat_with(chunk)).into_response()
}

/// An answer that does not say how long it is, as many servers give theirs.
fn unsized_json(value: &Value) -> Response {
    let whole = futures::stream::once(std::future::ready(Ok::<_, std::io::Error>(value.to_string())));
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(whole)).into_response()
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let headers: serde_json::Map<String, Value> =
        parts.headers.iter().map(|(n, v)| (n.to_string(), Value::from(v.to_str().unwrap()))).collect();
    let seen = json!({ "method": parts.method.as_str(), "uri": parts.uri.to_string(), "headers": headers,
        "body": String::from_utf8_lossy(&body) });
    axum::Json(seen).into_response()
}

impl Inner {
    fn new_token(&self) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        *tokens = (tokens.0 + 1, 0);
        format!("t{}", tokens.0)
    }

    fn guarded(&self, headers: &axum::http::HeaderMap) -> Value {
        let mut tokens = self.tokens.lock().unwrap();
        let shown = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        tokens.1 += 1;
        let good = shown == format!("Bearer t{}", tokens.0) && tokens.1 <= 2;
        json!({ "code": if good { 200 } else { 401 } })
    }
}

/// Sends a path exactly as written, which no client would, and returns the first line of the answer.
pub async fn raw(base: &str, path: &str) -> String {
    let host = base.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text.lines().next().unwrap_or_default().to_owned()
}
