-- A line has two quotation marks at least, and none once it is erased.
DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NEW.seq IS NOT OLD.seq OR NEW.at IS NOT OLD.at OR NEW.request_id IS NOT OLD.request_id
  OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash OR NEW.version IS NOT OLD.version
  OR (OLD.version >= 3 AND (
    NEW.entry IS NOT OLD.entry OR NEW.erased_by IS NOT OLD.erased_by OR NEW.beside IS NULL OR OLD.beside IS NULL
    OR length(replace(NEW.beside, '"', '')) - length(NEW.beside)
      <= length(replace(OLD.beside, '"', '')) - length(OLD.beside)))
  OR (OLD.version < 3 AND (
    NEW.erased_by IS NULL OR NEW.erased_by <= COALESCE(OLD.erased_by, OLD.seq)
    OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.erased_by) OR NEW.beside IS NOT OLD.beside))
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
