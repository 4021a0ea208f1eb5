//! What we show to another server: a key, a name with a password, or a token that we sign in for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Client;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::attempts::{Attempts, Kind};
use super::settings::{Credentials, Ended, Login};

/// Time for one log-in.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer to a log-in.
const LONGEST: usize = 64 * 1024;

/// What is ready to be shown.
pub enum Ready {
    /// Nothing.
    Nothing,
    /// The same header with every question.
    Header(HeaderName, HeaderValue),
    /// A token that is got when it is first needed.
    Token(Arc<Token>),
}

/// A token and how it is got.
pub struct Token {
    login: Login,
    header: HeaderName,
    body: Vec<u8>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    value: Option<HeaderValue>,
    given: Option<Instant>,
    /// Whether it has carried a question that was answered.
    was_of_use: bool,
    attempts: Attempts,
}

/// Signing in has failed; until when no other try is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotIn {
    /// In how many seconds there is another try.
    pub retry_s: u32,
}

/// Why signing in has failed; what was sent is in none of it.
#[derive(Debug)]
struct Failed {
    kind: Kind,
    why: String,
    told: Option<Duration>,
}

impl Ready {
    /// Fetches the secrets that credentials name.
    pub fn new(credentials: Option<&Credentials>) -> anyhow::Result<Self> {
        match credentials {
            None => Ok(Self::Nothing),
            Some(Credentials::Header { name, value }) => {
                Ok(Self::Header(name.parse().context("credentials: name")?, secret(&value.read()?)?))
            }
            Some(Credentials::Basic { name, password }) => {
                let pair = BASE64_STANDARD.encode(format!("{name}:{}", password.read()?));
                Ok(Self::Header(header::AUTHORIZATION, secret(&format!("Basic {pair}"))?))
            }
            Some(Credentials::Login(login)) => Ok(Self::Token(Arc::new(Token::new(login)?))),
        }
    }

    /// Returns the header that carries what is shown.
    pub fn name(&self) -> Option<&HeaderName> {
        match self {
            Self::Nothing => None,
            Self::Header(name, _) => Some(name),
            Self::Token(token) => Some(&token.header),
        }
    }
}

fn secret(text: &str) -> anyhow::Result<HeaderValue> {
    let mut value =
        HeaderValue::try_from(text).context("凭据含有不可用的字符 / the secret holds a character no header can")?;
    value.set_sensitive(true);
    Ok(value)
}

impl Token {
    fn new(login: &Login) -> anyhow::Result<Self> {
        let mut fields = Vec::new();
        for (name, value) in &login.fields {
            fields.push((name.clone(), value.read()?));
        }
        let body = if login.form {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
        } else {
            serde_json::to_vec(&fields.into_iter().collect::<std::collections::BTreeMap<_, _>>())?
        };
        let header = login.header.parse().context("credentials: header")?;
        Ok(Self { login: login.clone(), header, body, state: Arc::default() })
    }

    /// Returns the header that carries the token, and signs in first where there is none.
    ///
    /// One try serves all who wait, whatever comes of it, and goes on when the one who caused it has left.
    pub async fn header(self: &Arc<Self>, client: &Client, base: &str) -> Result<(HeaderName, HeaderValue), NotIn> {
        let state = Arc::clone(&self.state).lock_owned().await;
        if let Some(value) = &state.value {
            return Ok((self.header.clone(), value.clone()));
        }
        if let Some(left) = state.attempts.left(Instant::now()) {
            return Err(NotIn::after(left));
        }
        let (this, client, base) = (Arc::clone(self), client.clone(), base.to_owned());
        let tried = tokio::spawn(async move { this.try_once(state, &client, &base).await }).await;
        let value = tried.unwrap_or_else(|_| Err(NotIn::after(PATIENCE)))?;
        Ok((self.header.clone(), value))
    }

    /// Notes that a question with this token was answered; nothing waits for that.
    pub fn was_of_use(&self, shown: &HeaderValue) {
        if let Ok(mut state) = self.state.try_lock() {
            state.was_of_use |= state.value.as_ref() == Some(shown);
        }
    }

