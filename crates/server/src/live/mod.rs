//! What happens, from the database to every browser.
//!
//! A change is written with its row in the change log ([`apply`]); one task per process follows the log ([`follow`]),
//! keeps the board and puts events on the hub ([`hub`]), which every stream reads at its own pace ([`stream`]). So
//! several processes over one database see the same, and none takes a shortcut past it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_domain::masking;
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::config::Config;
use fengtu_wire::events::{CaseDot, Event, StreamPosition, WarningLevel};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::statistics::Figures;
use fengtu_wire::warnings::Level;
use tokio::sync::{Notify, watch};

use crate::app::{AppState, Clock};
use crate::board::facts::offset;
use crate::board::tree::Ix;
use crate::board::{Board, Scope, Slot, WARNED, figures};
use crate::dataset::Change;
use crate::db::Db;
use crate::kept::Kept;
use crate::store::cases::CaseFact as StoredFact;
use crate::store::changes::{Applied, Refused, apply_changes};
use crate::store::mediations::ConfirmationFact;
use crate::store::orders::OrderFact;
use crate::store::warning_actions::WarningFact;

pub mod drive;
pub mod follow;
pub mod hub;
pub mod load;
pub mod prepared;
pub mod stall;
pub mod stream;
pub mod walls;

use hub::{Hub, News};

/// The district's settings, replaced when they change.
pub type SharedConfig = Arc<RwLock<Arc<Config>>>;

/// How long a change may take to come back from the log before its maker goes on without.
const ROUND_TRIP: Duration = Duration::from_secs(5);

/// The board, the hub and the task that follows the database; the task ends with it.
#[derive(Debug)]
pub struct Live {
    shared: Arc<Shared>,
    follower: tokio::task::JoinHandle<()>,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.follower.abort();
    }
}

impl std::ops::Deref for Live {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Live {
    /// Returns what streams hold on to.
    pub fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Builds the board from the database and begins to follow it.
    pub async fn start(db: Db, clock: Clock, config: SharedConfig) -> anyhow::Result<Self> {
        let settings = Arc::clone(&read(&config));
        let (board, position) = load::board(&db, &settings, clock()).await?;
        let epoch = format!("{}.{:08x}", crate::store::change_log::epoch(&db).await?, rand::random::<u32>());
        let shared = Arc::new(Shared {
            hub: Arc::new(Hub::new(epoch, hub::KEPT)),
            snapshots: prepared::Shelf::default(),
            kept: Kept::default(),
            board: RwLock::new(board),
            config,
            clock,
            changed: Notify::new(),
            applied: watch::Sender::new(position),
            stopping: watch::Sender::new(false),
            streams: AtomicUsize::new(0),
            today: Mutex::default(),
        });
        let follower = tokio::spawn(follow::run(Arc::clone(&shared), db));
        Ok(Self { shared, follower })
    }
}

/// What the follower writes and everybody reads.
pub struct Shared {
    /// The last events.
    pub hub: Arc<Hub>,
    /// Snapshots kept ready for a moment.
    pub snapshots: prepared::Shelf,
    /// Answers that only an import changes.
    pub kept: Kept,
    board: RwLock<Board>,
    config: SharedConfig,
    clock: Clock,
    changed: Notify,
    applied: watch::Sender<u64>,
    stopping: watch::Sender<bool>,
    streams: AtomicUsize,
    today: Mutex<HashMap<(Scope, bool), Today>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("hub", &self.hub.position()).finish_non_exhaustive()
    }
}

/// Today's figures of a place, as of one version of the board.
#[derive(Debug, Clone)]
struct Today {
    version: u64,
    day: i64,
    figures: Figures,
}

impl Shared {
    /// Lends the board. Hold it briefly, and never across an `await`.
    pub fn board(&self) -> RwLockReadGuard<'_, Board> {
        // A panic while writing would leave an index that lacks a change, not a broken one.
        self.board.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the district's settings.
    pub fn config(&self) -> Arc<Config> {
        read(&self.config).clone()
    }

    /// Returns the server's clock with the district's offset.
    pub fn now(&self) -> DateTime<FixedOffset> {
        (self.clock)().with_timezone(&offset(self.config().utc_offset_s))
    }

    /// Computes all warnings anew, as clocks run out by themselves, and tells of those that changed.
    pub fn tick(&self) {
        let mut board = self.board_mut();
        let changed = board.tick((self.clock)().timestamp());
        self.tell_warnings(&board, &changed);
    }

    /// Returns how many streams are open.
    pub fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// Ends every stream, so that the server can stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Returns today's figures of a place, the ones a viewer with that much sight may have.
    pub fn today(&self, board: &Board, scope: Scope, anonymous: bool) -> Figures {
        let now = self.now();
        let (version, day) = (board.version, figures::day_of(now).from);
        let mut cache = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.get(&(scope, anonymous)).filter(|known| (known.version, known.day) == (version, day))
        {
            return known.figures.clone();
        }
        let k = anonymous.then(|| self.config().k_anonymity);
        let figures = figures::today(board, scope, now, k);
        cache.insert((scope, anonymous), Today { version, day, figures: figures.clone() });
        figures
    }

