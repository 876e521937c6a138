INSERT INTO identity (name, value) VALUES ('ledger', lower(hex(randomblob(16))));
