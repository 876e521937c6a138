-- Kinds of job are called by what they do. Ids stay, by which a replica of the version before finds the same rows, and
-- payloads too; what it still writes under the former kinds is served as well (job_kinds.py). In a ledger that was moved,
-- or is being moved, nothing may change: both ends are compared.
UPDATE jobs SET kind = CASE kind
  WHEN 'settle' THEN 'reconcile_key'
  WHEN 'reconcile' THEN 'find_drift'
  WHEN 'lapse' THEN 'give_up_failed'
END
WHERE kind IN ('settle', 'reconcile', 'lapse')
AND NOT EXISTS (SELECT 1 FROM moves WHERE state <> 'arrived');
