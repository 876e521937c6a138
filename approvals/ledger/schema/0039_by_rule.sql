-- The standing rule by which a request takes as many approvals; NULL where that is what its item takes.
ALTER TABLE requests ADD COLUMN by_rule TEXT;
