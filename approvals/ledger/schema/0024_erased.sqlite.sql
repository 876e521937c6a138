DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NEW.erased_by IS NULL OR NEW.erased_by <= COALESCE(OLD.erased_by, OLD.seq)
  OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.erased_by)
  OR NEW.seq IS NOT OLD.seq OR NEW.at IS NOT OLD.at OR NEW.request_id IS NOT OLD.request_id
  OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash OR NEW.version IS NOT OLD.version
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
