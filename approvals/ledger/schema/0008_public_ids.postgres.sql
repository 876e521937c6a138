-- A default that is random is made anew for each row: for those that are there, and for those that a replica of the
-- version before writes while it is being replaced.
ALTER TABLE requests ADD COLUMN public_id TEXT NOT NULL
DEFAULT left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32);
CREATE UNIQUE INDEX requests_by_public_id ON requests (public_id);
