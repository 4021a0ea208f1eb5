//! Many things: cases out of the engine and doors of buildings, gathered into clusters where they stand too near to one
//! another. Discs are cases, squares are doors; both tell their count in figures.

use fengtu_geo::cluster::{self, Clusters};
use fengtu_geo::mercator::{self, Metres};
use fengtu_geo::{BBox, LonLat};
use fengtu_heat_worker::{Crowd, Item, Kind};

use super::Brush;
use super::points::highlight;
use crate::map::model::{BuildingMark, CasePoints, CaseSpot, Cluster, Hit, Many, Shared};
use crate::map::plane::{Frame, Px};
use crate::map::wish::{Ask, Wish};

/// CSS pixels that clusters stand apart at a whole zoom, at least; between two zooms they stand farther.
const APART_PX: f64 = 60.0;
/// How near the pointer must come to a single thing, CSS pixels.
const REACH_PX: f64 = 9.0;
/// So far from its middle a disc shows, CSS pixels.
const SLACK_PX: f64 = 40.0;
/// Clusters are gathered for whole zooms between these.
const ZOOMS: (f64, f64) = (0.0, 20.0);

/// Gives the whole zoom that things are gathered for.
fn whole(zoom: f64) -> i32 {
    zoom.clamp(ZOOMS.0, ZOOMS.1).floor() as i32
}

/// Gives what stands nearer than this at a whole zoom becomes one, Web Mercator metres.
fn radius(zoom: i32) -> f64 {
    APART_PX * metres_per_px(f64::from(zoom))
}

/// Tells whether one box lies in another.
fn holds([low, high]: &[Metres; 2], [inner_low, inner_high]: &[Metres; 2]) -> bool {
    low.x <= inner_low.x && low.y <= inner_low.y && inner_high.x <= high.x && inner_high.y <= high.y
}

fn metres_per_px(zoom: f64) -> f64 {
    2.0 * mercator::HALF_WORLD / mercator::world_size(zoom)
}

/// Holds the cases of a period as they are drawn where the map looks.
#[derive(Default)]
pub struct CaseCrowd {
    points: Option<CasePoints>,
    /// The zoom and the box that were asked for since the cases last changed.
    asked: Option<(i32, [Metres; 2])>,
    crowd: Crowd,
    /// Whether any clusters have come.
    has_come: bool,
}

impl CaseCrowd {
    /// Takes the cases.
    pub fn set(&mut self, points: Option<CasePoints>) {
        self.points = points;
        self.asked = None;
        if self.points.is_none() {
            (self.crowd, self.has_come) = (Crowd::default(), false);
        }
    }

    /// Tells whether there is anything to draw, or will be.
    pub const fn wants(&self) -> bool {
        self.points.is_some()
    }

    /// Asks for the clusters of a frame and of as much around it, unless they were asked for.
    pub fn wish(&mut self, frame: &Frame) -> Option<Wish> {
        let (points, zoom) = (self.points.clone()?, whole(frame.zoom));
        let needed = frame.reach(Px { x: SLACK_PX, y: SLACK_PX });
        if self.asked.is_some_and(|(asked, within)| asked == zoom && holds(&within, &needed)) {
            return None;
        }
        let within = frame.reach(Px { x: frame.width + SLACK_PX, y: frame.height + SLACK_PX });
        self.asked = Some((zoom, within));
        Some(Wish { points, ask: Ask::Crowd { radius: radius(zoom), within } })
    }

    /// Takes clusters; tells whether they are others than before.
    pub fn take(&mut self, crowd: Crowd) -> bool {
        self.has_come |= self.wants();
        let is_new = self.wants() && crowd != self.crowd;
        if is_new {
            self.crowd = crowd;
        }
        is_new
    }

    /// Counts all cases; `None` where there are none to count, or before any have come.
    pub fn count(&self) -> Option<u64> {
        self.has_come.then_some(self.crowd.count)
    }

    /// Names the single case or the cluster at a place.
    pub fn hit(&self, at: LonLat, zoom: f64) -> Option<Hit> {
        let spot = Pointer::at(at, zoom);
        let items = || self.crowd.items.iter();
        let disc = items().find(|item| item.count() > 1 && spot.px_to(item.at) <= disc_px(item.count()));
        let one = || nearest(items().filter(|item| item.count() == 1), |item| spot.px_to(item.at));
        disc.or_else(one).map(|item| self.name(item))
    }

