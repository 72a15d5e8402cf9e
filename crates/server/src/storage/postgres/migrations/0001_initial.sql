-- Times are milliseconds since 1970-01-01 UTC. What is put in order is ordered by code points, as in SQLite.

CREATE TABLE schema_version (
    one     INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    version BIGINT NOT NULL
);
INSERT INTO schema_version (version) VALUES (0);

-- Whoever writes holds its row.
CREATE TABLE writer_lock (
    one INTEGER PRIMARY KEY CHECK (one = 1)
);
INSERT INTO writer_lock (one) VALUES (1);

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE devices (
    id            TEXT COLLATE "C" PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    registered_ms BIGINT NOT NULL,
    revoked_ms    BIGINT,
    last_seen_ms  BIGINT,
    heartbeat     TEXT,
    announced     BIGINT NOT NULL DEFAULT 0,
    duplicates    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE device_tokens (
    hash      TEXT PRIMARY KEY,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id)
);
CREATE INDEX device_tokens_by_device ON device_tokens (device_id);

CREATE TABLE pairing_codes (
    hash       TEXT PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

CREATE TABLE people (
    realm       TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    role        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    PRIMARY KEY (realm, name)
);

CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    role       TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX sessions_by_name ON sessions (name);

CREATE TABLE entries (
    position    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    device_id   TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    seq         BIGINT NOT NULL,
    visit_id    TEXT NOT NULL,
    receipt     TEXT COLLATE "C" NOT NULL,
    team        TEXT,
    kind        TEXT NOT NULL,
    language    TEXT NOT NULL,
    rating      BIGINT,
    created_ms  BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    item        TEXT NOT NULL,
    search_text TEXT NOT NULL,
    keyed_hash  TEXT NOT NULL
);
CREATE INDEX entries_by_device_seq ON entries (device_id, seq);
CREATE INDEX entries_by_receipt ON entries (receipt);
CREATE INDEX entries_by_arrival ON entries (received_ms);

-- Later arrivals under an id that is taken, kept for review.
CREATE TABLE conflicts (
    id          TEXT COLLATE "C" NOT NULL,
    keyed_hash  TEXT COLLATE "C" NOT NULL,
    device_id   TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    seq         BIGINT NOT NULL,
    receipt     TEXT COLLATE "C" NOT NULL,
    received_ms BIGINT NOT NULL,
    item        TEXT NOT NULL,
    PRIMARY KEY (id, keyed_hash)
);
CREATE INDEX conflicts_by_device_seq ON conflicts (device_id, seq);

-- Visits whose entries must not come back.
CREATE TABLE erased_visits (
    receipt   TEXT COLLATE "C" PRIMARY KEY,
    erased_ms BIGINT NOT NULL
);

-- Numbers of erased entries, so that they do not count as missing.
CREATE TABLE erased_numbers (
    device_id TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (device_id, seq)
);

CREATE TABLE token_usage (
    team   TEXT COLLATE "C" NOT NULL,
    day    TEXT COLLATE "C" NOT NULL,
    tokens BIGINT NOT NULL,
    PRIMARY KEY (team, day)
);

-- One row a tablet: a command for all is as many rows as there are tablets then.
CREATE TABLE commands (
    position   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT NOT NULL,
    device_id  TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    kind       TEXT NOT NULL,
    text       TEXT,
    team       TEXT,
    given_ms   BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    UNIQUE (device_id, id)
);
CREATE INDEX commands_by_end ON commands (expires_ms);

-- Teams that are not here are open.
CREATE TABLE closed_teams (
    team      TEXT PRIMARY KEY,
    reason_ko TEXT,
    reason_en TEXT,
    CHECK ((reason_ko IS NULL) = (reason_en IS NULL))
);

CREATE TABLE audit (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms    BIGINT NOT NULL,
    who      TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL
);
