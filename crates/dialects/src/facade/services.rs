//! What can be reported, and what each kind of report asks.

use fengtu_wire::cases::Sensitivity;
use fengtu_wire::config::Category;
use fengtu_wire::text::LocalText;
use serde_json::{Map, Value, json};

use super::good;
use super::reports::{created_by, mapped};
use crate::exchange::{Answer, decode};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::refused::Refused;
use crate::record::schema;
use crate::record::value::plain;
use crate::speech::filters::Filters;
use crate::speech::list::{self, Cursor, MAX_PAGES, Wanted};
use crate::speech::{Backend, Talk, template};

/// `GET /services`: what can be reported; what a report takes beside it (`takes`), and what it cannot do without (`needs`).
pub(crate) async fn services(talk: &Talk, backend: &Backend) -> Result<Answer, Trouble> {
    let (items, refused) = match mapped(backend, "services") {
        Ok(_) => listed(talk, backend).await?,
        Err(none) => (of_categories(talk).await?.ok_or(none)?, Refused::default().json()),
    };
    let reports = talk.inner.of("reports").filter(|backend| !backend.is_ours());
    let write = reports.and_then(created_by).map(|(_, write)| write);
    let takes = write.map(super::reports::takes).unwrap_or_default();
    let needs = write.map(|write| write.needs.clone()).unwrap_or_default();
    Ok(good(&json!({"items": items, "takes": takes, "needs": needs, "refused": refused})))
}

async fn listed(talk: &Talk, backend: &Backend) -> Result<(Vec<Value>, Value), Trouble> {
    let map = mapped(backend, "services")?;
    let (filters, fails) = (Filters::default(), |_: &Map<String, Value>| None);
    let (limit, start) = (5_000, Cursor::START);
    let wanted = Wanted {
        resource: "services",
        filters: &filters,
        names: &[],
        limit,
        start,
        fails: &fails,
        most_pages: MAX_PAGES,
        is_whole: true,
        secret: None,
    };
    let gathered = talk.gather(backend, map, wanted).await?;
    let items: Vec<Value> = gathered.items.into_iter().map(|item| service_of(item.fields)).collect();
    Ok((items, gathered.refused.json()))
}

/// The district's categories, where nothing else can be told apart and something can be reported.
async fn of_categories(talk: &Talk) -> Result<Option<Vec<Value>>, Trouble> {
    let is_made = talk.inner.of("reports").filter(|backend| !backend.is_ours()).and_then(created_by).is_some();
    if !is_made {
        return Ok(None);
    }
    let categories = talk.config().await?.categories;
    let is_leaf = |one: &&Category| categories.iter().all(|other| other.parent.as_ref() != Some(&one.id));
    let group = |one: &Category| categories.iter().find(|other| Some(&other.id) == one.parent.as_ref());
    let item = |one: &Category| {
        json!({"code": one.id, "name": one.name.zh, "description": "", "has_questions": false,
            "group": group(one).map(|group| group.name.zh.clone())})
    };
    Ok(Some(categories.iter().filter(is_leaf).map(item).collect()))
}

fn service_of(mut fields: Map<String, Value>) -> Value {
    let said = fields.get("has_questions").and_then(plain).unwrap_or_default();
    fields.insert("has_questions".to_owned(), json!(matches!(said.as_str(), "true" | "1" | "yes")));
    fields.entry("group").or_insert(Value::Null);
    Value::Object(fields)
}

/// The services as categories, where the cases name them as they are.
pub(crate) async fn categories(talk: &Talk) -> Option<Vec<Category>> {
    let backend = talk.inner.of("services").filter(|backend| !backend.is_ours())?;
    mapped(backend, "services").ok()?;
    let cases = talk.inner.of("cases")?.mapping.as_ref()?.resources.get("cases")?;
    cases.fields.get("category").filter(|expr| expr.table.is_none())?;
    let (services, _) = listed(talk, backend).await.ok()?;
    let text = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let category = |item: &Value| {
        let name = text(item, "name")?;
        Some(Category {
            id: text(item, "code")?.into(),
            parent: None,
            name: LocalText::new(&name, &name),
            sensitivity: Sensitivity::Public,
        })
    };
    Some(services.iter().filter_map(category).collect())
}

