//! What goes in and out: a request of our own contract, calls to foreign servers, what came of them, and the answer.

/// The method of a request or a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or asks with a body.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Every method with its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Get, "GET"),
        (Self::Post, "POST"),
        (Self::Put, "PUT"),
        (Self::Patch, "PATCH"),
        (Self::Delete, "DELETE"),
    ];

    /// Returns the name that HTTP has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads a name as HTTP writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(method, _)| *method)
    }
}

/// A request of our own contract, as the client builds it for a backend that speaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// The path below `/api/v1`, such as `/cases/GM-1`; percent-encoded.
    pub path: String,
    /// Parameters in order, decoded.
    pub query: Vec<(String, String)>,
    /// The JSON body of a write.
    pub body: Vec<u8>,
}

impl Request {
    /// Starts a request that reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), query: Vec::new(), body: Vec::new() }
    }

    /// Starts a request that writes JSON.
    pub fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::Post, path: path.into(), query: Vec::new(), body: body.into() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Reads the part of an address below `/api/v1`: path, `?`, encoded parameters.
    pub fn of_target(method: Method, target: &str, body: Vec<u8>) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let query = pairs.map(|(name, value)| (decode(name), decode(value))).collect();
        Self { method, path: path.to_owned(), query, body }
    }

    /// Returns a parameter's first value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Returns all values of a parameter.
    pub fn parameters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// One HTTP request to a foreign server; whoever holds the conversation sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What it does.
    pub method: Method,
    /// The whole address: a path of our own origin or an `http(s)` address.
    pub url: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; its type is among the headers.
    pub body: Option<String>,
}

impl Call {
    /// Starts a call that reads.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: Method::Get, url: url.into(), headers: Vec::new(), body: None }
    }
}

/// An HTTP answer: a foreign server's to a call, or ours to a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers, names in lower case. Those in [`READ_HEADERS`] are looked at.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The headers of a foreign answer that any dialect looks at.
pub const READ_HEADERS: [&str; 10] = [
    "content-type",
    "content-range",
    "etag",
    "last-modified",
    "link",
    "retry-after",
    "x-total-count",
    "x-result-count",
    "x-page-count",
    "x-next-page-url",
];

impl Answer {
    /// Returns a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the status is a good one.
    pub const fn is_good(&self) -> bool {
        200 <= self.status && self.status < 300
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered, with whatever status.
    Answered(Answer),
    /// No answer came.
    Failed(Failure),
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server cannot be reached, or broke off, or a browser forbids the answer (no CORS header).
    Unreachable,
    /// It did not answer in time.
    TimedOut,
    /// Its answer is larger than whoever asked would take.
    TooLarge,
    /// Its answer leads to another address, where nothing is carried that was meant for it.
    SentOn,
}

/// Percent-encodes all but the unreserved characters of RFC 3986; Chinese goes as UTF-8.
pub fn encode(text: &str) -> String {
    use core::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes percent-encoding and `+`; what is no encoding stays as it is.
pub fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let ahead = rest.clone();
        let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
        match (byte, digit(ahead.clone().next()), digit(ahead.clone().nth(1))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                rest.nth(1);
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
