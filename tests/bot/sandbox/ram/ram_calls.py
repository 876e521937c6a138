"""Short ways to say, with the SDK's models, what the tests ask of RAM."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from Tea.exceptions import TeaException

ENGINE = {"policy_type": "Custom", "policy_name": "PaiRecEngineAccess"}


def attach(client: Client, user: str, policy: str = "PaiRecEngineAccess", type_: str = "Custom") -> None:
    client.attach_policy_to_user(
        models.AttachPolicyToUserRequest(policy_type=type_, policy_name=policy, user_name=user)
    )


def detach(client: Client, user: str, policy: str = "PaiRecEngineAccess", type_: str = "Custom") -> None:
    client.detach_policy_from_user(
        models.DetachPolicyFromUserRequest(policy_type=type_, policy_name=policy, user_name=user)
    )


def holders(client: Client, policy: str = "PaiRecEngineAccess", type_: str = "Custom") -> list[str]:
    request = models.ListEntitiesForPolicyRequest(policy_type=type_, policy_name=policy)
    return [user.user_name for user in client.list_entities_for_policy(request).body.users.user]


def refused(call: Callable[[], Any]) -> TeaException:
    """The SDK's exception for a call that RAM is expected to refuse."""
    with pytest.raises(TeaException) as caught:
        call()
    return caught.value


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Ask again and again until it holds or the time is up."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
