"""One line of JSON an event. Secrets that the program knows are blotted out wherever they turn up."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SHAPES = re.compile(r"x(?:ox[a-z]|app)-[A-Za-z0-9-]+|(?i:authorization: ?)[^\r\n\"']+|(?i:signature=)[0-9A-Za-z%+/=]+")
BLOT = "[secret]"


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `event`, then whatever the event carries."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 8)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _ORDINARY and value is not None}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._clean(json.dumps(line, default=str, ensure_ascii=False))

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, BLOT)
        return _SHAPES.sub(BLOT, text)


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Send everything to standard error as JSON lines, from `level` on; other people's libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # The SDK logs what it also raises, and what it raises is logged where it is handled.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)
    for ours in ("approvals", "bot", "handlers"):
        logging.getLogger(ours).setLevel(level)
