//! `GET /statistics/workbook`: the tables of the leaders' board as an XLSX workbook, from the same question.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::config::Config;
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::text::LocalText;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cube::{self, Asked};
use crate::app::AppState;
use crate::auth::Caller;
use crate::board::sheets::{Cell, Names, Sheet, Tongue, about, sheets};
use crate::db::Db;
use crate::params::Params;
use crate::problem::{Answer, Failure};
use crate::store::places::{self, Wanted};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The tables of `/statistics/cube` as a workbook, a sheet for each; the parameters are the same.
#[utoipa::path(get, path = "/statistics/workbook", tag = "statistics",
    params(
        ("place" = Option<String>, Query, description = "As of `/statistics/cube`."),
        ("from" = Option<String>, Query, format = DateTime, description = "As of `/statistics/cube`."),
        ("to" = Option<String>, Query, format = DateTime, description = "As of `/statistics/cube`."),
        ("level" = Option<fengtu_wire::places::PlaceLevel>, Query, description = "As of `/statistics/cube`."),
        ("category" = Option<Vec<String>>, Query, description = "As of `/statistics/cube`."),
        ("within" = Option<Vec<String>>, Query, description = "As of `/statistics/cube`."),
        ("day_from" = Option<String>, Query, format = Date, description = "As of `/statistics/cube`."),
        ("day_to" = Option<String>, Query, format = Date, description = "As of `/statistics/cube`."),
        ("weekday" = Option<Vec<u8>>, Query, description = "As of `/statistics/cube`."),
        ("hour" = Option<Vec<u8>>, Query, description = "As of `/statistics/cube`."),
        ("table" = Option<String>, Query, description = "One table alone, beside what it is of: figures, causes, days, hours, places or cross."),
        ("lang" = Option<String>, Query, description = "zh-CN (absent) or en."),
    ),
    responses((status = 200, description = "The workbook.", content_type = XLSX, body = Vec<u8>)))]
async fn read(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Response> {
    let asked = Asked::take(&mut params, state.live.now());
    let table = params.text("table");
    let tongue = match params.text("lang").as_deref() {
        None | Some("zh-CN") => Tongue::Zh,
        Some("en") => Tongue::En,
        Some(_) => {
            params.wrong("lang", "must be zh-CN or en");
            Tongue::Zh
        }
    };
    params.finish()?;
    let config = state.config();
    let names = names(&state.db, &config, tongue).await?;
    let chosen = asked.chosen(&names);
    let cube = cube::answer(&state, caller, asked).await?;
    let mut all = sheets(&cube, &names);
    all.retain(|sheet| table.as_ref().is_none_or(|table| sheet.name == table));
    if all.is_empty() {
        return Err(Failure::invalid_parameter("table", "must be figures, causes, days, hours, places or cross"));
    }
    let place = names.places.get(&cube.place).map_or_else(|| cube.place.as_str(), String::as_str);
    let what = match (table, all.as_slice()) {
        (Some(_), [one]) => one.title.clone(),
        _ => names.say("统计", "statistics").to_owned(),
    };
    all.push(about(&cube, &chosen, config.demo, &names));
    let bytes = written(&all).map_err(|error| Failure::internal(&error))?;
    let name = file_name(&cube, &[place, &what, &in_short(&chosen, &names)]);
    Ok(file(&name, bytes))
}

async fn names(db: &Db, config: &Config, tongue: Tongue) -> Answer<Names> {
    let stored = places::read(db, &Wanted::default()).await?;
    let place = |one: places::StoredPlace| {
        let name = one.place.name_en.filter(|_| tongue == Tongue::En).unwrap_or(one.place.name);
        (one.place.id, name)
    };
    let local = |text: &LocalText| if tongue == Tongue::En { text.en.clone() } else { text.zh.clone() };
    let categories: HashMap<CategoryId, String> =
        config.categories.iter().map(|category| (category.id.clone(), local(&category.name))).collect();
    let places: HashMap<PlaceId, String> = stored.into_iter().map(place).collect();
    Ok(Names { tongue, places, categories })
}

fn written(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let head = Format::new().set_bold();
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.title)?.set_freeze_panes(1, 1)?;
        for (column, text) in (0..).zip(&sheet.heads) {
            page.write_string_with_format(0, column, text, &head)?;
        }
        for (row, cells) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(cells) {
                write(page, row, column, cell)?;
            }
        }
        page.set_column_width(0, 22)?;
    }
    workbook.save_to_buffer()
}

/// A text is written as text: no cell of ours is ever a formula.
fn write(page: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => page.write_string(row, column, text),
        Cell::Number(value) => page.write_number(row, column, *value),
        Cell::Rate(value) => page.write_number_with_format(row, column, *value, &Format::new().set_num_format("0.00%")),
        Cell::Withheld => page.write_string(row, column, "—"),
    }?;
    Ok(())
}

/// What is chosen, as short as a name of a file must be.
fn in_short(chosen: &[String], names: &Names) -> String {
    match chosen {
        [] => String::new(),
        [one] => one.clone(),
        [first, ..] => format!("{first}{}{}{}", names.say("等", " and others, "), chosen.len(), names.say("项", "")),
    }
}

/// Of which place, what, what of it and when it is: several in one folder must not be taken for one another.
fn file_name(cube: &Cube, parts: &[&str]) -> String {
    let day = |at: chrono::DateTime<chrono::FixedOffset>| at.format("%Y%m%d").to_string();
    let last = cube.to - chrono::TimeDelta::seconds(1);
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    // What a name of a file cannot have somewhere.
    format!("{}_{}-{}.xlsx", said.join("_"), day(cube.from), day(last))
        .replace([' ', '/', ':', '\\', '*', '?', '"', '<', '>', '|'], "_")
}

/// RFC 6266: the name in UTF-8, and one in ASCII for whoever does not know that.
fn file(name: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let name = format!("attachment; filename=\"fengtu.xlsx\"; filename*=UTF-8''{encoded}");
    let name = HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(XLSX)), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}
