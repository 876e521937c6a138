-- Access reviews: by when, and what came of them; and for each what somebody has, who is to look at it, and what they said.
CREATE TABLE access_reviews (
  id TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  collected_at BIGINT,
  complete INTEGER NOT NULL DEFAULT 1,
  closed_at BIGINT,
  signed_at BIGINT,
  signed_by TEXT
);
CREATE UNIQUE INDEX one_open_access_review ON access_reviews ((1)) WHERE closed_at IS NULL;
CREATE TABLE review_items (
  id TEXT PRIMARY KEY,
  review_id TEXT NOT NULL REFERENCES access_reviews (id),
  about TEXT NOT NULL,
  details TEXT NOT NULL,
  harmless INTEGER NOT NULL,
  reviewer TEXT,
  verdict TEXT,
  said_by TEXT,
  said_at BIGINT,
  UNIQUE (review_id, about)
);
CREATE INDEX review_items_open ON review_items (review_id) WHERE verdict IS NULL;
