-- When the subject of a claim that somebody else made said that it is so; domain time.
ALTER TABLE claims ADD COLUMN subject_said_at BIGINT;
