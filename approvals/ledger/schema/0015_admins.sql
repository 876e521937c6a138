-- Who holds the admin policy without this program having given it, and whether an approver knows of them. Rows stay, so
-- that whoever comes back is noticed. `missing_since_real` is real time, while a holder is not seen.
CREATE TABLE admin_holders (
  ram_user_id        TEXT PRIMARY KEY,
  ram_user_name      TEXT NOT NULL,
  state              TEXT NOT NULL CHECK (state IN ('confirmed', 'new', 'gone')),
  since              BIGINT NOT NULL,
  missing_since_real BIGINT
);
