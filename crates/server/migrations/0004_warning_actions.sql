-- What was done about warnings: rows are added, never changed; they are the trail of who did what, when, and in what role.

-- version counts from 1 for each place. level and score: those that the warning had. request_key and request_hash: the
-- Idempotency-Key of the request and what it asked for, so that one that is sent twice is done once.
CREATE TABLE warning_actions (
    place TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    level TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT,
    handed_to TEXT,
    request_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    PRIMARY KEY (place, version)
);
CREATE UNIQUE INDEX warning_actions_request ON warning_actions (account, request_key);
