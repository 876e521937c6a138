"""Members of DataWorks workspaces (2024-05-18), and their roles there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

PRODUCT = "dataworks"
READS = Rate(3.0, burst=2, shared=True)
"""Below Enterprise Edition, DataWorks takes 5 calls a second of an account in a region, of all actions together
(help.aliyun.com/document_detail/93251)."""

LISTS = {
    "ListProjectMembers": ("PagingInfo", "ProjectMembers", EACH, "Roles"),
    "ListProjects": ("PagingInfo", "Projects"),
    "ListProjectRoles": ("PagingInfo", "ProjectRoles"),
}


def connect(line: ProductConnection) -> DataWorks:
    """Load the SDK and make a client. ImportError where the extra `members` is missing."""
    from alibabacloud_dataworks_public20240518 import models
    from alibabacloud_dataworks_public20240518.client import Client

    client = member_client(PRODUCT, Client, line.endpoint, line.region, line.credentials, line.egress, lists=LISTS)
    return DataWorks(client, models)


class DataWorks:
    """See `MemberProduct`. `models` is the SDK's module of requests."""

    def __init__(self, client: Any, models: Any) -> None:
        self._client = client
        self._models = models
        self._reading = Reading(PRODUCT, READS)

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """One RAM user there; DataWorks lists all of their roles, so that `role` is not needed."""
        found = self._listed(place, user_ids=[user.user_id])
        return next((member for member in found if member.user.user_id == user.user_id), None)

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Everybody there, with all of their roles."""
        return tuple(self._listed(place))

    def places(self) -> Mapping[str, str]:
        """Workspaces by id."""

        def ask(number: int) -> Page:
            request = self._models.ListProjectsRequest(page_number=number, page_size=MEMBERS_PER_PAGE)
            info = self._client.list_projects(request).body.paging_info
            return Page(info.projects, info.total_count)

        projects = read_pages("ListProjects", self._reading.pages("ListProjects", ask), lambda project: project.id)
        return {str(project.id): project.name or project.display_name or "" for project in projects}

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """CreateProjectMember for somebody who is no member, GrantMemberProjectRoles for anybody else."""
        there = self.observe(place, user)
        action, call = "CreateProjectMember", self._client.create_project_member_with_options
        request = self._models.CreateProjectMemberRequest
        if there is not None:
            action, call = "GrantMemberProjectRoles", self._client.grant_member_project_roles_with_options
            request = self._models.GrantMemberProjectRolesRequest
            if role in there.roles:
                raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action=action)
        wanted = request(project_id=_number(place, action), user_id=user.user_id, role_codes=[role])
        write = partial(_write, action, call, wanted, write_options(go()))
        holds, known = partial(self._holds, place, role, user), partial(self._knows, place, role)
        return write_confirmed(write, holds, CloudErrorKind.ALREADY_ATTACHED, known)

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """Leaving takes the role and the membership in one write. Where the other roles cannot be read, the role is
        taken alone: access is not to stay because nobody lets the bot read.
        """
        models = self._models
        action, call = "RevokeMemberProjectRoles", self._client.revoke_member_project_roles_with_options
        if leave and self._has_no_other(place, role, user):
            action, call = "DeleteProjectMember", self._client.delete_project_member_with_options
            request = models.DeleteProjectMemberRequest(project_id=_number(place, action), user_id=user.user_id)
        else:
            request = models.RevokeMemberProjectRolesRequest(
                project_id=_number(place, action), user_id=user.user_id, role_codes=[role]
            )
        write = partial(_write, action, call, request, write_options(go()))
        return write_confirmed(write, partial(self._holds, place, role, user), CloudErrorKind.NOT_ATTACHED)

    def _has_no_other(self, place: str, role: str, user: Principal) -> bool:
        try:
            there = self.observe(place, user)
        except CloudError:
            return False
        return there is not None and there.roles <= {role}

    def _holds(self, place: str, role: str, user: Principal) -> bool:
        there = self.observe(place, user)
        return there is not None and role in there.roles

    def _knows(self, place: str, role: str) -> bool:
        action = "ListProjectRoles"

        def ask(number: int) -> Page:
            request = self._models.ListProjectRolesRequest(
                project_id=_number(place, action), page_number=number, page_size=MEMBERS_PER_PAGE
            )
            info = self._client.list_project_roles(request).body.paging_info
            return Page(info.project_roles, info.total_count)

        roles = read_pages(action, self._reading.pages(action, ask), lambda found: found.code)
        return any(found.code == role for found in roles)

    def _listed(self, place: str, user_ids: list[str] | None = None) -> Iterator[PlaceMembership]:
        action = "ListProjectMembers"
        project = _number(place, action)

        def ask(number: int) -> Page:
            request = self._models.ListProjectMembersRequest(
                project_id=project, user_ids=user_ids, page_number=number, page_size=MEMBERS_PER_PAGE
            )
            info = self._client.list_project_members(request).body.paging_info
            return Page(info.project_members, info.total_count)

        with no_place_if_unlisted(place, self.places):
            for entry in read_pages(action, self._reading.pages(action, ask), lambda entry: entry.user_id):
                roles = frozenset(str(required(role.code, action)) for role in entry.roles)
                yield PlaceMembership(Principal(RamUserId(str(entry.user_id)), entry.user_name or ""), roles)


def _write(action: str, call: Callable[..., Any], request: Any, options: Any) -> Receipt:
    with translated(action, PRODUCT, writes=True):
        return receipt(call(request, options))


def _number(place: str, action: str) -> int:
    """A workspace's id, which is a number in this API."""
    if not (place.isascii() and place.isdecimal()):
        raise CloudError(CloudErrorKind.NO_PLACE, code="NotANumber", action=action)
    return int(place)
