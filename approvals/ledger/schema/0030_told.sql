-- Direct messages about a request whose buttons still do something: they are drawn anew once they would not. `drawn_for` is
-- the account in whose words it is, where `recipient` has another one by now.
CREATE TABLE told (
  request_id BIGINT NOT NULL REFERENCES requests (id),
  recipient  TEXT NOT NULL,
  drawn_for  TEXT NOT NULL,
  what       TEXT NOT NULL,
  channel    TEXT NOT NULL,
  ts         TEXT NOT NULL,
  PRIMARY KEY (channel, ts)
);
CREATE INDEX told_request ON told (request_id, recipient);
