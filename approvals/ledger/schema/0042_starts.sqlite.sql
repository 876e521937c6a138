CREATE TRIGGER grants_not_early BEFORE INSERT ON grants
WHEN EXISTS (SELECT 1 FROM requests WHERE id = NEW.request_id AND starts_at IS NOT NULL AND scheduled <> 2)
BEGIN
  SELECT RAISE(ABORT, 'it has not begun');
END;
CREATE TRIGGER requests_new_scheduled AFTER INSERT ON requests WHEN NEW.scheduled = 1
BEGIN UPDATE requests SET unfinished = 1 WHERE id = NEW.id; END;
CREATE TRIGGER requests_scheduled AFTER UPDATE OF scheduled ON requests WHEN NEW.scheduled = 1
BEGIN UPDATE requests SET unfinished = 1 WHERE id = NEW.id; END;
