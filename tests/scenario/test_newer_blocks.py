"""A form warns in Slack's newer block for that; a Slack that does not take it is shown the same in an older one."""

from __future__ import annotations

from tests.harness.app import ENGINE, AppHarness
from tests.scenario.test_request_form import opened


def kinds(app: AppHarness) -> list[str]:
    return [block["type"] for block in app.carol.modal("⚠️").body["blocks"]]


def warned(app: AppHarness) -> list[str]:
    opened(app)
    app.carol.fill({"What": ENGINE, "For whom": "grace"})
    return kinds(app)


def test_a_form_warns_in_the_block_that_is_made_for_it(app: AppHarness) -> None:
    assert "alert" in warned(app)


def test_where_slack_refuses_it_the_warning_is_shown_all_the_same_and_it_is_not_sent_again(app: AppHarness) -> None:
    opened(app)
    app.carol.fill({"What": ENGINE})
    app.people.inject_slack_fault({"fault": "error", "method": "views.update", "error": "invalid_blocks", "times": 1})
    app.carol.fill({"For whom": "grace"})
    assert "alert" not in kinds(app)
    assert "guest" in app.carol.modal("⚠️").plain.lower()
    app.carol.close_modal()
    assert "alert" not in warned(app)


def test_a_refusal_of_something_else_is_no_reason_to_draw_it_otherwise(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": "views.update", "error": "not_found", "times": 1})
    opened(app)
    app.carol.fill({"What": ENGINE})
    app.people.clear_faults()
    app.carol.fill({"For whom": "grace"})
    assert "alert" in kinds(app)
