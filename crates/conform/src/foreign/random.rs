//! Answers that are random, again and again, call by call: each is understood as what it is, or refused and counted, or told as an
//! error; nothing is misread and nothing is lost between. What came is looked at by the names that `GeoReport` has, and counted
//! against what was made of it: a translator that reads nothing is as wrong as one that misreads.

use std::collections::BTreeSet;

use fengtu_dialects::{Outcome, Request};
use fengtu_wire::problem::kinds;
use fengtu_wire::text::LocalText;
use serde_json::{Value, json};

use super::Kit;
use super::compared::{Mapped, differs};
use super::lists::{identity, position};
use super::reports::new_report;
use super::told::Told;

/// Something that was misread, in both languages.
type Misread = (String, String);
/// Looks at a good answer: what came, and what was made of it.
type Look<'a> = &'a dyn Fn(&Told) -> Result<Count, Misread>;

/// A call that is made again and again.
struct Again<'a> {
    subject: &'a str,
    request: &'a dyn Fn() -> Request,
    comes: Comes,
    look: Look<'a>,
}

/// What random answers to a call come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// A list: whatever is wrong with its records, the list is no error.
    List,
    /// One thing, which may be one that cannot be read.
    One,
    /// Another thing than was asked for by its name: an error by construction, or it would be shown as the one.
    Another,
}

/// Records that came, and what was made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Count {
    came: usize,
    read: usize,
    refused: usize,
    troubles: usize,
}

/// Asks for cases.
pub(super) fn cases(kit: &mut Kit) {
    let (request, mapped) = (|| Request::get("/cases").with("limit", LIMIT), kit.mapped.clone());
    let look = |told: &Told| listed_cases(told, &mapped);
    again(kit, &Again { subject: "GET /cases", request: &request, comes: Comes::List, look: &look });
}

/// Most cases that are asked for at once; more than random pages have.
const LIMIT: usize = 1_000;

/// Asks for everything else that the standard has; with `write` reports are made too.
pub(super) fn reports(kit: &mut Kit, write: bool) {
    let get = |path: &'static str| move || Request::get(path);
    let new = || new_report(&json!("1"), json!({}));
    let calls: [(&str, &dyn Fn() -> Request, Comes, Look<'_>); 6] = [
        ("GET /cases/{number}", &get("/cases/1"), Comes::Another, &the_one),
        ("GET /services", &get("/services"), Comes::List, &services),
        ("GET /services/{code}", &get("/services/1"), Comes::One, &questions),
        ("GET /reports/{number}", &get("/reports/1"), Comes::Another, &the_one),
        ("GET /reports/token:{token}", &get("/reports/token:1"), Comes::Another, &followed),
        ("POST /reports", &new, Comes::One, &made),
    ];
    for (subject, request, comes, look) in calls.into_iter().take(if write { 6 } else { 5 }) {
        again(kit, &Again { subject, request, comes, look });
    }
}

/// Asks until so many answers have come as the kit was told. Each page of a list is one; what a token leads to is none of its own.
fn again(kit: &mut Kit, call: &Again<'_>) {
    let (mut all, mut answers) = (Count::default(), 0);
    while answers < kit.repeat as usize {
        let told = kit.converse((call.request)());
        answers += if call.comes == Comes::List { told.raw.len().max(1) } else { 1 };
        match call.judge(&told) {
            Ok(count) => all.add(count),
            Err((check, (zh, en))) => return kit.report.wrong(check, call.subject, &zh, &en),
        }
    }
    let (zh, en) = all.words(answers, call.comes);
    if all.read == 0 && call.comes != Comes::Another {
        kit.report.wrong("random.blank", call.subject, &zh, &en);
    } else {
        kit.report.works("random.misread", call.subject, &zh, &en);
    }
}

impl Again<'_> {
    /// Says what was made of an answer, or which check it fails and why.
    fn judge(&self, told: &Told) -> Result<Count, (&'static str, Misread)> {
        if !matches!(told.answer.status, 200 | 201) {
            return self.trouble(told);
        }
        let count = (self.look)(told).map_err(|misread| ("random.misread", misread))?;
        if count.came > count.read + count.refused {
            return Err(("random.lost", count.lost()));
        }
        Ok(count)
    }

    fn trouble(&self, told: &Told) -> Result<Count, (&'static str, Misread)> {
        let body = told.json();
        let LocalText { zh, en } = told.detail();
        let says = |what: (&str, &str)| (format!("{}：{zh}", what.0), format!("{}: {en}", what.1));
        // Told as a problem in words, or the page has nothing to say.
        if body.get("title").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(("random.blank", says(("出错而没有说明", "fails without a word"))));
        }
        let came = if self.comes == Comes::List { records(told).len() } else { 1 };
        if self.comes == Comes::List && came > 0 {
            return Err(("random.lost", says(("列表来了却报错", "a list came, and an error is told"))));
        }
        let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
        if self.comes == Comes::Another && ![kinds::BACKEND_UNREADABLE, kinds::NOT_FOUND].contains(&kind) {
            return Err(("random.blank", says(("应说明答非所问", "should say that another answer came"))));
        }
        Ok(Count { came, read: 0, refused: came, troubles: 1 })
    }
}

