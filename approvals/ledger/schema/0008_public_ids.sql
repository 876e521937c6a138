-- `requests.public_id` is 32 random hex digits: what a button or a form names a request by, so that none means a request
-- of another ledger, or of one that was restored, with the same number.

-- The programs that run, each with how many connections to Slack it keeps open. Real time.
CREATE TABLE replicas (
  id          TEXT PRIMARY KEY,
  started     BIGINT NOT NULL,
  seen        BIGINT NOT NULL,
  connections BIGINT NOT NULL
);

-- Whatever still has buttons that carry numbers is drawn anew.
INSERT INTO jobs (id, seq, kind, lane, priority, payload, due_at)
SELECT 'redraw:' || cards.id, 0, 'redraw', 'slack:' || cards.channel, 30, '{"card": ' || cards.id || '}', 0
FROM cards JOIN requests ON requests.id = cards.request_id
WHERE requests.state = 'pending'
  OR EXISTS (SELECT 1 FROM grants WHERE grants.request_id = requests.id AND grants.state = 'failed')
ON CONFLICT (id) DO NOTHING;
INSERT INTO jobs (id, seq, kind, lane, priority, payload, due_at)
SELECT DISTINCT 'home:' || slack_user_id, 0, 'home', NULL, 30, '{"to": "' || slack_user_id || '"}', 0
FROM homes WHERE opened_at >= 0
ON CONFLICT (id) DO NOTHING;
INSERT INTO jobs (id, seq, kind, lane, priority, payload, due_at)
SELECT 'board:' || id, 0, 'board', 'slack:' || channel, 30, '{"board": ' || id || '}', 0
FROM status_boards WHERE ts IS NOT NULL
ON CONFLICT (id) DO NOTHING;
