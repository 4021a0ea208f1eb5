//! Who may see what: one table that the server's handlers and the tests both read.
//!
//! Sight is by place in the tree × role × sensitivity. [`ROUTES`] says how far a role reaches on a route;
//! [`may_see_case`] then decides on the single case.

use fengtu_wire::cases::Sensitivity;
use fengtu_wire::ids::{AccountId, CategoryId, PlaceId};
use fengtu_wire::session::Role as R;

/// Who is looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// In what role.
    pub role: R,
    /// The top of the part of the tree that they see.
    pub place: Option<PlaceId>,
    /// The account; absent for the public.
    pub account: Option<AccountId>,
}

impl Viewer {
    /// Returns somebody who has not signed in.
    pub const fn public() -> Self {
        Self { role: R::Public, place: None, account: None }
    }

    /// Returns how far this viewer reaches on a route; `None`: the route is not listed and must be refused.
    pub fn access(&self, method: &str, path: &str) -> Option<Access> {
        access(method, path, self.role)
    }
}

/// How far a role reaches on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Nothing: refused.
    Denied,
    /// The form that is for everybody: nothing in it is about people, not even how many.
    Anyone,
    /// Counts of the viewer's part of the tree (the district where they have none), none under `k`.
    Aggregates,
    /// Only what is the viewer's own: their sessions, the cases that they or their office have or had.
    SelfOnly,
    /// Everything in the viewer's part of the tree.
    Place,
    /// Everything in the district.
    District,
}

impl Access {
    /// Returns whether the route answers at all.
    pub const fn is_granted(self) -> bool {
        !matches!(self, Self::Denied)
    }

    /// Returns whether counts under `k` must be withheld.
    pub const fn is_anonymous(self) -> bool {
        matches!(self, Self::Anyone | Self::Aggregates)
    }
}

/// Roles with the same reach.
type Grant = (&'static [R], Access);

/// How far each role reaches on one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteRule {
    /// The HTTP method, such as `GET`.
    pub method: &'static str,
    /// The path, parameters in braces: `/api/v1/cases/{number}`.
    pub path: &'static str,
    /// The grants; a role that none of them names is denied.
    pub grants: &'static [Grant],
}

impl RouteRule {
    /// Returns how far a role reaches.
    pub fn access(&self, role: R) -> Access {
        let grant = self.grants.iter().find(|grant| grant.0.contains(&role));
        grant.map_or(Access::Denied, |grant| grant.1)
    }
}

const PUBLIC: &[R] = &[R::Public];
const WALL: &[R] = &[R::Wall];
const ALL: &[R] = R::ALL;
/// Everyone who has signed in, devices too.
const SIGNED_IN: &[R] = &[
    R::GridMember,
    R::CommunityClerk,
    R::CommunitySecretary,
    R::Street,
    R::Department,
    R::DistrictLeader,
    R::Mediator,
    R::Counsellor,
    R::CourtClerk,
    R::Wall,
    R::SystemAdmin,
    R::SecurityAdmin,
    R::Auditor,
];
/// Staff of a node of the tree: they see their part of it.
const LOCAL: &[R] = &[R::GridMember, R::CommunityClerk, R::CommunitySecretary, R::Street];
const LEADERS: &[R] = &[R::DistrictLeader];
/// Those who answer for devices.
const WALL_KEEPERS: &[R] = &[R::DistrictLeader, R::SystemAdmin, R::SecurityAdmin];
/// Staff who are given single cases from anywhere: they see those, and counts.
const CALLED_IN: &[R] = &[R::Department, R::Mediator, R::Counsellor, R::CourtClerk];
/// The three administrators keep the system and read no case; like the wall they get counts.
const KEEPERS: &[R] = &[R::Wall, R::SystemAdmin, R::SecurityAdmin, R::Auditor];
/// These three.
const ADMINISTRATORS: &[R] = &[R::SystemAdmin, R::SecurityAdmin, R::Auditor];

/// The form that is for everybody: settings, the shape of the district, stations.
const OPEN: &[Grant] = &[(ALL, Access::Anyone)];
/// One's own sessions.
const OWN: &[Grant] = &[(SIGNED_IN, Access::SelfOnly)];
/// Single cases: of one's part of the tree, of the district, or those one was given.
const CASES: &[Grant] = &[(LOCAL, Access::Place), (LEADERS, Access::District), (CALLED_IN, Access::SelfOnly)];
/// Remotes of walls: of the session that has paired them.
const REMOTES: &[Grant] = &[(LOCAL, Access::SelfOnly), (LEADERS, Access::SelfOnly), (CALLED_IN, Access::SelfOnly)];
/// A wall's own code.
const OWN_WALL: &[Grant] = &[(WALL, Access::SelfOnly)];
/// Every wall that is signed in.
const WALLS: &[Grant] = &[(WALL_KEEPERS, Access::District)];
/// Counts: exact where the cases behind them may be seen, else from `k` up.
const FIGURES: &[Grant] = &[
    (LOCAL, Access::Place),
    (LEADERS, Access::District),
    (CALLED_IN, Access::Aggregates),
    (KEEPERS, Access::Aggregates),
];
/// The same for who sits at a desk: what a wall is told of is less.
const BOARD: &[Grant] = &[
    (LOCAL, Access::Place),
    (LEADERS, Access::District),
    (CALLED_IN, Access::Aggregates),
    (ADMINISTRATORS, Access::Aggregates),
];
/// Who answers for places: warnings of theirs are seen, handed down and closed by them.
const SUPERVISION: &[Grant] = &[(LOCAL, Access::Place), (LEADERS, Access::District)];
/// Ground and people in it, with names and telephones of staff: all staff see the whole district, to find the neighbour.
const GROUND: &[Grant] = &[(WALL, Access::Aggregates), (SIGNED_IN, Access::District)];

