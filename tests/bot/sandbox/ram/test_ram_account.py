"""The account in the same process: the live view, the log, its listeners, and many threads at once."""

from __future__ import annotations

import itertools
import threading

import pytest

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.seed import ACCESS_KEY_ID, seeded_account
from bot.sandbox.ram.state import AccountState

NOW = 1_795_480_000.0
ENGINE = {"PolicyType": "Custom", "PolicyName": "PaiRecEngineAccess"}


@pytest.fixture
def account() -> CloudAccount:
    return seeded_account(now=lambda: NOW)


def _holders(account: CloudAccount, policy: str) -> list[tuple[str, str | None]]:
    shown = next(p for p in account.view()["policies"] if p["name"] == policy)
    return [(holder["user"], holder["via"]) for holder in shown["holders"]]


def test_the_view_shows_the_seeded_account(account: CloudAccount) -> None:
    view = account.view()
    assert [user["name"] for user in view["users"]] == ["alice", "bob", "judy", "carol", "dave", "erin", "frank"]
    assert [user["user_id"] for user in view["users"]] == [f"2000000000000000{n:02d}" for n in range(1, 8)]
    assert {p["name"] for p in view["policies"] if p["type"] == "System"} == {
        "AliyunPAIRecFullAccess",
        "AliyunPAIRecReadOnlyAccess",
        "AliyunServiceRolePolicyForPaiRec",
    }
    assert _holders(account, "PaiRecRamAdminAccess") == [("alice", None), ("bob", None), ("judy", None)]
    assert _holders(account, "PaiRecMonitorAccess") == [("dave", None), ("frank", None)]
    assert _holders(account, "PaiRecDataManagementAccess") == [("AliyunPAIRecEASRole", None)]


def test_the_view_shows_who_holds_a_policy_through_a_group(account: CloudAccount) -> None:
    execute(account, "CreateGroup", {"GroupName": "ranking"})
    execute(account, "AddUserToGroup", {"GroupName": "ranking", "UserName": "carol"})
    execute(account, "AttachPolicyToGroup", {"GroupName": "ranking", **ENGINE})
    assert _holders(account, "PaiRecEngineAccess") == [("erin", None), ("carol", "ranking")]


def test_a_new_holder_holds_since_domain_time(account: CloudAccount) -> None:
    account.now = lambda: NOW + 3600
    execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE})
    shown = next(p for p in account.view()["policies"] if p["name"] == "PaiRecEngineAccess")
    assert shown["holders"][-1]["since"] == NOW + 3600


def test_the_log_says_when_a_write_took_effect_and_not_when_it_was_noted(account: CloudAccount) -> None:
    ticking = itertools.count(NOW)
    account.now = lambda: next(ticking)
    execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE})
    shown = next(p for p in account.view()["policies"] if p["name"] == "PaiRecEngineAccess")
    assert account.log()[-1].at == shown["holders"][-1]["since"]


def test_the_log_keeps_the_last_fifty_writes_refused_ones_too(account: CloudAccount) -> None:
    for _ in range(30):
        execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE}, by=Caller(ACCESS_KEY_ID))
        execute(account, "DetachPolicyFromUser", {"UserName": "carol", **ENGINE})
    with pytest.raises(RamError):
        execute(account, "DetachPolicyFromUser", {"UserName": "carol", **ENGINE})
    log = account.view()["log"]
    assert (len(log), log[-1]["result"], log[-2]["result"]) == (50, "EntityNotExist.User.Policy", "ok")
    assert log[-1] == {
        "at": NOW,
        "action": "DetachPolicyFromUser",
        "user": "carol",
        "policy": "PaiRecEngineAccess",
        "result": "EntityNotExist.User.Policy",
        "key": "by hand",
        "user_agent": "",
        "request_id": "",
        "source_ip": "",
        "service": "Ram",
    }


def test_reads_leave_no_trace_in_the_log(account: CloudAccount) -> None:
    execute(account, "ListEntitiesForPolicy", ENGINE)
    assert account.log() == []


def test_listeners_hear_of_every_attempted_write(account: CloudAccount) -> None:
    heard: list[str] = []
    account.on_change(lambda: heard.append(account.log()[-1].result))
    execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE})
    with pytest.raises(RamError):
        execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE})
    assert heard == ["ok", "EntityAlreadyExists.User.Policy"]


def test_a_write_that_fails_half_way_changes_nothing(account: CloudAccount) -> None:
    def fail(draft: AccountState, _: float) -> None:
        draft.users.clear()
        raise RamError(500, "InternalError", "half way")

    with pytest.raises(RamError):
        account.write(fail)
    assert len(account.read().users) == 7


def test_of_many_simultaneous_attaches_exactly_one_succeeds(account: CloudAccount) -> None:
    results: list[str] = []
    start = threading.Barrier(16)

    def try_to_attach() -> None:
        start.wait()
        try:
            execute(account, "AttachPolicyToUser", {"UserName": "carol", **ENGINE})
        except RamError as error:
            results.append(error.code)
        else:
            results.append("ok")

    threads = [threading.Thread(target=try_to_attach) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["EntityAlreadyExists.User.Policy"] * 15 + ["ok"]


def test_the_past_can_be_read_for_a_while() -> None:
    moment = [1000.0]
    account = CloudAccount(AccountState(), monotonic=lambda: moment[0])
    for name in ("first", "second"):
        moment[0] += 10
        execute(account, "CreateUser", {"UserName": name})
    moment[0] += 5
    assert [list(account.read(ago).users) for ago in (0, 6, 16)] == [["first", "second"], ["first"], []]


def test_a_large_account_does_not_keep_an_endless_past() -> None:
    account = CloudAccount(AccountState())
    for number in range(1500):
        execute(account, "CreateUser", {"UserName": f"user-{number}"})
    assert len(account.read(0).users) == 1500
    assert len(account.read(600).users) > 0


def test_the_secret_is_another_one_at_each_start_unless_given() -> None:
    first, second = seeded_account(), seeded_account()
    assert first.access_keys[ACCESS_KEY_ID] != second.access_keys[ACCESS_KEY_ID]
    assert seeded_account("mine").access_keys[ACCESS_KEY_ID] == "mine"
