-- Status: runs of checks, what each check found last and since when, the boards that show it, and who watches.

INSERT INTO counters (name, value) VALUES ('run', 0), ('board', 0), ('change', 0);

-- `scope` is a row of the board, or empty for all of them.
CREATE TABLE status_runs (
  id          BIGINT PRIMARY KEY,
  scope       TEXT NOT NULL,
  started_at  BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX status_runs_open ON status_runs (finished_at);

CREATE TABLE status_findings (
  name       TEXT PRIMARY KEY,
  result     TEXT NOT NULL,
  facts      TEXT NOT NULL,
  since      BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  run_id     BIGINT NOT NULL
);

CREATE TABLE status_changes (
  id         BIGINT PRIMARY KEY,
  at         BIGINT NOT NULL,
  name       TEXT NOT NULL,
  was        TEXT NOT NULL,
  result     TEXT NOT NULL,
  facts      TEXT NOT NULL
);

-- `reply_url` is set for a board in a conversation that the bot is not in; `sent` counts what was sent there.
CREATE TABLE status_boards (
  id         BIGINT PRIMARY KEY,
  team_id    TEXT NOT NULL,
  channel    TEXT NOT NULL,
  ts         TEXT,
  reply_url  TEXT,
  sent       BIGINT NOT NULL DEFAULT 0,
  asked_by   TEXT NOT NULL,
  scope      TEXT NOT NULL,
  run_id     BIGINT NOT NULL REFERENCES status_runs (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX status_boards_by_run ON status_boards (run_id);
CREATE INDEX status_boards_by_channel ON status_boards (channel, id);

CREATE TABLE status_watches (
  channel     TEXT PRIMARY KEY,
  team_id     TEXT NOT NULL,
  every       BIGINT NOT NULL,
  board_id    BIGINT NOT NULL REFERENCES status_boards (id),
  told_change BIGINT NOT NULL,
  started_by  TEXT NOT NULL,
  started_at  BIGINT NOT NULL
);
