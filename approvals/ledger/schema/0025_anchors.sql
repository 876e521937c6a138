-- The newest anchor of the audit trail for each target (approvals/anchor.py): what is sent, or was. `made` and `sent` are
-- domain time; without `sent` it is not known to be taken, and is sent again as it is.
CREATE TABLE anchors (
  target  TEXT PRIMARY KEY,
  number  BIGINT NOT NULL,
  seq     BIGINT NOT NULL,
  hash    TEXT NOT NULL,
  at      TEXT NOT NULL,
  made_at TEXT NOT NULL,
  ledger  TEXT NOT NULL,
  account TEXT NOT NULL,
  made    BIGINT NOT NULL,
  sent    BIGINT
);
