//! Accounts of staff and devices.

use fengtu_wire::ids::{AccountId, PlaceId};
use fengtu_wire::session::{Account, Role};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::insert::Table;
use crate::auth;
use crate::dataset::AccountRow;
use crate::db::{Db, Tx};

const TABLE: Table = Table {
    name: "accounts",
    key: &["id"],
    columns: &["name", "display_name", "staff_number", "role", "place", "office", "password_hash", "disabled"],
};

/// An account as it is stored.
#[derive(Clone)]
pub struct StoredAccount {
    /// What others may know of it.
    pub account: Account,
    /// Its role.
    pub role: Role,
    /// The top of the part of the tree that it sees.
    pub place: Option<PlaceId>,
    /// The office it belongs to.
    pub office: Option<String>,
    /// Argon2id, with its parameters.
    pub password_hash: String,
    /// Whether it may no longer sign in.
    pub disabled: bool,
}

/// Makes accounts, or makes them anew; the login name is their id. Slow: each password is hashed.
pub async fn write(tx: &mut Tx, rows: &[AccountRow]) -> anyhow::Result<()> {
    let hash_of = |row: &AccountRow| auth::hash(&row.password);
    let hashes: Vec<String> = rows.iter().map(hash_of).collect::<anyhow::Result<_>>()?;
    let records: Vec<(&AccountRow, String)> = rows.iter().zip(hashes).collect();
    Ok(TABLE
        .upsert(tx, &records, |query, (row, hash)| {
            query
                .bind(row.name.as_str())
                .bind(row.name.as_str())
                .bind(row.display_name.as_str())
                .bind(row.staff_number.as_deref())
                .bind(row.role.as_str())
                .bind(row.place.as_ref().map(PlaceId::as_str))
                .bind(row.office.as_deref())
                .bind(hash.as_str())
                .bind(0_i64)
        })
        .await?)
}

/// Finds an account by its login name.
pub async fn by_name(db: &Db, name: &str) -> sqlx::Result<Option<StoredAccount>> {
    // PostgreSQL refuses the character in a text, and no name holds it.
    if name.contains('\0') {
        return Ok(None);
    }
    let row =
        sqlx::query("SELECT * FROM accounts WHERE name = $1").bind(name.to_owned()).fetch_optional(db.pool()).await?;
    row.as_ref().map(stored).transpose()
}

fn stored(row: &AnyRow) -> sqlx::Result<StoredAccount> {
    Ok(StoredAccount {
        account: account(row)?,
        role: role(row)?,
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        office: row.try_get("office")?,
        password_hash: row.try_get("password_hash")?,
        disabled: row.try_get::<i64, _>("disabled")? != 0,
    })
}

pub(super) fn account(row: &AnyRow) -> sqlx::Result<Account> {
    Ok(Account {
        id: AccountId(row.try_get("account_id").or_else(|_| row.try_get("id"))?),
        name: row.try_get("name")?,
        display_name: row.try_get("display_name")?,
        staff_number: row.try_get("staff_number")?,
    })
}

// A role that this program does not know opens nothing.
pub(super) fn role(row: &AnyRow) -> sqlx::Result<Role> {
    Ok(row.try_get::<&str, _>("role")?.parse().unwrap_or(Role::Public))
}
