"""The durable record: what was asked, decided and done, and what is still due.

sqlite-utils runs the SQL of a ledger in a file. Its inserts and upserts are left alone: they commit by themselves,
where what belongs together is one transaction here, and the SQL is written once for two engines.
"""

from approvals.ledger.opening import open_ledger
from approvals.ledger.sqlite import SqliteLedger
from approvals.transaction import Ledger, Row, Tx

__all__ = ["Ledger", "Row", "SqliteLedger", "Tx", "open_ledger"]
