"""Block Kit: pure functions from a record and a language to what is shown."""
