-- Tokens held back for answers that run, until they are settled or their time is over.
CREATE TABLE token_holds (
    id         TEXT NOT NULL PRIMARY KEY,
    team       TEXT NOT NULL,
    day        TEXT NOT NULL,
    tokens     INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
