//! Makes hostile answers out of sound ones.

use serde_json::{Map, Value, json};

/// A small source of chance (`SplitMix64`): the same numbers from the same seed on every machine.
pub struct Dice(u64);

impl Dice {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Draws a number below `n`; 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % (n.max(1) as u64)).unwrap_or(0)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        of.get(self.below(of.len())).unwrap()
    }
}

/// Texts that stand for what no JSON value of ours can be; they are put in, quotes and all, once it is text.
const RAW: [(&str, &str); 6] = [
    ("@huge@", "1e400"),
    ("@nan@", "NaN"),
    ("@infinite@", "-Infinity"),
    ("@twice@", r#"{"id":1,"id":2,"type":"a","type":"b"}"#),
    ("@deep@", ""),
    ("@surrogate@", r#""\ud800""#),
];

/// Spoils one to three things about an answer.
pub fn spoiled(sound: &str, dice: &mut Dice) -> Vec<u8> {
    let mut json: Value = serde_json::from_str(sound).unwrap();
    for _ in 0..=dice.below(3) {
        spoil_node(&mut json, dice);
    }
    let mut bytes = with_raw(json.to_string()).into_bytes();
    if dice.below(5) == 0 {
        spoil_bytes(&mut bytes, dice);
    }
    bytes
}

fn with_raw(mut text: String) -> String {
    for (mark, raw) in RAW {
        let mark = format!("\"{mark}\"");
        if text.contains(&mark) {
            let deep = || format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
            text = text.replace(&mark, &if raw.is_empty() { deep() } else { raw.to_owned() });
        }
    }
    text
}

/// Spoils bytes: one changed, some lost, a cut, a repeat, text that is no UTF-8, a mark in front.
pub fn spoil_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    let byte = u8::try_from(dice.below(256)).unwrap();
    match dice.below(7) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..bytes.len().min(at + 1 + dice.below(9)))),
        2 => drop(bytes.splice(at..at, bytes.clone())),
        3 => drop(bytes.splice(at..at, [0xFF, 0xC0, 0x80, 0xED, 0xA0])),
        4 => drop(bytes.splice(0..0, [0xEF, 0xBB, 0xBF])),
        5 => bytes.clear(),
        _ => bytes.iter_mut().skip(at).take(1).for_each(|b| *b = byte),
    }
}

/// Walks down to a node and spoils it.
fn spoil_node(node: &mut Value, dice: &mut Dice) {
    let inner = match node {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    // Mostly deeper: what is spoilt at the top is refused at the top.
    if inner > 0 && dice.below(6) > 0 {
        let n = dice.below(inner);
        let next = match node {
            Value::Array(items) => items.get_mut(n),
            Value::Object(members) => members.values_mut().nth(n),
            _ => None,
        };
        return spoil_node(next.unwrap(), dice);
    }
    match node {
        Value::Array(items) if dice.below(3) > 0 => spoil_list(items, dice),
        Value::Object(members) if dice.below(3) > 0 => spoil_members(members, dice),
        _ => *node = hostile(node, dice),
    }
}

fn spoil_list(items: &mut Vec<Value>, dice: &mut Dice) {
    let at = dice.below(items.len());
    let is_pair = items.len() == 2 && items.iter().all(Value::is_number);
    match dice.below(5) {
        // Latitude and longitude the wrong way round.
        0 | 1 if is_pair => items.reverse(),
        0 => items.extend(items.clone()),
        1 if !items.is_empty() => drop(items.remove(at)),
        2 => items.insert(at, Value::Null),
        3 => items.truncate(at),
        _ => items.push(items.get(at).cloned().unwrap_or_default()),
    }
}

fn spoil_members(members: &mut Map<String, Value>, dice: &mut Dice) {
    let key = members.keys().nth(dice.below(members.len())).cloned().unwrap_or_default();
    let value = members.remove(&key).unwrap_or_default();
    match dice.below(4) {
        0 => {}
        1 => drop(members.insert(key.to_uppercase(), value)),
        2 => drop(members.insert(key, json!({ "value": value }))),
        _ => members.extend([(key, value), ("__proto__".to_owned(), json!({ "x": 1 }))]),
    }
}

/// What a field is given by the world at its worst; made one at a time, as one of them is long.
const WORST: [fn(&Value) -> Value; 21] = [
    |_| json!(null),
    |_| json!(true),
    |_| json!([]),
    |_| json!({}),
    |_| json!(""),
    |_| json!(-1),
    |_| json!(0),
    |_| json!(1e9),
    |_| json!(-1e308),
    |_| json!(u64::MAX),
    |_| json!(i64::MIN),
    |_| json!(113.93),
    |_| json!("长".repeat(20_000)),
    |_| json!("\u{202e}\u{200b}\u{0}"),
    |_| json!("<script>alert(1)</script>"),
    |_| json!("NaN"),
    |_| json!("9999-99-99T99:99:99+99:99"),
    |_| json!("-262144-01-01T00:00:00Z"),
    |_| json!("2026-02-29T24:00:60+08:00"),
    |node| json!([node, node]),
    |node| json!(node.to_string()),
];

fn hostile(node: &Value, dice: &mut Dice) -> Value {
    if dice.below(4) == 0 { json!(dice.one(&RAW).0) } else { dice.one(&WORST)(node) }
}
