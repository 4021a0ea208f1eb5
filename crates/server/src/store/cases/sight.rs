//! Which cases a viewer may know of, as a condition in SQL: what they may not see is never read.
//!
//! It says the same as `fengtu_domain::sight::may_see_case`; a test compares the two over every role and sensitivity.

use fengtu_domain::sight::{self, Access};
use fengtu_wire::config::Category;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::session::Role;

use crate::store::query::{Arg, Fragment};
use crate::store::tree::Span;

/// What of a viewer decides.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Their role.
    pub role: Role,
    /// How far it reaches on the route that is asked.
    pub access: Access,
    /// Their part of the tree.
    pub span: Option<Span>,
    /// The node and the office whose cases are their own.
    pub office: Option<(Option<PlaceId>, String)>,
}

impl Sight {
    /// Returns the condition on the table `cases`.
    pub fn condition(&self, categories: &[Category]) -> Fragment {
        let reach = self.reach();
        let sensitive =
            if self.role == Role::GridMember { both(reach.clone(), self.is_handler()) } else { reach.clone() };
        let restricted = self.is_handler().text(" OR ").then(self.is_made_for(categories)).bracketed();
        both(Fragment::new("sensitivity <= 1", []), reach)
            .text(" OR ")
            .then(both(Fragment::new("sensitivity = 2", []), sensitive))
            .text(" OR ")
            .then(both(Fragment::new("sensitivity >= 3", []), self.granted(restricted)))
            .bracketed()
    }

    /// Returns the condition that a case is or was the viewer's own.
    pub fn is_handler(&self) -> Fragment {
        match &self.office {
            None => never(),
            Some((None, office)) => held("holder_office = ?", [office.as_str().into()]),
            Some((Some(place), office)) => {
                held("holder_office = ? AND holder_place = ?", [office.as_str().into(), place.as_str().into()])
            }
        }
    }

    fn reach(&self) -> Fragment {
        match self.access {
            Access::Denied | Access::Anyone | Access::Aggregates => never(),
            Access::SelfOnly => self.is_handler(),
            Access::Place => self.inside().text(" OR ").then(self.is_handler()).bracketed(),
            Access::District => Fragment::new("1 = 1", []),
        }
    }

    fn granted(&self, condition: Fragment) -> Fragment {
        match self.access {
            Access::Denied | Access::Anyone | Access::Aggregates => never(),
            Access::SelfOnly | Access::Place | Access::District => condition,
        }
    }

    fn inside(&self) -> Fragment {
        self.span.map_or_else(never, super::below)
    }

    fn is_made_for(&self, categories: &[Category]) -> Fragment {
        let made = categories.iter().filter(|category| sight::is_made_for(self.role, &category.id));
        Fragment::any_of("category", made.map(|category| category.id.0.clone()).collect()).unwrap_or_else(never)
    }
}

fn held<const N: usize>(condition: &str, args: [Arg; N]) -> Fragment {
    Fragment::new(format!("number IN (SELECT number FROM case_events WHERE {condition})"), args)
}

fn both(a: Fragment, b: Fragment) -> Fragment {
    a.text(" AND ").then(b).bracketed()
}

fn never() -> Fragment {
    Fragment::new("1 = 0", [])
}
