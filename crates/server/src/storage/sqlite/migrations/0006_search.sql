-- Which entries hold which terms, by position; the texts themselves are not kept here. Filled in the
-- background, up to the position that the setting `indexed` tells.
CREATE VIRTUAL TABLE entry_terms USING fts5 (
    terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
);
-- What is erased is taken out of the index, not just marked.
INSERT INTO entry_terms (entry_terms, rank) VALUES ('secure-delete', 1);

-- Hours of the tablets' clocks, each with its positions in order.
CREATE INDEX entries_by_hour ON entries (created_ms / 3600000, position);
