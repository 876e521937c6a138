-- RAM users that are made for people who have none. `request_id` is the request for what they need next. All times are
-- domain time. One at a time is open for a person.
CREATE TABLE onboardings (
  public_id        TEXT PRIMARY KEY,
  asked_key        TEXT NOT NULL UNIQUE,
  team_id          TEXT NOT NULL,
  requester        TEXT NOT NULL,
  requester_ram_id TEXT,
  subject          TEXT NOT NULL,
  user_name        TEXT NOT NULL,
  display_name     TEXT NOT NULL,
  email            TEXT,
  domain           TEXT NOT NULL,
  sso              INTEGER,
  item             TEXT,
  state            TEXT NOT NULL CHECK (state IN
                   ('pending', 'creating', 'linking', 'asking', 'done', 'denied', 'expired', 'failed')),
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  decided_at       BIGINT,
  decided_by       TEXT,
  ram_user_id      TEXT,
  problem          TEXT,
  error_action     TEXT,
  error_code       TEXT,
  error_request_id TEXT,
  request_id       BIGINT
);
CREATE UNIQUE INDEX onboardings_open ON onboardings (team_id, subject)
  WHERE state IN ('pending', 'creating', 'linking', 'asking');
