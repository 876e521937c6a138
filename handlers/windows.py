"""Forms and windows on somebody's screen: Slack puts them there, and may be too late or too busy for it."""

from __future__ import annotations

from typing import Any

from approvals.json_values import as_text
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.blocks import Message, note


def open_window(
    context: HandlerContext, interaction: Interaction, view: dict[str, Any], too_late: str | None = None
) -> Message | None:
    """Put a window before whoever did this, over the one in which they did it. `too_late` is the answer when Slack no
    longer lets it be opened; without one, to click again.

    Raises:
        Refusal: SlackBusy.
    """
    if context.slack.open_view(interaction.trigger_id, view, over=interaction.in_window):
        return None
    click_again = context.translations.gettext("That took too long. Click again.")
    return note(too_late or click_again)


def redraw_window(context: HandlerContext, interaction: Interaction, redrawn: dict[str, Any]) -> None:
    """Show what becomes of a view that somebody changed, unless it was closed, or a newer change was shown.

    Raises:
        Refusal: SlackBusy.
    """
    view = interaction.form
    context.slack.update_view(str(view["id"]), as_text(view.get("hash")), interaction.changed_at, redrawn)
