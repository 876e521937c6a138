-- How many there are of what grows for ever, so that nobody counts it again each time that a monitoring system asks.
-- Triggers keep it, for whatever a program of the version before writes too.
CREATE TABLE tallies (
  what        TEXT NOT NULL,
  state       TEXT NOT NULL,
  entitlement TEXT NOT NULL,
  number      BIGINT NOT NULL,
  PRIMARY KEY (what, state, entitlement)
);
INSERT INTO tallies (what, state, entitlement, number) SELECT 'requests', state, '', COUNT(*) FROM requests GROUP BY state;
INSERT INTO tallies (what, state, entitlement, number)
SELECT 'grants', state, entitlement, COUNT(*) FROM grants GROUP BY state, entitlement;
INSERT INTO tallies (what, state, entitlement, number)
SELECT 'decisions', verdict, '', COUNT(*) FROM decisions GROUP BY verdict;

-- How long things took, from this step on: how many took `upto` milliseconds or less, and how long those took together.
-- The last `upto` of each is a moment that does not come.
CREATE TABLE durations (
  what   TEXT NOT NULL,
  upto   BIGINT NOT NULL,
  number BIGINT NOT NULL DEFAULT 0,
  total  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (what, upto)
);
INSERT INTO durations (what, upto) VALUES
('decision', 30000), ('decision', 60000), ('decision', 300000), ('decision', 900000), ('decision', 3600000),
('decision', 14400000), ('decision', 28800000), ('decision', 86400000), ('decision', 4503599627370496),
('activation', 500), ('activation', 1000), ('activation', 2000), ('activation', 5000), ('activation', 10000),
('activation', 30000), ('activation', 60000), ('activation', 300000), ('activation', 3600000),
('activation', 4503599627370496),
('revoke', 500), ('revoke', 1000), ('revoke', 2000), ('revoke', 5000), ('revoke', 10000), ('revoke', 30000),
('revoke', 60000), ('revoke', 300000), ('revoke', 900000), ('revoke', 3600000), ('revoke', 4503599627370496);

-- What is to be gone by now is found among all that runs.
CREATE INDEX grants_to_end ON grants (state, ends_at) WHERE state IN ('granting', 'active', 'ending');
