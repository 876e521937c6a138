"""What a row has of what this program knows: a ledger of a later version may have more columns, while bots of both work
from it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from approvals.transaction import Row


def known(row: Row, kind: type[Any]) -> Row:
    """The columns that are called as the fields of a dataclass.

    Raises:
        KeyError: there is none that is called so.
    """
    return {each.name: row[each.name] for each in fields(kind)}
