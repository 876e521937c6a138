-- `version` is the form of an entry (approvals/audit.py). What people wrote stands beside the trail, which has a salted
-- hash of it; both are NULL once it was erased.
ALTER TABLE audit ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE TABLE audit_texts (
  seq  BIGINT NOT NULL REFERENCES audit (seq),
  name TEXT NOT NULL,
  text TEXT,
  salt TEXT,
  PRIMARY KEY (seq, name),
  CHECK ((text IS NULL) = (salt IS NULL))
);

-- The workspaces and projects whose members were looked at, and who had which role there that was not given from here.
CREATE TABLE looked_places (
  place TEXT PRIMARY KEY,
  at    BIGINT NOT NULL
);
CREATE TABLE known_members (
  place       TEXT NOT NULL REFERENCES looked_places (place),
  ram_user_id TEXT NOT NULL,
  role        TEXT NOT NULL,
  PRIMARY KEY (place, ram_user_id, role)
);
