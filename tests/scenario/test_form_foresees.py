"""What would become of a request is shown in its form, before it is sent."""

from __future__ import annotations

from pathlib import Path

from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.forms import other
from tests.harness.refusals import audit_trail
from tests.harness.rules import FREEZE, LONG, catalog_with
from tests.harness.waiting import carol_has
from tests.scenario.command_line import CommandLine
from tests.scenario.test_request_form import opened


def shown(app: AppHarness, text: str) -> str:
    return app.carol.modal(text).plain


def test_who_can_approve_is_shown_once_it_is_chosen_what_and_nothing_is_recorded(app: AppHarness) -> None:
    opened(app)
    assert "can approve" not in app.carol.modal().plain
    before = audit_trail(app)
    app.carol.fill({"What": ENGINE})
    form = shown(app, "can approve.")
    assert {"<@U0ALICE>", "<@U0BOB>"} <= set(form.split("can approve.")[0].replace(",", " ").split())
    assert "Needs 1 approval." in form and "already has" not in form
    app.carol.fill({"For whom": "alice"})
    form = shown(app, "For whom: U0ALICE")
    assert "<@U0ALICE>" not in form.partition("can approve.")[0] and "<@U0BOB>" in form
    assert audit_trail(app) == before and app.requests() == 0


def test_what_the_subject_has_of_a_bundle_already_is_named_with_its_end(app: AppHarness) -> None:
    carol_has(app, duration="8h", policy=MONITOR)
    opened(app)
    app.carol.fill({"What": "engine-engineer"})
    assert f"<@U0CAROL> already has `{MONITOR}` until <!date" in shown(app, "already has")
    app.attach_by_hand("bob", ENGINE)
    app.carol.fill({"For whom": "bob"})
    assert f"<@U0BOB> already has `{ENGINE}`." in shown(app, "<@U0BOB> already has")


def test_whoever_has_it_for_as_long_reads_so_and_for_longer_it_can_be_had(app: AppHarness) -> None:
    carol_has(app, duration="8h")
    opened(app)
    app.carol.fill({"What": ENGINE, "Duration": "1h"})
    assert "⚠️" in shown(app, "⚠️")
    app.carol.fill({"Duration": "7d"})
    form = shown(app, "can approve.")
    assert "⚠️" not in form and f"already has `{ENGINE}` until" in form and "Duration: 7d" in form


def test_a_guest_is_told_of_before_anything_is_sent(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE, "For whom": "grace"})
    assert "guest" in shown(app, "⚠️").partition("⚠️")[2].partition("\n")[0]


def test_too_few_approvers_are_told_of_before_anything_is_sent(app: AppHarness, pairec_access: CommandLine) -> None:
    for name in ("alice", "judy"):
        assert pairec_access("unlink", name).returncode == 0
    opened(app)
    app.carol.fill({"What": ADMIN})
    assert "approver" in shown(app, "⚠️").partition("⚠️")[2].partition("\n")[0]
    app.carol.fill({"What": ENGINE})
    assert "<@U0BOB> can approve." in shown(app, "can approve.")


def test_a_pending_request_for_the_same_is_named_at_once(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    opened(app)
    app.carol.fill({"What": ENGINE})
    assert ref in shown(app, "⚠️").partition("⚠️")[2].partition("\n")[0]


def test_a_rule_that_denies_or_wants_more_is_named_as_soon_as_it_applies(tmp_path: Path) -> None:
    freeze = FREEZE.format(begin="2020-01-01T00:00:00Z", end="2090-01-01T00:00:00Z")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, LONG, freeze))}) as app:
        opened(app)
        app.carol.fill({"What": ENGINE})
        assert "The rule `release freeze` does not allow it" in shown(app, "⚠️")
        app.carol.fill({"What": MONITOR})
        assert "Needs 1 approval." in shown(app, "can approve.")
        app.carol.choose("Duration", "7d")
        app.carol.fill({"Duration": "7d"})
        form = shown(app, "The rule `long takes two` wants 2 approvals.")
        assert "Needs 2 approvals." in form
        app.carol.fill(other("3h"))
        assert app.carol.submit({"Reason": "looking"}) == {}
        assert app.record(app.card("R-1001").plain.split()[0]).request.duration == 3 * HOUR * 1_000


def test_another_duration_that_changes_nothing_of_it_costs_no_call(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE})
    shown(app, "can approve.")
    app.sandbox.slack.calls.take()
    app.carol.fill({"Duration": "7d", "Reason": "on call"})
    assert app.carol.submit() == {}
    app.card("R-1001")
    assert app.sandbox.slack.calls.take()["views.update"] == 0


def test_somebody_who_is_not_linked_is_foreseen_by_the_ram_user_with_their_address(app: AppHarness) -> None:
    opened(app, "erin")
    app.erin.fill({"What": DATA})
    assert "can approve." in app.erin.modal("can approve.").plain


def test_the_terms_are_shown_while_ram_does_not_answer(app: AppHarness) -> None:
    opened(app)
    app.people.inject_ram_fault({"action": "reads", "fault": "hang", "seconds": 8, "times": None})
    app.carol.fill({"What": ENGINE})
    form = shown(app, "90d at most")
    assert "Needs 1 approval." in form and "can approve" not in form and "⚠️" not in form


def test_what_is_asked_again_is_foreseen_as_the_form_opens(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 3h rolling out")
    app.cancels(app.carol, ref)
    app.carol.click("Request again", app.carol.direct_message_with("was cancelled"))
    assert "can approve." in shown(app, "Duration: 3h")
