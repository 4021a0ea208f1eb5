//! Lists of places, grids, stations and buildings: read, understood, narrowed by a box.

use fengtu_wire::text::LocalText;
use serde_json::Value;

use super::Kit;
use super::ignored;
use super::told::{Told, grouped};

/// Reads a list and says what of it was understood.
pub(super) fn check(kit: &mut Kit, resource: &str) {
    let subject = format!("GET /{resource}");
    let can = kit.installation.capabilities(resource);
    if !can.read {
        kit.report.missing("list.mapped", subject, "没有映射，页面不显示", "is not mapped; pages go without it");
        return;
    }
    // Buildings are searched for, never listed whole.
    let target = if resource == "buildings" { "/buildings?q=1".to_owned() } else { format!("/{resource}") };
    let told = kit.get(&target);
    if told.answer.status != 200 {
        let hint_zh = "请检查地址、网络、账号与 list、records 的设置";
        let hint_en = "look at the address, the network, the account, and list and records of the mapping";
        kit.report.wrong(
            "list.answer",
            subject,
            &format!("{}；{hint_zh}", told.detail().zh),
            &format!("{}; {hint_en}", told.detail().en),
        );
        return;
    }
    understood(kit, &subject, &told);
    if told.rows().iter().any(|row| position(row).is_some()) && resource != "buildings" {
        boxed(kit, resource, &told);
    }
}

/// Says how many records were understood, and why the others were not.
pub(super) fn understood(kit: &mut Kit, subject: &str, told: &Told) -> usize {
    let (rows, (refused, reasons)) = (told.rows().len(), told.refused());
    let (unread, withheld) = told.unread();
    if kit.is_random() {
        // What is refused of random records is counted where they are asked for again and again.
    } else if unread > withheld {
        let reason = reasons.first().cloned().unwrap_or_else(|| LocalText::new("", ""));
        let zh = format!("列表没有读完：{}。请调大每页条数，或检查翻页设置", reason.zh);
        let en = format!("the list was not read to its end: {}; make its pages larger, or look at paging", reason.en);
        kit.report.wrong("list.cut", subject, &zh, &en);
    } else {
        if unread > 0 {
            counted(kit, subject, unread);
        }
        // Why some are not there at all stands first.
        let whys = reasons.get(usize::from(unread > 0)..).unwrap_or_default();
        misunderstood(kit, subject, rows, refused - unread.min(refused), whys);
    }
    if rows == 0 && refused == 0 {
        let zh = "列表是空的：若不该为空，请检查 records 与筛选";
        kit.report.note(
            "list.empty",
            subject,
            zh,
            "the list is empty: if it should not be, look at records and filters",
        );
    } else if rows > 0 {
        let (zh, en) = (format!("识别 {rows} 条"), format!("{rows} records are understood"));
        kit.report.works("list.read", subject, &zh, &en);
    }
    for filter in told.applied_here() {
        let zh = format!("对方不会按 {filter} 筛选：由本系统读完再筛，数据多时会慢");
        let en = format!(
            "the server does not filter by {filter}: all is read and sifted here, which is slow where there is much"
        );
        kit.report.note("filter.applied_here", subject, &zh, &en);
    }
    rows
}

/// The server ended its list itself, and counts more than came: the pages can tell no better than it does.
fn counted(kit: &mut Kit, subject: &str, more: usize) {
    let zh = format!(
        "对方的总数比一页页读到底的还多 {more} 条，页面因此会说有 {more} 条没有读到，也不据此统计。总数若含本账号看不到的记录，请让它只数看得到的，或在映射中把 `total` 写成 null"
    );
    let en = format!(
        "its total counts {more} more than came, page by page, until it gave no more; pages say that {more} were not read, and make no figures of it. Where the total counts rows that this account may not see, have it count the others alone, or write `total` as null in the mapping"
    );
    kit.report.note("list.counted", subject, &zh, &en);
}

fn misunderstood(kit: &mut Kit, subject: &str, rows: usize, refused: usize, reasons: &[LocalText]) {
    if refused == 0 {
        return;
    }
    for reason in grouped(reasons).iter().take(8) {
        let (all, LocalText { zh, en }) = (rows + refused, reason);
        let zh = format!("{refused} 条无法识别（共 {all}），如：{zh}");
        let en = format!("{refused} records of {all} are not understood, such as: {en}");
        kit.report.wrong("record.refused", subject, &zh, &en);
    }
}