    /// Returns what time it is for an answer made of this board.
    pub fn moment(&self, board: &Board) -> prepared::Moment {
        let at_ms = (self.clock)().timestamp_millis();
        prepared::Moment { version: board.version, sequence: self.hub.position().sequence, at_ms }
    }

    /// Returns the last event's position. Ask while holding the board to have the two agree.
    pub fn position(&self) -> StreamPosition {
        self.hub.position()
    }

    fn board_mut(&self) -> RwLockWriteGuard<'_, Board> {
        self.board.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one change over into the board and onto the hub, both under one lock so that a snapshot is exact.
    fn take(&self, fact: &StoredFact) {
        let mut board = self.board_mut();
        let changed = board.apply(fact, (self.clock)().timestamp());
        let Some(slot) = board.find(&fact.number) else { return };
        let news = dot(&board, slot, self.offset()).map_or(News::Quiet, |dot| News::event(Event::Case(dot)));
        let place = board.case(slot).map_or(crate::board::tree::NOWHERE, crate::board::facts::Packed::place);
        self.hub.publish(news, place, fact.sensitivity);
        self.tell_warnings(&board, &changed);
    }

    /// Takes one order over into the board: figures move, nothing else is told.
    fn take_order(&self, fact: &OrderFact) {
        let mut board = self.board_mut();
        board.apply_order(fact);
        self.hub.publish(News::Quiet, crate::board::tree::NOWHERE, fact.sensitivity);
    }

    /// Takes one judicial confirmation over into the board.
    fn take_confirmation(&self, fact: &ConfirmationFact) {
        let mut board = self.board_mut();
        board.apply_confirmation(fact);
        self.hub.publish(News::Quiet, crate::board::tree::NOWHERE, fact.sensitivity);
    }

    /// Takes over what was done about a warning: its level stays, so nothing is told.
    fn take_warning_action(&self, fact: &WarningFact) {
        self.board_mut().apply_warning_action(fact);
        self.hub.publish(News::Quiet, crate::board::tree::NOWHERE, Sensitivity::Public);
    }

    /// Takes over a board built anew; every reader has to start from a snapshot.
    fn replace(&self, fresh: Board) {
        let mut board = self.board_mut();
        let version = board.version + 1;
        *board = fresh;
        board.version += version;
        self.hub.lose();
    }

    fn tell_warnings(&self, board: &Board, changed: &[Ix]) {
        for &ix in changed {
            if let Some(level) = warning(board, ix) {
                self.hub.publish(News::event(Event::Warning(level)), ix, Sensitivity::Public);
            }
        }
    }

    fn offset(&self) -> FixedOffset {
        offset(self.config().utc_offset_s)
    }
}

/// Returns a place's warning level, if places of its kind carry one.
pub fn warning(board: &Board, ix: Ix) -> Option<WarningLevel> {
    let node = board.tree.get(ix).filter(|node| WARNED.contains(&node.level))?;
    let mark = board.risk.mark(ix);
    Some(WarningLevel { place: node.id.clone(), level: mark.level, score: mark.score })
}

/// Returns a level with the least score that it can have: for those who get counts from `k` up, as an exact score would
/// tell of the single case behind it.
pub fn coarse(level: WarningLevel, thresholds: &[f64; 3]) -> WarningLevel {
    let [blue, yellow, red] = *thresholds;
    let score = match level.level {
        Level::None => 0.0,
        Level::Blue => blue,
        Level::Yellow => yellow,
        Level::Red => red,
    };
    WarningLevel { score, ..level }
}

/// Returns what the map needs of a case; nothing for a restricted one.
pub fn dot(board: &Board, slot: Slot, offset: FixedOffset) -> Option<CaseDot> {
    let case = board.case(slot)?;
    let is_restricted = board.categories().is_restricted(case.category());
    let may_be_sent = fengtu_domain::sight::layer_ok(case.sensitivity()) && !is_restricted;
    may_be_sent.then_some(())?;
    Some(CaseDot {
        number: CaseNumber::from(board.number(slot)),
        category: board.categories().id(case.category())?.clone(),
        class: case.class(),
        state: case.state(),
        place: board.tree.id(case.place()).cloned(),
        at: case.at(),
        reported_at: DateTime::from_timestamp(case.reported_at(), 0)?.with_timezone(&offset),
        weight: case.weight(),
        title: masking::scrub(board.title(slot)),
    })
}

/// Makes changes that belong together, all or none: in the database with their rows in the log, then, by way of the log, on the
/// board and every stream.
pub async fn apply(state: &AppState, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
    let (sequence, made) = apply_changes(&state.db, state.now(), changes).await?;
    arrive(state, sequence).await;
    Ok(made)
}

/// Waits until the board has what was committed under a number of the log.
pub async fn arrive(state: &AppState, sequence: u64) {
    let mut applied = state.live.applied.subscribe();
    state.live.changed.notify_one();
    let arrived = applied.wait_for(|&position| position >= sequence);
    if tokio::time::timeout(ROUND_TRIP, arrived).await.is_err() {
        // It is in the database; the board will have it as soon as the follower gets there.
        tracing::warn!("change {sequence} has not come back from the log yet");
    }
}

fn read(config: &SharedConfig) -> RwLockReadGuard<'_, Arc<Config>> {
    config.read().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the server's clock in Unix seconds.
fn seconds(at: DateTime<Utc>) -> i64 {
    at.timestamp()
}
