"""How the account's users are made: IMS's CreateUser, and what has to be known before it is called."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_ims20190815 import models

from bot.sandbox.ram.actions.users import MAX_USERS
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.ram.state import User
from bot.sandbox.switches.users import NEWCOMER, UserSwitches
from tests.bot.sandbox.ram.ram_calls import refused
from tests.bot.sandbox.ram.ram_world import World

DOMAIN = "pairec-workshop.onaliyun.com"


def create(world: World, name: str = NEWCOMER, **values: str) -> Any:
    wanted = {"display_name": "Heidi Roth", **values}
    request = models.CreateUserRequest(user_principal_name=f"{name}@{DOMAIN}", **wanted)
    return world.ims().create_user(request).body.user


def turn(world: World, name: str, broken: bool = True) -> None:
    next(each for each in UserSwitches(world.account).all() if each.name == name).turn(broken)


def test_a_new_user_has_what_was_sent_and_nothing_else(world: World) -> None:
    made = create(world, email="heidi@example.com", comments="pairec-access 0123")
    assert (made.user_principal_name, made.display_name) == (f"heidi@{DOMAIN}", "Heidi Roth")
    assert (made.email, made.comments, made.provision_type) == ("heidi@example.com", "pairec-access 0123", "Manual")
    shown = world.ims().get_user(models.GetUserRequest(user_principal_name=f"heidi@{DOMAIN}")).body.user
    assert (shown.user_id, shown.comments, shown.user_name) == (made.user_id, "pairec-access 0123", "heidi")
    assert not [held for held, _ in world.account.read().attachments if held.id == made.user_id]


def test_the_accounts_log_names_a_new_user_as_it_names_others(world: World) -> None:
    create(world)
    last = world.account.log()[-1]
    assert (last.action, last.user, last.result) == ("CreateUser", "heidi", "ok")


@pytest.mark.parametrize(
    ("name", "values", "status", "code"),
    [
        ("alice", {}, 409, "EntityAlreadyExists.User"),
        ("Alice", {}, 409, "EntityAlreadyExists.User"),
        ("h" * 65, {}, 400, "InvalidParameter.UserPrincipalName.Length"),
        ("h" * 128, {}, 400, "InvalidParameter.UserPrincipalName.Length"),
        ("he idi", {}, 400, "InvalidParameter.UserPrincipalName.InvalidChars"),
        ("", {}, 400, "InvalidParameter.UserPrincipalName.InvalidChars"),
        (f"heidi@{DOMAIN}", {}, 400, "InvalidParameter.UserPrincipalName.InvalidChars"),
        ("heidi", {"display_name": ""}, 400, "MissingDisplayName"),
        ("heidi", {"display_name": "海" * 25}, 400, "InvalidParameter.DisplayName.Length"),
        ("heidi", {"email": "heidi"}, 400, "InvalidParameter.Email.Format"),
        ("heidi", {"mobile_phone": "12"}, 400, "InvalidParameter.MobilePhone.Format"),
        ("heidi", {"comments": "c" * 129}, 400, "InvalidParameter.Comments.Length"),
    ],
)
def test_what_ims_does_not_take_makes_no_user(
    world: World, name: str, values: dict[str, str], status: int, code: str
) -> None:
    before = world.account.read()
    error: Any = refused(lambda: create(world, name, **values))
    assert (error.status_code, error.code) == (status, code)
    assert world.account.read() is before


def test_the_longest_that_ims_takes_is_taken(world: World) -> None:
    made = create(world, "h" * 64, display_name="海" * 24, comments="c" * 128)
    assert made.display_name == "海" * 24


def test_a_name_without_its_domain_is_missing(world: World) -> None:
    request = models.CreateUserRequest(display_name="Heidi Roth")
    assert refused(lambda: world.ims().create_user(request)).code == "MissingUserPrincipalName"


def test_an_account_with_as_many_users_as_it_may_have_gets_no_more(world: World) -> None:
    def fill(state: Any, now: float) -> None:
        for number in range(MAX_USERS - len(state.users)):
            state.users[f"u{number}"] = User(f"3{number:017d}", f"u{number}", now, now)

    world.account.write(fill)
    error: Any = refused(lambda: create(world))
    assert (error.status_code, error.code) == (409, "LimitExceeded.User")


def test_it_says_what_stands_behind_the_name(world: World) -> None:
    assert world.ims().get_default_domain().body.default_domain_name == DOMAIN


@pytest.mark.parametrize("on", [True, False])
def test_it_says_whether_users_log_in_through_the_company(world: World, on: bool) -> None:
    turn(world, "users.sso", on)
    assert world.ims().get_user_sso_settings().body.user_sso_settings.sso_enabled is on


@pytest.mark.parametrize(("switch", "how"), [("users.scim", "SCIM"), ("users.cloudsso", "CloudSSO")])
def test_it_says_which_users_come_from_another_directory(world: World, switch: str, how: str) -> None:
    turn(world, switch)
    users = world.ims().list_users(models.ListUsersRequest()).body.users.user
    assert {user.provision_type for user in users} == {"Manual", how}
    turn(world, switch, False)
    users = world.ims().list_users(models.ListUsersRequest()).body.users.user
    assert {user.provision_type for user in users} == {"Manual"}


def test_a_user_in_the_recycle_bin_is_listed_there_and_keeps_its_name(world: World) -> None:
    turn(world, "users.recycled")
    request = models.ListUsersInRecycleBinRequest(filter="heidi")
    (shown,) = world.ims().list_users_in_recycle_bin(request).body.users.user
    assert shown.user_principal_name == f"heidi@{DOMAIN}"
    assert shown.delete_date > shown.recycle_date
    assert refused(lambda: create(world)).code == "EntityAlreadyExists.User"
    with_another = models.ListUsersInRecycleBinRequest(filter="ivan")
    assert not world.ims().list_users_in_recycle_bin(with_another).body.users.user


@pytest.mark.parametrize("most", ["0", "101"])
def test_the_recycle_bin_has_smaller_pages(world: World, most: str) -> None:
    request = models.ListUsersInRecycleBinRequest(max_items=int(most))
    assert refused(lambda: world.ims().list_users_in_recycle_bin(request)).code == "InvalidParameter.MaxItems"


@pytest.mark.parametrize("action", ["CreateUser", "GetDefaultDomain", "GetUserSsoSettings", "ListUsersInRecycleBin"])
def test_each_call_needs_its_permission(world: World, action: str) -> None:
    world.account.identities[ACCESS_KEY_ID] = bot_identity('{"Version": "1", "Statement": []}')
    calls = {
        "CreateUser": lambda: create(world),
        "GetDefaultDomain": world.ims().get_default_domain,
        "GetUserSsoSettings": world.ims().get_user_sso_settings,
        "ListUsersInRecycleBin": lambda: world.ims().list_users_in_recycle_bin(models.ListUsersInRecycleBinRequest()),
    }
    error: Any = refused(calls[action])
    assert (error.status_code, error.code) == (403, "NoPermission")
    assert f"ram:{action}" in error.message
