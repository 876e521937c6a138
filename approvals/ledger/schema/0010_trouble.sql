-- What the cloud itself calls the trouble, and its id of the call: what its support asks for.
ALTER TABLE grants ADD COLUMN trouble_code TEXT;
ALTER TABLE grants ADD COLUMN trouble_request_id TEXT;
