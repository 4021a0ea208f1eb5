//! The district's settings.

use fengtu_wire::config::{Config, Essentials};

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient;

/// Asks for the district's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigQuery;

impl Question for ConfigQuery {
    type Answer = Config;
    const RESOURCE: Resource = Resource::Config;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/config")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Config, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("config", response),
        }
    }
}

/// Asks for the few settings that a page about stations needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EssentialsQuery;

impl Question for EssentialsQuery {
    type Answer = Essentials;
    const RESOURCE: Resource = Resource::Config;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        ConfigQuery.request(dialect)
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Essentials, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("config", response),
        }
    }
}
