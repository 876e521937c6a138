-- While the cloud throttles, a lane's slots are wider than usual: so many milliseconds; NULL is as usual.
-- `narrowed_at_real` is when that was last changed for a refusal, in real time: several at once are one.
ALTER TABLE slots ADD COLUMN width BIGINT;
ALTER TABLE slots ADD COLUMN narrowed_at_real BIGINT;
