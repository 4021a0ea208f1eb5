//! The organisation tree with every node numbered so that "inside a node" is a range test.
//!
//! Nodes are numbered as a walk from the top meets them (parents before children), so the nodes inside one are
//! consecutive. Any level may be missing, there may be several tops, and a node whose parent does not exist is a top.

use std::collections::HashMap;
use std::ops::Range;

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

/// The number of a node in the order of the walk.
pub type Ix = u32;

/// Stands for "no node": a case outside the district or at a place not known.
pub const NOWHERE: Ix = Ix::MAX;

/// A node as it comes from the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: PlaceId,
    /// Its level.
    pub level: PlaceLevel,
    /// The node above it.
    pub parent: Option<PlaceId>,
    /// People who live there; 0 where not known.
    pub population: u32,
}

/// The whole tree.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    parent: Vec<Ix>,
    end: Vec<Ix>,
    population: Vec<u32>,
    by_id: HashMap<PlaceId, Ix>,
}

impl Tree {
    /// Numbers the nodes; one that a circle of parents hides from the top becomes a top itself.
    pub fn new(nodes: Vec<Node>) -> Self {
        let order = walk(&nodes);
        let mut tree = Self::default();
        let mut slots: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
        for (old, parent) in order {
            let Some(node) = slots.get_mut(old).and_then(Option::take) else { continue };
            tree.by_id.insert(node.id.clone(), tree.nodes.len() as Ix);
            tree.nodes.push(node);
            tree.parent.push(parent);
        }
        tree.end = ends(&tree.parent);
        tree.population = tree.populations();
        tree
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Finds a node by its id.
    pub fn find(&self, id: &PlaceId) -> Option<Ix> {
        self.by_id.get(id).copied()
    }

    /// Returns a node by its number.
    pub fn get(&self, ix: Ix) -> Option<&Node> {
        self.nodes.get(ix as usize)
    }

    /// Returns a node's id by its number.
    pub fn id(&self, ix: Ix) -> Option<&PlaceId> {
        self.get(ix).map(|node| &node.id)
    }

    /// Returns the numbers inside a node, itself first.
    pub fn inside(&self, ix: Ix) -> Range<Ix> {
        self.end.get(ix as usize).map_or(0..0, |&end| ix..end)
    }

    /// Returns the people of a node: its own figure, else the sum of the nodes below.
    pub fn population(&self, ix: Ix) -> u32 {
        self.population.get(ix as usize).copied().unwrap_or(0)
    }

    /// Returns a node and the nodes above it, lowest first.
    pub fn upwards(&self, ix: Ix) -> impl Iterator<Item = Ix> + '_ {
        let first = self.get(ix).map(|_| ix);
        std::iter::successors(first, |&at| self.parent.get(at as usize).copied().filter(|&up| up != NOWHERE))
    }

    /// Returns the nodes at `level` inside a node, itself included.
    pub fn at_level(&self, inside: Range<Ix>, level: PlaceLevel) -> impl Iterator<Item = Ix> + '_ {
        inside.filter(move |&ix| self.get(ix).is_some_and(|node| node.level == level))
    }

    /// Returns the nodes right below one.
    pub fn children(&self, ix: Ix) -> impl Iterator<Item = Ix> + '_ {
        let inside = self.inside(ix);
        let mut next = ix.saturating_add(1);
        std::iter::from_fn(move || {
            let child = (next < inside.end).then_some(next)?;
            next = self.inside(child).end.max(child + 1);
            Some(child)
        })
    }

    /// Returns the top of the tree; of several, the one with the most nodes.
    pub fn root(&self) -> Option<Ix> {
        self.tops().max_by_key(|&ix| (self.inside(ix).len(), std::cmp::Reverse(ix)))
    }

    /// Returns the nodes with nothing above them.
    pub fn tops(&self) -> impl Iterator<Item = Ix> + '_ {
        self.numbers().filter(|&ix| self.parent.get(ix as usize) == Some(&NOWHERE))
    }

    /// Returns the number of the node above one.
    pub fn above(&self, ix: Ix) -> Option<Ix> {
        self.parent.get(ix as usize).copied().filter(|&up| up != NOWHERE)
    }

    /// Returns the numbers of all nodes.
    pub fn numbers(&self) -> Range<Ix> {
        0..self.len() as Ix
    }

    fn populations(&self) -> Vec<u32> {
        let mut sums = vec![0_u32; self.len()];
        // Children come after their parents, so going backwards each sum is whole before it is passed up.
        for ix in (0..self.len()).rev() {
            let own = self.nodes.get(ix).map_or(0, |node| node.population);
            let total = if own > 0 { own } else { sums.get(ix).copied().unwrap_or(0) };
            if let Some(slot) = sums.get_mut(ix) {
                *slot = total;
            }
            // A sub-grid's people are its grid's people seen again only where the grid has no figure of its own.
            let up = self.parent.get(ix).copied().unwrap_or(NOWHERE);
            if let Some(slot) = sums.get_mut(up as usize) {
                *slot = slot.saturating_add(total);
            }
        }
        sums
    }
}

