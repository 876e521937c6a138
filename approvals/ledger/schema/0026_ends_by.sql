-- The moment until which something was asked for, where it was one; domain time.
ALTER TABLE requests ADD COLUMN ends_by BIGINT;