/// Asks for a box around the first record: it is in the answer, and nothing far away is.
fn boxed(kit: &mut Kit, resource: &str, told: &Told) {
    let rows = told.rows();
    let Some(([lon, lat], id)) = rows.iter().find_map(|row| Some((position(row)?, identity(row)?))) else { return };
    let sides = [lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01];
    let [west, south, east, north] = sides;
    let narrowed = kit.get(&format!("/{resource}?bbox={west:.6},{south:.6},{east:.6},{north:.6}"));
    let subject = format!("GET /{resource}?bbox=…");
    if narrowed.answer.status != 200 {
        return kit.report.wrong("filter.answer", subject, &narrowed.detail().zh, &narrowed.detail().en);
    }
    let inside = narrowed.rows();
    if let Some((zh, en)) = misplaced(&rows, &inside, &id, sides) {
        return kit.report.wrong("filter.bbox", subject, &zh, &en);
    }
    ignored::note(kit, &subject, resource, told, &narrowed);
    let zh = format!("框内 {} 条，全部 {} 条", inside.len(), rows.len());
    kit.report.works("filter.bbox", subject, &zh, &format!("{} in the box, {} in all", inside.len(), rows.len()));
}

/// Says what is wrong with what came of a box, if anything.
fn misplaced(all: &[Value], inside: &[Value], id: &str, sides: [f64; 4]) -> Option<(String, String)> {
    let named = |row: &Value| identity(row).unwrap_or_default();
    if !inside.iter().any(|row| named(row) == id) {
        let zh = format!("{id} 在框内却没有给出：请检查坐标顺序（经度在前）与坐标系");
        let en = format!(
            "{id} lies in the box and is not given: look at the order of coordinates (longitude first) and the datum"
        );
        return Some((zh, en));
    }
    let [west, south, east, north] = sides;
    let is_away = |row: &&Value| extent(row).is_none_or(|[w, s, e, n]| w > east || e < west || s > north || n < south);
    if let Some(far) = inside.iter().find(is_away).map(named) {
        return Some((format!("{far} 不在框内却给出了"), format!("{far} lies outside the box and is given")));
    }
    let more = || ("框内比全部还多".to_owned(), "the box holds more than there are in all".to_owned());
    (inside.len() > all.len()).then(more)
}

/// The box around all positions of a row.
fn extent(row: &Value) -> Option<[f64; 4]> {
    let mut all = Vec::new();
    positions(row.get("at").or_else(|| row.pointer("/geometry/coordinates"))?, &mut all);
    let around = |[w, s, e, n]: [f64; 4], [x, y]: [f64; 2]| [w.min(x), s.min(y), e.max(x), n.max(y)];
    let [x, y] = *all.first()?;
    Some(all.into_iter().fold([x, y, x, y], around))
}

fn positions(value: &Value, all: &mut Vec<[f64; 2]>) {
    let degrees = |index: usize| value.get(index).and_then(Value::as_f64);
    match (degrees(0), degrees(1)) {
        (Some(x), Some(y)) => all.push([x, y]),
        _ => value.as_array().into_iter().flatten().for_each(|inner| positions(inner, all)),
    }
}

/// Returns a row's first position.
pub(super) fn position(row: &Value) -> Option<[f64; 2]> {
    let mut value = row.get("at").or_else(|| row.pointer("/geometry/coordinates"))?;
    while value.get(0)?.is_array() {
        value = value.get(0)?;
    }
    Some([value.get(0)?.as_f64()?, value.get(1)?.as_f64()?])
}

/// Returns a row's own name.
pub(super) fn identity(row: &Value) -> Option<String> {
    let found = row.get("number").or_else(|| row.pointer("/properties/id")).or_else(|| row.get("id"))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn grid(id: &str, [x, y]: [f64; 2]) -> Value {
        let ring = json!([[[x - 0.1, y - 0.1], [x + 0.1, y - 0.1], [x + 0.1, y + 0.1], [x - 0.1, y - 0.1]]]);
        json!({"properties": {"id": id}, "geometry": {"type": "Polygon", "coordinates": ring}})
    }

    #[test]
    fn what_lies_outside_the_box_is_found_by_its_place() {
        let (near, far) = (grid("near", [113.9, 22.7]), grid("far", [114.9, 22.7]));
        let all = [near.clone(), far.clone()];
        let told = |inside: &[Value]| {
            misplaced(&all, inside, "near", [113.89, 22.69, 113.91, 22.71]).map(|(_, en)| en).unwrap_or_default()
        };
        assert_eq!(told(std::slice::from_ref(&near)), "", "a grid may be larger than the box");
        assert!(told(&all).contains("far lies outside"), "{}", told(&all));
        let nowhere = json!({"properties": {"id": "nowhere"}, "geometry": null});
        assert!(told(&[near.clone(), nowhere]).contains("nowhere lies outside"));
        assert!(told(&[far]).contains("near lies in the box"));
        assert!(told(&[near.clone(), near.clone(), near]).contains("more than there are"));
    }
}
