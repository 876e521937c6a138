"""What every action is given, and the few things that several of them do alike."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.sandbox.ram.errors import invalid, missing
from bot.sandbox.ram.params import Params
from bot.sandbox.ram.sessions import Sessions
from bot.sandbox.ram.state import AccountState, Group, Policy, PolicyKey, Role, User

T = TypeVar("T")
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a write may change `state`, which is a draft; a read must not. `now` is domain time, `key` the access
    key's id that signed it, if any.
    """

    state: AccountState
    params: Params
    now: float
    account_id: str
    domain: str
    key: str
    sessions: Sessions


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an API. `signed`: whether its calls need a signature."""

    run: Callable[[Call], Answer]
    writes: bool
    signed: bool = True


def read(run: Callable[[Call], Answer]) -> Action:
    """An action that changes nothing, and is not in the account's log."""
    return Action(run, writes=False)


def write(run: Callable[[Call], Answer]) -> Action:
    """An action that changes something; its call gets a draft of the state, which counts once it returns."""
    return Action(run, writes=True)


def anonymous(run: Callable[[Call], Answer]) -> Action:
    """A read that nobody signs."""
    return Action(run, writes=False, signed=False)


def stamp(epoch: float) -> str:
    """Epoch seconds as RAM writes dates: UTC, whole seconds."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_user(state: AccountState, name: str) -> User:
    """By name; 404 where there is none."""
    user = state.users.get(name)
    if user is None:
        raise missing("User", "The user does not exist.")
    return user


def find_group(state: AccountState, name: str) -> Group:
    """By name; 404 where there is none."""
    group = state.groups.get(name)
    if group is None:
        raise missing("Group", "The group does not exist.")
    return group


def find_role(state: AccountState, name: str) -> Role:
    """By name, whose case does not matter; 404 where there is none."""
    # Role names appear in lower case in ARNs, so RAM cannot tell them apart by case.
    role = next((r for r in state.roles.values() if r.name.lower() == name.lower()), None)
    if role is None:
        raise missing("Role", "The role does not exist.")
    return role


def find_policy(state: AccountState, key: PolicyKey) -> Policy:
    """By type and name; 404 where there is none."""
    policy = state.policies.get(key)
    if policy is None:
        raise missing("Policy", "The policy does not exist.")
    return policy


def page(call: Call, items: Sequence[T], name_of: Callable[[T], str], longest: int = 1000) -> tuple[list[T], Answer]:
    """One page of up to `longest` in the order of names, and the fields that say how to go on.

    The marker is the last name shown, so that what is added or removed meanwhile shifts nothing.
    """
    size = call.params.integer("MaxItems", 1, longest, 100)
    after = _unmark(call.params.get("Marker"))
    rest = sorted((item for item in items if name_of(item) > after), key=name_of)
    shown = rest[:size]
    if len(rest) == len(shown):
        return shown, {"IsTruncated": False}
    marker = base64.urlsafe_b64encode(name_of(shown[-1]).encode()).decode()
    return shown, {"IsTruncated": True, "Marker": marker}


def _unmark(marker: str) -> str:
    try:
        return base64.b64decode(marker.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError) as error:
        raise invalid("Marker", 'The parameter - "Marker" is not one that was handed out.') from error
