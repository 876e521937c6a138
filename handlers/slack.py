"""What the surfaces ask of Slack themselves, before or without the worker: a port that the program fills."""

from __future__ import annotations

from typing import Any, Protocol


class SlackSurface(Protocol):
    """What is sent here is tried once; what must arrive is work in the ledger instead."""

    def open_view(self, trigger_id: str, view: dict[str, Any], *, over: bool = False) -> bool:
        """Put a view before whoever clicked, `over` the one in which they did; False where it is too late for that.

        Raises:
            Refusal: SlackBusy.
        """
        ...

    def update_view(self, view_id: str, version: str, changed_at: float, view: dict[str, Any]) -> None:
        """Show what a change of a view makes of it, unless it was closed, or a newer change was shown.

        `version`: of the view that was changed; `changed_at`: in seconds since 1970, by Slack.

        Raises:
            Refusal: SlackBusy.
        """
        ...

    def must_be_in(self, channel: str) -> None:
        """Check that the app may post to a channel, and that nobody outside this organisation reads it.

        Raises:
            Refusal: NotInChannel where the app is not in the channel; SharedChannel where others read it;
                SlackSilent where Slack does not say.
        """
        ...

    def is_closed_to_others(self, channel: str) -> bool:
        """Whether Slack says that nobody outside this organisation reads a channel."""
        ...

    def reply(self, address: str, text: str, blocks: list[dict[str, Any]], *, replace: bool) -> bool:
        """Answer in private at the address that came with a command or a click; whether Slack took it. `replace`: in
        place of the private message that was clicked.
        """
        ...

    def post(self, to: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Say something to one person."""
        ...

    def redraw(self, channel: str, ts: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Show something in place of a message."""
        ...
