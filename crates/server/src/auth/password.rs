//! Secrets: passwords as Argon2id, tokens as SHA-256.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

// Each takes 19 MiB and a core: more at once would only make everyone wait.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

// Verified against where there is no such account, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody").ok());

/// Hashes a password with Argon2id at the library's parameters (19 MiB, 2 passes; OWASP's).
pub fn hash(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|e| anyhow::anyhow!("salt: {e}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|e| anyhow::anyhow!("hash: {e}"))?;
    Ok(hash.to_string())
}

/// Returns whether a password is the one that was hashed; takes as long where there is no hash.
pub async fn verify(password: String, hash: Option<String>) -> anyhow::Result<bool> {
    let _turn = AT_ONCE.acquire().await?;
    let compare = move || {
        let known = hash.is_some();
        let Some(text) = hash.or_else(|| NOBODY.clone()) else { return false };
        let parsed = PasswordHash::new(&text);
        parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()) && known
    };
    Ok(tokio::task::spawn_blocking(compare).await?)
}

/// Makes a session token of 256 bits from the operating system's randomness.
pub fn new_token() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// Returns what is stored of a token. It is random already: no salt and no slow hash are needed.
pub fn hash_token(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}
