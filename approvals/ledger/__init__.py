"""The durable record: what was asked, decided and done, and what is still due."""

from approvals.ledger.opening import open_ledger
from approvals.ledger.sqlite import SqliteLedger
from approvals.transaction import Ledger, Row, Tx

__all__ = ["Ledger", "Row", "SqliteLedger", "Tx", "open_ledger"]
