-- Where a member has one role, a grant replaces it: the role that is given back when the grant ends. Empty where there was
-- none, and the member goes.
ALTER TABLE memberships ADD COLUMN former_role TEXT NOT NULL DEFAULT '';
