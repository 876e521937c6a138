"""What somebody did in Slack, as a value: made of a payload where that comes in, whichever surface it is from.

Slack signed the payload, and what it says is still not believed to have any shape: what is missing, or is something
else than it should be, is empty. Sources: docs.slack.dev/interactivity,
docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.ids import SlackUserId
from approvals.json_values import as_fields, as_list, as_text


@dataclass(frozen=True, slots=True)
class Interaction:
    """A command, a click, a form that was sent, or what is typed into a form's field."""

    user: SlackUserId
    """Who did it."""
    name: str = ""
    """Of what was clicked, chosen, typed into or sent: its action_id, or the form's callback_id."""
    text: str = ""
    """Behind a command, as Slack sent it: escaped, with mentions."""
    channel: str = ""
    """Where a command was typed."""
    value: str = ""
    """What a button carries."""
    chosen: str = ""
    """What was chosen in a select that tells of it at once, outside of a form."""
    block_id: str = ""
    """The block whose button was clicked, or in whose field somebody types."""
    typed: str = ""
    """So far, into a field with options."""
    response_url: str | None = None
    """Where a private answer to it is taken."""
    place: tuple[str, str] | None = None
    """Channel and ts of the message that was clicked; None for App Home, a form, or a private answer."""
    is_private: bool = False
    """Whether what was clicked is a message that one person alone sees."""
    message_text: str | None = None
    """Of the message that was clicked; None where it was none."""
    message_blocks: Sequence[dict[str, Any]] = ()
    view: dict[str, Any] | None = None
    """The form that was sent or changed, or App Home."""
    in_window: bool = False
    """Whether it is a click or a choice in a window that stays open."""
    changed_at: float = 0.0
    """When Slack says that it was done, in seconds since 1970: of a click or a choice."""
    trigger: str | None = None

    @property
    def trigger_id(self) -> str:
        """What lets a window be opened for 3 seconds; no other interaction has it.

        Raises:
            ValueError: Slack sent none.
        """
        if self.trigger is None:
            raise ValueError("no trigger_id")
        return self.trigger

    @property
    def form(self) -> dict[str, Any]:
        """The form that was sent or changed, as Slack has it.

        Raises:
            ValueError: it is no form's.
        """
        if self.view is None:
            raise ValueError("no view")
        return self.view

    @property
    def opened_for(self) -> str:
        """What a form was opened for: its private metadata."""
        return as_text(self.form.get("private_metadata"))

    def written_in(self, field: str) -> str:
        """What was written into a plain field whose block and element have this name, without blanks around it."""
        values = as_fields(as_fields(self.form.get("state")).get("values"))
        return as_text(as_fields(as_fields(values.get(field)).get(field)).get("value")).strip()

    def chosen_in(self, field: str) -> str:
        """What was chosen in a select whose block and element have this name."""
        values = as_fields(as_fields(self.form.get("state")).get("values"))
        chosen = as_fields(as_fields(as_fields(values.get(field)).get(field)).get("selected_option"))
        return as_text(chosen.get("value"))

    def date_in(self, field: str) -> str:
        """The date that was chosen in such a field, as 2027-03-01."""
        values = as_fields(as_fields(self.form.get("state")).get("values"))
        return as_text(as_fields(as_fields(values.get(field)).get(field)).get("selected_date"))

    @property
    def in_home(self) -> bool:
        """Whether it was done in App Home."""
        return self.view is not None and self.view.get("type") == "home"

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Interaction:
        """The payload of whatever Slack calls us for, but for an event."""
        container, message = as_fields(body.get("container")), body.get("message")
        action = as_fields(next(iter(as_list(body.get("actions"))), None))
        is_private = bool(container.get("is_ephemeral"))
        clicked = container.get("type") == "message" and not is_private
        view = body.get("view")
        return cls(
            user=SlackUserId(as_text(as_fields(body.get("user")).get("id")) or as_text(body.get("user_id"))),
            name=as_text(action.get("action_id")) or as_text(body.get("action_id")) or _callback_id(view),
            text=as_text(body.get("text")),
            channel=as_text(body.get("channel_id")),
            value=as_text(action.get("value")),
            chosen=as_text(as_fields(action.get("selected_option")).get("value")),
            block_id=as_text(action.get("block_id")) or as_text(body.get("block_id")),
            typed=as_text(body.get("value")),
            response_url=as_text(body.get("response_url")) or None,
            place=(as_text(container.get("channel_id")), as_text(container.get("message_ts"))) if clicked else None,
            is_private=is_private,
            message_text=as_text(message.get("text")) if isinstance(message, dict) else None,
            message_blocks=[block for block in as_list(as_fields(message).get("blocks")) if isinstance(block, dict)],
            view=view if isinstance(view, dict) else None,
            in_window=container.get("type") == "view" and as_fields(view).get("type") == "modal",
            changed_at=_seconds(action.get("action_ts")),
            trigger=as_text(body.get("trigger_id")) or None,
        )


def _callback_id(view: object) -> str:
    return as_text(as_fields(view).get("callback_id"))


def _seconds(ts: object) -> float:
    try:
        return float(as_text(ts))
    except ValueError:
        return 0.0
