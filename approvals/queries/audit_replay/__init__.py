"""What the tables have to say by the audit trail: its entries, played back one after the other."""
