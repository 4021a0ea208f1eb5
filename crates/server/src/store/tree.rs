//! Numbers the organisation tree depth first, so that "below this node" is one comparison in SQL.

use std::collections::{HashMap, HashSet};

/// Where a node stands in depth-first order: what lies below it has its `first` within `first..=last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The node's own number.
    pub first: i64,
    /// The number of the last node below it, or its own.
    pub last: i64,
}

/// Numbers nodes given as (id, parent). A node whose parent is missing counts as a top; one in a circle is a top too.
pub fn number(nodes: &[(String, Option<String>)]) -> HashMap<String, Span> {
    let known: HashSet<&str> = nodes.iter().map(|(id, _)| id.as_str()).collect();
    let mut children: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    for (id, parent) in nodes {
        let parent = parent.as_deref().filter(|parent| known.contains(parent) && *parent != id);
        children.entry(parent).or_default().push(id);
    }
    let mut walk = Walk { children, spans: HashMap::with_capacity(nodes.len()), next: 0 };
    for top in walk.children.get(&None).cloned().unwrap_or_default() {
        walk.visit(top);
    }
    for (id, _) in nodes {
        walk.visit(id);
    }
    walk.spans
}

struct Walk<'a> {
    children: HashMap<Option<&'a str>, Vec<&'a str>>,
    spans: HashMap<String, Span>,
    next: i64,
}

impl Walk<'_> {
    // Not recursive: an imported tree may be a chain as deep as it likes.
    fn visit(&mut self, top: &str) {
        let mut open = vec![(top.to_owned(), 0_usize)];
        while let Some((id, child)) = open.pop() {
            if child == 0 && !self.enter(&id) {
                continue;
            }
            match self.children.get(&Some(id.as_str())).and_then(|below| below.get(child)).copied() {
                Some(below) => {
                    open.push((id, child + 1));
                    open.push((below.to_owned(), 0));
                }
                None => self.leave(&id),
            }
        }
    }

    fn enter(&mut self, id: &str) -> bool {
        if self.spans.contains_key(id) {
            return false;
        }
        self.spans.insert(id.to_owned(), Span { first: self.next, last: self.next });
        self.next += 1;
        true
    }

    fn leave(&mut self, id: &str) {
        if let Some(span) = self.spans.get_mut(id) {
            span.last = self.next - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(pairs: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        pairs
            .iter()
            .map(|(id, parent)| ((*id).to_owned(), (!parent.is_empty()).then(|| (*parent).to_owned())))
            .collect()
    }

    #[test]
    fn what_lies_below_is_within() {
        let spans = number(&nodes(&[("a", ""), ("b", "a"), ("c", "a"), ("d", "b")]));
        assert_eq!(spans["a"], Span { first: 0, last: 3 });
        assert_eq!(spans["b"], Span { first: 1, last: 2 });
        assert_eq!(spans["d"], Span { first: 2, last: 2 });
        assert_eq!(spans["c"], Span { first: 3, last: 3 });
    }

    #[test]
    fn circles_and_lost_parents_end() {
        let spans = number(&nodes(&[("a", "b"), ("b", "a"), ("c", "gone"), ("d", "d")]));
        assert_eq!(spans.len(), 4);
    }
}
