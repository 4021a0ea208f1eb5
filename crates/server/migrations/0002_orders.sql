-- Orders, the departments that were ordered to come, attempts to mediate, judicial confirmations.

-- place: whose matter it is; by_place and by_office: who ordered. sensitivity: that of the case behind it.
-- answered_at and state follow from the departments.
CREATE TABLE orders (
    number TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    class TEXT NOT NULL,
    place TEXT NOT NULL,
    by_place TEXT NOT NULL,
    by_office TEXT NOT NULL,
    case_number TEXT,
    sensitivity BIGINT NOT NULL,
    title TEXT NOT NULL,
    check_in_s BIGINT NOT NULL,
    least_rank TEXT NOT NULL,
    people BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    answered_at BIGINT,
    state TEXT NOT NULL
);
CREATE INDEX orders_issued ON orders (issued_at, number);
CREATE INDEX orders_case ON orders (case_number);

CREATE TABLE order_departments (
    number TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    department TEXT NOT NULL,
    place TEXT NOT NULL,
    checked_in_at BIGINT,
    spot TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    came_rank TEXT,
    person TEXT,
    came BIGINT,
    reported_at BIGINT,
    report TEXT,
    scored_at BIGINT,
    score BIGINT,
    PRIMARY KEY (number, sequence)
);
CREATE INDEX order_departments_department ON order_departments (department, place, number);

-- tier: the level of the place whose mediators tried. An attempt without an end goes on.
CREATE TABLE mediations (
    case_number TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT NOT NULL,
    mediator TEXT,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (case_number, attempt)
);

CREATE TABLE confirmations (
    case_number TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    room TEXT,
    applied_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    PRIMARY KEY (case_number, sequence)
);
