"""PAI's workspaces, as their SDK is answered: members and their roles, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_aiworkspace20210204 import models

from tests.bot.sandbox.products.cloud_clients import GUESSED, Cloud, reason, refused, sent
from tests.harness.products.pai import CASE as PAI

GUEST, DEVELOPER = "PAI.WorkspaceGuest", "PAI.AlgoDeveloper"
RANKING = "20001"


def create(client: Any, user_id: str, *roles: str, place: str = RANKING) -> Any:
    member = models.CreateMemberRequestMembers(user_id=user_id, roles=list(roles))
    return client.create_member(place, models.CreateMemberRequest(members=[member]))


def add(client: Any, user_id: str, role: str, place: str = RANKING) -> Any:
    return client.add_member_role(place, f"{place}-{user_id}", role, models.AddMemberRoleRequest())


def remove(client: Any, user_id: str, role: str, place: str = RANKING) -> Any:
    return client.remove_member_role(place, f"{place}-{user_id}", role, models.RemoveMemberRoleRequest())


def delete(client: Any, *user_ids: str, place: str = RANKING) -> Any:
    ids = ",".join(f"{place}-{user_id}" for user_id in user_ids)
    return client.delete_members(place, models.DeleteMembersRequest(member_ids=ids))


def listed(client: Any, place: str = RANKING, **asked: Any) -> Any:
    return client.list_members(place, models.ListMembersRequest(**asked)).body


def names(client: Any, **asked: Any) -> list[str]:
    return [each.member_name for each in listed(client, **asked).members]


def one(client: Any, place: str = RANKING, **asked: Any) -> Any:
    return client.get_member(place, models.GetMemberRequest(**asked)).body


# -- members and roles


def test_somebody_becomes_a_member_with_a_role(cloud: Cloud) -> None:
    carol = cloud.user_id("carol")
    [made] = create(cloud.client(PAI), carol, DEVELOPER).body.members
    assert (made.member_id, made.user_id, made.roles) == (f"20001-{carol}", carol, [DEVELOPER])
    assert cloud.roles("pai", RANKING) == {"frank": {GUEST}, "carol": {DEVELOPER}}


def test_a_member_is_given_another_role_and_loses_it_again(cloud: Cloud) -> None:
    client, frank = cloud.client(PAI), cloud.user_id("frank")
    add(client, frank, DEVELOPER)
    assert cloud.roles("pai", RANKING) == {"frank": {GUEST, DEVELOPER}}
    remove(client, frank, DEVELOPER)
    assert cloud.roles("pai", RANKING) == {"frank": {GUEST}}


def test_whoever_loses_the_last_role_stays_a_member(cloud: Cloud) -> None:
    remove(cloud.client(PAI), cloud.user_id("frank"), GUEST)
    assert cloud.roles("pai", RANKING) == {"frank": set()}


def test_members_are_deleted_all_or_none(cloud: Cloud) -> None:
    client, frank, carol = cloud.client(PAI), cloud.user_id("frank"), cloud.user_id("carol")
    assert reason(lambda: delete(client, frank, carol)) == ("100600017", 404)
    assert cloud.roles("pai", RANKING) == {"frank": {GUEST}}
    delete(client, frank)
    assert cloud.roles("pai", RANKING) == {}


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda c, id_: create(c, id_("frank"), DEVELOPER), ("100600005", 409)),
        (lambda c, id_: create(c, id_("carol"), DEVELOPER, place="777"), ("100400001", 404)),
        (lambda c, id_: create(c, "299999", DEVELOPER), ("100600003", 400)),
        (lambda c, id_: create(c, id_("carol"), "PAI.King"), ("100600004", 400)),
        (lambda c, id_: create(c, id_("carol")), ("InvalidParameter", 400)),
        (lambda c, id_: c.create_member(RANKING, models.CreateMemberRequest()), ("MissingMembers", 400)),
        (lambda c, id_: add(c, id_("frank"), GUEST), ("100600008", 409)),
        (lambda c, id_: add(c, id_("carol"), GUEST), ("100600006", 404)),
        (lambda c, id_: add(c, id_("frank"), "PAI.King"), ("100600004", 400)),
        (lambda c, id_: remove(c, id_("frank"), DEVELOPER), ("100600009", 404)),
        (lambda c, id_: remove(c, id_("carol"), GUEST), ("100600006", 404)),
        (lambda c, id_: delete(c, id_("frank"), place="777"), ("100400001", 404)),
        (lambda c, id_: c.delete_members(RANKING, models.DeleteMembersRequest()), ("MissingMemberIds", 400)),
        (lambda c, id_: one(c, user_id=id_("carol")), ("100600006", 404)),
        (lambda c, id_: one(c), ("MissingUserId", 400)),
        (lambda c, id_: listed(c, place="777"), ("100400001", 404)),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(cloud: Cloud, call: Any, why: tuple[str, int]) -> None:
    before = cloud.sandbox.membership.read()
    assert reason(lambda: call(cloud.client(PAI), cloud.user_id)) == why
    assert cloud.sandbox.membership.read() is before


def test_a_member_id_of_another_workspace_is_nobody(cloud: Cloud) -> None:
    client, elsewhere = cloud.client(PAI), f"20002-{cloud.user_id('frank')}"
    assert reason(lambda: one(client, member_id=elsewhere)) == ("100600006", 404)


# -- reads


def test_one_member_is_told_of_by_either_id(cloud: Cloud) -> None:
    client, frank = cloud.client(PAI), cloud.user_id("frank")
    for found in (one(client, user_id=frank), one(client, member_id=f"20001-{frank}")):
        assert (found.user_id, found.member_name, found.roles) == (frank, "frank", [GUEST])


def test_members_are_found_by_user_name_and_role(cloud: Cloud) -> None:
    client = cloud.client(PAI)
    assert names(client) == ["pairec-workshop", "frank"]
    assert names(client, user_id=cloud.user_id("frank")) == ["frank"]
    assert names(client, member_name="ran") == ["frank"]
    assert names(client, roles=f"{GUEST},{DEVELOPER}") == ["frank"]
    assert names(client, roles=DEVELOPER) == []


def test_members_come_in_pages(cloud: Cloud) -> None:
    for name in ("alice", "bob", "carol"):
        cloud.sandbox.membership.give("pai", RANKING, name, DEVELOPER)
    client = cloud.client(PAI)
    pages = [names(client, page_size=2, page_number=number) for number in (1, 2, 3, 4)]
    assert pages == [["pairec-workshop", "frank"], ["alice", "bob"], ["carol"], []]
    assert listed(client, page_size=2).total_count == 5


@pytest.mark.parametrize("size", [0, 101])
def test_a_page_has_one_to_a_hundred_entries(cloud: Cloud, size: int) -> None:
    assert reason(lambda: listed(cloud.client(PAI), page_size=size)) == ("InvalidParameter", 400)


def test_workspaces_come_in_pages(cloud: Cloud) -> None:
    client = cloud.client(PAI)
    whole = client.list_workspaces(models.ListWorkspacesRequest()).body
    shown = [(each.workspace_id, each.workspace_name, each.display_name) for each in whole.workspaces]
    assert shown == [("20001", "ranking", "Ranking"), ("20002", "search", "Search")]
    second = client.list_workspaces(models.ListWorkspacesRequest(page_size=1, page_number=2)).body
    assert ([each.workspace_id for each in second.workspaces], second.total_count) == (["20002"], 2)


# -- who is let in


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [("LTAI0SANDBOXBOTKEY", GUESSED, "SignatureDoesNotMatch"), ("LTAInobody", "x", "InvalidAccessKeyId.NotFound")],
)
def test_a_wrong_key_is_refused_and_changes_nothing(cloud: Cloud, key: str, secret: str, code: str) -> None:
    before = cloud.sandbox.membership.read()
    assert refused(lambda: delete(cloud.client(PAI, secret, key), cloud.user_id("frank"))).code == code
    assert cloud.sandbox.membership.read() is before


@pytest.mark.parametrize(
    ("target", "headers", "says"),
    [
        ("/api/v1/workspaces", {}, "Action or Version"),
        (
            "/api/v1/workspaces",
            {"x-acs-action": "ListWorkspaces", "x-acs-version": "2021-02-04"},
            "The Authorization header is mandatory",
        ),
        (
            "/api/v1/workspaces",
            {"x-acs-action": "ListMembers", "x-acs-version": "2021-02-04"},
            "Action or Version",
        ),
        ("/api/v1/kingdoms", {}, "InvalidAction.NotFound"),
    ],
)
def test_a_call_that_no_sdk_makes_is_refused(cloud: Cloud, target: str, headers: dict[str, str], says: str) -> None:
    status, text = sent(cloud.address("PAIREC_SERVICE_ENDPOINT"), target, headers)
    assert (400 <= status < 500, says in text) == (True, True)


def test_a_refusal_is_pais_own_and_not_rams(cloud: Cloud) -> None:
    assert refused(lambda: names(cloud.client(PAI, GUESSED))).data["HostId"] == "aiworkspace.cn-hangzhou.aliyuncs.com"
