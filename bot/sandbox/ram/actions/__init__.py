"""What the account can be asked to do: one small function an action, one file a topic."""
