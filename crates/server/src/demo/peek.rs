use super::*;
#[test]
#[ignore]
fn peek() {
    let land = land::Land::new(7);
    let p = partition::Partition::new(&land, 7, 1734);
    let r = regions::Regions::new(&p);
    let g = ground::Ground::new(&land, &p, 7);
    let mut out = vec![];
    for (i, c) in p.cells.iter().enumerate() {
        let ring: Vec<_> = c.ring.iter().map(|v| p.metres[*v as usize]).collect();
        out.push(serde_json::json!({"ring": ring, "com": r.community_of[i], "street": r.street_of(i), "use": g.uses[i].as_str(), "people": g.people[i], "area": c.area}));
    }
    let lines: Vec<_> = p.lines.iter().map(|l| serde_json::json!({"path": l.path.iter().map(|v| p.metres[*v as usize]).collect::<Vec<_>>(), "depth": l.depth, "length": l.length})).collect();
    let names: Vec<_> = r.communities.iter().map(|c| (c.name.clone(), c.street)).collect();
    let doc = serde_json::json!({"cells": out, "lines": lines, "lakes": land.lakes, "rivers": land.rivers, "names": names});
    std::fs::write("/tmp/peek.json", doc.to_string()).unwrap();
}
