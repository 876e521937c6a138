"""The durable record: what was asked, decided and done, and what is still due."""

from approvals.ledger.sqlite import Ledger
from approvals.ledger.tx import Row, Tx

__all__ = ["Ledger", "Row", "Tx"]
