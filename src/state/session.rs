//! Who is signed in, and through which questions they may ask.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::session::Role;

use crate::api::{PublicApi, StaffApi};

/// The session as far as it is known.
#[derive(Debug, Clone)]
pub struct SessionStore {
    public: PublicApi,
    staff: Known,
}

#[derive(Debug, Clone)]
enum Known {
    NotYet,
    Nobody,
    Somebody(Box<StaffApi>),
}

impl SessionStore {
    /// Begins without knowing whether anybody is signed in.
    pub const fn new(public: PublicApi) -> Self {
        Self { public, staff: Known::NotYet }
    }

    /// Takes the installation's backends, once they were read.
    pub fn open(&mut self, public: PublicApi) {
        self.public = public;
    }

    /// Takes what is known now.
    pub fn settle(&mut self, staff: Option<StaffApi>) {
        self.staff = staff.map_or(Known::Nobody, |staff| Known::Somebody(Box::new(staff)));
    }

    /// Whether it is known by now if somebody is signed in.
    pub const fn is_known(&self) -> bool {
        !matches!(self.staff, Known::NotYet)
    }

    /// Returns the questions that anybody may ask.
    pub const fn public(&self) -> &PublicApi {
        &self.public
    }

    /// Returns the staff's questions, if somebody is signed in.
    pub fn staff(&self) -> Option<&StaffApi> {
        match &self.staff {
            Known::Somebody(staff) => Some(staff),
            _ => None,
        }
    }

    /// Returns the role that decides what is sent.
    pub fn role(&self) -> Role {
        self.staff().map_or(Role::Public, |staff| staff.session().role)
    }

    /// Returns the part of the tree that the viewer sees.
    pub fn place(&self) -> Option<&PlaceId> {
        self.staff()?.session().place.as_ref()
    }

    /// Whether single cases are sent to them.
    pub fn sees_cases(&self) -> bool {
        self.staff().is_some_and(|staff| staff.session().sees_cases)
    }
}
