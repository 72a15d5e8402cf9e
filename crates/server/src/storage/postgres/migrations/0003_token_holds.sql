-- Tokens held back for answers that run, until they are settled or their time is over.
CREATE TABLE token_holds (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    team       TEXT COLLATE "C" NOT NULL,
    day        TEXT COLLATE "C" NOT NULL,
    tokens     BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