    /// Tells whether a disc lies over a place.
    pub fn covers(&self, at: LonLat, zoom: f64) -> bool {
        let spot = Pointer::at(at, zoom);
        // The largest come first.
        let mut discs = self.crowd.items.iter().take_while(|item| item.count() > 1);
        discs.any(|item| spot.px_to(item.at) <= disc_px(item.count()))
    }

    fn name(&self, item: &Item) -> Hit {
        let at = mercator::unproject(item.at);
        match item.kind {
            Kind::One { time, category } => {
                let name = self.crowd.categories.get(usize::from(category)).map(String::as_str).unwrap_or_default();
                Hit::CaseSpot(CaseSpot { at, time, category: name.into() })
            }
            Kind::Many { count, reach } => Hit::Cluster(many(Many::Cases, at, count, reach)),
        }
    }

    /// Draws single cases as dots and clusters as discs, the largest last.
    pub fn draw(&self, brush: &Brush, pointed: Option<&Hit>) {
        brush.ink.font(&font(brush));
        for item in self.crowd.items.iter().rev() {
            let at = brush.frame.px_of_metres(item.at);
            if !brush.frame.shows(at, disc_px(item.count()) + 6.0) {
                continue;
            }
            let radius = if item.count() == 1 { DOT_PX } else { disc_px(item.count()) };
            if pointed.is_some_and(|hit| *hit == self.name(item)) {
                highlight(brush, at, radius + 4.0);
            }
            brush.ink.fill_with(&brush.theme.station_paper);
            brush.ink.disc(at, radius + EDGE_PX);
            brush.ink.fill_with(&brush.theme.case);
            brush.ink.disc(at, radius);
            if item.count() > 1 {
                brush.ink.fill_with(&brush.theme.station_paper);
                brush.ink.disc(at, radius - RING_PX);
                brush.ink.text(&figures(item.count()), at, &brush.theme.case);
            }
        }
    }
}

/// Holds the doors of buildings, gathered here for the zoom of the moment.
#[derive(Default)]
pub struct DoorCrowd {
    places: Vec<Metres>,
    gathered: Option<(i32, Vec<cluster::Cluster>)>,
}

impl DoorCrowd {
    /// Takes the doors.
    pub fn set(&mut self, doors: &Shared<BuildingMark>) {
        self.places = doors.iter().map(|door| mercator::project(door.at)).collect();
        self.gathered = None;
    }

    fn gather(&mut self, zoom: f64) -> &[cluster::Cluster] {
        let zoom = whole(zoom);
        let known = self.gathered.take().filter(|(known, _)| *known == zoom);
        let (_, clusters) = self.gathered.insert(known.unwrap_or_else(|| {
            let mut clusters = Clusters::new(radius(zoom));
            (0..).zip(&self.places).for_each(|(number, at)| clusters.add(at.x, at.y, number));
            (zoom, clusters.finish())
        }));
        clusters
    }

    /// Names the door or the cluster at a place, of what was drawn last.
    pub fn hit(&self, doors: &Shared<BuildingMark>, at: LonLat, zoom: f64) -> Option<Hit> {
        let (spot, (_, clusters)) = (Pointer::at(at, zoom), self.gathered.as_ref()?);
        let square = clusters.iter().find(|c| c.count > 1 && spot.px_off(c.at) <= square_px(c.count));
        let one = || nearest(clusters.iter().filter(|c| c.count == 1), |c| spot.px_to(c.at));
        square.or_else(one).and_then(|cluster| name(doors, cluster))
    }

    /// Draws single doors as small squares and clusters as larger ones, the largest last.
    pub fn draw(&mut self, brush: &Brush, doors: &Shared<BuildingMark>, marked: &[Hit], pointed: Option<&Hit>) {
        brush.ink.font(&font(brush));
        for cluster in self.gather(brush.frame.zoom).iter().rev() {
            let (at, many) = (brush.frame.px_of_metres(cluster.at), cluster.count > 1);
            let half = if many { square_px(cluster.count) } else { DOT_PX };
            if !brush.frame.shows(at, half + 6.0) {
                continue;
            }
            let hit = || name(doors, cluster);
            if (pointed.is_some() || !marked.is_empty())
                && hit().is_some_and(|hit| pointed == Some(&hit) || marked.contains(&hit))
            {
                highlight(brush, at, half + 6.0);
            }
            square(brush, at, half + EDGE_PX, &brush.theme.building);
            square(brush, at, half, &brush.theme.station_paper);
            if many {
                brush.ink.text(&figures(cluster.count), at, &brush.theme.ink);
            }
        }
    }
}

