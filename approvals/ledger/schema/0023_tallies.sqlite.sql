CREATE TRIGGER requests_tallied AFTER INSERT ON requests
BEGIN
  INSERT INTO tallies VALUES ('requests', NEW.state, '', 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER requests_tallied_again AFTER UPDATE OF state ON requests WHEN NEW.state IS NOT OLD.state
BEGIN
  UPDATE tallies SET number = number - 1 WHERE what = 'requests' AND state = OLD.state AND entitlement = '';
  INSERT INTO tallies VALUES ('requests', NEW.state, '', 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER requests_timed AFTER UPDATE OF state ON requests
WHEN OLD.state = 'pending' AND NEW.state IN ('approved', 'denied')
BEGIN
  UPDATE durations SET number = number + 1, total = total + MAX(NEW.closed_at - NEW.created_at, 0)
  WHERE what = 'decision' AND upto >= NEW.closed_at - NEW.created_at;
END;
CREATE TRIGGER decisions_tallied AFTER INSERT ON decisions
BEGIN
  INSERT INTO tallies VALUES ('decisions', NEW.verdict, '', 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER decisions_tallied_again AFTER UPDATE OF at ON decisions
BEGIN
  INSERT INTO tallies VALUES ('decisions', NEW.verdict, '', 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER grants_tallied AFTER INSERT ON grants
BEGIN
  INSERT INTO tallies VALUES ('grants', NEW.state, NEW.entitlement, 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER grants_tallied_again AFTER UPDATE OF state ON grants WHEN NEW.state IS NOT OLD.state
BEGIN
  UPDATE tallies SET number = number - 1
  WHERE what = 'grants' AND state = OLD.state AND entitlement = OLD.entitlement;
  INSERT INTO tallies VALUES ('grants', NEW.state, NEW.entitlement, 1)
  ON CONFLICT (what, state, entitlement) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER grants_begin_timed AFTER UPDATE OF state ON grants
WHEN OLD.state IN ('planned', 'granting') AND NEW.state = 'active' AND NEW.entitlement NOT LIKE 'manual/%'
BEGIN
  UPDATE durations SET number = number + 1, total = total
    + MAX(NEW.active_at - (SELECT closed_at FROM requests WHERE id = NEW.request_id), 0)
  WHERE what = 'activation' AND upto >= NEW.active_at - (SELECT closed_at FROM requests WHERE id = NEW.request_id);
END;
CREATE TRIGGER grants_end_timed AFTER UPDATE OF state ON grants
WHEN OLD.state = 'ending' AND NEW.state = 'ended' AND NEW.entitlement NOT LIKE 'manual/%'
BEGIN
  UPDATE durations SET number = number + 1, total = total
    + MAX(NEW.ended_at - MIN(COALESCE(NEW.ends_at, NEW.ending_at), COALESCE(NEW.ending_at, NEW.ends_at)), 0)
  WHERE what = 'revoke' AND upto >=
    NEW.ended_at - MIN(COALESCE(NEW.ends_at, NEW.ending_at), COALESCE(NEW.ending_at, NEW.ends_at));
END;
