"""One line an event, whoever writes it: this program, the libraries that it uses, or Python itself."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from bot.log_fields import fields_here
from bot.redaction import Redaction

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

log = logging.getLogger(__name__)

OURS = ("approvals", "bot", "handlers")
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `event`, then whatever the event carries, without a secret in any of it."""

    def __init__(self, redaction: Redaction | None = None) -> None:
        super().__init__()
        self._redaction = redaction or Redaction()

    def format(self, record: logging.LogRecord) -> str:
        """The event as one line of JSON, dated in UTC. What it carries besides is a field each; None is left out."""
        return json.dumps(self.fields(record), ensure_ascii=False)

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """All that the event carries and what is bound where it came about, without a secret."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._clean(record.getMessage()),
        }
        own = {name: value for name, value in vars(record).items() if name not in _ORDINARY}
        carried = {name: value for name, value in (fields_here() | own).items() if value is not None}
        line |= {name: self._cleaned(value) for name, value in carried.items()}
        if record.exc_info:
            line["error"] = self._clean(self.formatException(record.exc_info))
        return line

    def _cleaned(self, value: Any) -> Any:
        """Each text by itself, so that no secret can be one that the line is held together by."""
        if isinstance(value, Mapping):
            return {self._clean(str(name)): self._cleaned(each) for name, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._cleaned(each) for each in value]
        text = str(value)
        cleaned = self._clean(text)
        return value if cleaned == text and isinstance(value, bool | int | float) else cleaned

    def _clean(self, text: str) -> str:
        return self._redaction.clean(text)


class TextLines(JsonLines):
    """The same for people who read along."""

    def __init__(self, redaction: Redaction | None = None) -> None:
        # It loads whatever colours tracebacks, which nobody else waits for.
        from structlog.dev import ConsoleRenderer

        super().__init__(redaction)
        self._render = ConsoleRenderer(colors=False, sort_keys=False, timestamp_key="at")

    def format(self, record: logging.LogRecord) -> str:
        """The event, when and how grave it was, then `name=value` for all else; a traceback below it."""
        line = self.fields(record)
        if "error" in line and record.exc_info:
            line["exception"] = line.pop("error")
        return self._render(None, "", line)


FORMATS = {"json": JsonLines, "text": TextLines}


class _Handler(logging.StreamHandler[TextIO]):
    """What cannot be written as a line is told in one, and not in a traceback beside the log."""

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        lost = {"level": "error", "logger": record.name, "event": "a line of the log was lost"}
        try:
            self.stream.write(json.dumps({**lost, "error": type(error).__name__}) + self.terminator)
            self.flush()
        except (OSError, ValueError):
            # Nobody reads the log any more.
            return


def configure_logging(level: str, redaction: Redaction, stream: TextIO | None = None, form: str = "json") -> None:
    """Send everything to standard error, or `stream`, in a form that FORMATS has: what is ours from `level` on, other
    people's libraries from WARNING on, which some of them would print by themselves.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(FORMATS[form](redaction))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for other in list(root.manager.loggerDict.values()):
        if isinstance(other, logging.Logger):
            other.handlers.clear()
            other.propagate = True
            other.setLevel(logging.NOTSET)
    # The SDK logs what it also raises, and what it raises is logged where it is handled.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)
    for ours in OURS:
        logging.getLogger(ours).setLevel(level)


@contextmanager
def everything_logged(level: str, redaction: Redaction, form: str = "json") -> Iterator[None]:
    """While this lasts the log is all that the process says: what anybody prints, warns of, or raises where nobody
    catches it is an event as well.
    """
    error, output = sys.stderr, sys.stdout
    configure_logging(level, redaction, error, form)
    logging.captureWarnings(True)
    sys.excepthook = _unforeseen
    threading.excepthook = lambda thrown: _unforeseen(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
    sys.unraisablehook = lambda thrown: _unforeseen(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
    sys.stderr, sys.stdout = _events("stderr", error), _events("stdout", output)
    try:
        yield
    finally:
        sys.stderr.close()
        sys.stdout.close()
        sys.stderr, sys.stdout = error, output


def _unforeseen(kind: type[BaseException], error: BaseException | None, trace: Any) -> None:
    if error is not None and not issubclass(kind, SystemExit | KeyboardInterrupt):
        log.critical("something failed in a way that nobody foresaw", exc_info=(kind, error, trace))


def _events(name: str, stream: TextIO) -> io.TextIOWrapper:
    """A stream of which each line is an event of the logger `name`."""
    return io.TextIOWrapper(_Events(name, stream), "utf-8", "backslashreplace", "\n", line_buffering=True)


class _Events(io.BufferedIOBase):
    def __init__(self, name: str, stream: TextIO) -> None:
        self.name = name
        self._stream = stream
        self._begun = b""

    def write(self, data: ReadableBuffer) -> int:
        *whole, self._begun = (self._begun + bytes(data)).split(b"\n")
        for line in whole:
            self._tell(line)
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Whoever flushes is not always at the end of a line."""

    def _tell(self, line: bytes) -> None:
        if text := line.decode("utf-8", "replace").rstrip():
            logging.getLogger(self.name).warning("%s", text)

    def close(self) -> None:
        begun, self._begun = self._begun, b""
        self._tell(begun)
        super().close()

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True
