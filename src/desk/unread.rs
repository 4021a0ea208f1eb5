//! What of the cases a backend of another dialect sent could not be understood: dots and heat do not say it themselves, the
//! translator does. Asking it costs no call to the backend.

use leptos::prelude::*;

use super::context::MapContext;
use crate::api::PublicApi;
use crate::api::dialect::Resource;
use crate::api::json::{self, Json};
use crate::api::lenient::Refused;
use crate::reactive::effect;
use crate::state::live::LiveStore;
use crate::state::{SessionStore, spawn_scoped, use_store};

/// Keeps the count up to date: whenever cases were asked for, and whenever any have changed.
pub fn follow(map: MapContext) {
    let (session, live) = (use_store::<SessionStore>(), use_store::<LiveStore>());
    let api = session.with_untracked(|session| session.public().clone());
    if !api.backends().of(Resource::Cases).is_foreign {
        return;
    }
    let changes = Memo::new(move |_| live.with(|live| live.changes));
    effect(move || {
        map.heat.track();
        changes.get();
        let api = api.clone();
        spawn_scoped(async move {
            if let Some(refused) = of_cases(&api).await {
                map.unread.set(refused);
            }
        });
    });
}

async fn of_cases(api: &PublicApi) -> Option<Refused> {
    let answer = api.translator("/backends").await.ok()?;
    read(&json::parse(&answer.body).ok()?)
}

fn read(told: &Json<'_>) -> Option<Refused> {
    let Some(Json::List(rows)) = told.get("resources") else { return None };
    let row = rows.iter().find(|row| row.member::<String>("resource").is_ok_and(|name| name == "cases"))?;
    row.get("last")?.get("refused").map(Refused::read)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_the_translator_says_of_cases_is_read() {
        let told = br#"{"resources": [{"resource": "grids", "last": {"refused": {"count": 9, "reasons": []}}},
            {"resource": "cases", "last": {"at": "", "refused": {"count": 2, "reasons": ["state: \u201cx\u201d"]}}}]}"#;
        let refused = read(&json::parse(told).unwrap()).unwrap();
        assert_eq!((refused.count, refused.reasons.len()), (2, 1));
        assert!(read(&json::parse(br#"{"resources": [{"resource": "cases", "last": null}]}"#).unwrap()).is_none());
    }
}
