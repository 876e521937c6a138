-- What the cloud's own record told of calls (approvals/cloud_events.py): our own writes for ever, others' as long as they
-- may come again. `at` is domain time, `verdict` a `CallVerdict` of approvals/operations/cloud_record/judge.py, `params` JSON.
CREATE TABLE cloud_events (
  id         TEXT PRIMARY KEY,
  at         BIGINT NOT NULL,
  name       TEXT NOT NULL,
  service    TEXT NOT NULL,
  request_id TEXT NOT NULL,
  write_id   TEXT,
  actor_type TEXT NOT NULL,
  actor_id   TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  source_ip  TEXT NOT NULL,
  policy     TEXT,
  params     TEXT NOT NULL,
  error_code TEXT NOT NULL,
  verdict    TEXT NOT NULL
);
CREATE INDEX cloud_events_by_request ON cloud_events (request_id);
CREATE INDEX cloud_events_by_write ON cloud_events (write_id);
CREATE INDEX cloud_events_by_moment ON cloud_events (at);

-- How far it was read, of each query by its name: all until `settled`, and `read_to` where a look was cut short. `seen`:
-- when an event was last told of at all; `state` what the last look came to, since `since`. All in domain time.
CREATE TABLE cloud_reads (
  query   TEXT PRIMARY KEY,
  region  TEXT NOT NULL,
  settled BIGINT NOT NULL,
  read_to BIGINT,
  seen    BIGINT,
  state   TEXT NOT NULL,
  since   BIGINT NOT NULL
);
