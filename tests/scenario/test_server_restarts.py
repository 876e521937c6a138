"""PostgreSQL restarted in the middle of decisions: nobody is told what is not so, and nothing is lost or done twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import OwnServer

PACE = 10.0
PATIENCE = 20.0
RESTARTS = ("immediate", "fast", "immediate", "immediate", "fast", "immediate")
"""One for each request; `immediate` is a crash."""
WANTED = [("carol", ENGINE), ("carol", DATA), ("carol", MONITOR), ("dave", ENGINE), ("dave", DATA), ("frank", ENGINE)]
APPROVERS = ("alice", "bob", "judy")
CLOSED = "Nothing was changed."
CANNOT = "nothing was changed"
UNSURE = "it may or may not count"
LOCK_RUNS_OUT = 75.0


@pytest.fixture
def server() -> Iterator[OwnServer]:
    with OwnServer() as opened:
        yield opened


def test_a_server_that_is_restarted_amid_decisions_makes_nobody_believe_what_is_not_so(
    server: OwnServer, tmp_path: Path
) -> None:
    with AppHarness(tmp_path, pace=PACE, ledger_address=server.new(), patience=PATIENCE) as app:
        refs = [app.asked(getattr(app, who), f"{policy} 1h rollout") for who, policy in WANTED]
        cards = [app.card(ref, "needs approval") for ref in refs]
        approvers = [getattr(app, name) for name in APPROVERS]
        with ThreadPoolExecutor(len(approvers)) as hands:
            for number, mode in enumerate(RESTARTS):
                # Each has another card before them, and all click while the server goes down.
                turns = zip(approvers, itertools.islice(itertools.cycle(cards), number, None), strict=False)
                clicks = [hands.submit(person.click, "Approve", card) for person, card in turns]
                server.restart(mode)
                for click in clicks:
                    click.result()

        def told() -> dict[str, list[str]]:
            return {p.id: [m.plain for m in p.messages(APPROVALS) if m.ephemeral] for p in approvers}

        def decided() -> list[str]:
            return [word.slack_user_id for ref in refs for word in app.record(ref).approvals]

        # A click is answered, or its decision stands; what is not certain may be both.
        app.until(
            lambda: all(len(told()[p.id]) + decided().count(p.id) >= len(refs) for p in approvers),
            lambda: f"each click to have its outcome: {decided()}, {told()}",
            timeout=60,
        )
        for person in approvers:
            said = told()[person.id]
            assert all(any(text in each for text in (CLOSED, CANNOT, UNSURE)) for each in said), said
            sure = sum(UNSURE not in each for each in said)
            assert sure + decided().count(person.id) <= len(refs), "told that it does not count, and it does"
        for ref in refs:
            assert len(app.record(ref).approvals) == app.events(ref).count("approved") <= 1
            if app.record(ref).pending:
                app.approve(ref, app.bob)
        in_spite_of_locks(app, refs, "active")
        server.stop("fast")
        app.people.advance(HOUR + 1)
        server.start()
        in_spite_of_locks(app, refs, "ended")
        for who, policy in WANTED:
            assert not app.holds(who, policy)
            assert [app.writes(f"{deed}User", who, policy) for deed in ("AttachPolicyTo", "DetachPolicyFrom")] == [
                1,
                1,
            ]
        assert app.chain_holds()


def in_spite_of_locks(app: AppHarness, refs: list[str], state: str) -> None:
    """What a restart cut off is taken over when its lock has run out, which is quick at this pace."""
    app.until(
        lambda: set(itertools.chain.from_iterable(map(app.states, refs))) == {state},
        lambda: f"all to be {state}: {[app.states(ref) for ref in refs]}",
        timeout=LOCK_RUNS_OUT,
    )
