-- Since when a review is being ended, so many items at a time, and who ended it before its time; nothing is said in it then.
ALTER TABLE access_reviews ADD COLUMN ending_at BIGINT;
ALTER TABLE access_reviews ADD COLUMN ended_by TEXT;