    /// Forgets a token that has ended; returns whether to ask again with another one.
    pub async fn replace(&self, ended: &HeaderValue) -> bool {
        let mut state = self.state.lock().await;
        if state.value.as_ref() != Some(ended) {
            // Another has taken its place already, or nobody gets in.
            return true;
        }
        let (was_of_use, now) = (state.was_of_use, Instant::now());
        let age = state.given.map(|given| now.saturating_duration_since(given)).unwrap_or_default();
        let may = state.attempts.may_replace(was_of_use, age, now);
        if may {
            (state.value, state.was_of_use) = (None, false);
        }
        may
    }

    /// Returns whether an answer says that the token has ended; `start` is its body if it is short.
    pub fn has_ended(&self, status: StatusCode, start: Option<&[u8]>) -> bool {
        let tells = |ended: &Ended| {
            let answer: Option<serde_json::Value> = start.and_then(|start| serde_json::from_slice(start).ok());
            answer.is_some_and(|answer| answer.pointer(&ended.at) == Some(&ended.is))
        };
        status == StatusCode::UNAUTHORIZED || self.login.ended.as_ref().is_some_and(tells)
    }

    async fn try_once(
        &self,
        mut state: OwnedMutexGuard<State>,
        client: &Client,
        base: &str,
    ) -> Result<HeaderValue, NotIn> {
        let late = || Failed::new(Kind::Down, "no answer in time");
        let tried = tokio::time::timeout(PATIENCE, self.sign_in(client, base)).await.unwrap_or_else(|_| Err(late()));
        match tried {
            Ok(value) => {
                state.attempts.succeeded();
                (state.value, state.given) = (Some(value.clone()), Some(Instant::now()));
                Ok(value)
            }
            Err(Failed { kind, why, told }) => {
                let pause = state.attempts.failed(kind, told, Instant::now());
                tracing::warn!(
                    "proxy {base}: cannot sign in: {why}; next try in {} s at the earliest",
                    pause.as_secs()
                );
                Err(NotIn::after(pause))
            }
        }
    }

    async fn sign_in(&self, client: &Client, base: &str) -> Result<HeaderValue, Failed> {
        let kind = if self.login.form { "application/x-www-form-urlencoded" } else { "application/json" };
        let request = client.post(format!("{base}{}", self.login.path)).header(header::CONTENT_TYPE, kind);
        let mut answer = request.body(self.body.clone()).send().await.map_err(Failed::down)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failed::status(status, answer.headers()));
        }
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(Failed::down)? {
            text.extend_from_slice(&chunk);
            if text.len() > LONGEST {
                return Err(Failed::new(Kind::Refused, "the answer is too long for one to a log-in"));
            }
        }
        self.token_in(&text)
    }

    fn token_in(&self, text: &[u8]) -> Result<HeaderValue, Failed> {
        let answer: Option<serde_json::Value> = serde_json::from_slice(text).ok();
        let answer = answer.ok_or_else(|| Failed::new(Kind::Refused, "the answer is no JSON"))?;
        let token =
            answer.pointer(&self.login.token).and_then(serde_json::Value::as_str).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| Failed::new(Kind::Refused, &format!("no token at {}", self.login.token)))?;
        secret(&format!("{}{token}", self.login.prefix)).map_err(|_| Failed::new(Kind::Refused, "the token is no text"))
    }
}

impl NotIn {
    fn after(pause: Duration) -> Self {
        Self { retry_s: u32::try_from(pause.as_secs()).unwrap_or(u32::MAX).saturating_add(1) }
    }
}

impl Failed {
    fn new(kind: Kind, why: &str) -> Self {
        Self { kind, why: why.to_owned(), told: None }
    }

    fn down(error: reqwest::Error) -> Self {
        Self::new(Kind::Down, &error.without_url().to_string())
    }

    fn status(status: StatusCode, headers: &HeaderMap) -> Self {
        let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let is_busy = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let kind = if is_busy { Kind::Down } else { Kind::Refused };
        Self { kind, why: format!("status {}", status.as_u16()), told: told.map(Duration::from_secs) }
    }
}
