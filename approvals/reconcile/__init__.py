"""Bring one key in line: what the ledger wants for it, against what the cloud shows."""