/// Every route there is.
pub const ROUTES: &[RouteRule] = &[
    get("/api/v1/health", OPEN),
    get("/api/v1/openapi.json", OPEN),
    // The same for everybody, but for how warnings are computed, which is for staff.
    get("/api/v1/config", &[(PUBLIC, Access::Anyone), (WALL, Access::Aggregates), (SIGNED_IN, Access::District)]),
    get("/api/v1/session", OPEN),
    route("POST", "/api/v1/session", OPEN),
    route("DELETE", "/api/v1/session", OWN),
    get("/api/v1/sessions", OWN),
    route("DELETE", "/api/v1/sessions/{id}", OWN),
    get("/api/v1/walls", WALLS),
    route("DELETE", "/api/v1/walls/{id}", WALLS),
    route("POST", "/api/v1/walls/pairings", OWN_WALL),
    route("DELETE", "/api/v1/walls/pairings", OWN_WALL),
    // Whoever holds a remote has signed in and has read the code off the wall: neither alone will do.
    route("POST", "/api/v1/walls/calls", REMOTES),
    get("/api/v1/walls/remotes", REMOTES),
    route("POST", "/api/v1/walls/remotes", REMOTES),
    route("DELETE", "/api/v1/walls/remotes/{id}", REMOTES),
    route("POST", "/api/v1/walls/remotes/{id}/commands", REMOTES),
    get("/api/v1/basemap", OPEN),
    // Names and numbers of streets and communities are public; so are stations. Populations go to those signed in.
    get("/api/v1/places", &[(PUBLIC, Access::Anyone), (SIGNED_IN, Access::District)]),
    get("/api/v1/stations", &[(PUBLIC, Access::Anyone), (WALL, Access::Aggregates), (SIGNED_IN, Access::District)]),
    // The portal turns an address or a door's code into a position: no population for the public.
    get("/api/v1/buildings", &[(PUBLIC, Access::Anyone), (WALL, Access::Aggregates), (SIGNED_IN, Access::District)]),
    // The whole address base at once is for staff.
    get("/api/v1/buildings/points", GROUND),
    get("/api/v1/grids", GROUND),
    get("/api/v1/cases", CASES),
    get("/api/v1/cases/{number}", CASES),
    get("/api/v1/cases/{number}/events", CASES),
    // With who came, by name for those who work with them; a wall gets orders as figures.
    get("/api/v1/orders", CASES),
    // Cells from `k` up are the same for everybody who may not see points.
    get("/api/v1/heat", &[(PUBLIC, Access::Aggregates), (SIGNED_IN, Access::Aggregates)]),
    get("/api/v1/heat/points", CASES),
    get("/api/v1/warnings", FIGURES),
    // A wall shows how it is, never how it was: of one minute and the next, what came between could be told.
    get("/api/v1/warnings/history", BOARD),
    get("/api/v1/warnings/{id}", FIGURES),
    // What was done and by whom, what came of it, and what other thresholds would have done: of exact counts.
    get("/api/v1/warnings/{id}/actions", SUPERVISION),
    route("POST", "/api/v1/warnings/{id}/actions", SUPERVISION),
    get("/api/v1/warnings/{id}/episodes", SUPERVISION),
    get("/api/v1/warnings/trial", SUPERVISION),
    get("/api/v1/statistics", FIGURES),
    get("/api/v1/statistics/cube", BOARD),
    get("/api/v1/statistics/workbook", BOARD),
    // A picture of an address of ours: nothing in it but what was asked.
    get("/api/v1/qr", &[(SIGNED_IN, Access::Anyone)]),
    get("/api/v1/snapshot", FIGURES),
    get("/api/v1/events", FIGURES),
    // Which backends the pages ask: everybody reads it, as any file of theirs.
    route("PUT", CONFIG_FILE, SYSTEM_ADMINS),
    // Other servers, which know nothing of our roles: the entry in the proxy's settings narrows it, see `may_use`.
    get(PROXY, PROXY_READS),
    route("POST", PROXY, PROXY_CHANGES),
    route("PUT", PROXY, PROXY_CHANGES),
    route("PATCH", PROXY, PROXY_CHANGES),
    route("DELETE", PROXY, PROXY_CHANGES),
];

/// The client's configuration.
pub const CONFIG_FILE: &str = "/config.json";
/// Those who set the system up.
const SYSTEM_ADMINS: &[Grant] = &[(&[R::SystemAdmin], Access::District)];

