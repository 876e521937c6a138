-- The standing rule of the catalogue that approved a request; NULL where people decided.
ALTER TABLE requests ADD COLUMN approved_by_rule TEXT;
