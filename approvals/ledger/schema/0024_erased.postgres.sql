DROP TRIGGER audit_no_change ON audit;
CREATE TRIGGER audit_no_change BEFORE DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE FUNCTION audit_is_erased_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NEW.erased_by IS NULL OR NEW.erased_by <= COALESCE(OLD.erased_by, OLD.seq)
    OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.erased_by)
    OR (NEW.seq, NEW.at, NEW.request_id, NEW.prev, NEW.hash, NEW.version)
      IS DISTINCT FROM (OLD.seq, OLD.at, OLD.request_id, OLD.prev, OLD.hash, OLD.version) THEN
    RAISE EXCEPTION 'the audit trail is append-only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_erased_only BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_erased_only();
