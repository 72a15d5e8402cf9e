-- Which tags were chosen and which questions answered, and by how many entries. Filled in beside the
-- table of terms, which is begun anew.
CREATE TABLE entry_names (
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_terms (entry_terms) VALUES ('delete-all');
DELETE FROM settings WHERE key = 'indexed';
