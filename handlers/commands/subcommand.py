"""What a subcommand of a slash command is, wherever it is dispatched, explained or suggested."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message

HELP = "help"
"""What every slash command answers besides its subcommands."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One of them, registered with its slash command."""

    name: str
    """What is typed first; empty for what is done when nothing is."""
    usage: str
    """How Slack hints at it while somebody types; the manifest has the hints of all."""
    act: Act
    """As what an attempt that is refused stands in the audit trail."""
    run: Callable[[HandlerContext, Interaction, str], Message | None]
    """Gets Slack's payload, and what was typed after the name: escaped, with mentions. Raises Refusal."""
    help: Callable[[Translations], Sequence[str]]
    """Its lines in the help."""
    names_request: bool = False
    """Whether what follows the name begins with a request's number."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """All that can be typed after one slash command."""

    subcommands: tuple[Subcommand, ...]
    """In the order of the help and of the hint."""

    def named(self, name: str) -> Subcommand | None:
        """The subcommand of that very name."""
        return next((each for each in self.subcommands if each.name == name), None)

    def usage_hint(self) -> str:
        """What the manifest has to say of them."""
        return " | ".join([*(each.usage for each in self.subcommands), HELP])

    def nearest(self, typed: str, cutoff: float) -> str | None:
        """The name that was most likely meant, if one is like enough to what was typed: `cutoff` is from 0 to 1."""
        names = [*(each.name for each in self.subcommands if each.name), HELP]
        close = difflib.get_close_matches(typed.casefold(), names, n=1, cutoff=cutoff)
        return close[0] if close else None
