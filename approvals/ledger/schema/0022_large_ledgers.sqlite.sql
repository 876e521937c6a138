CREATE TRIGGER requests_new AFTER INSERT ON requests WHEN NEW.state = 'pending'
BEGIN UPDATE requests SET unfinished = 1 WHERE id = NEW.id; END;
CREATE TRIGGER requests_closed AFTER UPDATE OF state ON requests
BEGIN
  UPDATE requests SET unfinished = NEW.state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE request_id = NEW.id
    AND state IN ('planned', 'granting', 'active', 'ending', 'failed')) WHERE id = NEW.id;
END;
CREATE TRIGGER grants_new AFTER INSERT ON grants
BEGIN
  UPDATE requests SET unfinished = state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE request_id = NEW.request_id
    AND state IN ('planned', 'granting', 'active', 'ending', 'failed')),
    held = EXISTS (SELECT 1 FROM grants WHERE request_id = NEW.request_id AND state = 'held') WHERE id = NEW.request_id;
END;
CREATE TRIGGER grants_moved AFTER UPDATE OF state ON grants WHEN NEW.state IS NOT OLD.state
BEGIN
  UPDATE requests SET unfinished = state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE request_id = NEW.request_id
    AND state IN ('planned', 'granting', 'active', 'ending', 'failed')),
    held = EXISTS (SELECT 1 FROM grants WHERE request_id = NEW.request_id AND state = 'held') WHERE id = NEW.request_id;
END;

CREATE TRIGGER requests_named AFTER INSERT ON requests
WHEN NEW.entitlements NOT LIKE '%"role_policy/%' AND NEW.entitlements NOT LIKE '%"service_role/%'
BEGIN
  INSERT INTO recorded_names VALUES (NEW.subject_ram_id, NEW.subject_ram_name, NEW.created_at)
  ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = MAX(at, excluded.at);
END;
CREATE TRIGGER grants_named AFTER INSERT ON grants
WHEN NEW.entitlement NOT LIKE 'role_policy/%' AND NEW.entitlement NOT LIKE 'service_role/%'
BEGIN
  INSERT INTO recorded_names VALUES (NEW.ram_user_id, NEW.ram_user_name, COALESCE(NEW.active_at, 0))
  ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = MAX(at, excluded.at);
END;
CREATE TRIGGER grants_named_again AFTER UPDATE OF active_at ON grants
WHEN NEW.entitlement NOT LIKE 'role_policy/%' AND NEW.entitlement NOT LIKE 'service_role/%'
BEGIN
  INSERT INTO recorded_names VALUES (NEW.ram_user_id, NEW.ram_user_name, COALESCE(NEW.active_at, 0))
  ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = MAX(at, excluded.at);
END;
CREATE TRIGGER claims_named AFTER INSERT ON claims
BEGIN
  INSERT INTO recorded_names VALUES (NEW.ram_user_id, NEW.ram_user_name, 0) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER decisions_named AFTER INSERT ON decisions
BEGIN
  INSERT INTO recorded_names VALUES (NEW.ram_user_id, NEW.ram_user_name, NEW.at)
  ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = MAX(at, excluded.at);
END;
CREATE TRIGGER decisions_named_again AFTER UPDATE OF at ON decisions
BEGIN
  INSERT INTO recorded_names VALUES (NEW.ram_user_id, NEW.ram_user_name, NEW.at)
  ON CONFLICT (ram_user_id, ram_user_name) DO UPDATE SET at = MAX(at, excluded.at);
END;