/// Returns the old positions in walking order, each with its parent's new number.
fn walk(nodes: &[Node]) -> Vec<(usize, Ix)> {
    let by_id: HashMap<&PlaceId, usize> = nodes.iter().enumerate().map(|(i, node)| (&node.id, i)).collect();
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut tops = Vec::new();
    for (i, node) in nodes.iter().enumerate() {
        match node.parent.as_ref().and_then(|id| by_id.get(id)) {
            Some(&up) if up != i => below.entry(up).or_default().push(i),
            _ => tops.push(i),
        }
    }
    let mut seen = vec![false; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    // Whatever the tops do not reach hangs in a circle: its first node is taken for a top.
    for start in tops.into_iter().chain(0..nodes.len()) {
        let mut stack = vec![(start, NOWHERE)];
        while let Some((i, parent)) = stack.pop() {
            if seen.get_mut(i).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            let number = order.len() as Ix;
            order.push((i, parent));
            stack.extend(below.get(&i).into_iter().flatten().rev().map(|&child| (child, number)));
        }
    }
    order
}

/// Returns, per node, the number after the last one inside it.
fn ends(parent: &[Ix]) -> Vec<Ix> {
    let mut end: Vec<Ix> = (1..=parent.len() as Ix).collect();
    for ix in (0..parent.len()).rev() {
        let own = end.get(ix).copied().unwrap_or(0);
        let up = parent.get(ix).copied().unwrap_or(NOWHERE);
        if let Some(slot) = end.get_mut(up as usize) {
            *slot = (*slot).max(own);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn node(id: usize, parent: Option<usize>, population: u32) -> Node {
        let level = if parent.is_none() { PlaceLevel::District } else { PlaceLevel::Grid };
        Node { id: PlaceId(id.to_string()), level, parent: parent.map(|p| PlaceId(p.to_string())), population }
    }

    proptest! {
        #[test]
        fn inside_means_below_in_any_set_of_nodes(parents in prop::collection::vec(prop::option::of(0_usize..40), 0..40)) {
            let nodes: Vec<Node> = parents.iter().enumerate().map(|(i, p)| node(i, *p, 1)).collect();
            let tree = Tree::new(nodes);
            prop_assert_eq!(tree.len(), parents.len());
            for a in tree.numbers() {
                for b in tree.numbers() {
                    prop_assert_eq!(tree.inside(a).contains(&b), tree.upwards(b).any(|up| up == a));
                }
                let below: usize = tree.children(a).map(|c| tree.inside(c).len()).sum();
                prop_assert_eq!(below + 1, tree.inside(a).len());
            }
        }
    }

    #[test]
    fn people_come_from_below_where_a_node_has_no_figure() {
        let tree = Tree::new(vec![node(0, None, 0), node(1, Some(0), 5), node(2, Some(0), 7), node(3, Some(2), 9)]);
        let people = |id: &str| tree.population(tree.find(&id.into()).unwrap());
        assert_eq!((people("0"), people("2"), people("3")), (12, 7, 9));
    }
}
