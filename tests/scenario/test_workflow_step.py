"""The step **Request PAI-Rec access** of Workflow Builder: it asks, waits, and says what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.slack.workflows import COMPLETED, FAILED, RUNNING
from tests.harness.app import ADMIN, ENGINE, HOUR, AppHarness
from tests.harness.workflows import delivered_again, ended, install_step, started


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0) as made:
        install_step(made)
        yield made


def test_the_workflow_goes_on_once_the_access_is_there_and_is_told_until_when(app: AppHarness) -> None:
    run = started(app)
    card = app.card("R-1001", "needs approval")
    assert "by a workflow, in the name of <@U0CAROL>" in card.plain
    app.carol.direct_message_with("*R-1001*: a workflow requested *Engine*")
    assert app.sandbox.slack.workflows.run(run).state == RUNNING  # type: ignore[union-attr]
    app.approve("R-1001", app.bob)
    done = ended(app, run)
    assert done.state == COMPLETED
    assert done.outputs == {"request": "R-1001", "ends": (app.record("R-1001").request.ends_at or 0) // 1_000}
    assert app.holds("carol", ENGINE)
    assert app.chain_holds()


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"duration": "a while"}, "Use a format such as"),
        ({"access": "PaiRecEngineAcess"}, "PaiRecEngineAccess"),
        ({"requester": "U0GRACE"}, "Guests"),
        ({"requester": "U0NOBODY"}, ""),
        ({"requester": "<!channel>"}, ""),
        ({"reason": "x\x00y"}, ""),
        ({"access": ADMIN, "duration": "365d"}, ""),
        ({"subject": "U0GRACE"}, ""),
    ],
    ids=lambda given: next(iter(given.items()))[1][:12] if isinstance(given, dict) else "",
)
def test_what_may_not_be_asked_for_stops_the_workflow_with_the_reason(
    app: AppHarness, inputs: dict[str, str], told: str
) -> None:
    run = ended(app, started(app, **inputs))
    assert run.state == FAILED and told in (run.error or "") and run.error
    assert app.requests() == 0


def test_a_step_that_nobody_may_name_asks_for_nothing_more_than_they_could(app: AppHarness) -> None:
    run = ended(app, started(app, requester="U0ERIN", subject="U0CAROL"))
    assert run.state == FAILED and app.requests() == 0, "erin is not linked, and asks for nobody else"


def test_who_is_named_may_cancel_and_the_workflow_stops(app: AppHarness) -> None:
    run = started(app)
    app.carol.click("Cancel request", app.carol.direct_message_with("a workflow requested"))
    assert ended(app, run).error == "R-1001 was cancelled."


def test_a_denial_stops_the_workflow(app: AppHarness) -> None:
    run = started(app)
    card = app.card("R-1001", "needs approval")
    app.bob.click("Deny", card)
    app.bob.modal("Deny R-1001")
    assert app.bob.submit({"Reason": "not this week"}) == {}
    assert ended(app, run).error == "R-1001 was denied."


def test_time_that_passes_without_a_decision_stops_the_workflow(app: AppHarness) -> None:
    run = started(app)
    app.card("R-1001", "needs approval")
    app.people.advance(8 * 24 * 3_600)
    assert ended(app, run).error == "R-1001 expired: nobody decided in time."


def test_an_event_that_is_delivered_twice_is_one_request(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "redeliver"})
    run = started(app)
    app.card("R-1001", "needs approval")
    app.approve("R-1001", app.bob)
    assert ended(app, run).state == COMPLETED
    assert app.requests() == 1


def test_what_was_decided_while_slack_took_nothing_reaches_the_workflow_afterwards(app: AppHarness) -> None:
    run = started(app)
    app.card("R-1001", "needs approval")
    app.people.inject_slack_fault({"fault": "error", "method": "functions.completeSuccess", "error": "internal_error"})
    app.approve("R-1001", app.bob)
    app.card("R-1001", "· active")
    app.people.clear_faults()
    app.real_passes(60.0)
    assert ended(app, run).state == COMPLETED


def test_a_workflow_that_somebody_ended_is_not_told_again_and_again(app: AppHarness) -> None:
    run = started(app)
    app.card("R-1001", "needs approval")
    app.sandbox.call(lambda: app.sandbox.slack.workflows.end(run))
    app.approve("R-1001", app.bob)
    app.card("R-1001", "· active")
    app.until(lambda: not _jobs(app), lambda: f"no work to be left: {_jobs(app)}")


def test_what_was_refused_is_not_asked_for_when_slack_sends_it_again(app: AppHarness) -> None:
    app.attach_by_hand("carol", ENGINE)
    run = started(app)
    assert ended(app, run).state == FAILED
    app.by_hand("DetachPolicyFromUser", UserName="carol", PolicyName=ENGINE, PolicyType="Custom")
    for times in (1, 2):
        delivered_again(app, run)
        app.until(lambda times=times: _seen_to(app, times), f"the step to be looked at {times} times more")
    assert app.requests() == 0
    app.people.advance(2 * HOUR)
    app.until(lambda: not _jobs(app), "it to be forgotten")
    assert app.requests() == 0


def _seen_to(app: AppHarness, times: int) -> bool:
    """Whether it was sent again so often, and nothing is left to do about that."""
    seen = "SELECT id FROM jobs WHERE kind = 'workflow_step' AND revision >= :times AND due_at > :now"
    with app.ledger.read() as tx:
        return bool(tx.rows(seen, times=times, now=round(app.people.now() * 1_000)))


def _jobs(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [row["id"] for row in tx.rows("SELECT id FROM jobs WHERE kind = 'workflow_step'")]
