-- When a command was given, so that one of a clock that went ahead is known for what it is.
-- What waits already counts as given long ago.
ALTER TABLE commands ADD COLUMN given_ms INTEGER NOT NULL DEFAULT 0;
