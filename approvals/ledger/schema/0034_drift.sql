-- What no request accounts for, as it was found last (approvals/drift.py): `details` is JSON, `told` whether approvers were
-- told of it. The rest is an approver's word that it may stay until a moment of domain time. What changes becomes another
-- row, of another id.
CREATE TABLE drift_rows (
  about           TEXT PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  details         TEXT NOT NULL,
  found_at        BIGINT NOT NULL,
  told            BIGINT NOT NULL,
  accepted_until  BIGINT,
  accepted_by     TEXT,
  accepted_reason TEXT
);
