"""Who else changes the members of products: told by the cloud's own record, in the region of the products."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.kinds import NoticeKind
from approvals.ledger import cloud_reads
from approvals.operations.cloud_record.read import OF_PRODUCTS, RAM_QUERIES
from bot.sandbox.actiontrail.events import GLOBAL
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.app import AppHarness
from tests.harness.products.cases import CASES
from tests.harness.waiting import comes_to, time_is_up
from tests.scenario.drifting import about_user, drift, looks
from tests.scenario.members.asking import gets
from tests.scenario.recording import (
    OUTSIDE,
    READ_IN,
    STOLEN,
    TWENTY_MINUTES,
    looks_later,
    of,
    passes,
    raised,
    state,
    steals,
    told,
)

DEVELOPER, ROLE = "dataworks-developer@ranking", "role_project_dev"


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, READ_IN, pace=10.0, members=True) as app:
        app.until(lambda: state(app) and looks_later(app), "a first look")
        yield app


def recorded(app: AppHarness, action: str, service: str = "DataWorks", **params: str) -> None:
    app.sandbox.account.record(action, params, "ok", of(app, "alice"), service=service)


def said(app: AppHarness) -> str:
    return " ".join(each.plain for each in app.until(lambda: told(app, OUTSIDE), "it to be told"))


def test_what_others_change_in_each_product_is_told_with_where_and_whom(reading: AppHarness) -> None:
    for case in CASES:
        reading.sandbox.membership.give(case.product, case.place, case.person, case.role)
    passes(reading, TWENTY_MINUTES)
    text = said(reading)
    for case in CASES:
        who = reading.sandbox.account.read().users[case.person].user_id
        where = f"members of {case.title} `{case.place}`: <https://ram.console.aliyun.com/users/detail?userId={who}|"
        assert where in text, case.product
    assert "`root` called `CreateProjectMember`" in text and "`RoleCodes=" in text and "203.0.113.7" in text
    assert raised(reading, NoticeKind.STOLEN_KEY) == 0


def test_what_is_called_elsewhere_is_not_told_and_what_may_be_here_is(reading: AppHarness) -> None:
    recorded(reading, "CreateProjectMember", ProjectId="99999", UserId="200000000000000005", RoleCodes="[]")
    recorded(reading, "DeleteProjectMember", body='{"projectId": 99999}')
    passes(reading, TWENTY_MINUTES)
    text = said(reading)
    assert "`DeleteProjectMember`" in text and "does not say in a way that is known" in text
    assert "CreateProjectMember" not in text


def test_our_own_changes_of_members_are_no_alarm(reading: AppHarness) -> None:
    ref = gets(reading, DEVELOPER)
    time_is_up(reading)
    comes_to(reading, ref, "ended")
    passes(reading, TWENTY_MINUTES)
    assert state(reading, "CreateProjectMember") == "read" and raised(reading, *NoticeKind) == 0


def test_a_thief_who_makes_somebody_a_member_is_found(reading: AppHarness) -> None:
    dave = reading.sandbox.account.read().users["dave"].user_id
    by = of(reading, "alice")._replace(key=ACCESS_KEY_ID)
    params = {"ProjectId": "10001", "UserId": dave, "RoleCodes": f'["{ROLE}"]'}
    reading.sandbox.account.record("CreateProjectMember", params, "ok", by, service="DataWorks")
    passes(reading, TWENTY_MINUTES)
    [alarm] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert "`CreateProjectMember`" in alarm.plain
    assert "members of DataWorks `10001`: <" in alarm.plain and "|`dave`>" in alarm.plain


def test_where_no_change_of_members_shows_it_is_said_to_be_not_readable(reading: AppHarness) -> None:
    reading.sandbox.trail.lost = lambda event: event["serviceName"] not in GLOBAL
    gets(reading, DEVELOPER)
    passes(reading, TWENTY_MINUTES)
    passes(reading, 3600)
    assert state(reading) != "empty" and state(reading, "CreateProjectMember") == "empty"
    assert reading.program
    shown = reading.program.conditions.current()
    assert "not readable here" in shown["cloud_record_members"].message and "cloud_record" not in shown


def test_what_is_not_to_be_read_of_products_keeps_nothing_of_ram_from_being_read(reading: AppHarness) -> None:
    reading.stop_bot()
    reading._settings["PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT"] = "http://127.0.0.1:9"
    reading.start_bot()
    steals(reading)
    reading.people.advance(TWENTY_MINUTES)
    reading.until(lambda: told(reading, STOLEN), "the alarm")
    reading.until(lambda: state(reading, "CreateProjectMember") == "refused", "the refusal to be noted")
    reading.until(lambda: state(reading) == "read", "the rest to be read")


def test_a_member_role_given_elsewhere_is_listed_with_who_gave_it_last(reading: AppHarness) -> None:
    frank = reading.sandbox.account.read().users["frank"].user_id
    reading.sandbox.membership.give("dataworks", "10001", "frank", ROLE)
    reading.sandbox.trail.lost = lambda event: event["userIdentity"]["type"] == "root-account"
    for action, by in (
        ("CreateProjectMember", "judy"),
        ("RevokeMemberProjectRoles", "judy"),
        ("GrantMemberProjectRoles", "alice"),
    ):
        params = {"ProjectId": "10001", "UserId": frank, "RoleCodes": f'["{ROLE}"]'}
        reading.sandbox.account.record(action, params, "ok", of(reading, by), service="DataWorks")
        reading.people.advance(60)
    passes(reading, TWENTY_MINUTES)
    looks(reading)
    assert ", by `alice`" in about_user(drift(reading, reading.bob), "frank", "DataWorks Developer").plain


def test_nothing_is_asked_of_products_that_the_catalogue_has_nothing_of(reading: AppHarness) -> None:
    with reading.ledger.read() as tx:
        assert {"CreateProjectMember", "UpdateUsersToRole", "DropUser"} <= cloud_reads.every_one(tx).keys()
    reading.stop_bot()
    reading._members = False
    reading._settings["PAIREC_REGION"] = READ_IN["PAIREC_ACTIONTRAIL_REGION"]
    reading.start_bot()
    with reading.ledger.read() as tx:
        assert cloud_reads.every_one(tx).keys() == {*RAM_QUERIES}
        assert tx.row("SELECT id FROM jobs WHERE id = :id", id=OF_PRODUCTS) is None
