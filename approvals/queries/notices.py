"""What a button on a notice names."""

from __future__ import annotations

from approvals.ledger.notices import get as named

__all__ = ["named"]
