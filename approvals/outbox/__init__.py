"""Work that a change causes, put into the ledger with it, and the record of what was told to whom."""
