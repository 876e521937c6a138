-- An older program that is still at work must not go on in its own form.
CREATE TRIGGER audit_no_older BEFORE INSERT ON audit
WHEN (SELECT version FROM audit WHERE seq = NEW.seq - 1) > NEW.version
AND NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'this ledger is written by a newer program'); END;

CREATE TRIGGER audit_texts_erased_only BEFORE UPDATE ON audit_texts
WHEN NEW.seq IS NOT OLD.seq OR NEW.name IS NOT OLD.name OR NEW.text IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_texts_no_delete BEFORE DELETE ON audit_texts
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_texts_no_replace BEFORE INSERT ON audit_texts
WHEN EXISTS (SELECT 1 FROM audit_texts WHERE seq = NEW.seq AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
