"""One call that the cloud's own record tells of: who made it, when, from where, with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from approvals.millis import DAY, DomainMillis

_MARK = re.compile(r"(?:^|\s)pairec-access-write/([0-9a-f]{32})(?:\s|$)")
"""What a write of this program says of itself in its User-Agent."""
KEPT_MS = 90 * DAY
"""As long as ActionTrail keeps events; those that are not ours are kept as long."""
RAM = "Ram"
"""What the record calls RAM."""
_OF_RAM = ("ram", "ims")
"""Both of its services, in small letters; the other one is for users and groups."""
_OF_USERS = ("UserName", "UserPrincipalName", "NewUserName", "NewUserPrincipalName")
"""The parameters that name a RAM user, now or from then on."""
_USER, _GROUP, _ROLE = "imsuser", "imsgroup", "servicerole"
_DOMAINS = {_USER: "", _GROUP: "group.", _ROLE: "role."}
"""How the domains begin of what Resource Management calls that (help/resource-management, AttachPolicy)."""


def same_name(name: str) -> str:
    """RAM takes names in whatever case: two that are the same are the same by this."""
    return name.casefold()


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
    def is_of_ram(self) -> bool:
        """Whether it is a call to RAM, by either of its services."""
        return same_name(self.service) in _OF_RAM

    @property
    def users(self) -> frozenset[str]:
        """What the RAM users are called that it names, as `same_name` has them: none, or one. Whoever calls may send
        parameters that do not count, and which those are is not known: then several.
        """
        return self._said("UserName", "UserPrincipalName") | self._principals(_USER)

    @property
    def groups(self) -> frozenset[str]:
        """Likewise of RAM groups."""
        said = self._said("GroupName") if self.is_of_ram else frozenset[str]()
        return said | self._principals(_GROUP)

    @property
    def roles(self) -> frozenset[str]:
        """Likewise of RAM roles."""
        return self._said("RoleName") | self._principals(_ROLE)

    def renamed(self, name: str, new: str) -> CloudEvent:
        """The same, with a RAM user called something else in it. A login keeps its domain."""

        def called(param: str, value: str) -> str:
            before, at, domain = value.partition("@")
            is_user = param in _OF_USERS or (param == "PrincipalName" and same_name(before) in self._principals(_USER))
            return f"{new}{at}{domain}" if is_user and same_name(before) == same_name(name) else value

        return replace(self, params={param: called(param, value) for param, value in self.params.items()})

    def _said(self, *params: str) -> frozenset[str]:
        """Without the domain of a login."""
        return frozenset(same_name(self.params.get(each, "").partition("@")[0]) for each in params) - {""}

    def _principals(self, kind: str) -> frozenset[str]:
        """Resource Management says which kind it is; where nothing says it, it may be a user of a domain like that."""
        said = same_name(self.params.get("PrincipalType", ""))
        domain = same_name(self.params.get("PrincipalName", "").partition("@")[2])
        if said in _DOMAINS:
            return self._said("PrincipalName") if said == kind else frozenset()
        return self._said("PrincipalName") if domain.startswith(_DOMAINS[kind]) else frozenset()

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
