//! How a face with stores begins: the installation, the district's settings, the session.

use leptos::prelude::*;

use super::{DistrictStore, SessionStore, ViewStore, WarningsStore, use_store};
use crate::api::config::ConfigQuery;
use crate::api::dialect::Resource;
use crate::api::{ApiError, PublicApi};
use crate::browser::clock;
use crate::routes::Lang;

/// Reads config.json, what its backends can do, the district's settings and the session; says what fails and lets people try again.
pub fn open(failed: RwSignal<Option<ApiError>>) {
    let (session, district) = (use_store::<SessionStore>(), use_store::<DistrictStore>());
    let (view, warnings) = (use_store::<ViewStore>(), use_store::<WarningsStore>());
    leptos::task::spawn_local(async move {
        let api = match PublicApi::open().await {
            Ok(api) => api,
            Err(error) => return failed.set(Some(error)),
        };
        let lang = api.backends().language.as_deref().and_then(Lang::from_name);
        view.update(|view| view.default_lang = lang);
        session.update(|session| session.open(api.clone()));
        let (config, api) = futures::join!(api.ask(&ConfigQuery), api.learn());
        warnings.update(|warnings| warnings.are_absent = !api.reads(Resource::Warnings));
        session.update(|session| session.open(api.clone()));
        let error = config.as_ref().err().cloned();
        district.update(|district| district.config.settle(config, clock::wall()));
        if let Some(error) = error {
            return failed.set(Some(error));
        }
        match api.resume().await {
            Ok(staff) => session.update(|session| session.settle(staff)),
            Err(error) => failed.set(Some(error)),
        }
    });
}
