//! Signing in: one attempt at a time, and what has become of it.

use fengtu_wire::session::SignIn;
use leptos::prelude::*;

use super::{SessionStore, use_store};
use crate::api::ApiError;

/// What has become of signing in.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// Whether the server is being asked.
    pub running: RwSignal<bool>,
    /// Why the last one failed.
    pub failed: RwSignal<Option<ApiError>>,
    session: RwSignal<SessionStore>,
}

impl Default for Attempt {
    fn default() -> Self {
        Self::new()
    }
}

impl Attempt {
    /// Begins without one.
    pub fn new() -> Self {
        Self { running: RwSignal::new(false), failed: RwSignal::new(None), session: use_store::<SessionStore>() }
    }

    /// Signs in, unless the server is being asked already.
    pub fn run(self, name: String, password: String) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        self.failed.set(None);
        let api = self.session.with_untracked(|s| s.public().clone());
        leptos::task::spawn_local(async move {
            let answer = api.sign_in(SignIn { name, password }).await;
            self.running.set(false);
            match answer {
                Ok(staff) => self.session.update(|s| s.settle(Some(staff))),
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }
}
