"""Small things that everything which goes over Slack's wire shares."""

from __future__ import annotations

import secrets
import string
from typing import Any

Json = dict[str, Any]

_ID_LETTERS = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An id in the form of Slack's own, such as "V0AB12CD34E"."""
    return prefix + "0" + "".join(secrets.choice(_ID_LETTERS) for _ in range(9))


def escaped(text: str) -> str:
    """What a person typed, as Slack sends it: the three characters that mean something in mrkdwn are replaced."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class SlackError(Exception):
    """An answer with `"ok": false`."""

    def __init__(
        self,
        code: str,
        *,
        messages: list[str] | None = None,
        status: int = 200,
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.messages = messages or []
        """What is wrong in particular, in Slack's words."""
        self._more = more

    def body(self) -> Json:
        """The answer's JSON, with `"ok": false`."""
        body: Json = {"ok": False, "error": self.code, **self._more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class CallRefused(Exception):
    """A person tried what a Slack client would not let them do (a button that is not there, a foreign channel)."""
