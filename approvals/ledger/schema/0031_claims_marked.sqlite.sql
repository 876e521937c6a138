CREATE TRIGGER jobs_claimed_by_newest BEFORE UPDATE OF lock_token ON jobs
WHEN NEW.lock_token IS NOT OLD.lock_token AND substr(NEW.lock_token, 1, 2) <> '3:'
AND (SELECT version FROM audit ORDER BY seq DESC LIMIT 1) >= 3
BEGIN SELECT RAISE(ABORT, 'this ledger is written by a newer program'); END;

-- What it puts off because it cannot record it is due at once, for whoever can.
CREATE TRIGGER jobs_not_put_off_by_older AFTER UPDATE OF not_before_real ON jobs
WHEN NEW.last_trouble = 'unforeseen' AND NEW.not_before_real > OLD.not_before_real AND substr(OLD.lock_token, 1, 2) <> '3:'
AND (SELECT version FROM audit ORDER BY seq DESC LIMIT 1) >= 3
BEGIN UPDATE jobs SET not_before_real = OLD.not_before_real WHERE id = NEW.id; END;
