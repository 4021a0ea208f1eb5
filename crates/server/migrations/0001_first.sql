-- One text for SQLite and PostgreSQL: BIGINT, DOUBLE PRECISION and TEXT only.
-- Instants are Unix milliseconds UTC, booleans 0/1, nested values JSON text.

CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Counted up inside the transaction that uses the number: the row's lock makes order of numbers = order of commits.
CREATE TABLE counters (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('change_log', 0);

-- first and last number the tree in depth-first order: what lies below a node has its first within first..last.
CREATE TABLE places (
    id TEXT PRIMARY KEY NOT NULL,
    level TEXT NOT NULL,
    parent TEXT,
    name TEXT NOT NULL,
    name_en TEXT,
    population BIGINT NOT NULL,
    area_m2 DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    west DOUBLE PRECISION,
    south DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    geometry TEXT,
    land_use TEXT,
    member TEXT,
    telephone TEXT,
    tree_first BIGINT NOT NULL,
    tree_last BIGINT NOT NULL,
    search TEXT NOT NULL
);
CREATE INDEX places_parent ON places (parent);
CREATE INDEX places_tree ON places (tree_first);

CREATE TABLE stations (
    id TEXT PRIMARY KEY NOT NULL,
    place TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    body TEXT NOT NULL
);

CREATE TABLE buildings (
    code TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    place TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    floors BIGINT,
    population BIGINT NOT NULL,
    land_use TEXT NOT NULL,
    search TEXT NOT NULL
);
CREATE INDEX buildings_place ON buildings (place);

CREATE TABLE basemap (
    id BIGINT PRIMARY KEY NOT NULL,
    west DOUBLE PRECISION NOT NULL,
    south DOUBLE PRECISION NOT NULL,
    east DOUBLE PRECISION NOT NULL,
    north DOUBLE PRECISION NOT NULL,
    body TEXT NOT NULL
);

-- sensitivity is its rank (0 public … 3 restricted), so that "at most" is a comparison.
CREATE TABLE cases (
    number TEXT PRIMARY KEY NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    class TEXT NOT NULL,
    sensitivity BIGINT NOT NULL,
    state TEXT NOT NULL,
    place TEXT,
    address TEXT,
    building TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    people BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    parties TEXT NOT NULL,
    repeat_of TEXT,
    rating BIGINT,
    holder_place TEXT,
    holder_office TEXT,
    version BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    answered_at BIGINT,
    accepted_at BIGINT,
    resolved_at BIGINT,
    changed_at BIGINT NOT NULL,
    steps TEXT NOT NULL,
    search TEXT NOT NULL
);
CREATE INDEX cases_reported ON cases (reported_at, number);
CREATE INDEX cases_changed ON cases (changed_at, number);
CREATE INDEX cases_place ON cases (place, reported_at);

CREATE TABLE case_events (
    number TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT,
    holder_place TEXT,
    holder_office TEXT,
    PRIMARY KEY (number, sequence)
);
CREATE INDEX case_events_holder ON case_events (holder_office, holder_place, number);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    staff_number TEXT,
    role TEXT NOT NULL,
    place TEXT,
    office TEXT,
    password_hash TEXT NOT NULL,
    disabled BIGINT NOT NULL
);

-- Only the hash of a token is kept: a stolen database opens no session.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);

-- key is a hash of account and source, so that the table names nobody who merely mistyped.
CREATE TABLE failed_sign_ins (
    id TEXT PRIMARY KEY NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE TABLE change_log (
    sequence BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL
);
