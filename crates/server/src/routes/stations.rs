//! `GET /stations`: service stations; for residents too.

use axum::extract::State;
use axum::http::HeaderMap;
use fengtu_domain::masking;
use fengtu_domain::sight::Access;
use fengtu_wire::geojson::{Bounds, Feature, FeatureCollection, Geometry};
use fengtu_wire::session::Role;
use fengtu_wire::stations::{CircleKind, Service, Station, StationLevel};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::conditional;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::places::{self, Wanted};
use crate::store::stations;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Default)]
struct Filter {
    places: Option<Vec<String>>,
    bbox: Option<Bounds>,
    level: Vec<StationLevel>,
    service: Vec<Service>,
    circle: Vec<CircleKind>,
}

/// Lists stations; of several values of one parameter any will do, of several parameters all must.
#[utoipa::path(get, path = "/stations", tag = "stations", params(
    ("place" = Option<String>, Query, description = "Of this node or below it."),
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees."),
    ("level" = Option<Vec<StationLevel>>, Query, description = "Of this level."),
    ("service" = Option<Vec<Service>>, Query, description = "With this service."),
    ("circle" = Option<Vec<CircleKind>>, Query, description = "The centre of such a circle."),
), responses((status = 200, body = FeatureCollection<Station>, content_type = "application/geo+json"), (status = 304)))]
async fn list(State(state): State<AppState>, caller: Caller, mut params: Params, headers: HeaderMap) -> Answer {
    let below = super::take_place(&state.db, &mut params, "place").await?.map(|(_, span)| span);
    let mut filter = Filter {
        places: None,
        bbox: params.bounds("bbox"),
        level: params.many("level"),
        service: params.many("service"),
        circle: params.many("circle"),
    };
    params.finish()?;
    if below.is_some() {
        let rows = places::read(&state.db, &Wanted { below, ..Wanted::default() }).await?;
        filter.places = Some(rows.into_iter().map(|row| row.place.id.0).collect());
    }
    let mut all = stations::all(&state.db).await?;
    all.retain(|station| filter.takes(station));
    if caller.viewer.role == Role::Wall {
        // A wall counts who is on duty; a name, even a masked one, is not for a hall full of people.
        all.iter_mut().for_each(unname);
    } else if caller.access.is_anonymous() || caller.access == Access::Anyone {
        all.iter_mut().for_each(mask);
    }
    conditional::geojson(&headers, &FeatureCollection::new(all))
}

impl Filter {
    fn takes(&self, station: &Feature<Station>) -> bool {
        let properties = &station.properties;
        let is_in = |places: &Vec<String>| properties.place.as_ref().is_some_and(|place| places.contains(&place.0));
        self.places.as_ref().is_none_or(is_in)
            && self.bbox.is_none_or(|bbox| stands_in(station, bbox))
            && any_of(&self.level, std::slice::from_ref(&properties.level))
            && any_of(&self.service, &properties.services)
            && any_of(&self.circle, &properties.circles)
    }
}

fn any_of<T: PartialEq>(wanted: &[T], has: &[T]) -> bool {
    wanted.is_empty() || wanted.iter().any(|one| has.contains(one))
}

fn stands_in(station: &Feature<Station>, [west, south, east, north]: Bounds) -> bool {
    match station.geometry {
        Some(Geometry::Point([lon, lat])) => (west..=east).contains(&lon) && (south..=north).contains(&lat),
        _ => false,
    }
}

fn unname(station: &mut Feature<Station>) {
    station.properties.staff.iter_mut().for_each(|staff| staff.names.clear());
}

fn mask(station: &mut Feature<Station>) {
    for staff in &mut station.properties.staff {
        staff.names.iter_mut().for_each(|name| *name = masking::name(name));
    }
}
