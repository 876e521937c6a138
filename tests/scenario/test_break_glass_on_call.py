"""Break-glass for who is on call: a Slack user group lets somebody take it, read when they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from bot.slack.scopes import BOT_SCOPES, ON_CALL_SCOPE
from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.harness.break_glass import BREAK_GLASS, BREAK_GLASS_ON_CALL, opened, takes
from tests.harness.refusals import refused
from tests.harness.rules import LONG, ON_CALL, catalog_with
from tests.harness.waiting import comes_to

GROUP, READ = "S0RANKING", "usergroups.users.list"
UNKNOWN = "Break-glass goes by who is on call, and Slack does not say."
BOTH = BREAK_GLASS.replace("[break_glass]", '[break_glass]\non_call = ["ranking"]')
Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    """Dave is on call in Slack, and the app may read so; Carol and Bob are in the RAM group."""
    with ExitStack() as stack:

        def started(*tables: str) -> AppHarness:
            app = opened(stack, tmp_path, tables)
            app.people.inject_slack_fault({"scopes": [*BOT_SCOPES, ON_CALL_SCOPE]})
            app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0DAVE"]})
            return app

        yield started


def scope_missing(app: AppHarness) -> None:
    app.people.inject_slack_fault({"scopes": list(BOT_SCOPES)})


def disabled(app: AppHarness) -> None:
    app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0DAVE"], "disabled": True})


def silent(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": READ, "error": "internal_error", "times": None})


def test_whoever_is_on_call_takes_it_and_nobody_else(app_with: Opens) -> None:
    app = app_with(BREAK_GLASS_ON_CALL, ON_CALL)
    comes_to(app, takes(app, app.dave), "active")
    assert app.holds("dave", ENGINE)
    with refused(app, app.carol, "not_in_group", "members of the on-call groups `ranking`", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {ENGINE} 503s since 4")


def test_whoever_left_the_group_a_moment_ago_does_not_get_it(app_with: Opens) -> None:
    app = app_with(BREAK_GLASS_ON_CALL, ON_CALL)
    app.dave.type(f"/pairec-access explain {ENGINE} 2h")
    app.dave.ephemeral_with("gives it to you at once")
    app.people.inject_slack_fault({"user_group": GROUP, "members": ["U0CAROL"]})
    with refused(app, app.dave, "not_in_group", "members of the on-call groups `ranking`", act="break_glass"):
        app.dave.type(f"/pairec-access break-glass {ENGINE} 503s since 4")
    comes_to(app, takes(app, app.carol), "active")


@pytest.mark.parametrize("unread", [scope_missing, disabled, silent])
def test_where_slack_does_not_say_who_is_on_call_it_is_not_given(
    app_with: Opens, unread: Callable[[AppHarness], None]
) -> None:
    app = app_with(BREAK_GLASS_ON_CALL, ON_CALL)
    unread(app)
    app.dave.type(f"/pairec-access explain {ENGINE} 2h")
    app.dave.ephemeral_with(UNKNOWN)
    with refused(app, app.dave, "taker_unknown", UNKNOWN, act="break_glass"):
        app.dave.type(f"/pairec-access break-glass {ENGINE} 503s since 4")
    assert not app.holds("dave", ENGINE)


def test_either_of_a_ram_group_and_a_user_group_is_enough(app_with: Opens) -> None:
    app = app_with(BOTH, ON_CALL)
    for person in (app.dave, app.carol):
        comes_to(app, takes(app, person), "active")
    with refused(app, app.judy, "not_in_group", "RAM groups `rec-oncall` or of the on-call", act="break_glass"):
        app.judy.type(f"/pairec-access break-glass {MONITOR} 503s since 4")


def test_whoever_is_in_the_ram_group_takes_it_although_slack_does_not_say_who_is_on_call(app_with: Opens) -> None:
    app = app_with(BOTH, ON_CALL)
    silent(app)
    comes_to(app, takes(app, app.carol), "active")
    with refused(app, app.dave, "taker_unknown", UNKNOWN, act="break_glass"):
        app.dave.type(f"/pairec-access break-glass {MONITOR} 503s since 4")


def test_slack_is_asked_for_the_named_groups_alone_and_only_for_what_can_be_taken(app_with: Opens) -> None:
    app = app_with(BREAK_GLASS_ON_CALL, ON_CALL + 'search = "S0SEARCH"\n', LONG)
    app.asked(app.dave, f"{ENGINE} 2h in the usual way")
    app.dave.type("/pairec-access explain PaiRecDataManagementAccess 2h")
    app.dave.ephemeral_with("Nothing was requested.")
    assert app.sandbox.slack.calls.take()[READ] == 0
    comes_to(app, takes(app, app.dave), "active")
    assert app.sandbox.slack.calls.take()[READ] == 1


def test_what_it_gives_to_whom_names_the_groups(app_with: Opens) -> None:
    app = app_with(BOTH, ON_CALL)
    app.dave.type("/pairec-access break-glass")
    app.dave.ephemeral_with("members of the RAM groups `rec-oncall` or of the on-call groups `ranking`.")


@pytest.mark.parametrize(
    ("table", "on_line", "says"),
    [
        (BREAK_GLASS.replace('groups = ["rec-oncall"]\n', ""), "[break_glass]", "neither `groups` nor `on_call`"),
        (BREAK_GLASS_ON_CALL, 'on_call = ["ranking"]', "`on_call` has no user group called ranking"),
    ],
)
def test_a_table_that_lets_nobody_take_it_ends_the_start_with_its_line(
    tmp_path: Path, table: str, on_line: str, says: str
) -> None:
    path = catalog_with(tmp_path, table)
    line = 1 + path.read_text("utf-8").splitlines().index(on_line)
    with pytest.raises(CatalogError) as error:
        load_catalog(path)
    assert str(error.value).startswith(f"{path}, line {line}: break_glass: ") and says in str(error.value)
