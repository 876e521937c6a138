"""Users of MaxCompute projects (2022-01-04), and their project roles.

A user is written as `RAM$<account id>:<UserId>`. Lists show them for people to read, by UserId or by the name that RAM
has, under the account's id or its login: all of these are one user. `RAM$<account>:role/<role>` is nobody in person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.ports import Go, Receipt
from bot.cloud.clients import member_client
from bot.cloud.errors import translated
from bot.cloud.members import PlaceMembership, ProductConnection
from bot.cloud.members.answers import MAX_PAGES, required, write_confirmed
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.cloud.sending import receipt, write_options

ROLES = ("role_project_dev",)
"""Roles that are looked for where nothing else is said. There is no call that lists a user's roles: a role's users are
what can be asked for."""

PRODUCT = "maxcompute"
READS = Rate(10.0)
"""How many MaxCompute takes is not documented."""
PROJECTS_PER_PAGE = 1_000
"""Projects to a page."""

LISTS = {"ListUsersByRole": ("data", "users"), "ListProjects": ("data", "projects")}


def connect(line: ProductConnection) -> MaxCompute:
    """The account's id is `account` among the line's options."""
    from alibabacloud_maxcompute20220104 import models
    from alibabacloud_maxcompute20220104.client import Client

    client = member_client(PRODUCT, Client, line.endpoint, line.region, line.credentials, line.egress, lists=LISTS)
    return MaxCompute(client, models, line.options["account"], line.users, line.roles or ROLES)


class MaxCompute:
    """See `MemberProduct`. `models` is the SDK's module of requests."""

    def __init__(
        self,
        client: Any,
        models: Any,
        account: str,
        users: Callable[[], Mapping[str, str]],
        roles: Sequence[str] = ROLES,
    ) -> None:
        """`roles` are looked for."""
        self._client = client
        self._models = models
        self._reading = Reading(PRODUCT, READS)
        self._account = account
        self._users = users
        self._roles = tuple(roles)

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """With those of the roles that are looked for, and that one, that they have; None for somebody who has none."""
        found = self._by_role(place, role).items()
        roles = frozenset(each for each, shown in found if user.user_id in shown or user.name in shown)
        return PlaceMembership(user, roles) if roles else None

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Whoever has one of the roles that are looked for, or that one."""
        roles: dict[str, set[str]] = {}
        for each, holders in self._by_role(place, role).items():
            for shown in holders:
                roles.setdefault(shown, set()).add(each)
        ids = self._users()
        return tuple(PlaceMembership(_principal(shown, ids), frozenset(held)) for shown, held in roles.items())

    def places(self) -> Mapping[str, str]:
        """Projects, each by its name, which is its id."""
        found: dict[str, str] = {}
        marker = None
        for _ in range(MAX_PAGES):
            request = self._models.ListProjectsRequest(marker=marker, max_item=PROJECTS_PER_PAGE)
            projects, following = self._reading.read("ListProjects", partial(self._page, request))
            found |= projects
            if not following:
                return found
            if following == marker:
                break
            marker = following
        raise CloudError(CloudErrorKind.SILENT, action="ListProjects")

    def owner(self, project: str) -> str:
        """Whom a project belongs to, such as `ALIYUN$somebody`."""

        def ask() -> str:
            body = self._client.get_project(project, self._models.GetProjectRequest()).body
            return str(required(body.data.owner, "GetProject"))

        return self._reading.read("GetProject", ask)

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """UpdateUsersToRole, which makes a user of the project of somebody who is none. The role's users are read
        first.
        """
        if self._holds(place, role, user):
            raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action="UpdateUsersToRole")
        request = self._models.UpdateUsersToRoleRequest(add=[self._written(user)])
        write = partial(self._update, place, role, request, write_options(go()))
        return write_confirmed(write, partial(self._holds, place, role, user), CloudErrorKind.ALREADY_ATTACHED)

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """`leave` means nothing here: no call takes a user out of a project. One without roles may do nothing in it."""
        request = self._models.UpdateUsersToRoleRequest(remove=[self._written(user)])
        write = partial(self._update, place, role, request, write_options(go()))
        return write_confirmed(write, partial(self._holds, place, role, user), CloudErrorKind.NOT_ATTACHED)

    def _page(self, request: Any) -> tuple[dict[str, str], str | None]:
        """Projects by name, and where to go on."""
        data = self._client.list_projects(request).body.data
        names = [required(project.name, "ListProjects") for project in data.projects]
        return {name: name for name in names}, data.next_token or data.marker

    def _update(self, place: str, role: str, request: Any, options: Any) -> Receipt:
        with translated("UpdateUsersToRole", PRODUCT, writes=True):
            answer = self._client.update_users_to_role_with_options(place, role, request, {}, options)
            if answer.body.data != "success":
                raise CloudError(CloudErrorKind.SILENT, action="UpdateUsersToRole", request_id=answer.body.request_id)
            return receipt(answer)

    def _written(self, user: Principal) -> str:
        return f"RAM${self._account}:{user.user_id}"

    def _holds(self, place: str, role: str, user: Principal) -> bool:
        return any(shown in (user.user_id, user.name) for shown in self._holders(place, role))

    def _by_role(self, place: str, role: str) -> dict[str, Sequence[str]]:
        """The users of each role that is looked for; one that the project does not have is passed over, unless it is
        the one that is asked about.
        """
        found: dict[str, Sequence[str]] = {}
        for each in dict.fromkeys((*self._roles, role) if role else self._roles):
            try:
                found[each] = self._holders(place, each)
            except CloudError as error:
                if error.kind is not CloudErrorKind.NO_SUCH_ROLE or each == role:
                    raise
        return found

    def _holders(self, place: str, role: str) -> Sequence[str]:
        """RAM users of the account with a role, each by UserId or by name."""
        action = "ListUsersByRole"

        def ask() -> list[str]:
            users = self._client.list_users_by_role(place, role).body.data.users
            return [_ram_user(str(required(user.name, action)), self._account) for user in users]

        return [user for user in self._reading.read(action, ask) if user]


def _ram_user(shown: str, account: str) -> str:
    """The UserId or name in `RAM$<account>:<user>`; empty for anybody but a RAM user of this account.

    The login that may stand for the account's id is not known here, so that any text but another id is taken for it: a
    project has users of one account only, and to overlook one would be worse than to see one too many.
    """
    kind, _, rest = shown.strip("` ").partition("$")
    owner, colon, user = rest.rpartition(":")
    if kind.upper() != "RAM" or "/" in user or (colon and owner.isdecimal() and owner != account):
        return ""
    return user


def _principal(shown: str, ids: Mapping[str, str]) -> Principal:
    if shown in ids:
        return Principal(RamUserId(ids[shown]), shown)
    return Principal(RamUserId(shown), "") if shown.isdecimal() else Principal(RamUserId(""), shown)
