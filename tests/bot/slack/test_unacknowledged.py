"""While many clicks wait to be acknowledged, what earlier ones set off does not begin yet."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.slack import unacknowledged
from bot.slack.unacknowledged import FEW, FORGOTTEN_SECONDS, Unacknowledged
from handlers.executor import Executor

PATIENCE = 10.0


@pytest.fixture
def waiting() -> Unacknowledged:
    return Unacknowledged()


@pytest.fixture
def executor(waiting: Unacknowledged) -> Iterator[Executor]:
    made = Executor(before=waiting.wait)
    yield made
    made.stop(PATIENCE)


@pytest.fixture
def for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unacknowledged, "HELD_UP_SECONDS", PATIENCE * 10)


def has_begun(executor: Executor, story: list[str]) -> threading.Event:
    begun = threading.Event()

    def work() -> None:
        story.append("begun")
        begun.set()

    executor.submit(work)
    return begun


@pytest.mark.usefixtures("for_long")
def test_what_a_click_sets_off_begins_when_few_others_wait_any_more(
    waiting: Unacknowledged, executor: Executor
) -> None:
    for _ in range(FEW + 3):
        waiting.came()
    story: list[str] = []
    begun = has_begun(executor, story)
    waiting.answered()
    waiting.answered()
    story.append("answered")
    waiting.answered()
    assert begun.wait(PATIENCE) and story == ["answered", "begun"]


@pytest.mark.usefixtures("for_long")
def test_what_a_click_by_itself_sets_off_begins_at_once(waiting: Unacknowledged, executor: Executor) -> None:
    waiting.came()
    assert has_begun(executor, []).wait(PATIENCE)


def test_however_many_wait_nothing_is_held_up_for_long(
    waiting: Unacknowledged, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unacknowledged, "HELD_UP_SECONDS", 0.05)
    for _ in range(200):
        waiting.came()
    assert has_begun(executor, []).wait(PATIENCE)


@pytest.mark.usefixtures("for_long")
def test_what_slack_waits_for_no_more_holds_nobody_up() -> None:
    now = [1_000.0]
    waiting = Unacknowledged(lambda: now[0])
    for _ in range(200):
        waiting.came()
    now[0] += FORGOTTEN_SECONDS + 1
    executor = Executor(before=waiting.wait)
    assert has_begun(executor, []).wait(PATIENCE)
    executor.stop(PATIENCE)
