-- An approval may be for some parts of a request only (a JSON list of entitlements) and for a shorter time (milliseconds);
-- NULL is all of it, as it was asked. `trouble_action` is the call to the cloud that `trouble` came from.
ALTER TABLE decisions ADD COLUMN parts TEXT;
ALTER TABLE decisions ADD COLUMN duration BIGINT;
ALTER TABLE grants ADD COLUMN trouble_action TEXT;

-- Who was made a member of what place (`dataworks/10001`) from here, and goes with the last of their roles.
CREATE TABLE memberships (
  ram_user_id TEXT NOT NULL,
  place       TEXT NOT NULL,
  since       BIGINT NOT NULL,
  PRIMARY KEY (ram_user_id, place)
);
