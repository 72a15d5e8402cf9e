-- Which tags were chosen and which questions answered, and by how many entries. Filled in beside the
-- table of terms, which is begun anew: each of its entries also has the term of its block of positions.
CREATE TABLE entry_names (
    kind    TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
TRUNCATE entry_terms;
DELETE FROM settings WHERE key = 'indexed';
