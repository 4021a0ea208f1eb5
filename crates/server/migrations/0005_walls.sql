-- Codes that pair a remote with a wall, and the remotes. A wall and whoever holds a remote are sessions: when either ends, so
-- does the remote.

CREATE TABLE wall_pairings (
    code TEXT PRIMARY KEY NOT NULL,
    wall TEXT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    ends_at BIGINT NOT NULL
);

-- sent: commands since counted_from, so that nobody makes a wall flicker.
CREATE TABLE wall_remotes (
    id TEXT PRIMARY KEY NOT NULL,
    wall TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    holder TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    counted_from BIGINT NOT NULL,
    sent BIGINT NOT NULL
);
CREATE INDEX wall_remotes_wall ON wall_remotes (wall);
CREATE INDEX wall_remotes_holder ON wall_remotes (holder);
