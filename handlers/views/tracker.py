"""The tracker that tickets are in, where a setting says so: each ticket that is shown is a link to its page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from handlers.views.text import escape, literal

PLACE = "{ticket}"
MAX_ADDRESS_CHARACTERS = 1_500
"""Of a ticket's page as it is sent; half a link would be cut out of the 2,000 characters that a field takes."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where tickets are."""

    address: str | None = None
    """Of any ticket's page, with `{ticket}` where its name stands; None where nobody said."""

    def shown(self, ticket: str) -> str:
        """A ticket as it was typed, in mrkdwn; it leads to its page and nowhere else."""
        name = literal(ticket)
        # A name of dots alone would lead to another page: nothing encodes them.
        if self.address is None or not ticket.strip("."):
            return name
        address = escape(self.address.replace(PLACE, quote(ticket, safe="", errors="replace")))
        return f"<{address}|{name}>" if len(address) <= MAX_ADDRESS_CHARACTERS else name
