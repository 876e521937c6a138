CREATE FUNCTION ledger_requests_are_unfinished() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE number BIGINT;
BEGIN
  IF TG_TABLE_NAME = 'requests' THEN number := NEW.id; ELSE number := NEW.request_id; END IF;
  UPDATE requests SET
    unfinished = CASE WHEN state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE request_id = number
      AND grants.state IN ('planned', 'granting', 'active', 'ending', 'failed')) THEN 1 ELSE 0 END,
    held = CASE WHEN EXISTS (SELECT 1 FROM grants WHERE request_id = number AND grants.state = 'held') THEN 1 ELSE 0 END
  WHERE id = number;
  RETURN NULL;
END $$;
CREATE TRIGGER requests_new AFTER INSERT ON requests FOR EACH ROW WHEN (NEW.state = 'pending')
EXECUTE FUNCTION ledger_requests_are_unfinished();
CREATE TRIGGER requests_closed AFTER UPDATE OF state ON requests FOR EACH ROW EXECUTE FUNCTION ledger_requests_are_unfinished();
CREATE TRIGGER grants_new AFTER INSERT ON grants FOR EACH ROW EXECUTE FUNCTION ledger_requests_are_unfinished();
CREATE TRIGGER grants_moved AFTER UPDATE OF state ON grants FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state)
EXECUTE FUNCTION ledger_requests_are_unfinished();

CREATE FUNCTION ledger_record_name(user_id TEXT, user_name TEXT, moment BIGINT) RETURNS void LANGUAGE sql AS
$$ INSERT INTO recorded_names AS known VALUES (user_id, user_name, moment)
   ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = excluded.at WHERE excluded.at > known.at; $$;
CREATE FUNCTION ledger_requests_are_named() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM ledger_record_name(NEW.subject_ram_id, NEW.subject_ram_name, NEW.created_at); RETURN NULL; END $$;
CREATE FUNCTION ledger_grants_are_named() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM ledger_record_name(NEW.ram_user_id, NEW.ram_user_name, COALESCE(NEW.active_at, 0)); RETURN NULL; END $$;
CREATE FUNCTION ledger_claims_are_named() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM ledger_record_name(NEW.ram_user_id, NEW.ram_user_name, 0); RETURN NULL; END $$;
CREATE FUNCTION ledger_decisions_are_named() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM ledger_record_name(NEW.ram_user_id, NEW.ram_user_name, NEW.at); RETURN NULL; END $$;
CREATE TRIGGER requests_named AFTER INSERT ON requests FOR EACH ROW
WHEN (NEW.entitlements NOT LIKE '%"role_policy/%' AND NEW.entitlements NOT LIKE '%"service_role/%')
EXECUTE FUNCTION ledger_requests_are_named();
CREATE TRIGGER grants_named AFTER INSERT OR UPDATE OF active_at ON grants FOR EACH ROW
WHEN (NEW.entitlement NOT LIKE 'role_policy/%' AND NEW.entitlement NOT LIKE 'service_role/%')
EXECUTE FUNCTION ledger_grants_are_named();
CREATE TRIGGER claims_named AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION ledger_claims_are_named();
CREATE TRIGGER decisions_named AFTER INSERT OR UPDATE OF at ON decisions FOR EACH ROW
EXECUTE FUNCTION ledger_decisions_are_named();
