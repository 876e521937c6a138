-- What was erased from an entry of the trail: `erased_by` is the number of a later entry, which has the hash of what is
-- left of it; its own hash stays, and the chain with it. `requests.erased_at` is domain time: what people wrote in it, and
-- what they are called, is gone since.
ALTER TABLE audit ADD COLUMN erased_by BIGINT;
ALTER TABLE requests ADD COLUMN erased_at BIGINT;
CREATE INDEX requests_to_erase ON requests (closed_at) WHERE erased_at IS NULL AND closed_at IS NOT NULL;
