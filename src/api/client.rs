//! What a page holds to ask questions. Permission is a type: only a [`StaffApi`] has the questions about single cases.

use std::sync::Arc;

use fengtu_wire::events::StreamPosition;
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::session::{Role, Session, SignIn};

use super::backends::Backends;
use super::capabilities::{self, Capabilities};
use super::dialect::{Method, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::events;
use super::foreign::{self, Tried};
use super::session::{SessionQuery, SignInCommand, SignOutCommand};
use super::transport::Transport;

/// Asks what anybody may ask.
#[derive(Debug, Clone, Default)]
pub struct PublicApi {
    backends: Arc<Backends>,
    transport: Transport,
}

/// Asks what a signed-in member of staff may ask; got by signing in.
#[derive(Debug, Clone)]
pub struct StaffApi {
    public: PublicApi,
    session: Session,
}

/// Questions that anybody may ask.
pub trait PublicQuestion: Question {}

impl PublicApi {
    /// Uses the backends of an installation.
    pub fn new(backends: Backends) -> Self {
        Self { backends: Arc::new(backends), transport: Transport::default() }
    }

    /// Reads `config.json` of the installation and uses its backends.
    pub async fn open() -> Result<Self, ApiError> {
        let transport = Transport::default();
        let file = transport.send("", &Request::get("/config.json")).await.map_err(unreadable)?;
        Ok(Self { backends: Arc::new(Backends::read(&file.body)?), transport })
    }

    /// Asks a question that anybody may ask.
    pub async fn ask<Q: PublicQuestion>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        self.send(question).await
    }

    /// Returns the staff's questions if somebody is signed in already.
    pub async fn resume(&self) -> Result<Option<StaffApi>, ApiError> {
        let session = self.send(&SessionQuery).await?;
        // Where nobody can sign in, everybody sees what the backends give.
        let is_open = !self.has_sessions();
        Ok((is_open || session.role != Role::Public).then(|| StaffApi { public: self.clone(), session }))
    }

    /// Signs in.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<StaffApi, ApiError> {
        self.transport.forget();
        let session = self.send(&SignInCommand(sign_in)).await?;
        Ok(StaffApi { public: self.clone(), session })
    }

    /// Returns what the backend of a resource can do.
    pub fn capabilities(&self, resource: Resource) -> &Capabilities {
        self.backends.capabilities(resource)
    }

    /// Whether group matters and repeats can be asked for: no other dialect has that.
    pub fn knows_kinds_of_cases(&self) -> bool {
        !self.backends.of(Resource::Cases).is_foreign
    }

    /// Whether a resource can be read.
    pub fn reads(&self, resource: Resource) -> bool {
        self.capabilities(resource).read
    }

    /// Whether staff can sign in: no other dialect has that.
    pub fn has_sessions(&self) -> bool {
        !self.backends.of(Resource::Session).is_foreign
    }

    /// Asks the worker of other dialects, where there is one, what their backends can do; none of them is called. Where it
    /// cannot tell, the questions to them will say why.
    pub async fn learn(&self) -> Self {
        let mut backends = Backends::clone(&self.backends);
        if backends.has_foreign()
            && let Ok(answer) = self.translator("/backends").await
        {
            backends.learn(capabilities::told(&answer.body));
        }
        Self { backends: Arc::new(backends), transport: self.transport.clone() }
    }

    /// Returns the installation's settings.
    pub fn backends(&self) -> &Backends {
        &self.backends
    }

    /// Has the worker of other dialects answer what only it knows.
    pub async fn translator(&self, path: &str) -> Result<Response, ApiError> {
        foreign::send(&self.backends, &self.transport, &Request::get(path)).await
    }

    /// The same of a worker of its own that reads this file.
    pub async fn try_out(&self, path: &str, file: &[u8]) -> Result<Tried, ApiError> {
        foreign::try_out(file, &self.transport, &Request::get(path)).await
    }

    /// Says why no page could open with this `config.json`, if none could.
    pub fn check_file(text: &str) -> Result<(), ApiError> {
        Backends::read(text.as_bytes()).map(drop)
    }

    /// Writes `config.json` where our own server keeps one; `seen` is what stood there when the writer looked last.
    pub async fn write_file(&self, seen: &str, text: &str) -> Result<(), ApiError> {
        let there = self.transport.send("", &Request::get("/config.json")).await?;
        let mut request = Request::new(Method::Put, "/config.json");
        // What the writer has not seen has a tag that no file has.
        let tag = if there.body == seen.as_bytes() { there.header("etag").unwrap_or_default() } else { "\"\"" };
        request = request.header("if-match", tag);
        request.body = Some(text.to_owned());
        self.transport.send("", &request).await.map(drop)
    }

    /// Moves a case on by a step that the mapping of a backend of another dialect names, with what is said with it.
    pub async fn act(&self, number: &CaseNumber, action: &str, said: &[(String, String)]) -> Result<(), ApiError> {
        // Text always serialises.
        let json = |text: &String| serde_json::to_string(text).unwrap_or_default();
        let said: Vec<String> = said.iter().map(|(name, value)| format!("{}:{}", json(name), json(value))).collect();
        let path = format!("/cases/{}/actions/{}", encode(number.as_str()), encode(action));
        let mut request = Request::new(Method::Post, path);
        request.body = Some(format!("{{{}}}", said.join(",")));
        foreign::send(&self.backends, &self.transport, &request).await.map(drop)
    }

    /// Returns the address of the stream of events after a position.
    pub fn stream_url(&self, after: Option<&StreamPosition>) -> Result<String, ApiError> {
        let backend = self.backends.of(Resource::Live);
        Ok(events::stream(backend.dialect, after)?.url(&backend.base))
    }

    async fn send<Q: Question>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        let backend = self.backends.of(Q::RESOURCE);
        let request = question.request(backend.dialect)?;
        let response = if backend.is_foreign {
            foreign::send(&self.backends, &self.transport, &request).await?
        } else {
            self.transport.send(&backend.base, &request).await?
        };
        question.answer(backend.dialect, &response)
    }
}

/// A file that is not there is one that cannot be read: whoever set the site up has to know, not whoever looks at it.
fn unreadable(error: ApiError) -> ApiError {
    match error.status() {
        Some(status @ 400..500) => ApiError::decode("config.json", format_args!("the server answers {status}")),
        _ => error,
    }
}

impl StaffApi {
    /// Returns who is signed in.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Asks any question.
    pub async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        self.public.send(question).await
    }

    /// Returns the questions that need no session.
    pub const fn public(&self) -> &PublicApi {
        &self.public
    }

    /// Signs out and forgets what was kept.
    pub async fn sign_out(self) -> Result<PublicApi, ApiError> {
        self.public.send(&SignOutCommand).await?;
        self.public.transport.forget();
        Ok(self.public)
    }
}

macro_rules! public {
    ($($question:ty),+ $(,)?) => { $(impl PublicQuestion for $question {})+ };
}

public!(
    super::config::ConfigQuery,
    super::config::EssentialsQuery,
    super::places::PlacesQuery,
    super::stations::StationsQuery,
    super::buildings::BuildingsQuery,
    super::basemap::BasemapQuery,
    super::heat::HeatCellsQuery,
    super::reports::ServicesQuery,
    super::reports::AttributesQuery,
    super::reports::ReportCommand,
    super::reports::ReportQuery,
);
