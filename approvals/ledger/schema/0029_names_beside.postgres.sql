-- A line has two quotation marks at least, and none once it is erased.
CREATE OR REPLACE FUNCTION audit_is_erased_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (NEW.seq, NEW.at, NEW.request_id, NEW.prev, NEW.hash, NEW.version)
      IS DISTINCT FROM (OLD.seq, OLD.at, OLD.request_id, OLD.prev, OLD.hash, OLD.version)
    OR (OLD.version >= 3 AND (
      (NEW.entry, NEW.erased_by) IS DISTINCT FROM (OLD.entry, OLD.erased_by) OR NEW.beside IS NULL OR OLD.beside IS NULL
      OR length(replace(NEW.beside, '"', '')) - length(NEW.beside)
        <= length(replace(OLD.beside, '"', '')) - length(OLD.beside)))
    OR (OLD.version < 3 AND (
      NEW.erased_by IS NULL OR NEW.erased_by <= COALESCE(OLD.erased_by, OLD.seq)
      OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.erased_by) OR NEW.beside IS DISTINCT FROM OLD.beside)) THEN
    RAISE EXCEPTION 'the audit trail is append-only';
  END IF;
  RETURN NEW;
END $$;
