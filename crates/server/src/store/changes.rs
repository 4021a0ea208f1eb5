//! Changes to the district, each with its row in the change log, in one transaction.

use chrono::{DateTime, Utc};
use fengtu_wire::ids::CaseNumber;
use serde::Serialize;

use super::cases::{self, CASE_CHANGED, CaseFact};
use super::change_log;
use super::mediations::{self, CONFIRMATION_CHANGED, ConfirmationFact, MEDIATION_CHANGED};
use super::orders::{self, ORDER_CHANGED, OrderFact};
use crate::dataset::{Change, MediationRow};
use crate::db::{Db, Tx};

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A new case has a number that is in use.
    #[error("the case number {0} is in use")]
    InUse(CaseNumber),
    /// A step is for a case that does not exist.
    #[error("there is no case {0}")]
    Unknown(CaseNumber),
    /// The database could not do it.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What a change has made, as the log carries it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Applied {
    /// A case as it is now.
    Case(Box<CaseFact>),
    /// An order as it is now.
    Order(OrderFact),
    /// A judicial confirmation as it is now.
    Confirmation(ConfirmationFact),
    /// The case in which a mediation began or ended.
    Mediation(CaseNumber),
}

impl Applied {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Case(_) => CASE_CHANGED,
            Self::Order(_) => ORDER_CHANGED,
            Self::Confirmation(_) => CONFIRMATION_CHANGED,
            Self::Mediation(_) => MEDIATION_CHANGED,
        }
    }

    /// Returns the case, if it was one that changed.
    pub fn case(self) -> Option<CaseFact> {
        if let Self::Case(fact) = self { Some(*fact) } else { None }
    }
}

/// Makes changes that belong together, all or none, and logs each; returns the last number in the log, 0 for no change, and
/// what each has made.
pub async fn apply_changes(db: &Db, now: DateTime<Utc>, changes: &[Change]) -> Result<(u64, Vec<Applied>), Refused> {
    let mut tx = db.begin_write().await?;
    let (mut last, mut all) = (0, Vec::new());
    for change in changes {
        last = change_log::take_number(&mut tx).await?;
        let made = apply(&mut tx, change).await?;
        change_log::record(&mut tx, db.kind(), last, now, made.kind(), &made).await?;
        all.push(made);
    }
    tx.commit().await?;
    Ok((last, all))
}

async fn apply(tx: &mut Tx, change: &Change) -> Result<Applied, Refused> {
    Ok(match change {
        Change::NewCase(row) => Applied::Case(Box::new(cases::new_case(tx, row).await?)),
        Change::Step { number, event, rating } => {
            Applied::Case(Box::new(cases::step(tx, number, event, *rating).await?))
        }
        Change::Order(row) => {
            orders::write(tx, std::slice::from_ref(row)).await?;
            Applied::Order(OrderFact::of(row))
        }
        Change::Mediation(row) => Applied::Mediation(mediate(tx, row).await?),
        Change::Confirmation(row) => {
            mediations::write_confirmations(tx, std::slice::from_ref(row)).await?;
            let fact = mediations::confirmation(&mut **tx, &row.case, row.sequence).await?;
            Applied::Confirmation(fact.ok_or_else(|| Refused::Unknown(row.case.clone()))?)
        }
    })
}

async fn mediate(tx: &mut Tx, row: &MediationRow) -> Result<CaseNumber, Refused> {
    if cases::fact_of(&mut **tx, &row.case).await?.is_none() {
        return Err(Refused::Unknown(row.case.clone()));
    }
    mediations::write(tx, std::slice::from_ref(row)).await?;
    Ok(row.case.clone())
}
