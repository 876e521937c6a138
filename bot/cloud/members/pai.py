"""Members of PAI workspaces (AIWorkSpace 2021-02-04), and their roles there.

Its writes name a member by an id of its own. That is read from the list of members and never put together here, so that
nothing can be taken away while the list cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.ports import Go, Receipt
from bot.cloud.checked import EACH
from bot.cloud.clients import member_client
from bot.cloud.errors import translated
from bot.cloud.members import PlaceMembership, ProductConnection
from bot.cloud.members.answers import (
    MEMBERS_PER_PAGE,
    Page,
    no_place_if_unlisted,
    read_pages,
    required,
    write_confirmed,
)
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.cloud.sending import receipt, write_options

ROLES = frozenset(
    f"PAI.{name}"
    for name in (
        "AlgoDeveloper",
        "AlgoOperator",
        "LabelManager",
        "MaxComputeDeveloper",
        "WorkspaceAdmin",
        "WorkspaceGuest",
        "WorkspaceOwner",
    )
)
"""All roles that there are, as AddMemberRole's documentation lists them."""

PRODUCT = "pai"
READS = Rate(45.0)
"""PAI takes 50 a second of each list (help.aliyun.com, api-aiworkspace-2021-02-04-quota)."""

LISTS = {"ListMembers": ("Members", EACH, "Roles"), "ListWorkspaces": ("Workspaces",)}


def connect(line: ProductConnection) -> Pai:
    """Load the SDK and make a client. ImportError where the extra `members` is missing."""
    from alibabacloud_aiworkspace20210204 import models
    from alibabacloud_aiworkspace20210204.client import Client

    client = member_client(PRODUCT, Client, line.endpoint, line.region, line.credentials, line.egress, lists=LISTS)
    return Pai(client, models)


class Pai:
    """See `MemberProduct`. `models` is the SDK's module of requests."""

    def __init__(self, client: Any, models: Any) -> None:
        self._client = client
        self._models = models
        self._reading = Reading(PRODUCT, READS)

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """One RAM user there; PAI lists all of their roles, so that `role` is not needed."""
        entry = self._entry(place, user)
        return None if entry is None else _member(entry)

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Everybody there, with all of their roles."""
        return tuple(_member(entry) for entry in self.listed(place))

    def places(self) -> Mapping[str, str]:
        """Workspaces by id."""

        def ask(number: int) -> Page:
            request = self._models.ListWorkspacesRequest(page_number=number, page_size=MEMBERS_PER_PAGE)
            body = self._client.list_workspaces(request).body
            return Page(body.workspaces, body.total_count)

        spaces = read_pages(
            "ListWorkspaces", self._reading.pages("ListWorkspaces", ask), lambda space: space.workspace_id
        )
        return {str(space.workspace_id): space.workspace_name or space.display_name or "" for space in spaces}

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """CreateMember for somebody who is no member, AddMemberRole for anybody else."""
        entry = self._entry(place, user)
        action = "CreateMember" if entry is None else "AddMemberRole"
        if entry is not None and role in _member(entry).roles:
            raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action=action)
        member_id = None if entry is None else str(required(entry.member_id, action))
        options = write_options(go())

        def write() -> Receipt:
            with translated(action, PRODUCT, writes=True):
                if member_id is None:
                    return self._create(place, role, user, options)
                request = self._models.AddMemberRoleRequest()
                return receipt(self._client.add_member_role_with_options(place, member_id, role, request, {}, options))

        holds = partial(self._holds, place, role, user)
        return write_confirmed(write, holds, CloudErrorKind.ALREADY_ATTACHED, lambda: role in ROLES)

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """Leaving takes the role and the membership in one write. Somebody who is not listed may be there all the same,
        since a list may be older than that or not be shown at all: the role is taken from whom it would be.
        """
        entry = self._seen(place, user)
        action = "RemoveMemberRole"
        member_id = f"{place}-{user.user_id}" if entry is None else str(required(entry.member_id, action))
        goes = leave and entry is not None and _member(entry).roles <= {role}
        action = "DeleteMembers" if goes else action
        options = write_options(go())

        def write() -> Receipt:
            with translated(action, PRODUCT, writes=True):
                if goes:
                    gone = self._models.DeleteMembersRequest(member_ids=member_id)
                    return receipt(self._client.delete_members_with_options(place, gone, {}, options))
                request = self._models.RemoveMemberRoleRequest()
                return receipt(
                    self._client.remove_member_role_with_options(place, member_id, role, request, {}, options)
                )

        return write_confirmed(write, partial(self._holds, place, role, user), CloudErrorKind.NOT_ATTACHED)

    def _seen(self, place: str, user: Principal) -> Any:
        """Somebody's line in the list; None also where it is not shown."""
        try:
            return self._entry(place, user)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_PLACE:
                raise
            return None

    def _create(self, place: str, role: str, user: Principal, options: Any) -> Receipt:
        wanted = self._models.CreateMemberRequestMembers(user_id=user.user_id, roles=[role])
        request = self._models.CreateMemberRequest(members=[wanted])
        answer = self._client.create_member_with_options(place, request, {}, options)
        if user.user_id not in {str(made.user_id) for made in answer.body.members}:
            raise CloudError(CloudErrorKind.SILENT, action="CreateMember", request_id=answer.body.request_id)
        return receipt(answer)

    def _holds(self, place: str, role: str, user: Principal) -> bool:
        there = self.observe(place, user)
        return there is not None and role in there.roles

    def _entry(self, place: str, user: Principal) -> Any:
        found = self.listed(place, user.user_id)
        return next((entry for entry in found if str(entry.user_id) == user.user_id), None)

    def listed(self, place: str, user_id: str | None = None) -> Iterator[Any]:
        """The entries of the list as PAI has them, of everybody or of one user."""

        def ask(number: int) -> Page:
            request = self._models.ListMembersRequest(user_id=user_id, page_number=number, page_size=MEMBERS_PER_PAGE)
            body = self._client.list_members(place, request).body
            return Page(body.members, body.total_count)

        with no_place_if_unlisted(place, self.places):
            yield from read_pages("ListMembers", self._reading.pages("ListMembers", ask), lambda entry: entry.user_id)


def _member(entry: Any) -> PlaceMembership:
    return PlaceMembership(
        Principal(RamUserId(str(entry.user_id)), entry.member_name or ""), frozenset(map(str, entry.roles))
    )
