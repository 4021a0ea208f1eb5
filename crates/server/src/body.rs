//! A JSON body, read into its type; what is wrong with it is named by a JSON Pointer, and nothing of it is repeated.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use fengtu_wire::problem::{FieldError, kinds};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::problem::{Answer, Failure};

/// A body that was read.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
        read(&json(request).await?).map(Self)
    }
}

/// Takes a body that says it is JSON, as it came.
pub async fn json(request: Request) -> Answer<Bytes> {
    if !is_json(request.headers()) {
        let title = "The body must be JSON.";
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, kinds::UNSUPPORTED_MEDIA_TYPE, title));
    }
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, kinds::TOO_LARGE, "The body is too large.")
        }
        _ => wrong(String::new(), "could not be read to its end"),
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads a body's JSON into its type.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        explain(pointer, error.inner())
    })?;
    reader.end().map_err(|error| explain(String::new(), &error))?;
    Ok(value)
}

/// Says what is wrong, in our words: the reader's own would repeat what was sent.
fn explain(mut pointer: String, error: &serde_json::Error) -> Failure {
    if error.classify() != Category::Data {
        return wrong(String::new(), "is not JSON");
    }
    let text = error.to_string();
    let mut field = |kind: &str| {
        let name = text.strip_prefix(kind)?.strip_prefix(" field `")?.split('`').next()?;
        let part = format!("/{}", escaped(name));
        if kind == "missing" || !pointer.ends_with(&part) {
            pointer.push_str(&part);
        }
        Some(())
    };
    let detail = match (field("missing"), field("unknown"), field("duplicate")) {
        (Some(()), ..) => "is missing",
        (_, Some(()), _) => "is not a field of this body",
        (.., Some(())) => "may be given once only",
        _ => "has a value that cannot be used here",
    };
    wrong(pointer, detail)
}

fn wrong(pointer: String, detail: &str) -> Failure {
    Failure::invalid(vec![FieldError { pointer, detail: detail.to_owned() }])
}

/// Writes a path as a JSON Pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escaped(key))),
        // The variant of an enum is no place in the document.
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(part).collect()
}

fn escaped(name: &str) -> String {
    // A name can be as long as the body.
    name.chars().take(64).collect::<String>().replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read only")]
    struct Form {
        name: String,
        parts: Vec<Part>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read only")]
    struct Part {
        size: u8,
    }

    fn refused(body: &str) -> String {
        format!("{:?}", read::<Form>(body.as_bytes()).unwrap_err())
    }

    #[test]
    fn each_fault_is_named_where_it_is_and_nothing_is_repeated() {
        for (body, pointer, detail) in [
            (r#"{"parts":[]}"#, "/name", "is missing"),
            (r#"{"name":"SECRET","parts":[{"size":1},{}]}"#, "/parts/1/size", "is missing"),
            (r#"{"name":"SECRET","parts":[{"size":"SECRET"}]}"#, "/parts/0/size", "cannot be used"),
            (r#"{"name":"SECRET","parts":[{"size":300}]}"#, "/parts/0/size", "cannot be used"),
            (r#"{"name":"SECRET","parts":[],"a/b":1}"#, "/a~1b", "not a field"),
            (r#"{"name":"a","name":"SECRET","parts":[]}"#, "/name", "once only"),
            (r#"{"name":"SECRET","parts":[]} SECRET"#, "\"\"", "is not JSON"),
            ("SECRET", "\"\"", "is not JSON"),
            ("[]", "\"\"", "cannot be used"),
        ] {
            let text = refused(body);
            assert!(text.contains(pointer) && text.contains(detail) && !text.contains("SECRET"), "{body}: {text}");
        }
        assert_eq!(read::<Form>(br#"{"name":"x","parts":[{"size":1}]}"#).unwrap().parts.len(), 1);
    }
}
