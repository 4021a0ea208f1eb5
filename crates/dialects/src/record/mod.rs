//! One record of theirs as one of ours.

mod hours;
mod links;
pub(crate) mod place;
pub(crate) mod reason;
pub(crate) mod refused;
mod rings;
pub(crate) mod schema;
pub(crate) mod told;
pub(crate) mod value;

use std::collections::BTreeMap;

use fengtu_geo::BBox;
use serde_json::{Map, Value};

use crate::mapping::expression::{Expr, Setting, Source};
use reason::Reason;
use schema::{Field, Kind, Need, Schema};
use told::Told;

/// A record as far as it was understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Understood {
    /// Our fields, places among them as `GeoJSON` (a point as a pair).
    pub fields: Map<String, Value>,
    /// Why it is not on the map, where it has a place that cannot be drawn.
    pub off_map: Option<Reason>,
    /// Which fields it has itself, the others being as usual.
    pub told: Told,
}

/// What was made of one field, for the studio.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub name: &'static str,
    pub value: Result<Option<Value>, Reason>,
}

/// What holds while records are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub schema: Schema,
    pub fields: &'a BTreeMap<String, Expr>,
    pub setting: Setting,
    /// Where the district lies, if that is known: tells swapped coordinates from sound ones.
    pub district: Option<BBox>,
    /// Where the answer came from, if links in it are followed.
    pub address: &'a str,
}

impl Reader<'_> {
    /// Reads a record, or says in which field and why it cannot be understood.
    pub fn read(&self, raw: &Value) -> Result<Understood, Reason> {
        let mut understood = Understood::default();
        for (index, field) in self.schema.iter().enumerate() {
            let own = self.own(field, raw);
            if matches!(own, Ok(Some(_))) && !self.is_constant(field) {
                understood.told.add(index);
            }
            match (own.and_then(|own| usual(field, own)), field.kind) {
                (Ok(Some(value)), _) => {
                    understood.fields.insert(field.name.to_owned(), value);
                }
                (Ok(None), _) => {}
                // A place that cannot be drawn makes a record "not on the map", and is counted.
                (Err(why), Kind::Point | Kind::Shape) => understood.off_map = Some(why.about(field.name)),
                // Hours that nobody can read are not known, and the station is where it is; the studio says what was wrong.
                (Err(_), Kind::Hours) => {
                    if let Ok(Some(unknown)) = usual(field, None) {
                        understood.fields.insert(field.name.to_owned(), unknown);
                    }
                }
                (Err(why), _) => return Err(why.about(field.name)),
            }
        }
        Ok(understood)
    }

    /// Reads a record field by field, whatever is wrong with it.
    pub fn each(&self, raw: &Value) -> Vec<Read> {
        self.schema.iter().map(|field| Read { name: field.name, value: self.field(field, raw) }).collect()
    }

    /// Reads one field; nothing where the mapping does not name it.
    pub fn one(&self, name: &str, raw: &Value) -> Result<Option<Value>, Reason> {
        let field = self.schema.iter().find(|field| field.name == name);
        match (field, self.fields.get(name)) {
            (Some(field), Some(expr)) => value::read(expr, field, raw, self),
            _ => Ok(None),
        }
    }

    /// Reads the field by which records are told apart.
    pub fn key(&self, raw: &Value) -> Option<String> {
        self.field(self.schema.first()?, raw).ok()??.as_str().map(str::to_owned)
    }

    fn field(&self, field: &Field, raw: &Value) -> Result<Option<Value>, Reason> {
        usual(field, self.own(field, raw)?)
    }

    /// Whether the mapping has one word for all: no record tells that.
    fn is_constant(&self, field: &Field) -> bool {
        self.fields.get(field.name).is_some_and(|expr| matches!(expr.source, Source::Value(_)))
    }

    /// Reads what the record itself has.
    fn own(&self, field: &Field, raw: &Value) -> Result<Option<Value>, Reason> {
        self.fields.get(field.name).map_or(Ok(None), |expr| value::read(expr, field, raw, self))
    }
}

/// What a field is where the record has nothing for it.
fn usual(field: &Field, own: Option<Value>) -> Result<Option<Value>, Reason> {
    match (own, field.need) {
        (Some(value), _) => Ok(Some(value)),
        (None, Need::May) => Ok(None),
        (None, Need::Else(usual)) => Ok(serde_json::from_str(usual).ok()),
        (None, Need::Must) if matches!(field.kind, Kind::Point | Kind::Shape) => Ok(None),
        (None, Need::Must) => Err(Reason::new("这里没有值", "nothing stands there")),
    }
}
