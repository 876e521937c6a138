-- How far the audit trail was handed on to each target (approvals/trail_export.py): the number of the last entry that was
-- taken there, and when it was, in domain time.
CREATE TABLE trail_exports (
  target TEXT PRIMARY KEY,
  seq    BIGINT NOT NULL,
  taken  BIGINT NOT NULL
);
