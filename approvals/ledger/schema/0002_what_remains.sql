-- `remains` says through what a principal still had the key when the grant ended. `detach_at_real` is when a detach of
-- the key was begun last; what is read shortly afterwards may be older.
ALTER TABLE grants ADD COLUMN remains TEXT;
ALTER TABLE grants ADD COLUMN detach_at_real BIGINT;
