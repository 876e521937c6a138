"""Where the catalogue says `approval_note = true`, whoever approves writes why, and nothing is approved without it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from tests.harness.app import ADMIN, DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, press
from tests.scenario.command_line import CommandLine
from tests.scenario.test_comments import comments

ASKS = f"{ENGINE} 8h rolling out"
WHY = "the ranker's launch <!channel> <@U0DAVE>"
NOTE = "Why you approve"


@pytest.fixture
def noted(tmp_path: Path) -> Iterator[AppHarness]:
    """The engine and the admin policy are approved with a note here, and so is each bundle that the engine is in."""
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalogue(tmp_path))}) as opened:
        yield opened


def catalogue(tmp_path: Path) -> Path:
    terms = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    for policy in (ENGINE, ADMIN):
        terms = terms.replace(f"[policies.{policy}]\n", f"[policies.{policy}]\napproval_note = true\n")
    path = tmp_path / "noted.toml"
    path.write_text(terms, "utf-8")
    return path


def test_approve_asks_for_a_note_which_is_kept_and_shown(noted: AppHarness) -> None:
    ref = noted.asked(noted.carol, ASKS)
    noted.bob.click("Approve", noted.card(ref))
    assert NOTE in noted.bob.modal(f"Approve {ref}").plain and not noted.record(ref).decisions
    assert noted.bob.submit({NOTE: WHY}) == {}
    noted.comes_to_hold("carol", ENGINE)
    assert [word.reason for word in noted.record(ref).approvals] == [WHY]
    noted.alice.click("Details", noted.card(ref))
    details = noted.alice.modal("History").plain
    assert "Note: `the ranker's launch &lt;!channel&gt; &lt;@U0DAVE&gt;`" in details
    assert "the ranker's launch" in CommandLine(noted)("audit").stdout and noted.chain_holds()


@pytest.mark.parametrize(("text", "told"), [(" \u3164", "Write why you approve it"), ("a \u202e b", "cannot be shown")])
def test_what_is_no_note_is_one_sentence_under_its_field(noted: AppHarness, text: str, told: str) -> None:
    ref = noted.asked(noted.carol, ASKS)
    noted.bob.click("Approve", noted.card(ref))
    noted.bob.modal(NOTE)
    assert told in noted.bob.submit({NOTE: text})["note"] and noted.record(ref).pending


def test_each_of_two_approvers_writes_one_and_nobody_twice(noted: AppHarness) -> None:
    ref = noted.asked(noted.carol, f"{ADMIN} 1h incident")
    for person, why in ((noted.bob, "on call"), (noted.judy, "agreed")):
        person.click("Approve", noted.card(ref, "needs approval"))
        person.modal(NOTE)
        if person is noted.bob:
            noted.people.inject_slack_fault({"fault": "redeliver"})
        assert person.submit({NOTE: why}) == {}
        noted.until(lambda why=why: why in [word.reason for word in noted.record(ref).approvals], f"{why} to count")
    noted.comes_to_hold("carol", ADMIN)
    given = [each for each in audit_trail(noted) if each["event"] in ("approval", "approved")]
    assert [each["note"] for each in given] == ["on call", "agreed"]


def test_a_second_click_of_whoever_approved_is_one_sentence(noted: AppHarness) -> None:
    ref = noted.asked(noted.carol, f"{ADMIN} 1h incident")
    for _ in range(2):
        noted.bob.click("Approve", noted.card(ref, "needs approval"))
        noted.bob.modal(NOTE)
        assert noted.bob.submit({NOTE: "on call"}) == {}
    noted.bob.direct_message_with(f"You have approved {ref} already")
    assert len(noted.record(ref).approvals) == 1


def test_approving_with_changes_takes_it_too_and_a_bundle_where_a_part_does(noted: AppHarness) -> None:
    ref = noted.asked(noted.carol, "engine-engineer 8h features")
    noted.bob.click("Approve with changes", noted.card(ref))
    noted.bob.modal(f"Approve {ref}")
    assert "Write why" in noted.bob.submit({"What is granted": [MONITOR], NOTE: "\u3164"})["note"]
    assert noted.bob.submit({"What is granted": [MONITOR], NOTE: "monitoring alone"}) == {}
    noted.comes_to_hold("carol", MONITOR)
    assert noted.record(ref).approvals[0].reason == "monitoring alone"


def test_the_form_opens_for_those_alone_who_may_decide_and_other_items_need_none(noted: AppHarness) -> None:
    ref = noted.asked(noted.carol, ASKS)
    press(noted.dave, "approve", noted.name(ref), noted.card(ref))
    noted.dave.ephemeral_with("so you cannot decide")
    assert noted.record(ref).pending
    comments(noted, noted.bob, noted.card(ref), "soon")
    other = noted.asked(noted.carol, f"{DATA} 8h features")
    noted.approve(other, noted.bob)
    noted.comes_to_hold("carol", DATA)


def test_what_left_the_catalogue_takes_a_note_where_a_part_of_it_does(tmp_path: Path) -> None:
    catalog = load_catalog(catalogue(tmp_path))
    engine, data = catalog.items[ENGINE], catalog.items[DATA]
    assert catalog.wants_note("gone", (*data.entitlements, *engine.entitlements))
    assert not catalog.wants_note("gone", data.entitlements) and not catalog.wants_note(DATA, data.entitlements)
