//! What of the map's layers the backends in use give: what they do not is not shown, and said once.

use leptos::prelude::*;

use crate::api::PublicApi;
use crate::api::dialect::Resource;
use crate::routes::Layer;
use crate::state::{SessionStore, use_store};
use crate::tr;

/// Whether the backends give what a layer is made of.
pub fn gives(api: &PublicApi, layer: Layer) -> bool {
    match layer {
        // A tree that is made of what a server lacks has a top and nothing below it.
        Layer::Warnings => {
            let places = api.capabilities(Resource::Places);
            api.reads(Resource::Grids) || (places.read && !places.derived)
        }
        Layer::Stations
        | Layer::AppealCircles
        | Layer::LegalCircles
        | Layer::PsychologicalCircles
        | Layer::Coverage => api.reads(Resource::Stations),
        Layer::Heat => api.reads(Resource::Heat),
        Layer::Cases => api.reads(Resource::Cases),
        Layer::Buildings => api.reads(Resource::Buildings),
        Layer::Labels => true,
    }
}

/// Whether the backends in use give what a layer is made of.
pub fn has(layer: Layer) -> bool {
    use_store::<SessionStore>().with_untracked(|session| gives(session.public(), layer))
}

/// Whether the backend of a resource in use can be read.
pub fn reads(resource: Resource) -> bool {
    use_store::<SessionStore>().with_untracked(|session| session.public().reads(resource))
}

/// Whether group matters and repeats can be asked for, by one who may see cases at all.
pub fn kinds_of_cases() -> bool {
    use_store::<SessionStore>()
        .with_untracked(|session| session.sees_cases() && session.public().knows_kinds_of_cases())
}

/// Whether one can be asked for by itself.
pub fn one(resource: Resource) -> bool {
    use_store::<SessionStore>().with_untracked(|session| session.public().capabilities(resource).one)
}

/// Says what there is not; nothing where there is all of it.
pub fn missing(resources: &[Resource]) -> Option<String> {
    let lacks = |resource: &&Resource| match resource {
        Resource::Grids => !has(Layer::Warnings),
        other => !reads(**other),
    };
    let names: Vec<&str> = resources.iter().filter(lacks).map(|resource| name(*resource)).collect();
    (!names.is_empty()).then(|| tr!(desk.not_offered, names = names.join(tr!(desk.map_comma))))
}

fn name(resource: Resource) -> &'static str {
    match resource {
        Resource::Grids => tr!(desk.layer_areas),
        Resource::Warnings => tr!(desk.layer_warnings),
        Resource::Stations => tr!(desk.layer_stations),
        Resource::Heat => tr!(desk.layer_heat),
        Resource::Buildings => tr!(desk.layer_buildings),
        Resource::Statistics => tr!(desk.detail_figures),
        _ => tr!(desk.layer_all_cases),
    }
}
