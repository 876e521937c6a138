CREATE FUNCTION ledger_grants_are_not_early() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF EXISTS (SELECT 1 FROM requests WHERE id = NEW.request_id AND starts_at IS NOT NULL AND scheduled <> 2) THEN
    RAISE EXCEPTION 'it has not begun';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_not_early BEFORE INSERT ON grants FOR EACH ROW EXECUTE FUNCTION ledger_grants_are_not_early();
CREATE FUNCTION ledger_scheduled_are_unfinished() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN UPDATE requests SET unfinished = 1 WHERE id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER requests_scheduled AFTER INSERT OR UPDATE OF scheduled ON requests FOR EACH ROW WHEN (NEW.scheduled = 1)
EXECUTE FUNCTION ledger_scheduled_are_unfinished();
