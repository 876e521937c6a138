ALTER TABLE onboardings DROP CONSTRAINT onboardings_state_check;
ALTER TABLE onboardings ADD CONSTRAINT onboardings_state_check CHECK (state IN
  ('pending', 'creating', 'linking', 'asking', 'done', 'denied', 'cancelled', 'expired', 'failed'));
