-- Which entries hold which terms, by position. Filled in the background, up to the position that the
-- setting `indexed` tells.
CREATE TABLE entry_terms (
    rowid BIGINT PRIMARY KEY,
    terms TEXT[] COLLATE "C" NOT NULL
);
CREATE INDEX entry_terms_by_term ON entry_terms USING gin (terms);

-- Hours of the tablets' clocks, each with its positions in order.
CREATE INDEX entries_by_hour ON entries ((created_ms / 3600000), position);
