-- 122 bits of a random UUID are strong randomness; two of them, hashed, give the 128 that a name has.
INSERT INTO identity (name, value)
VALUES ('ledger', left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32));
