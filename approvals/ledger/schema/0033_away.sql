-- Who is away until when, by the Slack account that is linked: whoever is, is not reminded, mentioned or counted on.
CREATE TABLE away (
  team_id       TEXT NOT NULL,
  slack_user_id TEXT NOT NULL,
  until         BIGINT NOT NULL,
  PRIMARY KEY (team_id, slack_user_id)
);
