-- Whose account it is, in whichever workspace.
CREATE INDEX links_by_account ON links (slack_user_id);

-- What somebody asked for, or had, and that is over: a page of it is found without going through the rest.
CREATE INDEX requests_over_by_requester ON requests (requester, id) WHERE unfinished = 0;
CREATE INDEX requests_over_by_person ON requests (subject, id) WHERE unfinished = 0;
CREATE INDEX requests_over_by_user ON requests (subject_ram_id, id) WHERE unfinished = 0;
CREATE INDEX requests_over_by_asking_user ON requests (requester_ram_id, id) WHERE unfinished = 0;
