//! Carries requests, blocking, with limits; remembers the one cookie of a session.

use std::io::{BufRead as _, BufReader};
use std::time::{Duration, Instant};

use fengtu_dialects::{Answer, Call, Failure, Method, Outcome};

/// Longest wait for an answer, as in the client.
const TIME_OUT: Duration = Duration::from_secs(20);
/// The largest answer that is looked at.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// An HTTP client.
#[derive(Debug, Clone)]
pub struct Http {
    agent: ureq::Agent,
    /// What paths are below.
    origin: String,
    /// The servers that the headers are for.
    own: Vec<Server>,
    /// Sent with every request to one of those.
    headers: Vec<(String, String)>,
}

/// Scheme, host and port.
type Server = (String, String, u16);

/// Returns the server of a whole address; a path has none.
fn server(address: &str) -> Option<Server> {
    let uri: ureq::http::Uri = address.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let usual = if scheme == "https" { 443 } else { 80 };
    let host = uri.host()?.to_ascii_lowercase();
    Some((scheme, host, uri.port_u16().unwrap_or(usual)))
}

impl Http {
    /// Makes one; paths are below `origin`. The headers are for the servers of `origin` and `base` alone: a `config.json` may name
    /// others, whose business a session of ours is not.
    pub fn new(origin: &str, base: &str, headers: Vec<(String, String)>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIME_OUT))
            // What is sent to a server is for it alone, not for wherever it points.
            .max_redirects(0)
            .user_agent("fengtu-conform")
            .build();
        let own = [origin, base].into_iter().filter_map(server).collect();
        Self { agent: config.into(), origin: origin.trim_end_matches('/').to_owned(), own, headers }
    }

    /// Sends a header too from now on, to the same servers.
    pub fn keep(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Forgets a header.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(known, _)| known != name);
        other
    }

    /// Asks for a path or an address.
    pub fn get(&self, url: &str) -> Result<Answer, Failure> {
        self.send(&Call::get(url))
    }

    /// Makes a call.
    pub fn send(&self, call: &Call) -> Result<Answer, Failure> {
        let mut response = self.run(&self.agent, call)?;
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let body = response.body_mut().with_config().limit(MAX_BYTES).read_to_vec().map_err(|error| failure(&error))?;
        Ok(Answer { status, headers, body })
    }

    /// Makes a call of a conversation.
    pub fn outcome(&self, call: &Call) -> Outcome {
        self.send(call).map_or_else(Outcome::Failed, Outcome::Answered)
    }

    /// Reads a stream of Server-Sent Events until `done` says so of a block or the time is over; returns head and blocks.
    pub fn stream(
        &self,
        url: &str,
        most: Duration,
        done: impl Fn(&str) -> bool,
    ) -> Result<(Answer, Vec<String>), Failure> {
        let began = Instant::now();
        let mut call = Call::get(url);
        call.headers.push(("accept".to_owned(), "text/event-stream".to_owned()));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(most))
            .max_redirects(0)
            .build();
        let response = self.run(&config.into(), &call)?;
        let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        let head = Answer { status: response.status().as_u16(), headers, body: Vec::new() };
        let mut blocks = vec![String::new()];
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let Ok(line) = line else { break };
            match (line.is_empty(), blocks.last_mut()) {
                (false, Some(block)) => *block = format!("{block}{line}\n"),
                (true, Some(block)) if done(block) => return Ok((head, blocks)),
                _ => blocks.push(String::new()),
            }
            if began.elapsed() > most {
                break;
            }
        }
        Ok((head, blocks))
    }

    fn run(&self, agent: &ureq::Agent, call: &Call) -> Result<ureq::http::Response<ureq::Body>, Failure> {
        let url = if call.url.starts_with('/') { format!("{}{}", self.origin, call.url) } else { call.url.clone() };
        let is_own = server(&url).is_some_and(|server| self.own.contains(&server));
        let mut builder = ureq::http::Request::builder().method(call.method.name()).uri(url);
        for (name, value) in self.headers.iter().filter(|_| is_own).chain(&call.headers) {
            builder = builder.header(name, value);
        }
        if call.method != Method::Get {
            builder = builder.header("x-fengtu", "1");
        }
        let response = if matches!(call.method, Method::Get | Method::Delete) {
            agent.run(builder.body(()).map_err(|_| Failure::Unreachable)?)
        } else {
            let body = call.body.clone().unwrap_or_default().into_bytes();
            agent.run(builder.body(body).map_err(|_| Failure::Unreachable)?)
        };
        response.map_err(|error| failure(&error))
    }
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge,
        _ => Failure::Unreachable,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// Answers one request, and tells the lines of its head.
    fn answering() -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head = lines.take_while(|line| !line.is_empty()).collect();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            head
        });
        (address, heard)
    }

    #[test]
    fn headers_go_to_the_servers_that_the_options_name_and_to_no_other() {
        let [origin, base, foreign] = [(); 3].map(|()| answering());
        let headers = vec![("cookie".to_owned(), "fengtu=secret".to_owned())];
        let http = Http::new(&origin.0, &format!("{}/api/v1", base.0), headers);
        for url in ["/config.json", &format!("{}/api/v1/cases", base.0), &format!("{}/cases", foreign.0)] {
            assert_eq!(http.get(url).unwrap().status, 200, "{url}");
        }
        let is_told = |(_, heard): (String, JoinHandle<Vec<String>>)| {
            heard.join().unwrap().iter().any(|line| line.eq_ignore_ascii_case("cookie: fengtu=secret"))
        };
        assert_eq!([origin, base, foreign].map(is_told), [true, true, false]);
    }

    #[test]
    fn a_server_is_known_however_its_address_is_written() {
        assert_eq!(server("https://GIS.example.gov/a?b"), server("https://gis.example.gov:443"));
        assert_ne!(server("https://gis.example.gov"), server("http://gis.example.gov"));
        assert_ne!(server("http://gis.example.gov@other.example/"), server("http://gis.example.gov/"));
        assert_eq!((server("/proxy/gis"), server("")), (None, None));
    }

    #[test]
    fn what_is_sent_with_every_request_is_carried_to_nobody_else() {
        let (here, there) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        there.set_nonblocking(true).unwrap();
        let (base, target) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = here.accept().unwrap();
            let _ = stream.read(&mut [0; 4_096]).unwrap();
            write!(
                stream,
                "HTTP/1.1 307 Gone on\r\nlocation: http://{target}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
        });
        let http = Http::new(&format!("http://{base}"), "", vec![("x-token".to_owned(), "secret".to_owned())]);
        let answer = http.get("/cases").unwrap();
        assert_eq!(answer.status, 307);
        assert!(there.accept().is_err(), "nobody came");
    }
}
