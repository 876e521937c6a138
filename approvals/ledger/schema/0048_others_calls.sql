-- The calls that are not ours, which are kept for 90 days, beside ours, which are kept for ever.
CREATE INDEX cloud_events_of_others ON cloud_events (at) WHERE verdict <> 'ours';
