//! Who is calling: passwords, sessions, the cookie that carries them, and the guard before every route.

mod caller;
mod cookie;
mod foreign;
mod password;
mod sign_in;

pub use caller::{Caller, guard};
pub use cookie::{clear_cookie, set_cookie};
pub use password::{hash, hash_token, new_token};
pub use sign_in::{Source, sign_in};
