-- The policies of the catalogue as they were reviewed (approvals/policies/reviewed.py): of each name the newest review.
-- `document` is normalised, `hash` its SHA-256, `reviewed_by` JSON: Slack user ids, or none where the document is the
-- published one. `reviewed_at` is domain time.
CREATE TABLE policy_reviews (
  policy      TEXT PRIMARY KEY,
  type        TEXT NOT NULL,
  version     TEXT NOT NULL,
  hash        TEXT NOT NULL,
  document    TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at BIGINT NOT NULL
);
