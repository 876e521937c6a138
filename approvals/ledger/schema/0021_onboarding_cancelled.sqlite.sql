-- SQLite changes no CHECK of a table that there is.
ALTER TABLE onboardings RENAME TO former_onboardings;
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
                   ('pending', 'creating', 'linking', 'asking', 'done', 'denied', 'cancelled', 'expired', 'failed')),
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  decided_at       BIGINT,
  decided_by       TEXT,
  ram_user_id      TEXT,
  problem          TEXT,
  error_action     TEXT,
  error_code       TEXT,
  error_request_id TEXT,
  request_id       BIGINT,
  reason           TEXT
);
INSERT INTO onboardings (
  public_id, asked_key, team_id, requester, requester_ram_id, subject, user_name, display_name, email, domain, sso,
  item, state, created_at, expires_at, decided_at, decided_by, ram_user_id, problem, error_action, error_code,
  error_request_id, request_id, reason
)
SELECT
  public_id, asked_key, team_id, requester, requester_ram_id, subject, user_name, display_name, email, domain, sso,
  item, state, created_at, expires_at, decided_at, decided_by, ram_user_id, problem, error_action, error_code,
  error_request_id, request_id, reason
FROM former_onboardings;
DROP TABLE former_onboardings;
CREATE UNIQUE INDEX onboardings_open ON onboardings (team_id, subject)
  WHERE state IN ('pending', 'creating', 'linking', 'asking');
