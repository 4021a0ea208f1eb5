//! A small invented district for the tests of the board: cases with canaries in every text, accounts, random changes.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use fengtu_server::dataset::{
    AccountRow, CaseEventRow, CaseRow, Change, Dataset, GridDetail, LawsuitRow, PartyRow, PlaceRow,
};
use fengtu_server::db::Db;
use fengtu_server::store::write::write_dataset;
use fengtu_wire::cases::{CaseState, Channel, Class, PartySide, Sensitivity};
use fengtu_wire::geojson::Geometry;
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::{CaseNumber, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::text::LocalText;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::common::{self, Backend, Database, NOW, Server};

/// In every text of every case that is not for a wall.
pub const CANARY: &str = "CANARY";
/// In every text of a restricted case.
pub const SECRET: &str = "SECRETCANARY";
/// The password of every account here.
pub const PASSWORD: &str = "a long password for tests";

const ORDINARY: [&str; 5] =
    ["mediation.wages", "mediation.neighbours", "mediation.property", "complaints.traffic", "legal.advice"];
const RESTRICTED: [&str; 2] = ["mediation.domestic_violence", "psychological.counselling"];

/// The random source of a test; its seed is printed, and `FENGTU_TEST_SEED` sets it.
pub fn rng() -> ChaCha8Rng {
    let seed = std::env::var("FENGTU_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
    eprintln!("FENGTU_TEST_SEED={seed}");
    ChaCha8Rng::seed_from_u64(seed)
}

/// A server over a fresh district.
pub struct World {
    /// The server.
    pub server: Server,
    /// The numbers of its grids.
    pub grids: Vec<PlaceId>,
    /// Where its random changes come from.
    pub rng: ChaCha8Rng,
    /// Its database; gone with this.
    pub database: Database,
    open: Vec<CaseNumber>,
    count: usize,
}

impl World {
    /// Makes a district of 3 streets, 9 communities and 36 grids with so many cases over 90 days.
    pub async fn new(backend: Backend, cases: usize) -> Self {
        let database = Database::fresh(backend).await;
        let mut rng = rng();
        let grids = grids();
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let rows: Vec<CaseRow> = (0..cases).map(|n| case(&mut rng, &grids, n, now, 90)).collect();
        let open = rows.iter().map(|row| row.number.clone()).collect();
        let data = Dataset { places: places(), cases: rows, lawsuits: lawsuits(), ..Dataset::default() };
        let db = Db::open(&database.url).await.unwrap();
        write_dataset(&db, &data, now, &mut |_, _| {}).await.unwrap();
        let mut tx = db.begin_write().await.unwrap();
        fengtu_server::store::accounts::write(&mut tx, &accounts()).await.unwrap();
        tx.commit().await.unwrap();
        let server = Server::start(&database.url).await;
        Self { server, grids, rng, database, open, count: cases }
    }

    /// Returns a client that is signed in.
    pub async fn signed_in(&self, name: &str) -> reqwest::Client {
        let client = common::client();
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        let request = client.post(self.server.url("/api/v1/session")).header("x-fengtu", "1").json(&body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{name} cannot sign in: {}", response.text().await.unwrap());
        client
    }

    /// Reads an address as JSON.
    pub async fn json<T: serde::de::DeserializeOwned>(&self, client: &reqwest::Client, path: &str) -> T {
        let text = self.text(client, path).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// Reads an address as text, which must be there.
    pub async fn text(&self, client: &reqwest::Client, path: &str) -> String {
        let response = client.get(self.server.url(path)).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Returns a random change that the store will take.
    pub fn change(&mut self) -> Change {
        let now = self.server.clock.now();
        if self.open.is_empty() || self.rng.random_bool(0.5) {
            let row = case(&mut self.rng, &self.grids, self.count, now, 0);
            self.count += 1;
            self.open.push(row.number.clone());
            return Change::NewCase(Box::new(row));
        }
        let number = self.open.choose(&mut self.rng).unwrap().clone();
        let to =
            *[CaseState::Accepted, CaseState::Handling, CaseState::Mediating, CaseState::Resolved, CaseState::Reopened]
                .choose(&mut self.rng)
                .unwrap();
        Change::Step { number, event: event(now, to), rating: None }
    }

    /// Makes a random change through the front door.
    pub async fn make_change(&mut self) {
        let change = self.change();
        fengtu_server::live::apply(&self.server.state, &[change]).await.unwrap();
    }
}

/// Returns the ids of the 36 grids.
pub fn grids() -> Vec<PlaceId> {
    places().into_iter().filter(|row| row.level == PlaceLevel::Grid).map(|row| row.id).collect()
}

/// Three in each community in each of the fourteen months before March 2026.
fn lawsuits() -> Vec<LawsuitRow> {
    let communities = places().into_iter().filter(|row| row.level == PlaceLevel::Community);
    let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let month = |n| first.checked_add_months(chrono::Months::new(n)).unwrap();
    let row = |place: PlaceRow| (0..14).map(move |n| LawsuitRow { place: place.id.clone(), month: month(n), filed: 3 });
    communities.flat_map(row).collect()
}

fn places() -> Vec<PlaceRow> {
    let mut rows = vec![place("d", PlaceLevel::District, None, 36_000, square(0, 36))];
    for street in 0..3 {
        let s = format!("d-{street}");
        rows.push(place(&s, PlaceLevel::Street, Some("d"), 12_000, square(street * 12, 12)));
        for community in 0..3 {
            let c = format!("{s}-{community}");
            rows.push(place(&c, PlaceLevel::Community, Some(&s), 4_000, square(street * 12 + community * 4, 4)));
            for grid in 0..4 {
                let g = format!("{c}-{grid}");
                let at = street * 12 + community * 4 + grid;
                rows.push(place(&g, PlaceLevel::Grid, Some(&c), 1_000, square(at, 1)));
            }
        }
    }
    rows
}

fn place(id: &str, level: PlaceLevel, parent: Option<&str>, population: u32, shape: Geometry) -> PlaceRow {
    let grid = GridDetail { land_use: LandUse::Estate, member: None, telephone: None };
    PlaceRow {
        id: id.into(),
        level,
        parent: parent.map(PlaceId::from),
        name: id.to_owned(),
        name_en: None,
        population,
        geometry: Some(shape),
        grid: (level == PlaceLevel::Grid).then_some(grid),
    }
}

fn west_of(column: u32) -> f64 {
    113.90 + f64::from(column) * 0.005
}

fn square(column: u32, columns: u32) -> Geometry {
    let (west, east) = (west_of(column), west_of(column + columns));
    let ring = vec![[west, 22.70], [east, 22.70], [east, 22.705], [west, 22.705], [west, 22.70]];
    Geometry::Polygon(vec![ring])
}

fn accounts() -> Vec<AccountRow> {
    let account = |name: &str, role, place: Option<&str>| AccountRow {
        name: name.to_owned(),
        display_name: name.to_owned(),
        staff_number: None,
        role,
        place: place.map(PlaceId::from),
        office: None,
        title: LocalText::new(name, name),
        password: PASSWORD.to_owned(),
    };
    vec![
        account("leader", Role::DistrictLeader, Some("d")),
        account("street", Role::Street, Some("d-1")),
        account("member", Role::GridMember, Some("d-1-1-1")),
        account("wall", Role::Wall, Some("d")),
        account("department", Role::Department, None),
    ]
}

fn event(at: DateTime<Utc>, to: CaseState) -> CaseEventRow {
    CaseEventRow { at, to, by: "社区".to_owned(), note: Some(format!("{CANARY} note")), holder: None }
}

fn case(rng: &mut ChaCha8Rng, grids: &[PlaceId], n: usize, now: DateTime<Utc>, days: i64) -> CaseRow {
    let restricted = rng.random_bool(0.15);
    let category = if restricted { RESTRICTED.choose(rng) } else { ORDINARY.choose(rng) };
    // The first grids are busy and the last ones nearly empty, so that small counts come up.
    let grid = (rng.random::<f64>().powi(3) * grids.len() as f64) as usize;
    let reported = now - Duration::seconds(rng.random_range(0..=days * 86_400));
    let mark = if restricted { SECRET } else { CANARY };
    let at = [west_of(grid as u32) + rng.random::<f64>() * 0.005, 22.70 + rng.random::<f64>() * 0.005];
    CaseRow {
        number: CaseNumber(format!("T{n:07}")),
        channel: *Channel::ALL.choose(rng).unwrap(),
        category: (*category.unwrap()).into(),
        class: *Class::ALL.choose(rng).unwrap(),
        sensitivity: if restricted { Sensitivity::Restricted } else { Sensitivity::Internal },
        place: Some(grids[grid].clone()),
        address: Some(format!("{mark} 路 1 号")),
        building: None,
        at: rng.random_bool(0.95).then_some(at),
        title: format!("{mark} title {n}"),
        description: format!("{mark} description {n}"),
        people: rng.random_range(1..9),
        amount_fen: rng.random_range(0..1_000_000),
        parties: vec![PartyRow { name: format!("{mark}张三"), telephone: None, side: PartySide::Applicant }],
        repeat_of: None,
        rating: rng.random_bool(0.3).then(|| rng.random_range(1..=5)),
        events: events(rng, reported, now),
    }
}

fn events(rng: &mut ChaCha8Rng, reported: DateTime<Utc>, now: DateTime<Utc>) -> Vec<CaseEventRow> {
    let mut at = reported;
    let mut events = vec![event(at, CaseState::Reported)];
    for to in [CaseState::Accepted, CaseState::Handling, CaseState::Resolved] {
        at += Duration::seconds(rng.random_range(60..40_000));
        if at > now || rng.random_bool(0.1) {
            break;
        }
        events.push(event(at, to));
    }
    events
}

/// One event as it came over the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The `event` field.
    pub name: String,
    /// The `id` field.
    pub id: String,
    /// The `data` field.
    pub data: String,
}

/// Reads a stream of Server-Sent Events.
pub struct Stream {
    response: reqwest::Response,
    text: String,
}

impl Stream {
    /// Opens one at a path.
    pub async fn open(world: &World, client: &reqwest::Client, path: &str) -> Self {
        let request = client.get(world.server.url(path)).header("accept", "text/event-stream");
        Self::of(request.send().await.unwrap())
    }

    /// Takes over an answer.
    pub fn of(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        Self { response, text: String::new() }
    }

    /// Waits for the next event, at most 20 s; nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<Received> {
        tokio::time::timeout(std::time::Duration::from_secs(20), self.read()).await.expect("an event within 20 s")
    }

    async fn read(&mut self) -> Option<Received> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                return Some(received(&block));
            }
            let bytes = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// Waits for the next event of one kind.
    pub async fn next_named(&mut self, name: &str) -> Received {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }
}

fn received(block: &str) -> Received {
    let field = |name: &str| {
        let mut values =
            block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned));
        values.next().unwrap_or_default()
    };
    Received { name: field("event"), id: field("id"), data: field("data") }
}