impl Count {
    fn add(&mut self, more: Self) {
        self.came += more.came;
        self.read += more.read;
        self.refused += more.refused;
        self.troubles += more.troubles;
    }

    fn lost(self) -> Misread {
        let Self { came, read, refused, .. } = self;
        (
            format!("原始 {came} 条，识别 {read} 条，拒绝并计数 {refused} 条，其余不知去向"),
            format!("{came} came, {read} were understood and {refused} refused: the rest is lost"),
        )
    }

    fn made_up(self) -> Misread {
        let Self { came, read, refused, .. } = self;
        (
            format!("原始只有 {came} 条，却识别 {read} 条、拒绝 {refused} 条"),
            format!("{came} came, and {read} were understood and {refused} refused"),
        )
    }

    fn words(self, answers: usize, comes: Comes) -> Misread {
        let Self { came, read, refused, troubles } = self;
        if comes == Comes::Another {
            return (
                format!(
                    "问得 {answers} 次回答：{troubles} 次必是别的一件，按理报错；{read} 次就是所问的；没有一条读错"
                ),
                format!(
                    "{answers} answers: {troubles} of another by construction, told as errors as they must be, {read} of the one asked for, none misread"
                ),
            );
        }
        (
            format!(
                "问得 {answers} 次回答：原始 {came} 条，识别 {read} 条，拒绝并计数 {refused} 条，{troubles} 次报错，没有一条读错"
            ),
            format!(
                "{answers} answers: of {came} records {read} understood, {refused} refused and counted, {troubles} told as errors, none misread"
            ),
        )
    }
}

/// Every record is understood or refused, and says what it said.
fn listed_cases(told: &Told, mapped: &Mapped) -> Result<Count, Misread> {
    let raw = records(told);
    for row in told.rows() {
        let Some(number) = identity(&row) else { continue };
        let same = raw.iter().filter(|raw| named(raw, REQUEST).as_deref() == Some(&number));
        // Of several records of one number, each by itself would do.
        let mut wrong = same.map(|raw| differs(&row, raw, mapped));
        let first = wrong.next().ok_or_else(|| unheard(&number))?;
        if let Some(misread) = first.filter(|_| wrong.all(|other| other.is_some())) {
            return Err(misread);
        }
    }
    // One that cannot be drawn is in the list, and counted.
    let unplaced = told.rows().iter().filter(|row| position(row).is_none()).count();
    accounted(told, &raw, unplaced)
}

/// Every kind of report is understood or refused, under the code that it has.
fn services(told: &Told) -> Result<Count, Misread> {
    let raw = records(told);
    let codes: BTreeSet<String> = raw.iter().filter_map(|one| named(one, SERVICE)).collect();
    let rows = told.rows();
    let of_rows = rows.iter().filter_map(|row| named(row, "code"));
    if let Some(code) = of_rows.into_iter().find(|code| !codes.contains(code)) {
        return Err(unheard(&code));
    }
    accounted(told, &raw, 0)
}

