"""Each kind of ordered misbehaviour, as a client feels it and as the account shows it."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any
from urllib.error import HTTPError

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from alibabacloud_ram20150501 import models
from alibabacloud_tea_openapi.exceptions import ThrottlingException
from darabonba.exceptions import UnretryableException
from Tea.exceptions import TeaException

from approvals.errors import CloudError
from bot.cloud.clients import ram_client
from bot.cloud.dates import answered_at, parse_date
from bot.cloud.errors import translated
from bot.sandbox.ram.faults import BadFault
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.bot.sandbox.ram.ram_calls import attach, eventually, holders, refused
from tests.bot.sandbox.ram.ram_world import SECRET, World

KEY = Config(type="access_key", access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET)


def _holds(world: World, user: str) -> bool:
    state = world.account.read()
    user_id = state.users[user].user_id
    return any(h.id == user_id and key.name == "PaiRecEngineAccess" for h, key in state.attachments)


def test_an_ordered_throttle_names_its_wait_and_ends_by_itself(world: World) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "throttle", "times": 1, "seconds": 2.5})
    error: Any = refused(lambda: attach(world.ram(), "carol"))
    assert (error.code, error.retry_after, _holds(world, "carol")) == ("Throttling.User", 2500, False)
    attach(world.ram(), "carol")
    assert _holds(world, "carol")


def test_a_throttle_may_come_without_a_wait_and_with_status_429(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "throttle", "seconds": 0, "status": 429})
    error: Any = refused(lambda: attach(world.ram(), "carol"))
    assert (error.code, error.status_code) == ("Throttling.User", 429)
    assert not isinstance(error, ThrottlingException)


def test_an_ordered_error_has_the_status_code_and_message_it_was_given(world: World) -> None:
    world.faults.add(
        {"action": "reads", "fault": "error", "status": 503, "code": "ServiceUnavailable", "message": "later"}
    )
    error: Any = refused(lambda: holders(world.ram()))
    assert (error.code, error.status_code, "later" in error.message) == ("ServiceUnavailable", 503, True)


def test_a_caller_can_be_made_to_lack_an_action(world: World) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "no_permission"})
    error: Any = refused(lambda: attach(world.ram(), "carol"))
    assert (error.code, error.status_code) == ("NoPermission", 403)
    assert error.access_denied_detail["AuthAction"] == "ram:AttachPolicyToUser"
    assert error.access_denied_detail["NoPermissionType"] == "ImplicitDeny"
    assert not _holds(world, "carol")
    assert world.account.log()[-1].result == "NoPermission"


def test_an_order_may_concern_one_access_key_only(world: World) -> None:
    world.account.access_keys["LTAIadmin"] = "by hand"
    world.faults.add({"action": "*", "fault": "no_permission", "key": ACCESS_KEY_ID})
    attach(world.ram(key="LTAIadmin", secret="by hand"), "carol")
    assert refused(lambda: attach(world.ram(), "dave")).code == "NoPermission"


def test_a_proxy_page_in_html_is_no_answer_and_does_nothing(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "html"})
    with pytest.raises(UnretryableException, match="json"):
        attach(world.ram(), "carol")
    assert not _holds(world, "carol")


def test_a_reset_does_nothing(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "reset", "times": 1})
    with pytest.raises(UnretryableException):
        attach(world.ram(), "carol")
    assert not _holds(world, "carol")


def test_a_dropped_answer_leaves_the_work_done(world: World) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "drop_answer", "times": 1})
    with pytest.raises(UnretryableException):
        attach(world.ram(), "carol")
    assert "carol" in holders(world.ram())


def test_a_hanging_write_is_done_after_the_caller_gave_up(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "hang", "times": 1, "seconds": 0.4})
    with pytest.raises(UnretryableException):
        attach(world.ram(read_timeout=100), "carol")
    assert not _holds(world, "carol")
    assert eventually(lambda: _holds(world, "carol"))


def test_other_calls_are_answered_while_one_hangs(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "hang", "times": 1, "seconds": 30})
    with pytest.raises(UnretryableException):
        attach(world.ram(read_timeout=100), "carol")
    assert holders(world.ram()) == ["erin"]


def test_a_dripping_answer_is_complete_but_slow(world: World) -> None:
    world.faults.add({"action": "reads", "fault": "drip", "seconds": 0.4})
    began = time.monotonic()
    assert holders(world.ram(read_timeout=200)) == ["erin"]
    assert time.monotonic() - began >= 0.4


def test_lagging_reads_show_an_earlier_account(world: World) -> None:
    world.faults.add({"action": "reads", "fault": "lag", "seconds": 60})
    attach(world.ram(), "carol")
    assert (holders(world.ram()), _holds(world, "carol")) == (["erin"], True)
    world.faults.clear()
    assert holders(world.ram()) == ["carol", "erin"]


def test_lagging_reads_catch_up(world: World) -> None:
    attach(world.ram(), "carol")
    world.faults.add({"action": "reads", "fault": "lag", "seconds": 0.3})
    assert eventually(lambda: holders(world.ram()) == ["carol", "erin"])


def test_lag_does_not_touch_what_a_write_is_judged_by(world: World) -> None:
    world.faults.add({"action": "*", "fault": "lag", "seconds": 60})
    attach(world.ram(), "carol")
    assert refused(lambda: attach(world.ram(), "carol")).code == "EntityAlreadyExists.User.Policy"


def _shut(world: World, seconds: float) -> None:
    order = {"fault": "refuse", "seconds": seconds}
    assert _control(world, "POST", json.dumps(order).encode())[0] == 200


def test_a_site_that_refuses_connections_does_nothing_until_orders_are_cleared(world: World) -> None:
    kept = world.ram()
    attach(kept, "dave")
    _shut(world, 600)
    with pytest.raises(UnretryableException):
        attach(kept, "carol")
    with pytest.raises(UnretryableException, match="refused"):
        attach(world.ram(), "carol")
    assert not _holds(world, "carol") and _holds(world, "dave")
    _control(world, "DELETE")
    assert eventually(lambda: _answers(world))
    attach(kept, "carol")


def test_a_site_that_refuses_connections_listens_again_when_its_time_is_over(world: World) -> None:
    _shut(world, 0.2)
    assert eventually(lambda: _answers(world), seconds=20)


def _answers(world: World) -> bool:
    try:
        holders(world.ram())
    except UnretryableException:
        return False
    return True


def test_an_order_may_skip_the_first_matches(world: World) -> None:
    world.faults.add({"action": "writes", "fault": "error", "after": 1, "times": 1})
    attach(world.ram(), "carol")
    assert refused(lambda: attach(world.ram(), "dave")).code == "InternalError"
    attach(world.ram(), "dave")
    assert world.faults.standing() == []


@pytest.mark.parametrize(("field", "value"), [("user", "dave"), ("policy", "PaiRecMonitorAccess")])
def test_an_order_may_concern_one_user_or_one_policy_only(world: World, field: str, value: str) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "error", field: value})
    attach(world.ram(), "carol")
    assert refused(lambda: attach(world.ram(), "dave", "PaiRecMonitorAccess")).code == "InternalError"


def _control(world: World, method: str, body: bytes | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(f"http://{world.control}/control/ram", body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_orders_are_given_listed_and_cleared_over_http(world: World) -> None:
    order = {"action": "GetUser", "fault": "error", "times": 3, "user": "carol"}
    status, _ = _control(world, "POST", json.dumps(order).encode())
    standing = _control(world, "GET")[1]["orders"]
    assert (status, [{name: o[name] for name in order} for o in standing]) == (200, [order])
    request = models.GetUserRequest(user_name="carol")
    assert refused(lambda: world.ram().get_user(request)).code == "InternalError"
    _control(world, "DELETE")
    assert world.ram().get_user(request).body.user.user_name == "carol"


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (b"nonsense", "JSON object"),
        (b"[1]", "JSON object"),
        (b'{"action": "Fly", "fault": "error"}', "action"),
        (b'{"action": ["*"], "fault": "error"}', "action"),
        (b'{"action": "*", "fault": "explode"}', "fault"),
        (b'{"action": "*", "fault": {}}', "fault"),
        (b'{"action": "*", "fault": "error", "times": 0}', "times"),
        (b'{"action": "*", "fault": "error", "times": true}', "times"),
        (b'{"action": "*", "fault": "hang", "seconds": NaN}', "seconds"),
        (b'{"action": "*", "fault": "hang", "seconds": -1}', "seconds"),
        (b'{"action": "*", "fault": "error", "status": 199}', "status"),
        (b'{"action": "*", "fault": "error", "user": 7}', "user"),
        (b'{"fault": "refuse", "user": "carol"}', "refuse"),
        (b'{"fault": "refuse", "seconds": -1}', "seconds"),
        (b'{"action": "*", "fault": "error", "colour": "red"}', "colour"),
    ],
)
def test_a_bad_order_is_answered_with_a_sentence_and_not_followed(world: World, order: bytes, names: str) -> None:
    status, answer = _control(world, "POST", order)
    assert (status, names in answer["error"]) == (400, True)
    assert world.faults.standing() == []


# -- what comes from somewhere in between


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(
    "order",
    [
        {"fault": "html", "status": 200},
        {"fault": "html", "status": 403},
        {"fault": "empty", "status": 200},
        {"fault": "empty", "status": 403},
        {"fault": "no_code", "status": 200},
        {"fault": "no_code", "status": 403},
        {"fault": "error", "status": 403, "code": "WAF.Blocked"},
        {"fault": "error", "status": 400, "code": "RequestTimeout"},
    ],
)
def test_an_answer_of_somebody_else_may_come_after_it_was_done_and_after_it_was_not(
    world: World, order: dict[str, Any], done: bool
) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "times": 1, **order, "done": done})
    client = ram_client(f"http://{world.address}", "cn-hangzhou", Credentials(KEY))
    with pytest.raises(CloudError) as caught, translated("AttachPolicyToUser", writes=True):
        attach(client, "carol")
    assert caught.value.kind.outcome_unknown
    assert _holds(world, "carol") is done


def test_what_is_delivered_twice_is_done_once_and_answered_as_the_second_time_is(world: World) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "twice", "times": 1})
    error: Any = refused(lambda: attach(world.ram(), "carol"))
    assert (error.code, error.status_code, _holds(world, "carol")) == ("SignatureNonceUsed", 400, True)
    results = [entry.result for entry in world.account.log()]
    assert results == ["ok", "SignatureNonceUsed"]


def test_what_is_made_twice_finds_the_second_time_that_it_is_so_already(world: World) -> None:
    world.faults.add({"action": "AttachPolicyToUser", "fault": "repeated", "times": 1})
    error: Any = refused(lambda: attach(world.ram(), "carol"))
    assert (error.code, _holds(world, "carol")) == ("EntityAlreadyExists.User.Policy", True)
    first, second = [entry.request_id for entry in world.account.log()]
    assert first != second == error.request_id, "to RAM they are two calls, and the answer is the second one's"


@pytest.mark.parametrize("fault", [None, "throttle", "no_permission", "drop_answer"])
def test_the_log_has_who_called_as_what_however_that_is_answered(world: World, fault: str | None) -> None:
    if fault:
        world.faults.add({"action": "AttachPolicyToUser", "fault": fault, "times": 1})
    said: list[Any] = []
    try:
        request = models.AttachPolicyToUserRequest(
            policy_type="Custom", policy_name="PaiRecEngineAccess", user_name="carol"
        )
        said.append(world.ram().attach_policy_to_user(request).body.request_id)
    except TeaException as error:
        said.append(getattr(error, "request_id", None))
    [entry] = world.account.log()
    assert entry.key == ACCESS_KEY_ID and entry.user_agent.startswith("AlibabaCloud (")
    assert said == [None if fault == "drop_answer" else entry.request_id]


def test_only_an_answer_can_be_another_one_than_what_was_done(world: World) -> None:
    with pytest.raises(BadFault, match="done"):
        world.faults.add({"action": "writes", "fault": "reset", "done": True})


def test_an_answer_is_dated_by_the_clock_that_its_dates_are_of(world: World) -> None:
    attach(world.ram(), "carol")
    listed = world.ram().list_policies_for_user(models.ListPoliciesForUserRequest(user_name="carol"))
    [policy] = listed.body.policies.policy
    since, at = parse_date(policy.attach_date), answered_at(listed.headers)
    assert since is not None and at is not None and 0 <= at - since < 3_000
