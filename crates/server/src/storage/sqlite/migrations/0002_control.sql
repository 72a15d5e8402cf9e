-- One row a tablet: a command for all is as many rows as there are tablets then.
CREATE TABLE commands (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    device_id  TEXT NOT NULL REFERENCES devices (id),
    kind       TEXT NOT NULL,
    text       TEXT,
    team       TEXT,
    expires_ms INTEGER NOT NULL,
    UNIQUE (device_id, id)
) STRICT;
CREATE INDEX commands_by_end ON commands (expires_ms);

-- Teams that are not here are open.
CREATE TABLE closed_teams (
    team      TEXT PRIMARY KEY,
    reason_ko TEXT,
    reason_en TEXT,
    CHECK ((reason_ko IS NULL) = (reason_en IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_name ON sessions (name);
