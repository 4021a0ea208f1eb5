//! Signing in and out, and who is signed in.

use fengtu_wire::ids::SessionId;
use fengtu_wire::session::{OwnSession, Session, SignIn};

use super::dialect::{Dialect, Method, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::lenient;

/// Asks who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionQuery;

/// Signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInCommand(pub SignIn);

/// Signs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignOutCommand;

/// Asks for one's own sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionsQuery;

/// Ends one of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndSessionCommand(pub SessionId);

impl Question for SessionQuery {
    type Answer = Session;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/session")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Session, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("session", response),
        }
    }
}

impl Question for SignInCommand {
    type Answer = Session;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::new(Method::Post, "/session").json(&self.0)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Session, ApiError> {
        SessionQuery.answer(dialect, response)
    }
}

impl Question for SignOutCommand {
    type Answer = ();
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::new(Method::Delete, "/session")),
        }
    }

    fn answer(&self, _: Dialect, _: &Response) -> Result<(), ApiError> {
        Ok(())
    }
}

impl Question for SessionsQuery {
    type Answer = Vec<OwnSession>;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/sessions")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Vec<OwnSession>, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("sessions", response),
        }
    }
}

impl Question for EndSessionCommand {
    type Answer = ();
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::new(Method::Delete, format!("/sessions/{}", encode(self.0.as_str())))),
        }
    }

    fn answer(&self, _: Dialect, _: &Response) -> Result<(), ApiError> {
        Ok(())
    }
}