/// The route to the servers behind ours.
pub const PROXY: &str = "/proxy/{name}/{*path}";
const PROXY_READS: &[Grant] = &[(ALL, Access::Anyone)];
/// The public may report through one; those who only keep or watch the system change nothing through one either.
const PROXY_CHANGES: &[Grant] =
    &[(PUBLIC, Access::Anyone), (LOCAL, Access::Anyone), (LEADERS, Access::Anyone), (CALLED_IN, Access::Anyone)];

/// For whom another server is, as the proxy's settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who reaches us, signed in or not.
    Everyone,
    /// Everybody who has signed in, walls too.
    SignedIn,
    /// People of the staff: no wall.
    Staff,
    /// These roles alone.
    Roles(Vec<R>),
}

/// Returns whether a role may use a server that is for an audience.
pub fn may_use(audience: &Audience, role: R) -> bool {
    match audience {
        Audience::Everyone => true,
        Audience::SignedIn => role != R::Public,
        Audience::Staff => !matches!(role, R::Public | R::Wall),
        Audience::Roles(roles) => roles.contains(&role),
    }
}

const fn get(path: &'static str, grants: &'static [Grant]) -> RouteRule {
    route("GET", path, grants)
}

const fn route(method: &'static str, path: &'static str, grants: &'static [Grant]) -> RouteRule {
    RouteRule { method, path, grants }
}

/// Returns how far a role reaches on a route, named by its template; `None`: not listed, so it must be refused.
pub fn access(method: &str, path: &str, role: R) -> Option<Access> {
    let found = ROUTES.iter().find(|rule| rule.method == method && rule.path == path)?;
    Some(found.access(role))
}

/// What of a case decides whether a viewer may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFacts<'a> {
    /// Its sensitivity.
    pub sensitivity: Sensitivity,
    /// What it is about.
    pub category: &'a CategoryId,
    /// Whether it lies in the viewer's part of the tree.
    pub inside_place: bool,
    /// Whether the viewer, or the viewer's office, has or had it.
    pub is_handler: bool,
}

/// Returns whether a viewer may know of a case, in a list or by its number.
///
/// A restricted case is for its handler and the role made for it alone: neither the community's secretary nor the
/// district's leader finds it in a list. A sensitive one is not for the grid member next door.
pub fn may_see_case(role: R, access: Access, case: &CaseFacts<'_>) -> bool {
    let reaches = match access {
        Access::Denied | Access::Anyone | Access::Aggregates => return false,
        Access::SelfOnly => case.is_handler,
        Access::Place => case.inside_place || case.is_handler,
        Access::District => true,
    };
    match case.sensitivity {
        Sensitivity::Public | Sensitivity::Internal => reaches,
        Sensitivity::Sensitive => reaches && (case.is_handler || role != R::GridMember),
        Sensitivity::Restricted => case.is_handler || is_made_for(role, case.category),
    }
}

/// What of an order decides whether a viewer may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFacts {
    /// That of the case behind it.
    pub sensitivity: Sensitivity,
    /// Whether it lies in the viewer's part of the tree.
    pub inside_place: bool,
    /// Whether the viewer's office gave it, or was ordered to come.
    pub is_party: bool,
}

/// Returns whether a viewer may know of an order: as of the case behind it, and the restricted ones by their parties alone.
pub fn may_see_order(role: R, access: Access, order: &OrderFacts) -> bool {
    let nothing = CategoryId::from("");
    let (sensitivity, inside_place, is_handler) = (order.sensitivity, order.inside_place, order.is_party);
    may_see_case(role, access, &CaseFacts { sensitivity, category: &nothing, inside_place, is_handler })
}

/// Returns whether a role is told by name who came to an order: those who order, lead or come themselves.
pub const fn names_who_came(role: R) -> bool {
    matches!(role, R::CommunityClerk | R::CommunitySecretary | R::Street | R::Department | R::DistrictLeader)
}

/// Returns whether a role exists for a restricted kind of case: the counsellor for mental health.
pub fn is_made_for(role: R, category: &CategoryId) -> bool {
    role == R::Counsellor && crate::categories::is_mental_health(category)
}

/// Returns whether a case may be counted for a viewer with this reach.
///
/// Restricted cases are in nobody's figures, nor in a warning's reasons: as no category and no list shows them, a total
/// with them would tell by subtraction how many there are in a grid, and when they came.
pub const fn may_count(access: Access, sensitivity: Sensitivity) -> bool {
    access.is_granted() && layer_ok(sensitivity)
}

/// Returns the sensitivity that a case is treated by where many are told: its own, or the least of its category, if that is higher.
pub fn treated_as(own: Sensitivity, least_of_category: Sensitivity) -> Sensitivity {
    own.max(least_of_category)
}

/// Returns whether cases of this sensitivity may be drawn, ranked, shown on a wall, exported or named in a notification.
pub const fn layer_ok(sensitivity: Sensitivity) -> bool {
    !matches!(sensitivity, Sensitivity::Restricted)
}
