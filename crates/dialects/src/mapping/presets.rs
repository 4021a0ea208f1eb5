//! Mappings that are ready made: one for each dialect, and those that `use` names. Each is a file that can be read and copied.

use serde_json::Value;

/// The dialects beside `fengtu`, each with its file.
pub const DIALECTS: [(&str, &str); 4] = [
    ("json", include_str!("../presets/json.json")),
    ("ogc-features", include_str!("../presets/ogc-features.json")),
    ("georeport", include_str!("../presets/georeport.json")),
    ("postgrest", include_str!("../presets/postgrest.json")),
];

/// What `use` may name, each with its file.
pub const READY_MADE: [(&str, &str); 4] = [
    ("ruoyi", include_str!("../presets/ruoyi.json")),
    ("jeecgboot", include_str!("../presets/jeecgboot.json")),
    ("wfs", include_str!("../presets/wfs.json")),
    ("arcgis", include_str!("../presets/arcgis.json")),
];

/// Returns the mapping of a dialect.
pub(crate) fn dialect(name: &str) -> Option<Value> {
    read(&DIALECTS, name)
}

/// Returns a ready-made mapping.
pub(crate) fn ready_made(name: &str) -> Option<Value> {
    read(&READY_MADE, name)
}

fn read(files: &[(&str, &str)], name: &str) -> Option<Value> {
    let (_, text) = files.iter().find(|(known, _)| *known == name)?;
    serde_json::from_str(text).ok()
}
