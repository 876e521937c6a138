"""Stand-ins for the products around RAM that the status looks at, as far as the bot asks them, on loopback."""
