-- What people wrote and what they are called, beside an entry of the third form (approvals/audit_texts.py), a line for
-- each. Erased, a line has the hash that the entry has of it in place of the text; of the entry itself nothing ever goes.
ALTER TABLE audit ADD COLUMN beside TEXT;
