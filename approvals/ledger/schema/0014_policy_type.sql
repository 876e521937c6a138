-- `Custom` or `System`: RAM keeps policies of both types apart by it, though they have one name. NULL where it is not known
-- yet, and for what is no policy.
ALTER TABLE grants ADD COLUMN policy_type TEXT;
