"""Rules that approve: what nobody has to decide on, and what people decide on all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.rule_cases import CaseTerms, run_case
from tests.harness.app import ADMIN, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.builders import NOW
from tests.harness.refusals import audit_trail, refused
from tests.harness.rules import APPROVES, FREEZE, catalog_with
from tests.harness.waiting import comes_to
from tests.harness.workflows import install_step, started
from tests.scenario.test_extend import extends
from tests.scenario.test_form_foresees import shown

ANYTHING = """
[[rules]]
name = "anything"
when = "true"
auto_approve = "3650d"
"""
COUNTS_WRONG = """
[[rules]]
name = "counts wrong"
when = "1 / size(subject_groups) == 5"
auto_approve = "8h"
"""
MONITOR_TAKES_TWO = """
[[rules]]
name = "monitoring takes two"
when = "item == 'PaiRecMonitorAccess'"
require = 2
"""
FROZEN = FREEZE.format(begin="2020-01-01T00:00:00Z", end="2090-01-01T00:00:00Z").replace(ENGINE, MONITOR)
Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    with ExitStack() as stack:

        def opened(*rules: str) -> AppHarness:
            app = stack.enter_context(AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, *rules))}))
            app.by_hand("CreateGroup", GroupName="rec-engineers")
            app.by_hand("AddUserToGroup", GroupName="rec-engineers", UserName="carol")
            return app

        yield opened


def test_what_a_workflow_asks_in_somebodys_name_is_decided_by_people(app_with: Opens) -> None:
    app = app_with(ANYTHING)
    install_step(app)
    started(app, requester="U0CAROL", subject="U0DAVE", access=ENGINE)
    app.card("R-1001", "needs approval")
    assert not app.holds("dave", ENGINE)


def test_it_is_given_without_an_approval_and_card_message_and_trail_say_by_which_rule(app_with: Opens) -> None:
    app = app_with(APPROVES)
    ref = app.asked(app.carol, f"{MONITOR} 2h looking at latency")
    comes_to(app, ref, "active")
    assert app.holds("carol", MONITOR)
    card = app.card(ref, "active")
    assert "The rule `monitoring for engineers` approved it." in card.plain and "Approved by" not in card.plain
    app.carol.direct_message_with("approved by the rule `monitoring for engineers`.")
    said = next(each for each in audit_trail(app) if each["event"] == "approved by rule")
    assert said["rule"] == "monitoring for engineers" and "closed_by" not in said
    app.people.advance(2 * HOUR)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", MONITOR) and app.chain_holds()


def test_a_line_that_slack_delivers_twice_is_approved_once(app_with: Opens) -> None:
    app = app_with(APPROVES)
    app.people.inject_slack_fault({"fault": "redeliver"})
    ref = app.asked(app.carol, f"{MONITOR} 2h looking at latency")
    comes_to(app, ref, "active")
    assert app.requests() == 1 and app.writes("AttachPolicyToUser", "carol", MONITOR) == 1


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("carol", f"{MONITOR} 9h longer than the rule approves"),
        ("carol", f"{ENGINE} 2h another one"),
        ("judy", f"{MONITOR} 2h not in that group"),
        ("erin", f"{MONITOR} 2h whom nobody has linked"),
    ],
)
def test_people_decide_on_what_no_rule_approves(app_with: Opens, who: str, line: str) -> None:
    app = app_with(APPROVES)
    ref = app.asked(getattr(app, who), line)
    assert app.record(ref).pending


def test_no_rule_makes_administrators_or_gives_what_takes_two_or_has_no_end(app_with: Opens) -> None:
    app = app_with(ANYTHING, MONITOR_TAKES_TWO)
    for line in (f"{ADMIN} 1h incident", f"{MONITOR} 1h looking", f"{ENGINE} until-revoked looking"):
        assert app.record(app.asked(app.carol, line)).pending, line
    comes_to(app, app.asked(app.dave, f"{ENGINE} 1h looking"), "active")


def test_what_another_rule_denies_is_denied(app_with: Opens) -> None:
    app = app_with(APPROVES, FROZEN)
    with refused(app, app.carol, "denied_by_rule", "The rule `release freeze` does not allow it", act="ask"):
        app.carol.type(f"/pairec-access request {MONITOR} 2h looking")


def test_a_rule_that_comes_to_no_answer_leaves_it_to_people(app_with: Opens) -> None:
    app = app_with(COUNTS_WRONG)
    app.dave.type(f"/pairec-access explain {ENGINE} 2h")
    app.dave.ephemeral_with("The rule `counts wrong` comes to no answer (`divide by zero`), so people decide.")
    assert app.record(app.asked(app.dave, f"{ENGINE} 2h looking")).pending


def test_more_time_for_it_is_for_people_to_decide(app_with: Opens) -> None:
    app = app_with(APPROVES)
    ref = app.asked(app.carol, f"{MONITOR} 2h looking")
    comes_to(app, ref, "active")
    more = extends(app, app.carol, app.carol.direct_message_with("is active until"), ref, "1h")
    assert app.record(more).pending


def test_the_form_says_so_before_it_is_sent(app_with: Opens) -> None:
    app = app_with(APPROVES)
    app.carol.type("/pairec-access request")
    app.carol.choose("What", MONITOR)
    shown(app, "The rule `monitoring for engineers` approves it at once.")


def test_explain_names_the_rule_that_would_approve(app_with: Opens) -> None:
    app = app_with(APPROVES)
    app.carol.type(f"/pairec-access explain {MONITOR} 2h")
    app.carol.ephemeral_with("is approved by the rule `monitoring for engineers`, without anybody's approval.")
    assert app.requests() == 0


@pytest.mark.parametrize(
    ("duration", "groups", "found"),
    [("2h", ["rec-engineers"], "approved"), ("9h", ["rec-engineers"], "1"), ("2h", [], "1")],
)
def test_a_case_that_is_written_down_says_whether_a_rule_approves_it(
    tmp_path: Path, duration: str, groups: list[str], found: str
) -> None:
    catalog = load_catalog(catalog_with(tmp_path, APPROVES))
    case = CaseTerms(item=MONITOR, expect="approved", duration=duration, subject_groups=groups)
    result = run_case(catalog, case, NOW)
    assert (result.found, result.as_expected) == (found, found == "approved")
