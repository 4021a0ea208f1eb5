//! The tree of places and the grids on the ground: what cases and stations of other servers are joined by.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use fengtu_geo::index::PolygonIndex;
use fengtu_geo::{BBox, LonLat};
use serde_json::Value;

use super::failed::Failed;
use super::{map, places};
use crate::exchange::{Outcome, Request};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::refused::Refused;
use crate::record::value::is_word;
use crate::speech::Talk;

/// Seconds for which a part of the tree is good.
const GOOD_S: i64 = 600;
/// Seconds after which an empty or failed part is asked for again: who was not signed in may be by now, what was down may be up.
const SOON_S: i64 = 20;
/// Deeper than any tree; a cycle ends here.
const MAX_DEPTH: usize = 16;

/// Says that a record stands in a place that there is not. What it names is shown where it is a word: a mapping may have led to
/// any text.
pub(super) fn no_place(named: &str) -> Reason {
    if is_word(named) {
        return Reason::new(format!("没有 {named} 这个地方"), format!("there is no place {named}"));
    }
    Reason::new("没有它所写的地方", "there is no such place as it names")
}

/// Ids of places, each with the one above it and its level.
type Nodes = HashMap<String, (Option<String>, String)>;

/// The grids on the ground.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    nodes: Nodes,
    grids: Vec<String>,
    index: Option<PolygonIndex>,
}

impl Ground {
    fn new(features: &[Value]) -> Self {
        let (mut ground, mut areas) = (Self::default(), Vec::new());
        for grid in features {
            let Some(id) = text(grid, "id") else { continue };
            ground.nodes.entry(id.clone()).or_insert_with(|| (text(grid, "parent"), "grid".to_owned()));
            ground.grids.push(id);
            areas.push(map::area(grid.get("geometry")).unwrap_or_default());
        }
        ground.index = (!areas.is_empty()).then(|| PolygonIndex::new(areas));
        ground
    }
}

fn nodes(places: &[Value]) -> Nodes {
    let node =
        |place: &Value| Some((text(place, "id")?, (text(place, "parent"), text(place, "level").unwrap_or_default())));
    places.iter().filter_map(node).collect()
}

fn text(feature: &Value, name: &str) -> Option<String> {
    feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str).map(str::to_owned)
}

/// The tree, indexed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    places: Rc<Nodes>,
    ground: Rc<Ground>,
    /// What of it could not be had now, and stands as it was read last, if ever.
    pub failed: Vec<Failed>,
    /// The resources of which only a part was had, and why: they may stand for drawing and joining, and for no figure of a place.
    parts: BTreeMap<&'static str, Trouble>,
}

impl Tree {
    fn node(&self, id: &str) -> Option<&(Option<String>, String)> {
        self.places.get(id).or_else(|| self.ground.nodes.get(id))
    }

    fn nodes(&self) -> impl Iterator<Item = (&String, &(Option<String>, String))> {
        self.places.iter().chain(self.ground.nodes.iter())
    }

    /// Returns a place and all that lies below it, in a certain order.
    pub fn below(&self, place: &str) -> Vec<String> {
        let within = self.nodes().map(|(id, _)| id).filter(|id| self.is_within(id, place));
        let all: BTreeSet<&str> = within.map(String::as_str).chain([place]).collect();
        all.into_iter().map(str::to_owned).collect()
    }

    /// Says why nobody can tell what lies in a place: a part of the tree was never had.
    pub fn is_had(&self) -> Result<(), Trouble> {
        let never = self.failed.iter().find(|failed| failed.since.is_none());
        never.map_or(Ok(()), |failed| Err(failed.trouble.clone().about(failed.resource)))
    }

    /// Whether it was had, and not all of it.
    pub fn is_part(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Says why what is counted of a place would be too small: some of the tree was never had.
    pub fn is_whole(&self) -> Result<(), Trouble> {
        self.is_had()?;
        self.parts.iter().next().map_or(Ok(()), |(resource, trouble)| Err(trouble.clone().about(resource)))
    }

    /// Returns the grid around a position.
    pub fn grid_at(&self, at: [f64; 2]) -> Option<&str> {
        let [lon, lat] = at;
        let number = self.ground.index.as_ref()?.containing(LonLat { lon, lat })?;
        self.ground.grids.get(number).map(String::as_str)
    }

    /// Returns the way up from a place, itself first.
    fn up<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(id), |id| self.node(id)?.0.as_deref()).take(MAX_DEPTH)
    }

    pub fn is_within(&self, id: &str, ancestor: &str) -> bool {
        self.up(id).any(|above| above == ancestor)
    }

    /// Returns the place of a level that one is or lies in.
    pub fn at_level<'a>(&'a self, id: &'a str, level: &str) -> Option<&'a str> {
        self.up(id).find(|above| self.node(above).is_some_and(|(_, known)| known == level))
    }

    /// Whether there is no such place: what stands in another system's place stands nowhere here. A tree of which a part is missing
    /// cannot say so, nor one that is nothing but its top.
    pub fn lacks(&self, id: &str, root: &str) -> bool {
        let is_tree = || self.nodes().any(|(known, _)| known != root);
        id != root && self.node(id).is_none() && is_tree() && self.is_whole().is_ok()
    }

    /// Returns the place that a record names, if there is such a place, else the grid around it, else what it names.
    pub fn place_of<'a>(&'a self, named: Option<&'a str>, at: Option<[f64; 2]>, root: &str) -> Option<&'a str> {
        let is_known = named.is_some_and(|named| !self.lacks(named, root));
        if is_known { named } else { at.and_then(|at| self.grid_at(at)).or(named) }
    }

    pub fn level(&self, id: &str) -> Option<&str> {
        self.node(id).map(|(_, level)| level.as_str())
    }

    pub fn has_level(&self, level: &str) -> bool {
        self.nodes().any(|(_, (_, known))| known == level)
    }

    /// Returns the box around all grids.
    pub fn bounds(&self) -> Option<BBox> {
        self.around(|_| true)
    }

    /// Returns the box around the grids of a place.
    pub fn bounds_of(&self, place: &str) -> Option<[f64; 4]> {
        self.around(|grid| self.is_within(grid, place)).as_ref().map(map::bounds)
    }

    fn around(&self, is_asked: impl Fn(&str) -> bool) -> Option<BBox> {
        let grids = self.ground.grids.iter().zip(self.ground.index.as_ref()?.areas());
        let asked = grids.filter(|(id, _)| is_asked(id)).filter_map(|(_, area)| area.bbox());
        asked.reduce(|all, one| all.union(&one))
    }
}

