"""The form that asks for access."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.forms import other
from tests.harness.refusals import stands_under, untouched
from tests.scenario.claiming import claims


def opened(app: AppHarness, person: str = "carol") -> None:
    getattr(app, person).type("/pairec-access request")
    getattr(app, person).modal("Request access")


def test_the_command_alone_opens_the_form_for_oneself(app: AppHarness) -> None:
    opened(app)
    form = app.carol.modal("Request access").plain
    for label in ("What:", "For whom: U0CAROL", "Duration: 8h", "Reason:", "Ticket:"):
        assert label in form
    assert "RAM user" not in form


def test_the_shortcut_opens_the_same_form(app: AppHarness) -> None:
    opened(app)
    by_command = app.carol.modal("Request access").plain
    app.carol.close_modal()
    app.carol.shortcut("request_access")
    assert app.carol.modal("Request access").plain == by_command


def test_the_form_offers_every_policy_and_every_bundle(app: AppHarness) -> None:
    opened(app)
    what = next(spot for spot in app.carol.modal().spots() if spot.element["action_id"] == "what")
    offered = [option["value"] for group in what.element["option_groups"] for option in group["options"]]
    of_alibaba = ["AliyunPAIRecReadOnlyAccess", "AliyunPAIRecFullAccess"]
    bundles = ["algorithm-engineer", "engine-engineer", "business-analyst"]
    assert offered == [ADMIN, DATA, ENGINE, MONITOR, *of_alibaba, *bundles]


def test_the_terms_follow_the_policy_that_is_chosen(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ADMIN})
    shown = app.carol.modal("8h at most").plain
    assert "Duration: 1h" in shown
    assert "Needs 2 approvals." in shown
    assert "until revoked" not in shown
    assert "make others administrators" in shown
    app.carol.fill({"What": ENGINE})
    shown = app.carol.modal("90d at most, or until revoked").plain
    assert "Duration: 8h" in shown
    assert "Needs 1 approval." in shown
    assert "PAI-EAS and Hologres" in shown


def test_the_durations_to_choose_from_fit_what_is_asked_for_and_the_usual_one_is_chosen(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ADMIN})
    app.carol.modal("8h at most")
    assert durations(app) == ["1h", "2h", "4h", "8h", "Other…"]
    app.carol.fill({"What": ENGINE})
    app.carol.modal("90d at most")
    assert durations(app) == ["1h", "2h", "4h", "8h", "1d", "7d", "30d", "90d", "until revoked", "Other…"]
    assert "Duration: 8h" in app.carol.modal().plain


def durations(app: AppHarness) -> list[str]:
    spot = next(spot for spot in app.carol.modal().spots() if spot.element["action_id"] == "duration")
    return [option["text"]["text"] for option in spot.element["options"]]


def test_another_duration_has_a_field_that_comes_when_it_is_chosen_and_goes_when_it_is_not(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE})
    assert "Other duration" not in app.carol.modal("90d at most").plain
    app.carol.fill({"Reason": "on call", "Duration": "Other…"})
    shown = app.carol.modal("Other duration").plain
    assert "Duration: Other…" in shown and "until friday 18:00" in shown and "Reason: on call" in shown
    app.carol.choose("Duration", "4h")
    app.until(lambda: "Other duration" not in app.carol.modal().plain, "the field to go")
    app.carol.fill({"Duration": "4h"})
    assert app.carol.submit() == {}
    assert app.record(app.card("R-1001").plain.split()[0]).request.duration == 4 * HOUR * 1_000


def test_another_duration_stays_while_somebody_else_is_chosen_and_goes_with_another_policy(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE, **other("3 days"), "For whom": "dave"})
    shown = app.carol.modal("For whom: U0DAVE").plain
    assert "Duration: Other…" in shown and "Other duration: 3 days" in shown
    app.carol.fill({"What": DATA})
    shown = app.carol.modal(DATA).plain
    assert "Duration: 8h" in shown and "Other duration" not in shown


def test_what_was_typed_already_outlives_a_change_of_the_policy(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"Reason": "on call", "Ticket": "ABC-1", "What": ADMIN})
    app.carol.modal("8h at most")
    assert app.carol.submit() == {}
    asked = app.record(app.card("R-1001").plain.split()[0]).request
    assert (asked.reason, asked.ticket, asked.duration) == ("on call", "ABC-1", HOUR * 1_000)


def test_the_form_asks_for_somebody_else(app: AppHarness) -> None:
    opened(app)
    assert app.carol.submit({"What": ENGINE, "For whom": "dave", "Reason": "his rollout"}) == {}
    assert "for <@U0DAVE>" in app.card("R-1001").plain
    assert app.record("R-1001").request.requester == "U0CAROL"


def test_the_form_takes_until_revoked(app: AppHarness) -> None:
    opened(app)
    assert app.carol.submit({"What": ENGINE, "Duration": "until-revoked", "Reason": "my job"}) == {}
    assert "until revoked" in app.card("R-1001").plain


def test_the_form_closes_once_it_is_taken(app: AppHarness) -> None:
    opened(app)
    app.carol.submit({"What": ENGINE, "Reason": "on call"})
    app.carol.no_modal()
    app.carol.direct_message_with("needs 1 approval")


@pytest.mark.parametrize(
    ("fields", "label", "sentence"),
    [
        (other("8x"), "other", "8x is not a duration. Use a format such as 30m, 8 hours or 2w"),
        (other("0h"), "other", "0h is not a duration"),
        (other("-1h"), "other", "-1h is not a duration"),
        (other("91d"), "other", "PaiRecEngineAccess: 90d at most."),
        ({"Reason": "   "}, "reason", "Give a reason in a few words"),
        ({"Ticket": "no ticket"}, "ticket", "A ticket is a reference such as ABC-1"),
        ({"What": ADMIN, **other("9h")}, "other", ": 8h at most."),
        (
            {"What": ADMIN, **other("until-revoked")},
            "other",
            "cannot be had until revoked: 8h at most",
        ),
    ],
)
def test_a_mistake_is_told_under_its_field_and_nothing_is_asked(
    app: AppHarness, fields: dict[str, str], label: str, sentence: str
) -> None:
    opened(app)
    app.carol.fill({"What": fields.get("What", ENGINE), "Reason": "on call"})
    app.carol.modal("at most")
    errors = app.carol.submit({name: value for name, value in fields.items() if name != "What"})
    assert [name.partition(":")[0] for name in errors] == [label]
    assert sentence in next(iter(errors.values()))
    assert sentence in app.carol.modal(sentence).plain
    assert app.requests() == 0


def test_all_mistakes_are_told_at_once_and_the_form_can_be_put_right(app: AppHarness) -> None:
    opened(app)
    errors = app.carol.submit({"What": ENGINE, **other("8x"), "Reason": "  ", "Ticket": "a b"})
    assert sorted(name.partition(":")[0] for name in errors) == ["other", "reason", "ticket"]
    assert app.carol.submit({"Duration": "2h", "Reason": "on call", "Ticket": "AB-1"}) == {}
    app.card("R-1001")


def test_what_is_pending_already_is_told_under_what_was_chosen(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    opened(app)
    with untouched(app, "U0CAROL", "already_pending", act="ask"):
        errors = app.carol.submit({"What": ENGINE, "Reason": "once more"})
    stands_under(errors, "what", f"{ref} requests {ENGINE} already and is pending.")
    assert app.carol.submit({"What": DATA}) == {}
    app.card("R-1002")


def test_what_is_pending_already_for_somebody_who_is_not_linked_yet_is_told_under_what_was_chosen(
    app: AppHarness,
) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    opened(app, "erin")
    errors = app.erin.submit({"What": DATA, "Reason": "once more"})
    stands_under(errors, "what", f"{ref} requests {DATA} already")


def test_what_is_known_to_be_wrong_is_told_while_neither_ram_nor_slack_answers(app: AppHarness) -> None:
    app.asked(app.carol, f"{ENGINE} 8h rollout")
    opened(app)
    app.carol.fill({"What": ENGINE, "Reason": "once more"})
    app.carol.modal("90d at most")
    app.people.inject_ram_fault({"action": "reads", "fault": "hang", "seconds": 8})
    app.people.inject_slack_fault({"fault": "hang", "method": "users.info", "seconds": 8, "times": None})
    stands_under(app.carol.submit(), "what", "R-1001 requests")


def test_a_form_without_a_policy_or_a_reason_does_not_leave_the_client(app: AppHarness) -> None:
    opened(app)
    errors = app.carol.submit({})
    assert sorted(errors) == ["reason", "what"]


def test_a_form_that_slack_delivers_twice_is_one_request(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE, "Reason": "on call"})
    app.carol.modal("90d at most")
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.carol.submit()
    app.card("R-1001")
    app.carol.direct_message_with("needs 1 approval")
    assert app.requests() == 1
    assert len(app.cards()) == 1


def test_a_form_that_is_submitted_again_after_it_was_decided_is_still_that_one_request(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE, "Reason": "on call"})
    view = app.carol.modal("90d at most").body
    app.carol.submit()
    ref = app.card("R-1001").plain.split()[0]
    state = {
        "what": {"what": {"type": "static_select", "selected_option": {"value": ENGINE}}},
        "subject": {"subject": {"type": "users_select", "selected_user": "U0CAROL"}},
        "duration": {"duration": {"type": "plain_text_input", "value": "8h"}},
        "reason": {"reason": {"type": "plain_text_input", "value": "on call"}},
    }
    again = {"type": "view_submission", "view": {**view, "callback_id": "request_access", "state": {"values": state}}}
    app.bob.click("Deny", app.card(ref))
    app.bob.submit({"Reason": "not today"})
    app.carol.direct_message_with("was denied")
    app.carol.forge(again)
    app.carol.type("/pairec-access list")
    assert "No pending requests." in app.carol.ephemeral_with("Your pending requests").plain
    assert app.requests() == 1


CATALOGUE_WITH_TICKETS = """
[policies.PaiRecMonitorAccess]
title = "Monitoring"
allows = "Watch."
default = "2h"
longest = "4h"
until_revoked = false
approvals = 1
reason = false
ticket = true
expires_after = "24h"
"""


def catalogue(folder: Path, text: str) -> dict[str, str]:
    path = folder / "catalog.toml"
    path.write_text(text, "utf-8")
    return {"PAIREC_CATALOG": str(path)}


def test_a_policy_that_wants_a_ticket_and_no_reason_says_so_in_the_form(tmp_path: Path) -> None:
    with AppHarness(tmp_path, catalogue(tmp_path, CATALOGUE_WITH_TICKETS)) as app:
        opened(app)
        app.carol.fill({"What": MONITOR})
        app.carol.modal("4h at most")
        assert sorted(app.carol.submit({})) == ["ticket"]
        assert app.carol.submit({"Ticket": "OPS-7"}) == {}
        assert "`OPS-7`" in app.card("R-1001").plain


def test_a_policy_that_wants_a_ticket_says_so_to_a_line_as_well(tmp_path: Path) -> None:
    with AppHarness(tmp_path, catalogue(tmp_path, CATALOGUE_WITH_TICKETS)) as app:
        app.carol.type(f"/pairec-access request {MONITOR} 2h looking")
        app.carol.ephemeral_with("needs a ticket: add ticket:ABC-1")
        app.carol.type(f"/pairec-access request {MONITOR} 2h ticket:OPS-7")
        app.card("R-1001")
        assert app.requests() == 1


def test_a_form_submitted_after_its_policy_left_the_catalogue_says_so_under_what(
    app: AppHarness, tmp_path: Path
) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE, "Reason": "on call"})
    app.carol.modal("90d at most")
    app.restart_bot(catalogue(tmp_path, CATALOGUE_WITH_TICKETS))
    errors = app.carol.submit()
    assert errors["what"].startswith(f"There is no policy, bundle or role called {ENGINE}.")
    assert app.requests() == 0


def test_a_request_whose_policy_left_the_catalogue_can_be_denied_but_not_approved(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.restart_bot(catalogue(tmp_path, CATALOGUE_WITH_TICKETS))
    app.bob.click("Approve", app.card(ref))
    app.bob.ephemeral_with("is no longer in the catalog.")
    assert app.record(ref).pending
    app.bob.click("Deny", app.card(ref))
    app.bob.submit({"Reason": "it is gone"})
    app.card(ref, "denied")
    assert not app.holds("carol", ENGINE)


def test_of_two_choices_in_a_row_the_form_shows_what_the_later_one_makes_of_it(app: AppHarness) -> None:
    opened(app)
    before = app.carol.modal().body
    app.carol.fill({"What": MONITOR})
    app.carol.modal("Watch a running recommender")
    spot = next(spot for spot in app.carol.modal().spots() if spot.element["action_id"] == "what")
    chosen = {"type": "static_select", "selected_option": {"value": ENGINE}}
    # It was chosen before the first one's terms had come.
    app.carol.forge(
        {
            "type": "block_actions",
            "view": before | {"state": {"values": {spot.block["block_id"]: {"what": chosen}}}},
            "actions": [{**spot.element, "block_id": spot.block["block_id"], "action_ts": "9000000000.1", **chosen}],
        }
    )
    app.until(lambda: "Watch a running recommender" not in app.carol.modal().plain, "the terms of the later choice")
