-- An older program that is still at work must not go on in its own form.
CREATE FUNCTION audit_is_not_older() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (SELECT version FROM audit WHERE seq = NEW.seq - 1) > NEW.version THEN
    RAISE EXCEPTION 'this ledger is written by a newer program';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_no_older BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_not_older();

CREATE FUNCTION audit_texts_are_erased() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (NEW.seq, NEW.name) IS DISTINCT FROM (OLD.seq, OLD.name) OR NEW.text IS NOT NULL THEN
    RAISE EXCEPTION 'the audit trail is append-only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_texts_erased_only BEFORE UPDATE ON audit_texts
FOR EACH ROW EXECUTE FUNCTION audit_texts_are_erased();
CREATE TRIGGER audit_texts_no_change BEFORE DELETE OR TRUNCATE ON audit_texts
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
