-- Slack's id of the run of a workflow's step that asked for a request, and waits for what becomes of it.
ALTER TABLE requests ADD COLUMN workflow_step TEXT;
