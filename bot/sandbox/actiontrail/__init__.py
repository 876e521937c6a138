"""ActionTrail: the account's own log of who called what, as its API tells it."""
