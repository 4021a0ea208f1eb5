//! Walls that are signed in, pairing with them, and what they are told.

use fengtu_wire::ids::{RemoteId, SessionId};
use fengtu_wire::walls::{Claim, Pairing, Remote, WallCommand, WallSession};

use super::dialect::{Dialect, Method, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::lenient;

/// Asks for a code; for a wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairCommand;

/// Asks for the remotes of one's own session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemotesQuery;

/// Asks for the walls that are signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallsQuery;

/// What is answered by having been done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WallAct {
    /// Takes the code and all remotes away; for a wall.
    Unpair,
    /// Pairs one's session with the wall that shows a code.
    Claim(String),
    /// Asks every wall to show a code.
    Call,
    /// Tells a wall something.
    Tell(RemoteId, WallCommand),
    /// Ends a remote.
    EndRemote(RemoteId),
    /// Ends a wall's session.
    EndWall(SessionId),
}

impl Question for PairCommand {
    type Answer = Pairing;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::new(Method::Post, "/walls/pairings")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Pairing, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("pairing", response),
        }
    }
}

impl Question for RemotesQuery {
    type Answer = Vec<Remote>;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/walls/remotes")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Vec<Remote>, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("remotes", response),
        }
    }
}

impl Question for WallsQuery {
    type Answer = Vec<WallSession>;
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/walls")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Vec<WallSession>, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("walls", response),
        }
    }
}

impl Question for WallAct {
    type Answer = ();
    const RESOURCE: Resource = Resource::Session;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        let Dialect::Fengtu = dialect;
        Ok(match self {
            Self::Unpair => Request::new(Method::Delete, "/walls/pairings"),
            Self::Claim(code) => Request::new(Method::Post, "/walls/remotes").json(&Claim { code: code.clone() }),
            Self::Call => Request::new(Method::Post, "/walls/calls"),
            Self::Tell(remote, command) => {
                let path = format!("/walls/remotes/{}/commands", encode(remote.as_str()));
                Request::new(Method::Post, path).json(command)
            }
            Self::EndRemote(id) => Request::new(Method::Delete, format!("/walls/remotes/{}", encode(id.as_str()))),
            Self::EndWall(id) => Request::new(Method::Delete, format!("/walls/{}", encode(id.as_str()))),
        })
    }

    fn answer(&self, _: Dialect, _: &Response) -> Result<(), ApiError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::walls::WallAction;

    use super::*;

    #[test]
    fn an_act_is_written_as_the_contract_has_it() {
        let tell = WallAct::Tell("a/b".into(), WallCommand::of(WallAction::Next)).request(Dialect::Fengtu).unwrap();
        assert_eq!((tell.method, tell.path.as_str()), (Method::Post, "/walls/remotes/a%2Fb/commands"));
        assert_eq!(tell.body.as_deref(), Some(r#"{"action":"next"}"#));
        let end = WallAct::EndWall("s-1".into()).request(Dialect::Fengtu).unwrap();
        assert_eq!((end.method, end.path.as_str(), end.body), (Method::Delete, "/walls/s-1", None));
    }
}
