-- The number of the request that this one asks more time for; NULL for any other.
ALTER TABLE requests ADD COLUMN extends BIGINT;
CREATE INDEX requests_extends ON requests (extends) WHERE extends IS NOT NULL;
