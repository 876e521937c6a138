-- When what was asked for is to begin, where that is not at once; and whether it is approved and waits for that (1) or has
-- begun (2). The engines' own scripts let nobody grant it before: a replica of the version before knows nothing of this.
ALTER TABLE requests ADD COLUMN starts_at BIGINT;
ALTER TABLE requests ADD COLUMN scheduled INTEGER NOT NULL DEFAULT 0;
