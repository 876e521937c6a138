"""What a subcommand of /pairec-access is, wherever it is dispatched, explained or suggested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.translations import Translations
from handlers.views.blocks import Message


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One of them, registered in `handlers.commands.registry`."""

    name: str
    usage: str
    """How Slack hints at it while somebody types; the manifest has the hints of all."""
    act: Act
    """As what an attempt that is refused stands in the audit trail."""
    run: Callable[[HandlerContext, dict[str, Any], str], Message | None]
    """Gets Slack's payload, and what was typed after the name: escaped, with mentions. Raises Refusal."""
    help: Callable[[Translations], Sequence[str]]
    """Its lines in the help."""
    names_request: bool = False
    """Whether what follows the name begins with a request's number."""