/// The tree as it was read last, and when its parts were asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    tree: Rc<Tree>,
    places: Part,
    grids: Part,
}

/// A part of the tree.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// When it was asked for.
    asked_at: Option<i64>,
    /// When it was asked for and came.
    came_at: Option<i64>,
    /// Seconds for which it is good.
    good_s: i64,
}

impl Part {
    fn is_due(&self, now: i64) -> bool {
        self.asked_at.is_none_or(|at| (now - at).abs() >= self.good_s)
    }
}

impl Kept {
    /// Notes that parts that are due and were had before are asked for.
    fn ask(&mut self, now: i64) {
        for part in [&mut self.places, &mut self.grids] {
            if part.is_due(now) && part.came_at.is_some() {
                (part.asked_at, part.good_s) = (Some(now), SOON_S);
            }
        }
    }
}

/// Says that a part of the tree stands for the whole.
fn is_part(refused: &Refused) -> Trouble {
    let n = refused.unread;
    let why = Reason::new(format!("数据不全（至少缺 {n} 项）"), format!("a part: {n} or more are missing"));
    problem::not_offered(refused.because(why))
}

impl Talk {
    /// Returns the tree, each part read anew every ten minutes. A part that cannot be had now stands as it was, is named in
    /// `failed`, and is asked for again soon.
    pub async fn tree(&self) -> Rc<Tree> {
        let now = self.now.timestamp();
        let kept = self.inner.tree.borrow().clone();
        if !kept.places.is_due(now) && !kept.grids.is_due(now) {
            return kept.tree;
        }
        // What was had before stands for whoever asks while it is asked for anew.
        self.inner.tree.borrow_mut().ask(now);
        let places = if kept.places.is_due(now) { Some(self.features("places").await) } else { None };
        let grids = if kept.grids.is_due(now) { Some(self.features("grids").await) } else { None };
        // Another conversation may have read on meanwhile.
        let mut kept = self.inner.tree.borrow_mut();
        let mut tree = Tree::clone(&kept.tree);
        if let Some(read) = places.and_then(|read| self.settled("places", read, &mut kept.places, &mut tree)) {
            tree.places = Rc::new(nodes(&read));
        }
        if let Some(read) = grids.and_then(|read| self.settled("grids", read, &mut kept.grids, &mut tree)) {
            tree.ground = Rc::new(Ground::new(&read));
        }
        kept.tree = Rc::new(tree);
        Rc::clone(&kept.tree)
    }

    /// Returns the tree as it was read last, if ever.
    pub fn known_tree(&self) -> Rc<Tree> {
        Rc::clone(&self.inner.tree.borrow().tree)
    }

    /// Notes how a part was had; returns it if it takes the place of the last.
    fn settled(
        &self,
        resource: &'static str,
        read: Result<(Vec<Value>, Refused), Trouble>,
        part: &mut Part,
        tree: &mut Tree,
    ) -> Option<Vec<Value>> {
        let now = self.now.timestamp();
        // What was asked for later is newer, whichever came first.
        if part.asked_at.is_some_and(|at| at > now) {
            return None;
        }
        tree.failed.retain(|failed| failed.resource != resource);
        part.asked_at = Some(now);
        match read {
            Ok((features, refused)) => {
                part.came_at = Some(now);
                // What lies in the rest stands in no place, and nobody can tell that it does.
                tree.parts.remove(resource);
                if refused.unread > 0 {
                    tree.parts.insert(resource, is_part(&refused));
                }
                part.good_s = if features.is_empty() { SOON_S } else { GOOD_S };
                Some(features)
            }
            Err(trouble) => {
                part.good_s = SOON_S;
                let backend = self.inner.of(resource).map(|backend| backend.name.clone()).unwrap_or_default();
                tree.failed.push(Failed { resource, backend, trouble, since: part.came_at });
                None
            }
        }
    }

    /// Returns the features of a resource, whoever serves it.
    async fn features(&self, resource: &str) -> Result<(Vec<Value>, Refused), Trouble> {
        let Some(backend) = self.inner.of(resource) else { return Ok((Vec::new(), Refused::default())) };
        if !backend.is_ours() {
            backend.expect_answer(resource, self.now)?;
            return places::features(self, resource).await.map(|(features, beside)| (features, beside.refused));
        }
        let answer = super::passed_on(self, backend, &Request::get(format!("/{resource}"))).await?;
        let answer = problem::checked(Outcome::Answered(answer)).map_err(|trouble| trouble.of(&backend.name))?;
        let mut read: Value = serde_json::from_slice(&answer.body)
            .map_err(|error| problem::unreadable(error.to_string()).of(&backend.name))?;
        match read.get_mut("features").map(Value::take) {
            Some(Value::Array(features)) => Ok((features, Refused::default())),
            _ => Err(problem::unreadable(Reason::new("没有要素", "no features")).of(&backend.name)),
        }
    }
}
