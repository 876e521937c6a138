-- When a request that nobody had decided was shown to a second place as well; never, where that did not happen.
ALTER TABLE requests ADD COLUMN escalated_at BIGINT;
