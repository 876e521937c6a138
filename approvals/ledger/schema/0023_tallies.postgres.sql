CREATE FUNCTION ledger_tally(kind TEXT, of_state TEXT, of_entitlement TEXT, change BIGINT) RETURNS void LANGUAGE sql AS
$$ INSERT INTO tallies AS known VALUES (kind, of_state, of_entitlement, change)
   ON CONFLICT (what, state, entitlement) DO UPDATE SET number = known.number + excluded.number; $$;
CREATE FUNCTION ledger_time(kind TEXT, took BIGINT) RETURNS void LANGUAGE sql AS
$$ UPDATE durations SET number = number + 1, total = total + GREATEST(took, 0) WHERE what = kind AND upto >= took; $$;
CREATE FUNCTION ledger_requests_are_tallied() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM ledger_tally('requests', OLD.state, '', -1);
    IF OLD.state = 'pending' AND NEW.state IN ('approved', 'denied') THEN
      PERFORM ledger_time('decision', NEW.closed_at - NEW.created_at);
    END IF;
  END IF;
  PERFORM ledger_tally('requests', NEW.state, '', 1);
  RETURN NULL;
END $$;
CREATE FUNCTION ledger_decisions_are_tallied() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM ledger_tally('decisions', NEW.verdict, '', 1); RETURN NULL; END $$;
CREATE FUNCTION ledger_grants_are_tallied() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM ledger_tally('grants', OLD.state, OLD.entitlement, -1);
    IF NEW.entitlement NOT LIKE 'manual/%' THEN
      IF OLD.state IN ('planned', 'granting') AND NEW.state = 'active' THEN
        PERFORM ledger_time('activation', NEW.active_at - (SELECT closed_at FROM requests WHERE id = NEW.request_id));
      ELSIF OLD.state = 'ending' AND NEW.state = 'ended' THEN
        PERFORM ledger_time('revoke', NEW.ended_at - LEAST(NEW.ends_at, NEW.ending_at));
      END IF;
    END IF;
  END IF;
  PERFORM ledger_tally('grants', NEW.state, NEW.entitlement, 1);
  RETURN NULL;
END $$;
CREATE TRIGGER requests_tallied AFTER INSERT ON requests FOR EACH ROW EXECUTE FUNCTION ledger_requests_are_tallied();
CREATE TRIGGER requests_tallied_again AFTER UPDATE OF state ON requests FOR EACH ROW
WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION ledger_requests_are_tallied();
CREATE TRIGGER decisions_tallied AFTER INSERT OR UPDATE OF at ON decisions FOR EACH ROW
EXECUTE FUNCTION ledger_decisions_are_tallied();
CREATE TRIGGER grants_tallied AFTER INSERT ON grants FOR EACH ROW EXECUTE FUNCTION ledger_grants_are_tallied();
CREATE TRIGGER grants_tallied_again AFTER UPDATE OF state ON grants FOR EACH ROW
WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION ledger_grants_are_tallied();
