"""One call that the cloud's own record tells of: who made it, when, from where, with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from approvals.millis import DAY, DomainMillis

_MARK = re.compile(r"(?:^|\s)pairec-access-write/([0-9a-f]{32})(?:\s|$)")
"""What a write of this program says of itself in its User-Agent."""
KEPT_MS = 90 * DAY
"""As long as ActionTrail keeps events; those that are not ours are kept as long."""
RAM = "Ram"
"""What the record calls RAM."""


class Actor(NamedTuple):
    """Who made a call, as the cloud says it."""

    type: str
    """`ram-user`, `assumed-role`, `root-account` and others."""
    id: str
    """A RAM user's UserId, or a role's id with the session's name."""
    name: str
    """Of an assumed role `role:session`."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """A call to the cloud, by its own record."""

    id: str
    at: DomainMillis
    """When the cloud took it, to the second."""
    name: str
    """The action, such as AttachPolicyToUser."""
    service: str
    request_id: str
    user_agent: str
    source_ip: str
    actor: Actor
    params: Mapping[str, str]
    error_code: str
    """Empty where it was carried out."""

    @property
    def user(self) -> str:
        """What the RAM user is called whom the call is about; empty where it is about none."""
        login = self.params.get("UserPrincipalName") or self.params.get("PrincipalName", "")
        name, _, domain = login.partition("@")
        # Resource Management writes groups and roles like that too.
        return self.params.get("UserName") or ("" if domain.startswith(("group.", "role.")) else name)

    @property
    def group(self) -> str:
        """Likewise of a RAM group."""
        name, _, domain = self.params.get("PrincipalName", "").partition("@")
        return self.params.get("GroupName") or (name if domain.startswith("group.") else "")

    @property
    def write_id(self) -> str | None:
        """The id that a write of this program carries; anybody may write one."""
        found = _MARK.search(self.user_agent)
        return found[1] if found else None


class EventsPage(NamedTuple):
    """Some of what was asked for, the oldest first."""

    events: tuple[CloudEvent, ...]
    next_token: str | None
    """None where there is no more."""
