-- Who wishes to be reminded by direct message as well, by the Slack account that is linked.
CREATE TABLE dm_reminders (
  team_id       TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  PRIMARY KEY (team_id, slack_user_id)
);