fn name(doors: &Shared<BuildingMark>, cluster: &cluster::Cluster) -> Option<Hit> {
    if cluster.count > 1 {
        let at = mercator::unproject(cluster.at);
        return Some(Hit::Cluster(many(Many::Buildings, at, cluster.count, cluster.reach)));
    }
    doors.get(cluster.member as usize).map(|door| Hit::Building(door.code.clone()))
}

fn many(of: Many, at: LonLat, count: u32, reach: [Metres; 2]) -> Cluster {
    let [low, high] = reach.map(mercator::unproject);
    let reach = BBox { west: low.lon, south: low.lat, east: high.lon, north: high.lat };
    Cluster { of, at, count, reach, area: None }
}

/// Holds a place that is pointed at.
struct Pointer {
    at: Metres,
    metres_per_px: f64,
}

impl Pointer {
    fn at(at: LonLat, zoom: f64) -> Self {
        Self { at: mercator::project(at), metres_per_px: metres_per_px(zoom) }
    }

    fn px_to(&self, other: Metres) -> f64 {
        (self.at.x - other.x).hypot(self.at.y - other.y) / self.metres_per_px
    }

    /// Gives the pixels to the right or down, whichever are more: what a square's half side is compared with.
    fn px_off(&self, other: Metres) -> f64 {
        (self.at.x - other.x).abs().max((self.at.y - other.y).abs()) / self.metres_per_px
    }
}

/// Gives the nearest of some things within reach.
fn nearest<'a, T>(things: impl Iterator<Item = &'a T>, px_to: impl Fn(&T) -> f64) -> Option<&'a T> {
    let far = |thing: &'a T| (px_to(thing), thing);
    let near = things.map(far).filter(|(px, _)| *px <= REACH_PX);
    near.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, thing)| thing)
}

/// Half of a single thing, CSS pixels.
const DOT_PX: f64 = 3.5;
/// What surrounds each, so that it reads on anything, CSS pixels.
const EDGE_PX: f64 = 1.5;
/// The ring of a disc: paper within, so that many of them leave the ground's colours to be read, CSS pixels.
const RING_PX: f64 = 1.75;

/// Gives the radius of a disc: by the count's magnitude, never so large that two touch.
fn disc_px(count: u32) -> f64 {
    (8.0 + 4.0 * f64::from(count.max(1)).log10()).min(28.0)
}

/// Gives half of a square's side.
fn square_px(count: u32) -> f64 {
    (7.0 + 3.5 * f64::from(count.max(1)).log10()).min(25.0)
}

fn square(brush: &Brush, Px { x, y }: Px, half: f64, colour: &str) {
    brush.ink.fill_with(colour);
    brush.ink.raw().fill_rect(x - half, y - half, 2.0 * half, 2.0 * half);
}

fn font(brush: &Brush) -> String {
    format!("600 12px {}", brush.theme.font)
}

