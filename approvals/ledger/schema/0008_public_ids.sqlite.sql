ALTER TABLE requests ADD COLUMN public_id TEXT;
UPDATE requests SET public_id = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX requests_by_public_id ON requests (public_id);
-- A column that is added takes no random default. This one fills in what a program of the version before leaves out.
CREATE TRIGGER requests_public_id AFTER INSERT ON requests WHEN NEW.public_id IS NULL
BEGIN UPDATE requests SET public_id = lower(hex(randomblob(16))) WHERE id = NEW.id; END;
