-- Whoever asked for an onboarding may withdraw it, and a denial says why. The engines' own scripts let the state be
-- 'cancelled'.
ALTER TABLE onboardings ADD COLUMN reason TEXT;
