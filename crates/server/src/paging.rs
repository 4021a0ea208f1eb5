//! Lists in pages: the cursor is the key of the last row, and means nothing to anyone but us.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fengtu_wire::problem::{FieldError, kinds};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::params::Params;
use crate::problem::{Answer, Failure};

/// How JSON writes the character zero.
const NUL: &[u8] = b"\\u0000";

/// Writes a cursor: the list's own name, so that another list refuses it, and the key of the last row.
pub fn cursor(list: &str, key: &impl Serialize) -> Answer<String> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(list, key))?))
}

/// Takes the parameter `cursor` of a list.
pub fn take_cursor<K: DeserializeOwned>(params: &mut Params, list: &str) -> Answer<Option<K>> {
    let Some(text) = params.text("cursor") else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    // No key holds the character, and PostgreSQL refuses it in a text.
    if bytes.windows(NUL.len()).any(|part| part == NUL) {
        return Err(invalid());
    }
    let (name, key): (String, K) = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
    if name == list { Ok(Some(key)) } else { Err(invalid()) }
}

/// Returns `Link: <…>; rel="next"`: the address that was asked, with the next cursor.
pub fn link(uri: &Uri, next: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(next) = next else { return headers };
    let query = uri.query().unwrap_or_default();
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("cursor", next).finish();
    if let Ok(value) = HeaderValue::try_from(format!("<{}?{query}>; rel=\"next\"", uri.path())) {
        headers.insert(header::LINK, value);
    }
    headers
}

fn invalid() -> Failure {
    let title = "The cursor is not one that this server gave for this list.";
    let error = FieldError { pointer: "?cursor".to_owned(), detail: "is not one of this list".to_owned() };
    Failure::new(axum::http::StatusCode::BAD_REQUEST, kinds::INVALID_CURSOR, title).errors(vec![error])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_for_its_own_list_only() {
        let text = cursor("cases", &(7_i64, "x")).unwrap();
        let mut params = Params::parse(&format!("cursor={text}"));
        assert_eq!(take_cursor::<(i64, String)>(&mut params, "cases").unwrap(), Some((7, "x".to_owned())));
        for wrong in [text.clone(), "e30".to_owned(), "%%".to_owned(), text[1..].to_owned()] {
            let mut params = Params::parse(&format!("cursor={wrong}"));
            assert!(take_cursor::<(i64, String)>(&mut params, "buildings").is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_link_keeps_the_other_parameters() {
        let headers = link(&"/api/v1/cases?q=%E5%85%89&cursor=old&limit=2".parse().unwrap(), Some("new"));
        assert_eq!(headers["link"], "</api/v1/cases?q=%E5%85%89&limit=2&cursor=new>; rel=\"next\"");
    }
}
