"""Things of the account that can be broken and put right again by hand, so that the status has something to find."""
