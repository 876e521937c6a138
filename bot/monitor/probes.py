"""One cheap question to each side that the program works with, at the start and now and then: what does not answer is
a condition, said once with its cause and cleared by itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

from slack_sdk.errors import SlackApiError

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.log_lines import BOT_ERRORS
from bot.conditions import Conditions
from bot.slack.errors import SLACK_FAILURES, failure_of

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_SECONDS = 5.0
"""Seconds that a start waits for all of them together."""
RETRY_SECONDS = 30.0
"""Seconds until a side that does not answer is asked again."""
PROBE_INTERVAL_SECONDS = 300.0
"""Seconds until one that does is."""
Question = Callable[[], object]


class Probes:
    """`questions`: by the name of the condition that holds while there is no answer, the title of a side and what asks
    it, which raises what its client raises.
    """

    def __init__(self, questions: Mapping[str, tuple[str, Question]], conditions: Conditions) -> None:
        self._questions = dict(questions)
        self._conditions = conditions
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(max(len(self._questions), 1), thread_name_prefix="probe")
        self._failing: set[str] = set()

    def start(self) -> None:
        """Ask all of them side by side, and go on with it; returns when all have answered, or have had their time."""
        began = {name: self._pool.submit(self._ask, name) for name in self._questions}
        _, late = wait(began.values(), ANSWER_TIMEOUT_SECONDS)
        for name, asked in began.items():
            if asked in late:
                self._report(name, f"{self._questions[name][0]} does not answer within {ANSWER_TIMEOUT_SECONDS:.0f} s")
        threading.Thread(target=self._run, name="probes", daemon=True).start()

    def stop(self) -> None:
        """Ask no more; a question that hangs is not waited for."""
        self._stopped.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        waited = 0.0
        while not self._stopped.wait(RETRY_SECONDS):
            waited += RETRY_SECONDS
            if waited >= PROBE_INTERVAL_SECONDS:
                waited = 0.0
                self._ask_all(self._questions)
            elif self._failing:
                self._ask_all(tuple(self._failing))

    def _ask_all(self, names: Iterable[str]) -> None:
        """A side that hangs holds up its own question alone, until it is asked no more."""
        for name in names:
            try:
                self._pool.submit(self._ask, name)
            except RuntimeError:
                # It stops.
                return

    def _ask(self, name: str) -> None:
        title, question = self._questions[name]
        try:
            question()
        except CloudError as error:
            # Who is told to wait is heard.
            if error.kind is not CloudErrorKind.THROTTLED:
                self._report(name, f"{title} {_cause(error)}")
        except SLACK_FAILURES as error:
            self._report(name, f"{title} {_cause(error)}")
        except Exception:
            log.exception("a side could not be asked", extra={"condition": name})
            self._report(name, f"{title} gives an answer that cannot be read")
        else:
            self._failing.discard(name)
            self._conditions.clear(name)

    def _report(self, name: str, message: str) -> None:
        self._failing.add(name)
        self._conditions.report(name, message)


def _cause(error: Exception) -> str:
    if isinstance(error, CloudError) and error.kind in BOT_ERRORS:
        return f"cannot be asked: {BOT_ERRORS[error.kind]}" + (f" ({error.code})" if error.code else "")
    if isinstance(error, CloudError):
        said = f" ({error.code})" if error.code else ""
        silent = error.kind is CloudErrorKind.SILENT
        return f"{'does not answer' if silent else 'refuses'} {error.action}{said}"
    if isinstance(error, SlackApiError):
        return f"refuses the bot token ({failure_of(error).code})"
    return f"does not answer ({failure_of(error).code})"
