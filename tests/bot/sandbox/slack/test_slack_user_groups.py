"""User groups, as Slack tells who is in one."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import NotDone, SandboxClient
from bot.slack.scopes import BOT_SCOPES, ON_CALL_SCOPE

GROUP = "S0RANKING"


def refusal(client: WebClient, **args: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        client.api_call("usergroups.users.list", params=args)
    return str(refused.value.response["error"])


def test_it_is_read_with_its_scope_and_a_disabled_one_only_where_that_is_asked_for(
    client: WebClient, workshop: SandboxClient
) -> None:
    order = {"user_group": GROUP, "members": ["U0DAVE", "U0ERIN"]}
    workshop.inject_slack_fault(order)
    assert refusal(client, usergroup=GROUP) == "missing_scope"
    workshop.inject_slack_fault({"scopes": [*BOT_SCOPES, ON_CALL_SCOPE]})
    try:
        assert client.usergroups_users_list(usergroup=GROUP)["users"] == ["U0DAVE", "U0ERIN"]
        assert refusal(client, usergroup="S0NONE") == "no_such_subteam"
        assert refusal(client) == "invalid_arguments"
        workshop.inject_slack_fault(order | {"disabled": True})
        assert refusal(client, usergroup=GROUP) == "no_such_subteam"
        assert client.usergroups_users_list(usergroup=GROUP, include_disabled=True)["users"] == ["U0DAVE", "U0ERIN"]
        workshop.inject_slack_fault({"organisation": {"id": "E0WORKSHOP", "everywhere": True}})
        assert refusal(client, usergroup=GROUP) == "missing_argument"
    finally:
        workshop.inject_slack_fault({"organisation": None})
        workshop.inject_slack_fault({"scopes": list(BOT_SCOPES)})


@pytest.mark.parametrize(
    "order",
    [
        {"user_group": "ranking", "members": []},
        {"user_group": GROUP},
        {"user_group": GROUP, "members": ["U0NOBODY"]},
        {"user_group": GROUP, "members": [], "disabled": "yes"},
        {"scopes": "commands"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(workshop: SandboxClient, order: dict[str, object]) -> None:
    with pytest.raises(NotDone):
        workshop.inject_slack_fault(order)
