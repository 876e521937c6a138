-- Times are milliseconds since the epoch: domain time, or real time where the name says so.

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('request', 1000), ('grant', 0), ('card', 0), ('job', 0);

CREATE TABLE links (
  team_id       TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  ram_user_id   TEXT NOT NULL UNIQUE,
  ram_user_name TEXT NOT NULL,
  linked_at     BIGINT NOT NULL,
  PRIMARY KEY (team_id, slack_user_id)
);

CREATE TABLE requests (
  id               BIGINT PRIMARY KEY,
  asked_key        TEXT NOT NULL UNIQUE,
  team_id          TEXT NOT NULL,
  requester        TEXT NOT NULL,
  requester_ram_id TEXT,
  subject          TEXT NOT NULL,
  subject_ram_id   TEXT NOT NULL,
  subject_ram_name TEXT NOT NULL,
  item             TEXT NOT NULL,
  entitlements     TEXT NOT NULL,
  duration         BIGINT,
  reason           TEXT NOT NULL,
  ticket           TEXT,
  approvals_needed BIGINT NOT NULL CHECK (approvals_needed >= 1),
  state            TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'cancelled', 'expired')),
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  closed_at        BIGINT,
  closed_by        TEXT,
  close_reason     TEXT,
  ends_at          BIGINT,
  asked_approvers  TEXT NOT NULL,
  already_holds    TEXT NOT NULL,
  version          BIGINT NOT NULL,
  CHECK ((state = 'pending') = (closed_at IS NULL))
);
CREATE INDEX requests_by_subject ON requests (subject_ram_id, state);
CREATE INDEX requests_by_requester ON requests (requester, state);
CREATE INDEX requests_by_person ON requests (subject);
CREATE INDEX requests_by_state ON requests (state, id);

CREATE TABLE claims (
  request_id    BIGINT PRIMARY KEY REFERENCES requests (id),
  team_id       TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  ram_user_id   TEXT NOT NULL,
  ram_user_name TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'closed'))
);
CREATE INDEX claims_pending ON claims (state, ram_user_id);

CREATE TABLE decisions (
  request_id    BIGINT NOT NULL REFERENCES requests (id),
  ram_user_id   TEXT NOT NULL,
  ram_user_name TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  verdict       TEXT NOT NULL CHECK (verdict IN ('approve', 'deny')),
  reason        TEXT,
  at            BIGINT NOT NULL,
  counted       BIGINT NOT NULL,
  PRIMARY KEY (request_id, ram_user_id)
);

CREATE TABLE grants (
  id            BIGINT PRIMARY KEY,
  request_id    BIGINT NOT NULL REFERENCES requests (id),
  ram_user_id   TEXT NOT NULL,
  ram_user_name TEXT NOT NULL,
  entitlement   TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN
                ('planned', 'granting', 'active', 'ending', 'ended', 'held', 'failed', 'void')),
  ends_at       BIGINT,
  active_at     BIGINT,
  ending_at     BIGINT,
  ended_at      BIGINT,
  end_cause     TEXT,
  detaches      BIGINT NOT NULL DEFAULT 0,
  detached      BIGINT NOT NULL DEFAULT 0,
  missing_since_real BIGINT,
  trouble       TEXT,
  UNIQUE (request_id, entitlement)
);
CREATE INDEX grants_by_key ON grants (ram_user_id, entitlement, state);
CREATE INDEX grants_by_state ON grants (state, entitlement);

-- One piece of due work. `revision` rises when somebody wants it done (again) while a worker has it. It is due when
-- both `due_at` and `not_before_real` have come, or else when `also_at_real` has.
CREATE TABLE jobs (
  id                TEXT PRIMARY KEY,
  seq               BIGINT NOT NULL,
  kind              TEXT NOT NULL,
  lane              TEXT,
  priority          BIGINT NOT NULL,
  payload           TEXT NOT NULL,
  due_at            BIGINT NOT NULL,
  not_before_real   BIGINT NOT NULL DEFAULT 0,
  also_at_real      BIGINT,
  attempts          BIGINT NOT NULL DEFAULT 0,
  revision          BIGINT NOT NULL DEFAULT 0,
  lock_token        TEXT,
  locked_until_real BIGINT NOT NULL DEFAULT 0,
  last_trouble      TEXT
);
CREATE INDEX jobs_due ON jobs (kind, due_at);

-- The next moment at which a limited resource may be used again, for all replicas together.
CREATE TABLE slots (
  lane           TEXT PRIMARY KEY,
  next_free_real BIGINT NOT NULL
);

CREATE TABLE cards (
  id            BIGINT PRIMARY KEY,
  request_id    BIGINT NOT NULL REFERENCES requests (id),
  channel       TEXT NOT NULL,
  ts            TEXT NOT NULL,
  drawn_version BIGINT NOT NULL,
  UNIQUE (channel, ts)
);
CREATE INDEX cards_by_request ON cards (request_id);

-- People who have opened App Home, so that it is redrawn when something of theirs changes.
CREATE TABLE homes (
  team_id       TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  opened_at     BIGINT NOT NULL,
  PRIMARY KEY (team_id, slack_user_id)
);

CREATE TABLE audit (
  seq        BIGINT PRIMARY KEY,
  at         TEXT NOT NULL,
  request_id BIGINT,
  entry      TEXT NOT NULL,
  prev       TEXT NOT NULL,
  hash       TEXT NOT NULL
);
CREATE INDEX audit_by_request ON audit (request_id, seq);
