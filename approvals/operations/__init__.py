"""One verb a file. Each takes the ledger, the evidence and the time, and is one transaction."""
