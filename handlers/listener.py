"""What Bolt calls for a click, a choice or a form."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack

from handlers.context import HandlerContext
from handlers.interaction import Interaction

Listener = Callable[[Ack, Interaction, HandlerContext], None]
