-- Which entries hold which terms, by position. Filled in the background, up to the position that the
-- setting `indexed` tells.
CREATE TABLE entry_terms (
    rowid BIGINT PRIMARY KEY,
    terms TEXT[] COLLATE "C" NOT NULL
);
-- At once: a list of what is to be indexed later would be worked off while tablets wait.
CREATE INDEX entry_terms_by_term ON entry_terms USING gin (terms) WITH (fastupdate = off);

-- Hours of the tablets' clocks, each with its positions in order.
CREATE INDEX entries_by_hour ON entries ((created_ms / 3600000), position);
