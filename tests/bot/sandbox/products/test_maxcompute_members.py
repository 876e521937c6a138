"""MaxCompute's projects, as their SDK is answered: who has which role there, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_maxcompute20220104 import models

from bot.sandbox.ram.execute import execute
from tests.bot.sandbox.products.cloud_clients import GUESSED, Cloud, reason, refused
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE

DEV, ACCOUNT = "role_project_dev", "1000000000000001"


def update(
    client: Any, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), place: str = "ranking", role: str = DEV
) -> Any:
    request = models.UpdateUsersToRoleRequest(add=list(add) or None, remove=list(remove) or None)
    return client.update_users_to_role(place, role, request)


def having(client: Any, place: str = "ranking", role: str = DEV) -> list[str]:
    return [each.name for each in client.list_users_by_role(place, role).body.data.users]


def users(client: Any, place: str = "ranking") -> list[str]:
    return [each.name for each in client.list_project_users(place).body.data.users]


def by_id(cloud: Cloud, name: str) -> str:
    return f"RAM${ACCOUNT}:{cloud.user_id(name)}"


# -- users and roles


def test_a_role_is_given_to_a_user_named_by_id_and_shown_by_name(cloud: Cloud) -> None:
    client = cloud.client(MAXCOMPUTE)
    assert update(client, add=(by_id(cloud, "carol"),)).body.request_id
    assert having(client) == users(client) == [f"RAM${ACCOUNT}:carol"]


def test_a_role_is_given_to_a_user_named_by_name(cloud: Cloud) -> None:
    update(cloud.client(MAXCOMPUTE), add=(f"RAM${ACCOUNT}:carol",))
    assert cloud.roles("maxcompute", "ranking") == {"carol": {DEV}}


@pytest.mark.parametrize("spelt", [by_id, lambda cloud, name: f"RAM${ACCOUNT}:{name}"], ids=["by id", "by name"])
def test_a_role_is_taken_and_the_user_stays(cloud: Cloud, spelt: Any) -> None:
    client = cloud.client(MAXCOMPUTE)
    update(client, remove=(spelt(cloud, "dave"),), place="ranking_dev")
    assert having(client, "ranking_dev") == []
    assert users(client, "ranking_dev") == [f"RAM${ACCOUNT}:dave"]


def test_adding_and_removing_are_done_both_or_neither(cloud: Cloud) -> None:
    client = cloud.client(MAXCOMPUTE)
    carol, erin, dave = (by_id(cloud, name) for name in ("carol", "erin", "dave"))
    refused(lambda: update(client, add=(carol,), remove=(erin,), place="ranking_dev"))
    assert having(client, "ranking_dev") == [f"RAM${ACCOUNT}:dave"]
    update(client, add=(carol,), remove=(dave,), place="ranking_dev")
    assert having(client, "ranking_dev") == [f"RAM${ACCOUNT}:carol"]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda c, who: update(c, add=(who("dave"),), place="ranking_dev"), ("OBJECT_ALREADY_EXIST", 409)),
        (lambda c, who: update(c, remove=(who("carol"),)), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: update(c, add=(who("carol"),), place="gone"), ("PROJECT_NOT_FOUND", 404)),
        (lambda c, who: update(c, add=(who("carol"),), role="role_of_kings"), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: update(c, add=(f"RAM${ACCOUNT}:nobody",)), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: update(c, add=("RAM$2000000000000002:carol",)), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: update(c, add=(f"RAM${ACCOUNT}:role/carol",)), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: update(c), ("Missingadd", 400)),
        (lambda c, who: having(c, "gone"), ("PROJECT_NOT_FOUND", 404)),
        (lambda c, who: having(c, role="role_of_kings"), ("OBJECT_NOT_EXIST", 404)),
        (lambda c, who: users(c, "gone"), ("PROJECT_NOT_FOUND", 404)),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(cloud: Cloud, call: Any, why: tuple[str, int]) -> None:
    before = cloud.sandbox.membership.read()
    assert reason(lambda: call(cloud.client(MAXCOMPUTE), lambda name: by_id(cloud, name))) == why
    assert cloud.sandbox.membership.read() is before


def test_a_renamed_user_is_shown_by_the_new_name_and_the_old_one_is_nobodys(cloud: Cloud) -> None:
    execute(cloud.sandbox.account, "UpdateUser", {"UserName": "dave", "NewUserName": "david"})
    client = cloud.client(MAXCOMPUTE)
    assert having(client, "ranking_dev") == [f"RAM${ACCOUNT}:david"]
    refused(lambda: update(client, remove=(f"RAM${ACCOUNT}:dave",), place="ranking_dev"))


def test_a_deleted_user_can_still_be_taken_out(cloud: Cloud) -> None:
    client, carol = cloud.client(MAXCOMPUTE), by_id(cloud, "carol")
    update(client, add=(carol,))
    execute(cloud.sandbox.account, "DeleteUser", {"UserName": "carol"})
    assert having(client) == [f"RAM${ACCOUNT}:carol"]
    update(client, remove=(carol,))
    assert having(client) == []


# -- projects


def test_one_project_is_told_of_with_its_owner(cloud: Cloud) -> None:
    data = cloud.client(MAXCOMPUTE).get_project("ranking", models.GetProjectRequest()).body.data
    assert (data.name, data.owner, data.status) == ("ranking", "ALIYUN$workshop", "AVAILABLE")


def test_a_project_that_is_not_there_is_not_found(cloud: Cloud) -> None:
    client = cloud.client(MAXCOMPUTE)
    assert reason(lambda: client.get_project("gone", models.GetProjectRequest())) == ("PROJECT_NOT_FOUND", 404)


def test_projects_come_in_pages_after_a_marker(cloud: Cloud) -> None:
    client, marker, pages = cloud.client(MAXCOMPUTE), None, []
    while marker != "":
        data = client.list_projects(models.ListProjectsRequest(max_item=2, marker=marker)).body.data
        pages.append([each.name for each in data.projects])
        marker = data.marker
    assert pages == [["ranking", "ranking_dev"], ["search"]]


# -- who is let in


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [("LTAI0SANDBOXBOTKEY", GUESSED, "SignatureDoesNotMatch"), ("LTAInobody", "x", "InvalidAccessKeyId.NotFound")],
)
def test_a_wrong_key_is_refused_and_changes_nothing(cloud: Cloud, key: str, secret: str, code: str) -> None:
    before = cloud.sandbox.membership.read()
    assert refused(lambda: update(cloud.client(MAXCOMPUTE, secret, key), add=(by_id(cloud, "carol"),))).code == code
    assert cloud.sandbox.membership.read() is before


def test_a_refusal_is_spelt_in_lower_case(cloud: Cloud) -> None:
    data = refused(lambda: users(cloud.client(MAXCOMPUTE), "gone")).data
    assert {"code", "message", "requestId"} <= data.keys()
    assert "Code" not in data
