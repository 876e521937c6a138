"""Work that is due: the loop that claims it, and one kind of it a file."""
