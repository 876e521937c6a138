"""Every fault of RAM and of Slack at once, each on a key or a message of its own, on both engines: what RAM has is what
the ledger says, each write took effect once, and nobody is told that something is so before it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness

PACE = 10.0
LAG = 3.0
"""Seconds by which reads lag writes: 30 of the bot's own, at its pace."""
REFUSED_FOR = 2.0
RECONCILED = 301
"""Seconds after which RAM is compared with the ledger again."""
Key = tuple[str, str]
TROUBLE: dict[Key, dict[str, Any]] = {
    ("dave", ENGINE): {"fault": "throttle", "seconds": 0.5, "times": 2},
    ("dave", DATA): {"fault": "error", "times": 2},
    ("frank", ENGINE): {"fault": "html", "times": 2},
    ("frank", DATA): {"fault": "reset", "times": 2},
    ("alice", ENGINE): {"fault": "drop_answer", "times": 1},
    ("alice", DATA): {"fault": "hang", "seconds": 5.5, "times": 1},
    ("judy", ENGINE): {"fault": "drip", "seconds": 3.0, "times": 1},
}
STALE: Key = ("carol", MONITOR)
REMOVED: Key = ("judy", MONITOR)
ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, ledger_address=address) as opened:
        yield opened


def bad_weather(app: AppHarness, write: str) -> None:
    """Each key has its own fault in this write, and reads of some lag."""
    app.people.clear_faults()
    for (user, policy), trouble in TROUBLE.items():
        app.people.inject_ram_fault({"action": write, "user": user, "policy": policy, **trouble})
    for user in (STALE[0], REMOVED[0]):
        app.people.inject_ram_fault({"action": "ListPoliciesForUser", "user": user, "fault": "lag", "seconds": LAG})
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "policy": MONITOR, "fault": "lag", "seconds": LAG})


def slack_is_no_better(app: AppHarness) -> None:
    """Each way of failing, on what the bot says most."""
    for order in (
        {"method": "chat.postMessage", "fault": "ratelimited", "times": 2},
        {"method": "chat.postMessage", "fault": "http_500", "times": 2},
        {"method": "chat.postMessage", "fault": "error", "error": "fatal_error", "times": 2},
        {"method": "chat.postMessage", "fault": "drop_answer", "times": 1},
        {"method": "chat.update", "fault": "ratelimited", "times": 2},
        {"method": "chat.update", "fault": "http_500", "times": 2},
        {"method": "chat.update", "fault": "drop_answer", "times": 2},
        {"fault": "redeliver"},
        {"fault": "lose_ack"},
    ):
        app.people.inject_slack_fault(order)


def test_in_all_weathers_each_grant_is_made_once_and_taken_back_once(app: AppHarness) -> None:
    keys = [*TROUBLE, STALE, REMOVED]
    refs = {
        (user, policy): app.asked(getattr(app, user), f"{policy} {'8h' if (user, policy) == REMOVED else '1h'} x")
        for user, policy in keys
    }
    bad_weather(app, ATTACH)
    slack_is_no_better(app)
    for ref in refs.values():
        app.approve(ref, app.bob)
    app.people.inject_ram_fault({"fault": "refuse", "seconds": REFUSED_FOR})
    all_come_to(app, refs, "active")
    assert all(app.holds(*key) and app.writes(ATTACH, *key) == 1 for key in keys)
    told_once_it_is_so(app, refs, ATTACH, "is active until")

    # A read that lags would else show the account as it was before the attach.
    attached_at = made(app, ATTACH, STALE)[0]
    app.until(lambda: app.people.now() > attached_at + LAG, "the attach to be seen by every read")
    bad_weather(app, DETACH)
    slack_is_no_better(app)
    app.detach_by_hand(*REMOVED)
    app.people.advance(HOUR + 1)
    app.people.inject_ram_fault({"fault": "refuse", "seconds": REFUSED_FOR})
    over = {key: ref for key, ref in refs.items() if key != REMOVED}
    all_come_to(app, over, "ended")
    told_once_it_is_so(app, over, DETACH, "has expired")
    seen_at = made(app, DETACH, STALE)[0] + LAG
    assert told(app, STALE, refs[STALE], "has expired")[0] >= seen_at
    app.people.advance(RECONCILED)
    all_come_to(app, refs, "ended")
    assert app.record(refs[REMOVED]).grants[0].end_cause == "removed outside"
    assert not any(app.holds(*key) for key in keys)
    assert all(app.writes(DETACH, *key) == 1 for key in keys)
    # Its log is short, and the first attaches may have left it by now; a second one would be there.
    assert all(app.writes(ATTACH, *key) <= 1 for key in keys)
    assert app.chain_holds()


def all_come_to(app: AppHarness, refs: dict[Key, str], state: str) -> None:
    app.until(
        lambda: all(app.states(ref) == [state] for ref in refs.values()),
        lambda: f"all to be {state}: { ({key: app.states(ref) for key, ref in refs.items()}) }",
        timeout=60,
    )


def told_once_it_is_so(app: AppHarness, refs: dict[Key, str], action: str, words: str) -> None:
    """Everybody hears it at last, not before RAM did it, and at most twice."""
    for key, ref in refs.items():
        heard = app.until(lambda key=key, ref=ref: told(app, key, ref, words), f"{key} to hear of {ref}", 30)
        [done] = made(app, action, key)
        assert min(heard) >= done, f"{key} was told before RAM did it"
        assert len(heard) <= 2, f"{key} was told again and again"


def told(app: AppHarness, key: Key, ref: str, words: str) -> list[float]:
    """When a person was told so of a request, in private."""
    seen = getattr(app, key[0]).messages()
    said = [m for m in seen if m.channel != APPROVALS and m.plain.startswith(f"*{ref}*") and words in m.plain]
    return [float(message.body["edited_ts"] or message.ts) for message in said]


def made(app: AppHarness, action: str, key: Key) -> list[float]:
    """When RAM did this, by its own log."""
    return [
        write["at"]
        for write in app.people.account()["log"]
        if (write["action"], write["user"], write["policy"], write["result"]) == (action, *key, "ok")
    ]
