-- What somebody took at once in an emergency, and what a reviewer said of it; `barred_until` where there was no need.
CREATE TABLE emergencies (
  request_id BIGINT PRIMARY KEY REFERENCES requests (id),
  ram_user_id TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  review_by BIGINT NOT NULL,
  verdict TEXT,
  words TEXT,
  reviewed_at BIGINT,
  reviewed_by TEXT,
  barred_until BIGINT
);
CREATE INDEX emergencies_of_user ON emergencies (ram_user_id);
CREATE INDEX emergencies_open ON emergencies (request_id) WHERE verdict IS NULL;
