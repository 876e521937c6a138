CREATE FUNCTION ledger_jobs_are_claimed_by_newest() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (SELECT version FROM audit ORDER BY seq DESC LIMIT 1) >= 3 THEN
    RAISE EXCEPTION 'this ledger is written by a newer program';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER jobs_claimed_by_newest BEFORE UPDATE OF lock_token ON jobs FOR EACH ROW
WHEN (NEW.lock_token IS DISTINCT FROM OLD.lock_token AND substr(NEW.lock_token, 1, 2) <> '3:')
EXECUTE FUNCTION ledger_jobs_are_claimed_by_newest();

-- What it puts off because it cannot record it is due at once, for whoever can.
CREATE FUNCTION ledger_jobs_are_not_put_off() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (SELECT version FROM audit ORDER BY seq DESC LIMIT 1) >= 3 THEN
    NEW.not_before_real := OLD.not_before_real;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER jobs_not_put_off_by_older BEFORE UPDATE OF not_before_real ON jobs FOR EACH ROW
WHEN (NEW.last_trouble = 'unforeseen' AND NEW.not_before_real > OLD.not_before_real
  AND substr(OLD.lock_token, 1, 2) <> '3:')
EXECUTE FUNCTION ledger_jobs_are_not_put_off();
