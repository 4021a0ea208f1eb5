//! What `config.json` says of a foreign backend: where its lists are, how it pages, fails and signs in, and what its fields mean.
//!
//! ```json
//! {"dialect": "json", "base": "/proxy/oa", "use": "ruoyi", "mapping": {
//!   "datum": "GCJ02", "utc_offset": "+08:00",
//!   "token": {"to": "POST /login", "body": {"username": "fengtu", "password": "…"}, "at": "/token"},
//!   "resources": {"cases": {
//!     "list": "/case/list", "one": "/case/{id}", "one_at": "/data",
//!     "filters": {"from": {"param": "params[beginTime]", "time": "%Y-%m-%d %H:%M:%S"}, "state": "status"},
//!     "fields": {
//!       "number": "/caseNo", "title": "/subject", "reported_at": "/createTime",
//!       "category": {"at": "/type", "table": {"1": "mediation.wages"}, "else": "mediation.other"},
//!       "state": {"at": "/status", "table": {"0": "reported", "1": "handling", "2": "resolved"}},
//!       "at": {"lon": "/lng", "lat": "/lat"}, "amount_fen": {"at": "/money", "unit": "yuan"}},
//!     "create": {"to": "POST /case", "body": {"subject": "{title}"}, "number": "/data/caseNo"},
//!     "actions": {"accept": {"to": "PUT /case/{id}/accept", "body": {"reason": "{reason}"}, "name": {"zh": "受理", "en": "Accept"}}}}}}}
//! ```
//!
//! | member of a mapping, or of a resource for that one alone | what |
//! |---|---|
//! | `datum`, `utc_offset` | of coordinates; of times that name no offset; a field or a filter may have its own |
//! | `headers`, `query` | sent with every call but the log-in (`token`), whose `to` has its own; a resource's `query` with what is read of it alone |
//! | `records`, `total`, `one_at` | pointers to the list (the first that leads to one), to its length (or `{"header": …}`), to a single record |
//! | `paging` | `{"kind": "none" / "page" / "offset" / "range" / "cursor" / "next", …}` |
//! | | `range` asks by the headers `Range-Unit: items` and `Range: 0-99`, or as `"template": "items={first}-{last}"` says |
//! | | `next` takes `"skip": ["offset", …]`: words for how many to skip, where the server gives no address and counts more |
//! | `window_days`, `window_records` | the longest period of one question, and how many records it gets at most; it is halved where so many come |
//! | `order` | `{"param": …, "template": "{}.asc"}`: a total order by the key's column, where pages are numbered or counted |
//! | `failure` | `{"at": …, "good": […], "message": …, "signed_out": […], "missing": […], "forbidden": […]}`: an error inside a 200 |
//! | `fields` | ours, with where each stands; `ref` of a case is what its server calls it in `one`, `events` and `actions`, where that is not its number |
//! | `filters` | per filter of ours the parameter, `{"param": …, "template": …, "time": …}`; `updated_since` lets polling ask for what changed alone |
//! | | `"and": " AND "` puts filters of one parameter into one condition, with what the list's own address has there (`where` of `ArcGIS`) |
//! | `events` | the steps of a case: `list`, with `{id}`, and `{from}` and `{to}` for the case's own time; `else`, one or several, where that is refused; the field `case` says whose a step is |
//! | `create` | `{"to": …, "as": …, "body": {…}, "number": …, "token": …, "notice": …, "needs": ["place", "telephone", …]}` |
//! | `actions` | per step of a case, where `one` can be had, the same, with `"name"` for its button and `"labels": {"reason": …}` for what is said with it, each a text or `{"zh": …, "en": …}` |
//! | `ids` | `"/tokens/{token}"`: where a new report that got a `token` gets its number, which stands where `create` has it (`number`) |
//! | `token` | `{"to": "POST /login", "body": {…}, "as": "json" / "form", "at": …, "header": …, "prefix": …, "life_s": …}` |
//!
//! `dialect` names a file of the same kind that all this is merged over, `use` another one over that ([`presets`]).

pub(crate) mod expression;
pub(crate) mod filters;
pub(crate) mod node;
pub mod presets;
pub(crate) mod read;
pub(crate) mod write;

use std::collections::BTreeMap;

use chrono::FixedOffset;
use fengtu_wire::text::LocalText;
use serde_json::Value;

use crate::exchange::Method;
use expression::{Expr, Setting, Time};

/// How a backend is spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    pub token: Option<Token>,
    pub resources: BTreeMap<String, ResourceMap>,
}

