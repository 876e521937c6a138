-- What this ledger is, and what it belongs to: `ledger` is its own random name.
CREATE TABLE identity (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- What approvers, or one person, have to be told once; open until it is settled. `id` is random and is what a button
-- carries; `details` is JSON; without a `recipient` it is for all approvers.
CREATE TABLE notices (
  id         TEXT PRIMARY KEY,
  what       TEXT NOT NULL,
  about      TEXT NOT NULL,
  details    TEXT NOT NULL,
  recipient  TEXT,
  raised_at  BIGINT NOT NULL,
  settled_at BIGINT,
  outcome    TEXT,
  settled_by TEXT
);
CREATE UNIQUE INDEX notices_open ON notices (what, about) WHERE settled_at IS NULL;

CREATE TABLE notice_messages (
  notice_id TEXT NOT NULL REFERENCES notices (id),
  channel   TEXT NOT NULL,
  ts        TEXT NOT NULL,
  PRIMARY KEY (channel, ts)
);
CREATE INDEX notice_messages_by_notice ON notice_messages (notice_id);
