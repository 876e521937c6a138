"""The page's switches for the Hologres instance of `ranking`, and what its API and its database say then."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_hologram20220601 import models
from Tea.exceptions import UnretryableException

from bot.sandbox.products.members.hologres import RANKING, SEARCH
from bot.sandbox.ram.identity import BOT_USER_ID
from tests.bot.sandbox.products.cloud_clients import reason
from tests.bot.sandbox.products.hologres_calls import DATABASE, Hologres

ALL = ("stopped", "deleted", "hangs", "statements", "superuser", "owner")


@pytest.mark.parametrize("what", ALL)
def test_a_switch_breaks_one_thing_and_mends_it(hologres: Hologres, what: str) -> None:
    membership = hologres.cloud.sandbox.membership
    before = membership.place("hologres", RANKING).members, membership.place("hologres_database", DATABASE).members
    assert hologres.cloud.turn(f"instance.{what}", broken=True) == {f"instance.{what}"}
    assert hologres.cloud.turn(f"instance.{what}", broken=False) == set()
    after = membership.place("hologres", RANKING).members, membership.place("hologres_database", DATABASE).members
    assert [set(each) for each in after] == [set(each) for each in before]
    assert hologres.rows("SELECT count(*) FROM features") == [["0"]]


def statuses(hologres: Hologres) -> dict[str, str]:
    listed = hologres.client.list_instances(models.ListInstancesRequest()).body.instance_list
    return {each.instance_id: each.instance_status for each in listed}


def test_an_instance_that_is_stopped_is_listed_and_does_nothing(hologres: Hologres) -> None:
    hologres.rows("SELECT 1")
    hologres.cloud.turn("instance.stopped", broken=True)
    assert statuses(hologres) == {RANKING: "Suspended", SEARCH: "Running"}
    assert hologres.client.get_instance(RANKING).body.instance.instance_status == "Suspended"
    frank = hologres.user("frank")
    said = [hologres.statement("SELECT 1"), hologres.create(hologres.user("carol")), hologres.drop(frank)]
    assert [(each.success, each.error_code) for each in said] == [("false", "InstanceNotRunning")] * 3
    assert hologres.revoke(frank, "viewer").data is False
    hologres.cloud.turn("instance.stopped", broken=False)
    assert hologres.drop(frank).success == "true"
    hologres.create(frank)


def test_an_instance_that_is_deleted_is_not_there_and_neither_are_its_databases(hologres: Hologres) -> None:
    hologres.cloud.turn("instance.deleted", broken=True)
    assert statuses(hologres) == {SEARCH: "Running"}
    assert reason(lambda: hologres.client.get_instance(RANKING)) == ("resource not exists failed", 404)
    assert reason(lambda: hologres.statement("SELECT 1")) == ("resource not exists failed", 404)
    shown = [each["place"] for each in hologres.cloud.shown()["members"]]
    assert not [each for each in shown if each.startswith(RANKING)]
    hologres.cloud.turn("instance.deleted", broken=False)
    assert hologres.cloud.roles("hologres_database", DATABASE) == {"frank": {"viewer"}}


def test_a_database_that_hangs_answers_nobody_until_it_goes_on(hologres: Hologres) -> None:
    hologres.rows("SELECT 1")
    hologres.cloud.turn("instance.hangs", broken=True)
    assert hologres.statement("SELECT 1", query_timeout=2).data.error_code == "57014"
    carol = hologres.user("carol")
    with pytest.raises(UnretryableException) as caught:
        hologres.impatient().create(carol)
    assert "timed out" in str(caught.value)
    assert statuses(hologres) == {RANKING: "Running", SEARCH: "Running"}, "the service itself goes on"
    hologres.cloud.turn("instance.hangs", broken=False)
    hologres.until(lambda: hologres.create(carol).error_code == "42710", "what nobody waited for to be done")


def test_statements_can_be_switched_off(hologres: Hologres) -> None:
    hologres.cloud.turn("instance.statements", broken=True)
    assert hologres.statement("SELECT 1").error_code == "ExecuteStatementNotEnabled"
    asked = models.EnableExecuteStatementRequest()
    assert hologres.client.enable_execute_statement(RANKING, asked).body.data is True
    assert hologres.cloud.broken() == set()


def test_the_bot_can_be_no_superuser(hologres: Hologres) -> None:
    hologres.cloud.turn("instance.superuser", broken=True)
    assert hologres.called_by(BOT_USER_ID).drop(hologres.user("frank")).error_code == "42501"
    hologres.statement(f'ALTER USER "p4_{BOT_USER_ID}" SUPERUSER')
    assert hologres.cloud.broken() == set()


@pytest.mark.parametrize("was_a_user", [True, False])
def test_somebody_can_own_a_table_and_is_then_not_dropped(hologres: Hologres, was_a_user: bool) -> None:
    dave = hologres.user("dave")
    if was_a_user:
        hologres.create(dave)
    hologres.cloud.turn("instance.owner", broken=True)
    refused: Any = hologres.drop(dave)
    assert (refused.error_code, refused.error_message.splitlines()[-1]) == (
        "2BP01",
        "DETAIL: 1 object in database ranking",
    )
    remedy = f'REASSIGN OWNED BY "{dave}" TO CURRENT_USER'
    assert hologres.statement(remedy).data.success
    assert hologres.cloud.broken() == set(), "it is put right by whoever does what stands in the way"
    assert hologres.drop(dave).success == "true"
    hologres.statement("DROP TABLE dave_notes")
