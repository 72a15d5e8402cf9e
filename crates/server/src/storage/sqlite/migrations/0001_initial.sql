-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    registered_ms INTEGER NOT NULL,
    revoked_ms    INTEGER,
    last_seen_ms  INTEGER,
    heartbeat     TEXT,
    announced     INTEGER NOT NULL DEFAULT 0,
    duplicates    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE device_tokens (
    hash      TEXT PRIMARY KEY,
    device_id TEXT NOT NULL REFERENCES devices (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_tokens_by_device ON device_tokens (device_id);

CREATE TABLE pairing_codes (
    hash       TEXT PRIMARY KEY,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    realm       TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    PRIMARY KEY (realm, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    device_id   TEXT NOT NULL REFERENCES devices (id),
    seq         INTEGER NOT NULL,
    visit_id    TEXT NOT NULL,
    receipt     TEXT NOT NULL,
    team        TEXT,
    kind        TEXT NOT NULL,
    language    TEXT NOT NULL,
    rating      INTEGER,
    created_ms  INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    item        TEXT NOT NULL,
    search_text TEXT NOT NULL,
    keyed_hash  TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_device_seq ON entries (device_id, seq);
CREATE INDEX entries_by_receipt ON entries (receipt);

-- Later arrivals under an id that is taken, kept for review.
CREATE TABLE conflicts (
    id          TEXT NOT NULL,
    keyed_hash  TEXT NOT NULL,
    device_id   TEXT NOT NULL REFERENCES devices (id),
    seq         INTEGER NOT NULL,
    receipt     TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    item        TEXT NOT NULL,
    PRIMARY KEY (id, keyed_hash)
) STRICT, WITHOUT ROWID;

-- Visits whose entries must not come back.
CREATE TABLE erased_visits (
    receipt   TEXT PRIMARY KEY,
    erased_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers of erased entries, so that they do not count as missing.
CREATE TABLE erased_numbers (
    device_id TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (device_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE token_usage (
    team   TEXT NOT NULL,
    day    TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (team, day)
) STRICT, WITHOUT ROWID;
