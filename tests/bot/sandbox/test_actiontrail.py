"""The sandbox's ActionTrail, asked by the vendor's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alibabacloud_actiontrail20200706 import models
from alibabacloud_actiontrail20200706.client import Client
from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.utils_models import Config
from Tea.exceptions import TeaException

from bot.cloud.sending import write_options
from bot.sandbox.ram.actions.call import stamp
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID
from bot.sandbox.server import Sandbox

LATE = 901


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


def config(sandbox: Sandbox, key: str, address: str) -> Config:
    return Config(
        access_key_id=key,
        access_key_secret=sandbox.account.access_keys[key],
        endpoint=sandbox.env()[address].removeprefix("http://"),
        protocol="http",
        region_id="cn-hangzhou",
    )


def trail(sandbox: Sandbox, key: str = OWNER_KEY_ID) -> Client:
    return Client(config(sandbox, key, "PAIREC_ACTIONTRAIL_ENDPOINT"))


def asked(sandbox: Sandbox, *filters: tuple[str, str], **more: str) -> models.LookupEventsResponseBody:
    attributes = [models.LookupEventsRequestLookupAttribute(key=key, value=value) for key, value in filters]
    request = models.LookupEventsRequest(lookup_attribute=attributes or None, **more)
    return trail(sandbox).lookup_events(request).body


def by_hand(sandbox: Sandbox, number: int = 1) -> None:
    for each in range(number):
        execute(sandbox.account, "CreateGroup", {"GroupName": f"group-{each}"})


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(TeaException) as caught:
        call()
    return str(caught.value.code)


def test_a_write_is_known_by_who_made_it_with_what_and_from_where(sandbox: Sandbox) -> None:
    ram = RamClient(config(sandbox, ACCESS_KEY_ID, "PAIREC_RAM_ENDPOINT"))
    request = ram_models.AttachPolicyToUserRequest(
        policy_type="Custom", policy_name="PaiRecEngineAccess", user_name="carol"
    )
    answer = ram.attach_policy_to_user_with_options(request, write_options("ab" * 16))
    sandbox.clock.advance(LATE)
    [event] = asked(sandbox, ("ServiceName", "Ram"), ("EventRW", "Write")).events
    assert (event["eventName"], event["requestId"]) == ("AttachPolicyToUser", answer.body.request_id)
    assert event["userAgent"].endswith(f"pairec-access-write/{'ab' * 16}") and event["sourceIpAddress"] == "127.0.0.1"
    assert event["userIdentity"] == {
        "type": "ram-user",
        "principalId": "200000000000009999",
        "userName": "pairec-access",
        "accountId": sandbox.account.account_id,
        "accessKeyId": ACCESS_KEY_ID,
    }
    wanted = {"UserName": "carol", "PolicyName": "PaiRecEngineAccess", "PolicyType": "Custom"}
    assert event["requestParameters"] == wanted and "errorCode" not in event


def test_an_event_is_shown_a_quarter_of_an_hour_late_and_a_refused_one_with_its_code(sandbox: Sandbox) -> None:
    by_hand(sandbox)
    with pytest.raises(Exception, match="EntityAlreadyExists"):
        by_hand(sandbox)
    sandbox.clock.advance(LATE - 60)
    assert asked(sandbox).events == []
    sandbox.clock.advance(60)
    latest, first = asked(sandbox).events
    assert (latest["errorCode"], first.get("errorCode")) == ("EntityAlreadyExists.Group", None)
    assert first["userIdentity"]["type"] == "root-account"


def test_a_page_has_fifty_at_most_and_its_token_is_good_for_the_same_query_alone(sandbox: Sandbox) -> None:
    by_hand(sandbox, 80)
    sandbox.clock.advance(LATE)
    first = asked(sandbox, max_results="50", direction="FORWARD")
    rest = asked(sandbox, max_results="50", direction="FORWARD", next_token=first.next_token)
    found = [each["requestParameters"]["GroupName"] for each in (*first.events, *rest.events)]
    assert len(first.events) == 50 and found == [f"group-{each}" for each in range(80)] and not rest.next_token


def test_a_token_of_another_query_is_refused(sandbox: Sandbox) -> None:
    by_hand(sandbox, 2)
    sandbox.clock.advance(LATE)
    token = asked(sandbox, max_results="1").next_token
    assert token and refused(lambda: asked(sandbox, max_results="2", next_token=token)) == "InvalidQueryParameter"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("InvalidQueryParameter", {"max_results": "51"}),
        ("InvalidQueryParameter", {"max_results": "0"}),
        ("InvalidQueryParameter", {"next_token": "bm90IG9uZQ=="}),
        ("InvalidQueryParameter", {"direction": "UP"}),
        ("InvalidParameterCombination", {"start_time": "2026-01-01T00:00:00Z"}),
        ("InvalidParameterStartTime", {"start_time": "2026-01-01", "end_time": "2026-01-02T00:00:00Z"}),
        ("InvalidParameterStartTime", {"start_time": "2001-01-01T00:00:00Z", "end_time": "2026-01-02T00:00:00Z"}),
    ],
)
def test_what_it_does_not_take_is_refused(sandbox: Sandbox, code: str, more: dict[str, str]) -> None:
    assert refused(lambda: asked(sandbox, **more)) == code


def test_an_end_before_the_beginning_is_refused(sandbox: Sandbox) -> None:
    now = sandbox.clock.now()
    more = {"start_time": stamp(now - 60), "end_time": stamp(now - 120)}
    assert refused(lambda: asked(sandbox, **more)) == "InvalidParameterEndTime"


def test_it_filters_by_two_at_most_and_by_what_it_knows(sandbox: Sandbox) -> None:
    three = (("ServiceName", "Ram"), ("EventRW", "Write"), ("EventName", "CreateGroup"))
    assert refused(lambda: asked(sandbox, *three)) == "InvalidParameterCombination"
    assert refused(lambda: asked(sandbox, ("Colour", "red"))) == "InvalidQueryParameter"


def test_more_than_two_queries_a_second_are_throttled(sandbox: Sandbox) -> None:
    codes = set()
    for _each in range(4):
        try:
            asked(sandbox)
        except TeaException as error:
            codes.add(error.code)
    assert codes == {"Throttling.User"}


def test_whoever_may_not_look_is_refused_and_another_region_has_nothing(sandbox: Sandbox) -> None:
    identity = sandbox.account.identities[ACCESS_KEY_ID]
    sandbox.account.identities[ACCESS_KEY_ID] = identity.without("actiontrail:LookupEvents")
    nothing = models.LookupEventsRequest()
    assert refused(lambda: trail(sandbox, ACCESS_KEY_ID).lookup_events(nothing)) == "NoPermission"
    by_hand(sandbox)
    sandbox.clock.advance(LATE)
    sandbox.trail.elsewhere = True
    assert asked(sandbox).events == []


def test_what_is_changed_in_products_is_shown_where_they_are_and_nowhere_else(sandbox: Sandbox) -> None:
    """By hand too: consoles make the calls of the API. What runs as SQL is no call."""
    carol = sandbox.account.read().users["carol"].user_id
    sandbox.membership.give("dataworks", "10002", "carol", "role_project_guest")
    sandbox.membership.remove("dataworks", "10002", "carol")
    by_hand(sandbox)
    sandbox.clock.advance(LATE)
    assert [each["eventName"] for each in asked(sandbox).events] == ["CreateGroup"]
    client = Client(config(sandbox, OWNER_KEY_ID, "PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT"))
    left, joined = client.lookup_events(models.LookupEventsRequest()).body.events
    assert (joined["eventName"], left["eventName"]) == ("CreateProjectMember", "DeleteProjectMember")
    assert joined["requestParameters"]["UserId"] == carol and left["requestParameters"]["ProjectId"] == "10002"
    assert (joined["serviceName"], joined["eventType"]) == ("DataWorks", "ConsoleOperation")
