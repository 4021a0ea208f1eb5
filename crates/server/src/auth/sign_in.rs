//! Signing in: the same answer and about the same time whether the name or the password is wrong, slower with each failure.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use fengtu_wire::problem::kinds;
use fengtu_wire::session::SignIn;

use super::password;
use crate::app::AppState;
use crate::problem::{Answer, Failure};
use crate::store::accounts::{self, StoredAccount};
use crate::store::failures;

/// Where a request comes from. Behind a proxy on this machine it is what the proxy says, else the peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(pub String);

impl FromRequestParts<AppState> for Source {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let behind_proxy = state.settings.public_origin.is_some() && peer.is_some_and(|ip| ip.is_loopback());
        let told = forwarded_for(parts).filter(|_| behind_proxy);
        Ok(Self(told.or(peer).map(|ip| ip.to_string()).unwrap_or_default()))
    }
}

// The last entry is the one that our own proxy wrote; those before it are what the caller claims.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let line = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

/// Returns the account that a name and a password open.
pub async fn sign_in(state: &AppState, source: &Source, given: &SignIn) -> Answer<StoredAccount> {
    // A hash of both, so that the table names nobody; joined with a character that neither can hold.
    let key = password::hash_token(&format!("{}\n{}", given.name, source.0));
    if let Some(wait_s) = failures::count_try(&state.db, &key, state.now()).await? {
        let title = "Too many failed tries; wait before the next.";
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Err(Failure::new(status, kinds::SLOW_DOWN, title).retry_after(wait_s));
    }
    let account = accounts::by_name(&state.db, &given.name).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = password::verify(given.password.clone(), hash).await.map_err(|cause| Failure::internal(&cause))?;
    let Some(account) = account.filter(|account| right && !account.disabled) else { return Err(wrong()) };
    failures::forget(&state.db, &key).await?;
    Ok(account)
}

fn wrong() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, kinds::WRONG_CREDENTIALS, "The name or the password is wrong.")
}