/// The case or report that was asked for, or it would be an error.
fn the_one(told: &Told) -> Result<Count, Misread> {
    match named(&told.json(), "number") {
        Some(number) if number == "1" => Ok(READ),
        number => Err(unheard(&number.unwrap_or_default())),
    }
}

/// A report that was asked for by its token is the one whose number the token has; what has no number yet has a token.
fn followed(told: &Told) -> Result<Count, Misread> {
    let answer = told.json();
    let says =
        |outcome: &Outcome, number: &str| of(outcome).iter().any(|one| named(one, REQUEST).as_deref() == Some(number));
    match named(&answer, "number") {
        // Of the token the one answer, of the report the other.
        Some(number) if told.raw.iter().filter(|(_, outcome)| says(outcome, &number)).count() > 1 => Ok(READ),
        None if named(&answer, "token").is_some() && answer.get("state").is_some() => Ok(READ),
        number => Err(unheard(&number.unwrap_or_default())),
    }
}

/// Every attribute with a code is a question, and no other is.
fn questions(told: &Told) -> Result<Count, Misread> {
    let raw = records(told);
    let attributes = raw.iter().filter_map(|one| one.get("attributes")?.as_array()).flatten();
    let came: BTreeSet<String> = attributes.filter_map(|attribute| named(attribute, "code")).collect();
    let asked = told.json().get("questions").and_then(Value::as_array).cloned().unwrap_or_default();
    let asked: BTreeSet<String> = asked.iter().filter_map(|question| named(question, "code")).collect();
    match asked.symmetric_difference(&came).next() {
        // Of several definitions one is the service that was asked for.
        Some(code) if raw.len() == 1 || !came.contains(code) => Err(unheard(code)),
        _ => Ok(Count { came: asked.len(), read: asked.len(), ..Count::default() }),
    }
}

/// A new report has the number or the token that came.
fn made(told: &Told) -> Result<Count, Misread> {
    let answer = told.json();
    for (ours, theirs) in [("number", REQUEST), ("token", "token")] {
        let (ours, came) = (named(&answer, ours), numbers(told, theirs));
        if ours.as_ref().map_or(!came.is_empty(), |ours| !came.contains(ours)) {
            return Err(unheard(&ours.unwrap_or_default()));
        }
    }
    Ok(READ)
}

/// One thing that came and was read.
const READ: Count = Count { came: 1, read: 1, refused: 0, troubles: 0 };
const REQUEST: &str = "service_request_id";
const SERVICE: &str = "service_code";

fn unheard(name: &str) -> Misread {
    (format!("“{name}” 与原始回答不符"), format!("“{name}” is not what came"))
}

/// Counts a list. More than came can be read or refused only as far as records are in it and counted too; the same word for word
/// may be taken for one.
fn accounted(told: &Told, raw: &[Value], counted_too: usize) -> Result<Count, Misread> {
    // What was not read at all did not come.
    let (read, refused) = (told.rows().len(), told.refused().0.saturating_sub(told.unread().0));
    let different = raw.iter().map(Value::to_string).collect::<BTreeSet<_>>().len();
    let came = (read + refused).clamp(different, raw.len());
    let count = Count { came, read, refused, troubles: 0 };
    // Of the last page what is more than was asked for is left for the next question.
    let is_full = read >= LIMIT;
    match (read + refused > came + counted_too, is_full) {
        (true, _) => Err(count.made_up()),
        (false, true) => Ok(Count { came: came.min(read + refused), ..count }),
        (false, false) => Ok(count),
    }
}

fn numbers(told: &Told, name: &str) -> BTreeSet<String> {
    records(told).iter().filter_map(|one| named(one, name)).collect()
}

/// All that came in good answers: lists, and single things. A page that begins as the one before is that page again.
fn records(told: &Told) -> Vec<Value> {
    let (mut all, mut before) = (Vec::new(), None);
    for (_, outcome) in &told.raw {
        let page = of(outcome);
        if page.is_empty() || page.first() != before.as_ref() {
            before = page.first().cloned();
            all.extend(page);
        }
    }
    all
}

