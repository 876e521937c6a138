"""Approving some of a request, or for a shorter time than was asked: never more, and never behind anybody's back."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from approvals.millis import DAY, HOUR
from tests.harness.app import ADMIN, DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import refused

CHANGES = "Approve with changes"
BUNDLE = "algorithm-engineer"


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[AppHarness]:
    """Monitoring takes two approvals here, and with it each bundle that it is in."""
    terms = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    before, monitoring, after = terms.partition("[policies.PaiRecMonitorAccess]")
    path = tmp_path / "strict.toml"
    path.write_text(before + monitoring + after.replace("approvals = 1", "approvals = 2", 1), "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as opened:
        yield opened


def opens_changes(app: AppHarness, ref: str, person: str = "bob", text: str = "needs approval") -> None:
    getattr(app, person).click(CHANGES, app.card(ref, text))
    getattr(app, person).modal(f"Approve {ref}")


def test_what_is_not_ticked_is_not_given_and_everybody_reads_so(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 8h features")
    opens_changes(app, ref)
    assert app.bob.submit({"What is granted": [DATA]}) == {}
    app.comes_to_hold("carol", DATA)
    card = app.card(ref, "active until").plain
    assert f"➖ `{MONITOR}`: left out of the approval" in card
    told = app.carol.direct_message_with(f"*{ref}*: *Algorithm engineer* (`{BUNDLE}`) is active until").plain
    assert f"➖ `{MONITOR}`: left out of the approval" in told and "Duration:" not in told
    assert not app.holds("carol", MONITOR)
    assert [str(grant.entitlement) for grant in app.record(ref).grants] == [f"policy/{DATA}"]


def test_a_shorter_time_counts_from_the_approval(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 7d rolling out")
    opens_changes(app, ref)
    assert "What is granted" not in app.bob.modal().plain, "there is nothing to untick"
    assert app.bob.submit({"Duration": "8h"}) == {}
    app.comes_to_hold("carol", ENGINE)
    request = app.record(ref).request
    assert request.ends_at is not None and request.closed_at is not None
    assert request.ends_at - request.closed_at == 8 * HOUR
    assert "8h, shortened from 7d" in app.card(ref, "Active until").plain
    app.carol.direct_message_with("Duration: 8h, shortened from 7d.")
    app.carol.type("/pairec-access list")
    assert "8h, shortened from 7d" in app.carol.ephemeral_with("Your access").plain
    app.people.advance(8 * HOUR / 1_000 + 1)
    app.comes_to_lose("carol", ENGINE)


def test_what_was_asked_until_revoked_may_be_given_for_a_time(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} until-revoked my job")
    opens_changes(app, ref)
    assert "Duration: until-revoked" in app.bob.modal().plain
    assert app.bob.submit({"Duration": "30d"}) == {}
    app.comes_to_hold("carol", ENGINE)
    request = app.record(ref).request
    assert request.ends_at is not None and request.closed_at is not None
    assert request.ends_at - request.closed_at == 30 * DAY


def test_the_form_as_it_opens_approves_all_that_was_asked(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 8h features")
    opens_changes(app, ref)
    assert app.bob.submit() == {}
    app.comes_to_hold("carol", DATA)
    app.comes_to_hold("carol", MONITOR)
    card = app.card(ref, "active until").plain
    assert "left out" not in card and "shortened" not in card


def test_with_no_part_ticked_nothing_is_decided(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 8h features")
    opens_changes(app, ref)
    errors = app.bob.submit({"What is granted": []})
    assert errors == {"parts:0": f"Select at least one part. To refuse all of {ref}, deny it."}
    assert app.record(ref).pending and not app.record(ref).decisions


@pytest.mark.parametrize(
    ("asked", "typed", "sentence"),
    [
        ("8h", "9h", "was requested for 8h. Approve that or less."),
        ("8h", "until-revoked", "was requested for 8h. Approve that or less."),
        ("8h", "8x", "8x is not a duration."),
        ("8h", "0h", "0h is not a duration."),
        ("until-revoked", "  ", "A duration is missing."),
    ],
)
def test_a_time_that_cannot_be_is_told_under_its_field(app: AppHarness, asked: str, typed: str, sentence: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} {asked} rolling out")
    opens_changes(app, ref)
    assert sentence in app.bob.submit({"Duration": typed})["duration"]
    assert app.record(ref).pending and not app.record(ref).decisions


def test_of_two_approvals_only_what_they_have_in_common_is_given(strict: AppHarness) -> None:
    ref = strict.asked(strict.carol, f"{BUNDLE} 8h features")
    opens_changes(strict, ref)
    assert "Only what all approvals have in common" in strict.bob.modal().plain
    assert strict.bob.submit({"Duration": "4h"}) == {}
    opens_changes(strict, ref, "alice", "1 of 2")
    assert strict.alice.submit({"What is granted": [MONITOR], "Duration": "6h"}) == {}
    strict.comes_to_hold("carol", MONITOR)
    request = strict.record(ref).request
    assert request.ends_at is not None and request.closed_at is not None
    assert request.ends_at - request.closed_at == 4 * HOUR
    assert not strict.holds("carol", DATA)


def test_the_second_approver_finds_filled_in_what_is_approved_so_far(strict: AppHarness) -> None:
    ref = strict.asked(strict.carol, f"{BUNDLE} 8h features")
    opens_changes(strict, ref)
    assert "Prefilled with" not in strict.bob.modal().plain
    assert strict.bob.submit({"What is granted": [DATA], "Duration": "4h"}) == {}
    opens_changes(strict, ref, "alice", "1 of 2")
    form = strict.alice.modal().plain
    assert f"What is granted: {DATA}\n" in form and "Duration: 4h\n" in form
    assert "at most 8h, as requested." in form and "Prefilled with what is approved so far." in form
    assert strict.alice.submit() == {}
    strict.comes_to_hold("carol", DATA)
    assert not strict.holds("carol", MONITOR) and "4h, shortened from 8h" in strict.card(ref, "active until").plain


def test_two_approvals_with_nothing_in_common_give_nothing(strict: AppHarness) -> None:
    ref = strict.asked(strict.carol, f"{BUNDLE} 8h features")
    opens_changes(strict, ref)
    assert strict.bob.submit({"What is granted": [DATA]}) == {}
    opens_changes(strict, ref, "alice", "1 of 2")
    assert "left out of the approval" in strict.card(ref, "1 of 2").plain, "the second approver reads it"
    with refused(strict, strict.alice, "nothing_common", "have nothing in common", ref):
        assert strict.alice.submit({"What is granted": [MONITOR]}) == {}
    assert [word.slack_user_id for word in strict.record(ref).approvals] == [strict.bob.id]


def test_whoever_may_not_decide_gets_no_form(app: AppHarness) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @carol 8h rolling out")
    with refused(app, app.alice, "own_request", f"{ref} is your own", ref):
        app.alice.click(CHANGES, app.card(ref))
    app.alice.no_modal()


def test_an_approver_who_loses_the_policy_with_the_form_open_decides_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 8h features")
    opens_changes(app, ref)
    app.detach_by_hand("bob", ADMIN)
    with refused(app, app.bob, "not_approver", "does not hold", ref):
        assert app.bob.submit({"What is granted": [DATA]}) == {}


def test_a_form_that_comes_after_the_decision_learns_who_decided(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 8h features")
    opens_changes(app, ref)
    app.approve(ref, app.alice)
    assert app.bob.submit({"What is granted": [DATA]}) == {}
    app.bob.direct_message_with(f"{ref} was approved by <@U0ALICE>")
    app.comes_to_hold("carol", MONITOR)


def test_the_form_says_when_it_makes_an_administrator(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 8h incident 12")
    opens_changes(app, ref)
    assert "Makes an administrator" in app.bob.modal().plain
    assert app.bob.submit({"Duration": "1h"}) == {}
    app.approve(ref, app.alice)
    app.comes_to_hold("carol", ADMIN)
    assert "1h, shortened from 8h" in app.card(ref, "Active until").plain


def test_the_details_have_what_one_approver_left_out_and_by_how_much_it_was_shortened(strict: AppHarness) -> None:
    ref = strict.asked(strict.carol, f"{BUNDLE} 8h features")
    opens_changes(strict, ref)
    assert strict.bob.submit({"What is granted": [DATA], "Duration": "2h"}) == {}
    strict.alice.click("Details", strict.card(ref, "1 of 2"))
    shown = strict.alice.modal(ref).plain
    assert f"<@U0BOB> approved: 1 of 2. Left out: `{MONITOR}`. Shortened to 2h." in shown