/// `GET /services/{code}`: its questions, each `{code, kind, required, text, hint, choices: [{key, name}]}`, in their order.
pub(crate) async fn service(talk: &Talk, backend: &Backend, code: &str) -> Result<Answer, Trouble> {
    let map = mapped(backend, "services")?;
    let one =
        map.one.as_ref().ok_or_else(|| problem::not_offered(Reason::new("服务的问题", "questions of a service")))?;
    let code = decode(code);
    let call = template::call(&backend.base, one, &[("id", &code)], Vec::new(), &map.headers)?;
    let heard = talk.ask(backend, call, &map.failure).await?;
    let reader = list::reader(talk, map, schema::of("services").unwrap_or_default());
    let definition =
        super::cases::single(map, &heard.value, &reader, &code).ok_or_else(|| problem::not_found(&code))?;
    let listed = ["/attributes/attribute", "/attributes"].iter().filter_map(|at| definition.pointer(at));
    let attributes: Vec<Value> = listed.map(as_list).find(|list| !list.is_empty()).unwrap_or_default();
    let (mut questions, mut refused) = (Vec::new(), Refused::default());
    for (index, attribute) in attributes.iter().enumerate() {
        match question(index, attribute) {
            Ok(question) => questions.push(question),
            Err(Unasked::Needed) => return Err(unasked(&code)),
            Err(Unasked::Dropped) => {
                let why = Reason::new("没有代码的问题无法提问", "a question without a code cannot be asked");
                refused.add(&why.about(&format!("#{index}")).to_string());
            }
        }
    }
    questions.sort_by_key(|(order, _)| *order);
    let questions: Vec<Value> = questions.into_iter().map(|(_, question)| question).collect();
    Ok(good(&json!({"code": code, "questions": questions, "refused": refused.json()})))
}

/// Why a question cannot be asked: it has no name that its answer could be sent under.
enum Unasked {
    /// The server takes no report without an answer to it.
    Needed,
    Dropped,
}

fn unasked(code: &str) -> Trouble {
    let zh = format!("上报 {code}：有一个必答的问题没有代码");
    problem::not_offered(Reason::new(zh, format!("reports of {code}: a question that must be answered has no code")))
}

/// A list; a single thing that XML or a careless server left without one counts as a list of one.
fn as_list(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list.clone(),
        Value::Object(members) if members.contains_key("code") || members.contains_key("key") => vec![value.clone()],
        _ => Vec::new(),
    }
}

fn question(index: usize, attribute: &Value) -> Result<(i64, Value), Unasked> {
    let text = |name: &str| attribute.get(name).and_then(plain);
    // What only informs has no answer to give.
    let is_asked = text("variable").is_none_or(|said| said != "false");
    let required = is_asked && text("required").is_some_and(|said| said == "true" || said == "1");
    let code = match text("code") {
        Some(code) => code,
        // It is read, and nothing is sent.
        None if !is_asked => format!("#{index}"),
        None => return Err(if required { Unasked::Needed } else { Unasked::Dropped }),
    };
    let kind = match text("datatype").unwrap_or_default().to_ascii_lowercase().as_str() {
        "number" => "number",
        "datetime" => "datetime",
        "text" => "text",
        "singlevaluelist" => "one_of",
        "multivaluelist" => "some_of",
        _ => "string",
    };
    let values = attribute.pointer("/values/value").or_else(|| attribute.get("values"));
    let choices = values.map(as_list).unwrap_or_default();
    let choices: Vec<Value> = choices
        .iter()
        .filter_map(|choice| {
            let key = choice.get("key").and_then(plain)?;
            let name = choice.get("name").and_then(plain).unwrap_or_else(|| key.clone());
            Some(json!({"key": key, "name": name}))
        })
        .collect();
    let order = text("order").and_then(|order| order.parse().ok()).unwrap_or(i64::MAX);
    Ok((
        order,
        json!({"code": code, "kind": kind, "asked": is_asked, "required": required,
        "text": text("description").unwrap_or_default(), "hint": text("datatype_description"), "choices": choices}),
    ))
}
