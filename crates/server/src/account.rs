//! `fengtu-server account`: makes an account, or gives one a new password, on the machine that has the database.

use std::io::BufRead;

use anyhow::{Context as _, bail, ensure};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::session::Role;
use fengtu_wire::text::LocalText;

use crate::dataset::AccountRow;
use crate::db::Db;
use crate::store::{accounts, sessions};

/// What `account` is asked to do; the password is the first line of standard input, so that no list of processes shows it.
#[derive(Debug, Clone, clap::Args)]
pub struct AccountArgs {
    /// The login name.
    #[arg(long)]
    pub name: String,
    /// The role, such as `district_leader`, `street`, `community_secretary`, `grid_member`, `wall`.
    #[arg(long)]
    pub role: Role,
    /// The place whose part of the tree they see; the top of the tree for the whole district.
    #[arg(long)]
    pub place: Option<PlaceId>,
    /// What to call them; the login name if absent.
    #[arg(long)]
    pub display_name: Option<String>,
    /// The office, as a case's holder names it.
    #[arg(long)]
    pub office: Option<String>,
}

/// Shortest password, in characters (NIST SP 800-63B-4 asks for 15 where it is the only factor).
const SHORTEST: usize = 15;

/// Makes the account with the password that `input` gives.
pub async fn run(db: &Db, args: &AccountArgs, input: &mut (dyn BufRead + Send)) -> anyhow::Result<()> {
    ensure!(!args.name.trim().is_empty(), "登录名不能为空 / the login name is empty");
    check_place(db, args).await?;
    let mut line = String::new();
    input.read_line(&mut line).context("cannot read the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let is_long = password.chars().count() >= SHORTEST;
    ensure!(
        is_long,
        "密码至少 {SHORTEST} 个字符,从标准输入读取 / a password of at least {SHORTEST} characters is read from standard input"
    );
    let mut tx = db.begin_write().await?;
    accounts::write(&mut tx, &[row(args, password)]).await?;
    // Whoever had the old password is out.
    sessions::end_all(&mut tx, &args.name).await?;
    Ok(tx.commit().await?)
}

// An account of a place that does not exist would see nothing, and nobody would know why.
// A wall shows the district, its streets in turn: one of a street would be refused all but its own.
async fn check_place(db: &Db, args: &AccountArgs) -> anyhow::Result<()> {
    let Some(place) = &args.place else { return Ok(()) };
    let sql = "SELECT parent FROM places WHERE id = $1";
    let parent: Option<(Option<String>,)> =
        sqlx::query_as(sql).bind(place.as_str().to_owned()).fetch_optional(db.pool()).await?;
    let Some((parent,)) = parent else {
        bail!("没有编码为 {place} 的区域 / there is no place {place}: import places first");
    };
    let is_whole = args.role != Role::Wall || parent.is_none();
    ensure!(
        is_whole,
        "大屏账号属于全区，不能属于 {place}：只放某个街道请用播放列表 / a wall is the whole district's, not {place}'s: for one street alone use a playlist"
    );
    Ok(())
}

fn row(args: &AccountArgs, password: String) -> AccountRow {
    let display_name = args.display_name.clone().unwrap_or_else(|| args.name.clone());
    AccountRow {
        name: args.name.clone(),
        title: LocalText::new(&display_name, &display_name),
        display_name,
        staff_number: None,
        role: args.role,
        place: args.place.clone(),
        office: args.office.clone(),
        password,
    }
}