/// Writes a count as it is to 9,999, from there on in thousands.
fn figures(count: u32) -> String {
    if count < 10_000 { count.to_string() } else { format!("{}k", count / 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: LonLat = LonLat { lon: 113.9, lat: 22.7 };

    fn crowd() -> Crowd {
        let at = mercator::project(AT);
        let reach = [Metres { x: at.x - 40.0, y: at.y - 30.0 }, Metres { x: at.x + 40.0, y: at.y + 30.0 }];
        let one = Item { at: Metres { x: at.x + 500.0, ..at }, kind: Kind::One { time: 7, category: 1 } };
        let items = vec![Item { at, kind: Kind::Many { count: 1000, reach } }, one];
        Crowd { items, count: 1001, categories: vec!["wages".into(), "noise".into()] }
    }

    fn drawn() -> CaseCrowd {
        CaseCrowd { crowd: crowd(), ..CaseCrowd::default() }
    }

    #[test]
    fn a_disc_is_hit_where_it_is_drawn_and_nowhere_else() {
        let (layer, zoom) = (drawn(), 15.0);
        let east = |px: f64| {
            let at = mercator::project(AT);
            mercator::unproject(Metres { x: at.x + px * metres_per_px(zoom), ..at })
        };
        let hit = layer.hit(east(19.0), zoom);
        assert!(matches!(&hit, Some(Hit::Cluster(c)) if c.count == 1000 && c.of == Many::Cases), "{hit:?}");
        assert_eq!((layer.hit(east(21.0), zoom), layer.covers(east(21.0), zoom)), (None, false));
        assert!(layer.covers(AT, zoom));
        let single = east(500.0 / metres_per_px(zoom) + 8.0);
        let spot = layer.hit(single, zoom);
        assert!(matches!(&spot, Some(Hit::CaseSpot(s)) if s.time == 7 && s.category.as_str() == "noise"), "{spot:?}");
    }

    #[test]
    fn two_discs_never_touch() {
        for count in [1, 2, 99, 100_000, 10_000_000] {
            assert!(2.0 * (disc_px(count) + EDGE_PX) < APART_PX && disc_px(count) >= 8.0, "{count}");
            assert!(square_px(count) < disc_px(count));
        }
        assert!(disc_px(10_000) > disc_px(1_000) && disc_px(1_000) > disc_px(100));
        assert_eq!([1, 9_999, 10_000, 12_999].map(figures), ["1", "9999", "10k", "12k"]);
    }

    #[test]
    fn doors_are_gathered_and_a_single_one_keeps_its_code() {
        let near = LonLat { lon: AT.lon + 0.0001, ..AT };
        let far = LonLat { lon: AT.lon + 0.05, ..AT };
        let mark = |code: &str, at| BuildingMark { code: code.into(), at };
        let doors = std::sync::Arc::new(vec![mark("a", AT), mark("b", near), mark("c", far)]);
        let mut crowd = DoorCrowd::default();
        crowd.set(&doors);
        assert_eq!(crowd.hit(&doors, AT, 14.0), None, "nothing has been drawn");
        assert_eq!(crowd.gather(14.5).iter().map(|c| c.count).collect::<Vec<_>>(), [2, 1]);
        assert!(
            matches!(crowd.hit(&doors, AT, 14.5), Some(Hit::Cluster(c)) if c.count == 2 && c.of == Many::Buildings)
        );
        assert_eq!(crowd.hit(&doors, far, 14.5), Some(Hit::Building("c".into())));
        assert_eq!(crowd.gather(20.0).len(), 3);
    }

    #[test]
    fn clusters_are_asked_for_once_a_zoom_and_as_far_as_the_map_looks() {
        let frame = |zoom, east_px| {
            let Frame { left, .. } = Frame::around(AT, zoom, (1440.0, 900.0), 0.0, 1.0);
            Frame { left: left + east_px, ..Frame::around(AT, zoom, (1440.0, 900.0), 0.0, 1.0) }
        };
        let mut layer = CaseCrowd::default();
        assert!(layer.wish(&frame(14.0, 0.0)).is_none() && !layer.take(crowd()) && layer.count().is_none());
        layer.points = Some(crate::scene::heat::tests::case_points());
        assert!(layer.wish(&frame(14.25, 0.0)).is_some() && layer.wish(&frame(14.75, 0.0)).is_none());
        assert!(layer.wish(&frame(15.0, 0.0)).is_some() && layer.wish(&frame(15.0, 1440.0)).is_none(), "beside it too");
        assert!(layer.wish(&frame(15.0, 1450.0)).is_some() && layer.wish(&frame(15.0, 1450.0)).is_none(), "farther");
        assert_eq!(layer.count(), None, "no answer is not none");
        assert!(layer.take(crowd()) && !layer.take(crowd()));
        assert_eq!(layer.count(), Some(1001));
        layer.set(None);
        assert_eq!(layer.count(), None);
        layer.set(Some(crate::scene::heat::tests::case_points()));
        assert!(layer.count().is_none() && !layer.take(Crowd::default()));
        assert_eq!(layer.count(), Some(0), "none of this choice");
    }
}
