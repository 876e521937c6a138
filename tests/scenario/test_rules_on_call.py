"""Rules that ask who is on call: a Slack user group, read when a rule asks and never otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.rule_cases import CaseTerms, run_case
from approvals.errors import CatalogError
from bot.slack.scopes import BOT_SCOPES, ON_CALL_SCOPE
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.builders import NOW
from tests.harness.refusals import refused
from tests.harness.rules import APPROVES_FOR_ON_CALL, APPROVES_ON_CALL, LONG, ON_CALL, catalog_with
from tests.harness.waiting import comes_to

GROUP, READ = "S0RANKING", "usergroups.users.list"
UNKNOWN = "asks who is on call, and Slack does not say"
ONLY_ON_CALL = """
[[rules]]
name = "engine is for on-call"
when = "item == 'PaiRecEngineAccess' && !('ranking' in requester_on_call)"
deny = "Only who is on call gets it."
"""
TWO_OFF_CALL = """
[[rules]]
name = "off call takes two"
when = "item == 'PaiRecEngineAccess' && !('ranking' in requester_on_call)"
require = 2
"""
DATA_ON_CALL = """
[[rules]]
name = "data is for on-call"
when = "item == 'PaiRecDataManagementAccess' && !('ranking' in subject_on_call)"
deny = "Only who is on call gets it."
"""
Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    """Dave is on call, and the app may read so."""
    with ExitStack() as stack:

        def opened(*rules: str) -> AppHarness:
            app = stack.enter_context(AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, *rules))}))
            app.people.inject_slack_fault({"scopes": [*BOT_SCOPES, ON_CALL_SCOPE]})
            app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0DAVE"]})
            return app

        yield opened


def scope_missing(app: AppHarness) -> None:
    app.people.inject_slack_fault({"scopes": list(BOT_SCOPES)})


def disabled(app: AppHarness) -> None:
    app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0DAVE"], "disabled": True})


def silent(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": READ, "error": "internal_error", "times": None})


def test_whoever_is_on_call_is_approved_by_the_rule_and_nobody_else(app_with: Opens) -> None:
    app = app_with(APPROVES_ON_CALL, ON_CALL)
    ref = app.asked(app.dave, f"{ENGINE} 2h 503s since 4")
    comes_to(app, ref, "active")
    assert app.holds("dave", ENGINE)
    assert "The rule `engine for on-call` approved it." in app.card(ref, "active").plain
    other = app.asked(app.carol, f"{ENGINE} 2h 503s since 4")
    assert app.record(other).pending and not app.holds("carol", ENGINE)


def test_whoever_leaves_the_group_is_not_approved_the_next_time(app_with: Opens) -> None:
    app = app_with(APPROVES_ON_CALL, ON_CALL)
    app.dave.type(f"/pairec-access explain {ENGINE} 2h")
    app.dave.ephemeral_with("is approved by the rule `engine for on-call`, without anybody's approval.")
    app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0CAROL"]})
    assert app.record(app.asked(app.dave, f"{ENGINE} 2h 503s since 4")).pending


@pytest.mark.parametrize("unread", [scope_missing, disabled, silent])
def test_where_slack_does_not_say_who_is_on_call_people_decide(
    app_with: Opens, unread: Callable[[AppHarness], None]
) -> None:
    app = app_with(APPROVES_ON_CALL, ON_CALL)
    unread(app)
    app.dave.type(f"/pairec-access explain {ENGINE} 2h")
    app.dave.ephemeral_with(f"The rule `engine for on-call` {UNKNOWN}, so people decide.")
    ref = app.asked(app.dave, f"{ENGINE} 2h 503s since 4")
    assert app.record(ref).pending and not app.holds("dave", ENGINE)


@pytest.mark.parametrize("rule", [ONLY_ON_CALL, TWO_OFF_CALL])
def test_where_slack_does_not_say_it_what_denies_or_requires_by_it_refuses(app_with: Opens, rule: str) -> None:
    app = app_with(rule, ON_CALL)
    scope_missing(app)
    with refused(app, app.dave, "on_call_unknown", UNKNOWN, act="ask"):
        app.dave.type(f"/pairec-access request {ENGINE} 2h 503s since 4")
    assert app.record(app.asked(app.dave, f"{DATA} 2h another item is not judged by it")).pending


def test_a_rule_that_denies_it_to_others_says_so(app_with: Opens) -> None:
    app = app_with(ONLY_ON_CALL, ON_CALL)
    with refused(app, app.carol, "denied_by_rule", "Only who is on call gets it.", act="ask"):
        app.carol.type(f"/pairec-access request {ENGINE} 2h 503s since 4")
    assert app.record(app.asked(app.dave, f"{ENGINE} 2h 503s since 4")).pending


def test_the_form_says_so_before_it_is_sent_and_reads_the_group_once_a_minute(app_with: Opens) -> None:
    app = app_with(APPROVES_ON_CALL, ON_CALL)
    app.dave.type("/pairec-access request")
    app.dave.choose("What", ENGINE)
    app.dave.modal("The rule `engine for on-call` approves it at once.")
    app.dave.choose("What", MONITOR)
    app.dave.modal(MONITOR)
    app.dave.choose("What", ENGINE)
    app.dave.modal("The rule `engine for on-call` approves it at once.")
    assert app.sandbox.slack.calls.take()[READ] == 1


def test_a_rule_may_ask_whether_whoever_it_is_for_is_on_call(app_with: Opens) -> None:
    app = app_with(APPROVES_FOR_ON_CALL, ON_CALL)
    app.carol.type(f"/pairec-access explain {ENGINE} @dave 2h")
    app.carol.ephemeral_with("is approved by the rule `engine for whoever is on call`")
    ref = app.asked(app.carol, f"{ENGINE} @dave 2h 503s since 4")
    comes_to(app, ref, "active")
    assert app.holds("dave", ENGINE)
    own = app.asked(app.carol, f"{ENGINE} 2h 503s since 4")
    assert app.record(own).pending and not app.holds("carol", ENGINE)


def test_whoever_asks_for_themselves_is_whoever_it_is_for(app_with: Opens) -> None:
    app = app_with(APPROVES_FOR_ON_CALL, ON_CALL)
    comes_to(app, app.asked(app.dave, f"{ENGINE} 2h 503s since 4"), "active")


def test_being_on_call_oneself_is_not_enough_where_it_is_for_somebody_else(app_with: Opens) -> None:
    app = app_with(APPROVES_FOR_ON_CALL, ON_CALL)
    assert app.record(app.asked(app.dave, f"{ENGINE} @carol 2h 503s since 4")).pending


@pytest.mark.parametrize("unread", [scope_missing, disabled, silent])
def test_where_slack_does_not_say_whether_they_are_people_decide_and_what_denies_refuses(
    app_with: Opens, unread: Callable[[AppHarness], None]
) -> None:
    app = app_with(APPROVES_FOR_ON_CALL, DATA_ON_CALL, ON_CALL)
    unread(app)
    app.carol.type(f"/pairec-access explain {ENGINE} @dave 2h")
    app.carol.ephemeral_with(f"The rule `engine for whoever is on call` {UNKNOWN}, so people decide.")
    assert app.record(app.asked(app.carol, f"{ENGINE} @dave 2h 503s since 4")).pending
    with refused(app, app.carol, "on_call_unknown", UNKNOWN, act="ask"):
        app.carol.type(f"/pairec-access request {DATA} @dave 2h 503s since 4")


def test_the_form_says_so_of_whoever_it_is_for(app_with: Opens) -> None:
    app = app_with(APPROVES_FOR_ON_CALL, ON_CALL)
    app.carol.type("/pairec-access request")
    app.carol.fill({"What": ENGINE, "For whom": "dave"})
    app.carol.modal("The rule `engine for whoever is on call` approves it at once.")


def test_where_no_rule_asks_slack_is_not_asked(app_with: Opens) -> None:
    app = app_with(LONG, ON_CALL)
    assert app.record(app.asked(app.dave, f"{ENGINE} 2h 503s since 4")).pending
    assert app.sandbox.slack.calls.take()[READ] == 0


@pytest.mark.parametrize(("on_call", "found"), [(["ranking"], "approved"), ([], "1"), (["search"], "1")])
def test_a_case_that_is_written_down_says_who_is_on_call(tmp_path: Path, on_call: list[str], found: str) -> None:
    catalog = load_catalog(catalog_with(tmp_path, APPROVES_ON_CALL, ON_CALL))
    case = CaseTerms(item=ENGINE, expect="approved", duration="2h", requester_on_call=on_call)
    assert run_case(catalog, case, NOW).found == found


def test_a_case_says_who_of_both_is_on_call(tmp_path: Path) -> None:
    catalog = load_catalog(catalog_with(tmp_path, APPROVES_FOR_ON_CALL, ON_CALL))
    case = CaseTerms(item=ENGINE, expect="approved", duration="2h", for_self=False, subject="dave")
    assert run_case(catalog, case.model_copy(update={"requester_on_call": ["ranking"]}), NOW).found == "1"
    assert run_case(catalog, case.model_copy(update={"subject_on_call": ["ranking"]}), NOW).found == "approved"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "rule 'engine for on-call': when: asks who is on call, which takes a table `on_call`"),
        ('[on_call]\nranking = "C0RANKING"', "on_call.ranking"),
        ("\n".join(["[on_call]", *(f'g{n} = "S0GROUP{n}"' for n in range(6))]), "on_call"),
    ],
)
def test_groups_that_cannot_be_used_end_the_start(tmp_path: Path, table: str, says: str) -> None:
    with pytest.raises(CatalogError) as error:
        load_catalog(catalog_with(tmp_path, APPROVES_ON_CALL, table))
    assert says in str(error.value)


def test_what_starts_later_is_not_approved_by_who_is_on_call_now(app_with: Opens) -> None:
    app = app_with(APPROVES_ON_CALL, ON_CALL)
    ref = app.asked(app.dave, f"{ENGINE} 2h from tomorrow 09:00 rolling out")
    assert "Approve" in app.card(ref, "needs approval").buttons
    assert app.record(ref).pending and not app.holds("dave", ENGINE)
