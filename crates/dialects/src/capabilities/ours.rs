//! What our own contract offers, resource by resource. A test holds it against `docs/openapi.json`.

use fengtu_wire::warnings::WarningAction;

use super::{Capabilities, Input};

/// Returns what a backend that speaks our contract can do with a resource.
pub(super) fn of(resource: &str) -> Capabilities {
    let (read, filters): (bool, &[&str]) = match resource {
        "config" | "session" | "live" => (true, &[]),
        "places" => (true, &["parent", "place", "level", "q", "bbox"]),
        "grids" => (true, &["place", "bbox"]),
        "stations" => (true, &["place", "bbox", "level", "service", "circle"]),
        "buildings" => (true, &["q", "place", "bbox"]),
        "cases" => (
            true,
            &[
                "place",
                "from",
                "to",
                "category",
                "state",
                "class",
                "channel",
                "people_from",
                "repeats",
                "building",
                "behind",
                "at",
                "overdue",
                "q",
                "bbox",
            ],
        ),
        "heat" => (true, &["place", "from", "to", "category"]),
        "warnings" => (true, &["place", "level", "place_level", "at"]),
        "statistics" => (true, &["place", "from", "to", "level"]),
        "basemap" => (true, &["bbox"]),
        // Residents' reports are not in it.
        _ => (false, &[]),
    };
    let can = Capabilities {
        read,
        one: matches!(resource, "cases" | "warnings"),
        create: resource == "session",
        pushed: matches!(resource, "cases" | "warnings" | "live"),
        searched: filters.contains(&"q"),
        history: resource == "warnings",
        filters: filters.iter().map(|name| (*name).to_owned()).collect(),
        ..Capabilities::default()
    };
    if resource == "warnings" { with_steps(can) } else { can }
}

/// What can be done about a warning.
fn with_steps(can: Capabilities) -> Capabilities {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let input = |action: &WarningAction| match action {
        WarningAction::Acknowledge => Input { takes: texts(&["note"]), needs: Vec::new(), ..Input::default() },
        WarningAction::HandDown => {
            Input { takes: texts(&["note", "to"]), needs: texts(&["note", "to"]), ..Input::default() }
        }
        _ => Input { takes: texts(&["note"]), needs: texts(&["note"]), ..Input::default() },
    };
    let named = WarningAction::ALL.iter().map(|action| (action.as_str().to_owned(), input(action)));
    Capabilities {
        actions: WarningAction::ALL.iter().map(|action| action.as_str().to_owned()).collect(),
        inputs: named.collect(),
        ..can
    }
}
