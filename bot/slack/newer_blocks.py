"""Kinds of block that not every Slack takes yet: sent until one is refused, and then shown as what there was before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import failure_of

log = logging.getLogger(__name__)

T = TypeVar("T")
View = dict[str, Any]


class NewerBlocks:
    """What this program's Slack is known to refuse. Safe to share between threads."""

    def __init__(self) -> None:
        self._are_refused = False

    def show(self, send: Callable[[View], T], view: View) -> T:
        """Send a view as it is, or without the newer kinds where Slack refuses them, now or before.

        Raises:
            SlackApiError: Slack does not take it either way, or for another reason.
        """
        older = _older(view)
        if self._are_refused or older == view:
            return send(older)
        try:
            return send(view)
        except SlackApiError as error:
            if failure_of(error).kind is not SlackErrorKind.MALFORMED:
                raise
            shown = send(older)
        log.warning("Slack does not take newer blocks; views are drawn without them", extra={"kinds": sorted(_OLDER)})
        self._are_refused = True
        return shown


def _older(view: View) -> View:
    return {**view, "blocks": [_OLDER.get(block["type"], dict)(block) for block in view["blocks"]]}


def _as_section(alert: Mapping[str, Any]) -> dict[str, Any]:
    text = {**alert["text"], "text": f"⚠️ {alert['text']['text']}"[:3_000]}
    named = {"block_id": alert["block_id"]} if "block_id" in alert else {}
    return {"type": "section", "text": text, **named}


_OLDER: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"alert": _as_section}
"""By kind, what there was before it."""
