"""**Ask again** on the message that a request is over: the form, filled in as it was; what is sent from it is asked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from approvals.millis import DAY
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.lost_ledgers import loses_its_ledger
from tests.harness.refusals import press, refused
from tests.scenario.test_another_record import ELSEWHERE, loses_its_buttons
from tests.scenario.test_request_form import CATALOGUE_WITH_TICKETS, catalogue

ASKED = f"{ENGINE} 3h ticket:REC-12 rolling out *ranker* v3"
NOT_YOURS = "R-1001 is not yours. `/pairec-access request` opens an empty form."


def denied(app: AppHarness, line: str = ASKED) -> SeenMessage:
    ref = app.asked(app.carol, line)
    app.bob.click("Deny", app.card(ref))
    app.bob.modal("Reason")
    assert app.bob.submit({"Reason": "the release is frozen"}) == {}
    return app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was denied by")


def is_filled_in(person: SandboxPerson, subject: str = "U0CAROL") -> None:
    shown = person.modal("Request access").plain
    fields = (f"{ENGINE}", f"For whom: {subject}", "Duration: 3h", "Reason: rolling out *ranker* v3", "Ticket: REC-12")
    assert [each for each in fields if each not in shown] == []


def test_what_was_denied_is_asked_again_as_it_was_once_the_form_is_sent(app: AppHarness) -> None:
    told = denied(app)
    assert told.buttons == ["Request again"]
    app.carol.click("Request again", told)
    is_filled_in(app.carol)
    assert app.requests() == 1
    assert app.carol.submit() == {}
    app.card("R-1002", "needs approval")
    first, second = (app.record(ref).request for ref in ("R-1001", "R-1002"))
    for asked in (first, second):
        assert (asked.item, asked.subject, asked.duration) == (ENGINE, "U0CAROL", 3 * HOUR * 1_000)
        assert (asked.reason, asked.ticket) == ("rolling out *ranker* v3", "REC-12")


def test_what_expired_was_cancelled_or_has_ended_can_be_asked_again(app: AppHarness) -> None:
    cancelled = app.asked(app.carol, ASKED)
    app.cancels(app.carol, cancelled)
    told = [app.carol.direct_message_with(f"the request for *Engine* (`{ENGINE}`) was cancelled")]
    app.asked(app.carol, ASKED)
    app.people.advance(DAY // 1_000)
    told.append(app.carol.direct_message_with("expired without a decision"))
    ended = app.asked(app.carol, ASKED)
    app.approve(ended, app.bob)
    app.card(ended, "active")
    app.people.advance(3 * HOUR)
    told.append(app.carol.direct_message_with("has expired"))
    for message in told:
        assert message.buttons == ["Request again"]
        app.carol.click("Request again", message)
        is_filled_in(app.carol)
        app.carol.close_modal()
    assert app.requests() == 3


def test_a_double_click_opens_one_form(app: AppHarness) -> None:
    told = denied(app)
    app.sandbox.slack.calls.take()
    calls: Counter[str] = Counter()
    for _ in range(2):
        app.carol.click("Request again", told)

    def both_are_answered() -> bool:
        calls.update(app.sandbox.slack.calls.take())
        return calls["views.open"] == 2

    app.until(both_are_answered, "both clicks to be answered")
    is_filled_in(app.carol)
    assert app.carol.submit() == {}
    app.card("R-1002", "needs approval")
    app.carol.no_modal()
    assert app.requests() == 2


def test_whoever_it_was_for_asks_again_too_and_nobody_else(app: AppHarness) -> None:
    told = denied(app, f"{ENGINE} @dave 3h ticket:REC-12 rolling out *ranker* v3")
    app.dave.click("Request again", app.dave.direct_message_with("was denied by"))
    is_filled_in(app.dave, "U0DAVE")
    app.carol.click("Request again", told)
    is_filled_in(app.carol, "U0DAVE")
    name, other = app.name("R-1001"), app.asked(app.erin, f"{DATA} 1h hers")
    app.cancels(app.erin, other)
    hers = app.erin.direct_message_with("was cancelled")
    with refused(app, app.erin, "not_asked_by_you", NOT_YOURS, "R-1001", act="ask"):
        press(app.erin, "ask_again", name, hers)
    app.erin.no_modal()


def test_of_a_lost_ledger_nothing_is_asked_again(app: AppHarness, tmp_path: Path) -> None:
    told = denied(app)
    loses_its_ledger(app, f"sqlite:///{tmp_path / 'second.db'}")
    app.asked(app.dave, f"{ENGINE} 1h cleaning up")
    with refused(app, app.carol, "other_record", ELSEWHERE, act="ask"):
        app.carol.click("Request again", told)
    app.carol.no_modal()
    loses_its_buttons(app, told, app.carol)


def test_what_left_the_catalogue_is_chosen_anew_and_the_rest_stands_there(app: AppHarness, tmp_path: Path) -> None:
    told = denied(app)
    app.restart_bot(catalogue(tmp_path, CATALOGUE_WITH_TICKETS))
    app.carol.click("Request again", told)
    shown = app.carol.modal("Request access").plain
    assert ENGINE not in shown and "Duration: 3h" in shown and "Reason: rolling out *ranker* v3" in shown


def test_how_long_stays_while_somebody_else_is_chosen_and_follows_another_policy(app: AppHarness) -> None:
    app.carol.click("Request again", denied(app))
    is_filled_in(app.carol)
    app.carol.fill({"For whom": "dave"})
    is_filled_in(app.carol, "U0DAVE")
    app.carol.fill({"What": "PaiRecRamAdminAccess"})
    shown = app.carol.modal("8h at most").plain
    assert "Duration: 1h" in shown and "Reason: rolling out *ranker* v3" in shown and "Ticket: REC-12" in shown
