"""Each write to the cloud is known by an id of ours and one of the cloud's, on both sides: where an answer is lost, the
cloud's own log of calls still says what became of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from approvals.ledger import trail
from approvals.model import parse_ref
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.boards import board, status
from tests.harness.databases import Databases
from tests.harness.waiting import carol_has, comes_to, in_time, time_is_up
from tests.scenario.command_line import CommandLine
from tests.scenario.test_status_repair import WHY, authorised

ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"
OF_CALLS = ("attach ", "detach ")
Entry = Mapping[str, Any]


def calls(app: AppHarness, ref: str, event: str = "") -> list[Entry]:
    """What the trail says of the calls that were made for a request; of one kind, where it is named."""
    with app.ledger.read() as tx:
        said = [entry.fields for entry in trail.of_request(tx, parse_ref(ref) or 0)]
    return [each for each in said if each["event"].startswith(OF_CALLS) and event in (each["event"], "")]


def both_confirmed(app: AppHarness, ref: str) -> list[Entry]:
    """The attach and the detach that were done, each of which was begun under the same id."""
    done = [*calls(app, ref, "attach confirmed"), *calls(app, ref, "detach confirmed")]
    # A worker whose lock ran out just then has begun one that it did not send.
    begun = [each["write_id"] for write in ("attach", "detach") for each in calls(app, ref, f"{write} begun")]
    assert len(done) == 2 and {each["write_id"] for each in done} <= set(begun)
    return done


def in_rams_log(app: AppHarness, *actions: str) -> list[dict[str, Any]]:
    return [each for each in app.people.account()["log"] if each["action"] in actions]


def carries(call: Mapping[str, Any], write_id: str) -> bool:
    return str(call["user_agent"]).endswith(f" pairec-access-write/{write_id}")


@pytest.fixture(params=["sqlite", "postgres"])
def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    databases: Databases | None = request.getfixturevalue("databases") if request.param == "postgres" else None
    with AppHarness(tmp_path, pace=10.0, ledger_address=databases.new() if databases else None) as opened:
        yield opened


def test_the_trail_and_rams_log_name_each_write_alike(on_either: AppHarness) -> None:
    app = on_either
    ref = carol_has(app)
    time_is_up(app)
    comes_to(app, ref, "ended")
    said, done = both_confirmed(app, ref), in_rams_log(app, ATTACH, DETACH)
    assert [each["ram_request_id"] for each in said] == [each["request_id"] for each in done]
    assert all(carries(call, each["write_id"]) for call, each in zip(done, said, strict=True))
    assert app.chain_holds()


@pytest.mark.parametrize(("action", "write"), [(ATTACH, "attach"), (DETACH, "detach")])
def test_a_write_whose_answer_was_lost_is_found_in_rams_log(app: AppHarness, action: str, write: str) -> None:
    app.people.inject_ram_fault({"action": action, "fault": "drop_answer", "times": 1})
    ref = carol_has(app)
    time_is_up(app)
    comes_to(app, ref, "ended")
    lost, *_ = calls(app, ref, f"{write} not confirmed")
    assert lost["trouble"] == "silent" and "ram_request_id" not in lost
    [call] = [each for each in in_rams_log(app, action) if carries(each, lost["write_id"])]
    assert (call["user"], call["policy"], call["result"]) == ("carol", ENGINE, "ok")


def test_a_refusal_is_known_by_both_ids_too(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": ATTACH, "fault": "throttle", "seconds": 0.1, "times": 2})
    ref = carol_has(app)
    refused, done = calls(app, ref, "attach not confirmed"), in_rams_log(app, ATTACH)
    assert [each["ram_request_id"] for each in refused] == [each["request_id"] for each in done[:2]]
    assert all(carries(call, each["write_id"]) for call, each in zip(done, refused, strict=False))


def test_a_write_that_hangs_is_in_the_trail_already(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": ATTACH, "fault": "hang", "seconds": 600.0, "times": 1})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.until(lambda: calls(app, ref, "attach begun"), "the attach to be begun")
    assert in_rams_log(app, ATTACH) == []


def test_whoever_prints_the_trail_of_a_request_finds_both_ids(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app)
    done = pairec_access("audit", "--request", ref)
    assert done.returncode == 0, done.stderr
    entries = [json.loads(line)["entry"] for line in done.stdout.splitlines()]
    [call] = in_rams_log(app, ATTACH)
    begun = [each["write_id"] for each in entries if each["event"] == "attach begun"]
    [confirmed] = [each for each in entries if each["event"] == "attach confirmed"]
    assert confirmed["write_id"] in begun and carries(call, confirmed["write_id"])
    assert confirmed["ram_request_id"] == call["request_id"]


def test_a_lost_attach_to_the_engines_role_is_found_in_rams_log(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToRole", "fault": "drop_answer", "times": 1})
    ref = authorised(app)
    [lost] = calls(app, ref, "attach not confirmed")
    [call] = [each for each in in_rams_log(app, "AttachPolicyToRole") if carries(each, lost["write_id"])]
    assert (call["policy"], call["result"]) == (DATA, "ok")


def test_a_lost_creation_of_pai_recs_own_role_is_found_in_rams_log(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "CreateServiceLinkedRole", "fault": "drop_answer", "times": 1})
    app.people.turn_switch("service-role")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    app.carol.submit(WHY)
    app.approve("R-1001", app.bob)
    in_time(app, lambda: app.states("R-1001") == ["active"], "the role to be seen")
    [lost] = calls(app, "R-1001", "attach not confirmed")
    [call] = [each for each in in_rams_log(app, "CreateServiceLinkedRole") if carries(each, lost["write_id"])]
    assert call["result"] == "ok"


def test_what_is_taken_from_the_engines_role_is_known_by_both_ids(app: AppHarness) -> None:
    ref = authorised(app)
    app.bob.click("Revoke", board(app, app.bob, "by this app"))
    comes_to(app, ref, "ended")
    _, confirmed = both_confirmed(app, ref)
    [call] = in_rams_log(app, "DetachPolicyFromRole")
    assert carries(call, confirmed["write_id"]) and confirmed["ram_request_id"] == call["request_id"]