/// One resource of a backend.
#[derive(Debug, Clone)]
pub(crate) struct ResourceMap {
    pub list: Option<Endpoint>,
    /// Where steps are asked for in turn when the first address is refused.
    pub otherwise: Vec<Endpoint>,
    pub one: Option<Endpoint>,
    /// Where the token of a new report becomes a number.
    pub ids: Option<Endpoint>,
    pub headers: Vec<(String, String)>,
    pub records: Vec<String>,
    pub one_at: Vec<String>,
    pub total: Vec<Total>,
    pub paging: Paging,
    pub failure: Vec<FailureRule>,
    pub filters: BTreeMap<String, Filter>,
    /// How a total order is asked for, with `{}` for the column of the key.
    pub order: Option<Filter>,
    pub fields: BTreeMap<String, Expr>,
    pub setting: Setting,
    /// Most seconds that one question about a period may span.
    pub window_s: Option<i64>,
    /// Most records that the server gives of one such span, whatever it is asked for.
    pub window_records: Option<u64>,
    pub events: Option<Box<ResourceMap>>,
    pub create: Option<Write>,
    pub actions: BTreeMap<String, Write>,
}

impl ResourceMap {
    /// Whether a filter of ours is put to the server.
    pub fn pushes(&self, name: &str) -> bool {
        let is_end = name == "from" || name == "to";
        self.filters.contains_key(name) || (is_end && self.filters.contains_key("period"))
    }
}

/// Where something is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Endpoint {
    pub method: Method,
    /// Below the base, with `{id}` and the like in it.
    pub path: String,
    pub query: Vec<(String, String)>,
    /// Where parameters go.
    pub carried: Carried,
}

/// Where parameters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    Query,
    Form,
    Json,
}

/// Where the length of a whole list stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Total {
    At(String),
    Header(String),
}

/// How pages are asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Paging {
    /// All comes at once.
    None,
    /// By number.
    Page { page: String, size: Option<String>, first: u64, limit: u64 },
    /// By how many to skip; `more` says whether there are any, where a server tells.
    Offset { offset: String, size: Option<String>, limit: u64, more: Vec<String> },
    /// By the first and the last record, in the header `Range`.
    Range { template: String, limit: u64 },
    /// By a word that the last page gave.
    Cursor { param: String, at: Vec<String>, size: Option<String>, limit: u64 },
    /// By an address that the last page gave, in `links`, in a header, or at a pointer.
    /// `skip` are words for how many to skip, tried where there is no address and the server counts more.
    Next { at: Vec<String>, size: Option<String>, limit: u64, skip: Vec<String> },
}

/// What a failure inside a good answer looks like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FailureRule {
    pub at: Vec<String>,
    /// The values that are none; empty: any value is one.
    pub good: Vec<String>,
    pub message: Vec<String>,
    pub signed_out: Vec<String>,
    pub missing: Vec<String>,
    pub forbidden: Vec<String>,
}

/// How a filter of ours is put to the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter {
    pub param: String,
    /// With `{}` for the value; a box has `{west}` …, a period `{from}` and `{to}`.
    pub template: Option<String>,
    pub time: Time,
    /// Of the times that it is given, where they are not as the mapping has them.
    pub offset: Option<FixedOffset>,
    /// What stands between several values; absent: the parameter is repeated, if `repeat`, else only one value is pushed.
    pub join: Option<String>,
    pub repeat: bool,
    /// What stands between this and what else the same parameter says, of the list itself and of other filters: ` AND `.
    pub and: Option<String>,
}

/// How something is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Write {
    pub to: Endpoint,
    /// With `{name}` in its texts.
    pub body: Value,
    pub headers: Vec<(String, String)>,
    /// Where the answer has the number, or a token for one.
    pub number: Vec<String>,
    pub token: Vec<String>,
    /// Where it has a word for whoever wrote.
    pub notice: Vec<String>,
    /// What a report cannot do without: its members, `at`, or `place` for a position or an address. Of a step: what it names.
    pub needs: Vec<String>,
    /// What a step is called.
    pub name: Option<LocalText>,
    /// What that which is said with a step is called.
    pub labels: BTreeMap<String, LocalText>,
}

/// How a token is got and shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub to: Endpoint,
    pub body: Value,
    pub at: Vec<String>,
    pub header: String,
    pub prefix: String,
    pub life_s: Option<i64>,
    pub failure: Vec<FailureRule>,
}
