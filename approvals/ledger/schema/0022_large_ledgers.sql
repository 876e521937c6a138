-- What is open is found without going through all that is closed, and so is whoever is called something.

-- Of work that is due again at a moment of real time, whatever its due time.
CREATE INDEX jobs_also_due ON jobs (kind, also_at_real) WHERE also_at_real IS NOT NULL;

-- `unfinished`: it waits, or something of it is there, on its way or to be tried again. `held`: some of it was there before.
-- Triggers keep both, for whatever a program of the version before writes too. A file that was moved to a server takes
-- nothing more.
ALTER TABLE requests ADD COLUMN unfinished BIGINT NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
UPDATE requests SET unfinished = 1 WHERE state = 'pending' AND NOT EXISTS (SELECT 1 FROM moves WHERE state = 'left');
UPDATE requests SET unfinished = 1 WHERE id IN
(SELECT request_id FROM grants WHERE state IN ('planned', 'granting', 'active', 'ending', 'failed'))
AND NOT EXISTS (SELECT 1 FROM moves WHERE state = 'left');
UPDATE requests SET held = 1 WHERE id IN (SELECT request_id FROM grants WHERE state = 'held')
AND NOT EXISTS (SELECT 1 FROM moves WHERE state = 'left');
CREATE INDEX requests_unfinished ON requests (id) WHERE unfinished = 1;
CREATE INDEX requests_unfinished_by_requester ON requests (requester) WHERE unfinished = 1;
CREATE INDEX requests_unfinished_by_person ON requests (subject) WHERE unfinished = 1;
CREATE INDEX requests_unfinished_by_user ON requests (subject_ram_id) WHERE unfinished = 1;
CREATE INDEX requests_unfinished_by_asking_user ON requests (requester_ram_id) WHERE unfinished = 1;
CREATE INDEX requests_held_by_requester ON requests (requester, id) WHERE held = 1;
CREATE INDEX requests_held_by_person ON requests (subject, id) WHERE held = 1;
CREATE INDEX requests_held_by_user ON requests (subject_ram_id, id) WHERE held = 1;
CREATE INDEX requests_held_by_asking_user ON requests (requester_ram_id, id) WHERE held = 1;

CREATE INDEX grants_by_user ON grants (ram_user_id, state);
CREATE INDEX grants_last_on_key ON grants (ram_user_id, entitlement, id);
CREATE INDEX grants_last_detach ON grants (ram_user_id, entitlement, detach_at_real) WHERE detach_at_real IS NOT NULL;
CREATE INDEX grants_missing ON grants (state, id) WHERE missing_since_real IS NOT NULL;
CREATE INDEX grants_removed_outside ON grants (COALESCE(ending_at, ended_at)) WHERE end_cause = 'removed outside';
CREATE INDEX decisions_by_user ON decisions (ram_user_id);
CREATE INDEX notices_about ON notices (what, about);

-- Under which names RAM users are in requests, grants, claims and decisions, and when each was last; triggers keep it. The
-- account's own roles are in none of these.
CREATE TABLE recorded_names (
  ram_user_id   TEXT NOT NULL,
  ram_user_name TEXT NOT NULL,
  at            BIGINT NOT NULL,
  PRIMARY KEY (ram_user_id, ram_user_name)
);
INSERT INTO recorded_names (ram_user_id, ram_user_name, at)
SELECT ram_user_id, ram_user_name, MAX(at) FROM (
  SELECT subject_ram_id AS ram_user_id, subject_ram_name AS ram_user_name, created_at AS at FROM requests
  WHERE entitlements NOT LIKE '%"role_policy/%' AND entitlements NOT LIKE '%"service_role/%'
  UNION ALL SELECT ram_user_id, ram_user_name, COALESCE(active_at, 0) FROM grants
  WHERE entitlement NOT LIKE 'role_policy/%' AND entitlement NOT LIKE 'service_role/%'
  UNION ALL SELECT ram_user_id, ram_user_name, 0 FROM claims
  UNION ALL SELECT ram_user_id, ram_user_name, at FROM decisions
) AS recorded GROUP BY ram_user_id, ram_user_name;
CREATE INDEX recorded_names_by_name ON recorded_names (lower(ram_user_name));
CREATE INDEX links_by_name ON links (lower(ram_user_name));
