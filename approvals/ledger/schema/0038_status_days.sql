-- The worst that a check found on a day, for some days: what the history of a row is drawn from. `day` is whole days since
-- 1970, by UTC.
CREATE TABLE status_days (
  name   TEXT NOT NULL,
  day    BIGINT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (name, day)
);
CREATE INDEX status_changes_by_name ON status_changes (name, id);