fn of(outcome: &Outcome) -> Vec<Value> {
    let Outcome::Answered(answer) = outcome else { return Vec::new() };
    match serde_json::from_slice(&answer.body) {
        _ if !answer.is_good() => Vec::new(),
        Ok(Value::Array(list)) => list,
        Ok(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

/// Returns a text or a number of a record as text.
pub(super) fn named(one: &Value, name: &str) -> Option<String> {
    plain(one.get(name)?)
}

pub(super) fn plain(value: &Value) -> Option<String> {
    let text =
        value.as_str().map(|text| text.trim().to_owned()).or_else(|| value.is_number().then(|| value.to_string()));
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use fengtu_dialects::{Answer, Call};

    use super::*;

    fn list(raw: &Value, rows: &Value, refused: usize) -> Told {
        let answer = |body: &Value| Answer { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() };
        let whole = json!({"items": rows, "refused": {"count": refused, "reasons": []}});
        let page = || (Call::get("/x"), Outcome::Answered(answer(raw)));
        // The second page is the first again: that server ignores paging.
        Told { answer: answer(&whole), raw: vec![page(), page()] }
    }

    fn judged(told: &Told) -> Result<Count, &'static str> {
        let request = || Request::get("/services");
        let call = Again { subject: "", request: &request, comes: Comes::List, look: &services };
        call.judge(told).map_err(|(check, _)| check)
    }

    #[test]
    fn each_record_that_came_is_read_or_refused() {
        // Two have no name by which they could be missed.
        let raw = json!([{"service_code": "a"}, {"x": 1}, {"x": 2}]);
        let row = json!([{"code": "a"}]);
        assert_eq!(judged(&list(&raw, &row, 2)), Ok(Count { came: 3, read: 1, refused: 2, troubles: 0 }));
        assert_eq!(judged(&list(&raw, &row, 1)), Err("random.lost"));
        assert_eq!(judged(&list(&raw, &row, 3)), Err("random.misread"), "one more than came");
        assert_eq!(judged(&list(&raw, &json!([{"code": "b"}]), 2)), Err("random.misread"));
        let twice = json!([{"service_code": "a"}, {"service_code": "a"}]);
        assert_eq!(judged(&list(&twice, &row, 0)), Ok(READ), "the same word for word is one");
        assert_eq!(judged(&list(&twice, &row, 2)), Err("random.misread"));
    }

    #[test]
    fn a_case_that_says_another_thing_than_its_record_is_misread() {
        let at = "2026-02-20T08:00:00Z";
        let raw = |status: &str| json!({"service_request_id": "a", "status": status, "requested_datetime": at});
        let row = json!([{"number": "a", "state": "reported", "reported_at": at}]);
        let look = |raw: &Value| listed_cases(&list(raw, &row, 0), &Mapped::read(b"{}")).is_ok();
        assert!(look(&json!([raw("open")])));
        assert!(!look(&json!([raw("closed")])));
        assert!(!look(&json!([])), "it never came");
        let told = list(&json!([raw("closed"), raw("open")]), &row, 1);
        assert!(listed_cases(&told, &Mapped::read(b"{}")).is_ok(), "of two of one number it is the other");
    }

    #[test]
    fn what_a_token_leads_to_is_of_its_number() {
        let answer = |body: &Value| Answer { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() };
        let told = |number: &str, came: &str| Told {
            answer: answer(&json!({"number": number, "token": "t", "state": "reported"})),
            raw: ["7", came].map(|id| (Call::get("/x"), Outcome::Answered(answer(&json!([{REQUEST: id}]))))).to_vec(),
        };
        assert_eq!(followed(&told("7", "7")), Ok(READ));
        assert!(followed(&told("8", "8")).is_err() && followed(&told("7", "8")).is_err());
    }

    #[test]
    fn a_list_that_came_is_no_error() {
        let mut told = list(&json!([{"service_code": "a"}]), &json!([]), 0);
        told.answer = Answer { status: 502, headers: Vec::new(), body: br#"{"title": "no"}"#.to_vec() };
        assert_eq!(judged(&told), Err("random.lost"));
        told.raw.clear();
        assert_eq!(judged(&told), Ok(Count { troubles: 1, ..Count::default() }));
    }
}
