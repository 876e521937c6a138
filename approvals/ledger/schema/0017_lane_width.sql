-- While the cloud throttles, a lane's slots are wider than usual: so many milliseconds; NULL is as usual.
ALTER TABLE slots ADD COLUMN width BIGINT;
