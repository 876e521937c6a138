-- What becomes of what nobody reviewed, as approvers were told; and of an item that stayed although it was to be revoked, why.
ALTER TABLE access_reviews ADD COLUMN unreviewed TEXT NOT NULL DEFAULT 'escalate';
ALTER TABLE review_items ADD COLUMN stays TEXT;
