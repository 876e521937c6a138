"""How many calls it takes from the form to the end of the access: each costs everybody its time, and a share of what
Slack and RAM take in a minute.
"""

from __future__ import annotations

from collections import Counter

import pytest

from approvals.outbox import reminders
from tests.harness.app import ENGINE, HOUR, LOOKS, MONITOR, AppHarness
from tests.harness.waiting import comes_to

YEAR_MS = 365 * 24 * HOUR * 1_000
SLACK_CALLS = {"views.open": 1, "views.update": 1, "users.info": 3, "chat.postMessage": 3, "chat.update": 4}
Calls = tuple[Counter[str], Counter[str]]


@pytest.fixture
def calls(app: AppHarness) -> Calls:
    """Slack's and RAM's, of a request after others, while nothing is looked at on a schedule."""
    _before_others(app)
    return _calls_of(app, 1)


@pytest.fixture
def with_two_homes(app: AppHarness) -> Calls:
    """The same of a request for eight hours, while Carol and Bob have App Home open."""
    _before_others(app)
    for person in (app.carol, app.bob):
        person.open_home()
        person.home("PAI-Rec access")
    return _calls_of(app, 8)


def _before_others(app: AppHarness) -> None:
    app.until(app.has_looked, "the bot to have looked at everything")
    with app.ledger.write() as tx:
        for job_id in LOOKS:
            tx.run("UPDATE jobs SET due_at = due_at + :later WHERE id = :id", later=YEAR_MS, id=job_id)
    ref = app.asked(app.dave, f"{ENGINE} 1h rolling out")
    request_id = app.record(ref).request.id
    with app.ledger.write() as tx:
        reminders.cancel(tx, request_id)
    _from_form_to_end(app, MONITOR, "Monitoring", 1)


def _calls_of(app: AppHarness, hours: int) -> Calls:
    app.sandbox.slack.calls.take()
    app.sandbox.ram_calls.take()
    _from_form_to_end(app, ENGINE, "Engine", hours)
    return app.sandbox.slack.calls.take(), app.sandbox.ram_calls.take()


def test_each_state_is_told_once_and_of_people_those_alone_are_looked_up_who_ask_decide_and_get_it(
    calls: Calls,
) -> None:
    slack, _ = calls
    assert slack == Counter(SLACK_CALLS)


def test_ram_is_asked_for_nothing_that_is_known(calls: tuple[Counter[str], Counter[str]]) -> None:
    _, ram = calls
    assert ram.pop("GetUser") in (3, 4), "when asked, when approved, for the detach, and for an attach that took longer"
    # What carol has is read for the form as well: Slack is not asked for that, and what is sent is judged anew.
    reads = {"ListEntitiesForPolicy": 2, "ListPoliciesForUser": 4, "ListGroupsForUser": 4}
    assert ram == Counter({**reads, "AttachPolicyToUser": 1, "DetachPolicyFromUser": 1})


def test_a_home_that_is_open_costs_a_call_for_each_drawing_and_nothing_else(with_two_homes: Calls) -> None:
    """Also a drawing that another overtakes, and that is not published, looks nobody up."""
    slack, ram = with_two_homes
    assert slack.pop("views.publish") <= 2 * len(("pending", "approved", "active", "ended"))
    assert slack == Counter(SLACK_CALLS)
    assert ram.total() in (15, 16)


def _from_form_to_end(app: AppHarness, policy: str, title: str, hours: int) -> None:
    app.carol.type("/pairec-access request")
    assert app.carol.submit({"What": policy, "Duration": f"{hours}h", "Reason": "rolling out"}) == {}
    ref = app.carol.direct_message_with(f"you requested *{title}*").plain.split("*")[1]
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.card(ref, "· active")
    app.carol.direct_message_with(f"*{ref}*: *{title}* (`{policy}`) is active until")
    app.people.advance(hours * HOUR + 1)
    comes_to(app, ref, "ended")
    app.card(ref, "· ended")
    app.carol.direct_message_with(f"*{ref}*: *{title}* (`{policy}`) has expired")
