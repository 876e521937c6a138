"""Members of a namespace in Realtime Compute for Apache Flink (ververica 2022-07-18), who have one role each.

A role is given by replacing the one that somebody has, and taken by giving that back. Only EDITOR is given, and only
VIEWER replaced: OWNER, ADMIN and whatever roles a team made for itself are left as they are. No error codes of these
operations are published, so that what a refusal means is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from darabonba.runtime import RuntimeOptions

from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.ports import Go, Receipt
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

PRODUCT = "flink"
GIVEN, REPLACED = "EDITOR", "VIEWER"
READS = Rate(10.0)
"""No limit is published."""
MEMBER_PREFIX = "user:"
LISTS = {"ListMembers": ("data",), "ListEditableNamespace": ("data", "editableNamespaces")}


def connect(line: ProductConnection) -> Flink:
    """Load the SDK and make a client. ImportError where the extra `members` is missing."""
    from alibabacloud_ververica20220718 import models
    from alibabacloud_ververica20220718.client import Client

    client = member_client(PRODUCT, Client, line.endpoint, line.region, line.credentials, line.egress, lists=LISTS)
    return Flink(client, models, line.region)


class Flink:
    """See `MemberProduct`. A place is `<workspace>/<namespace>`."""

    def __init__(self, client: Any, models: Any, region: str) -> None:
        """`models` is the SDK's module of requests."""
        self._client = client
        self._models = models
        self._region = region
        self._reading = Reading(PRODUCT, READS)

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """One RAM user there. They are looked for in the list, since nothing tells what an absent one is answered."""
        return next((member for member in self._listed(place) if member.user.user_id == user.user_id), None)

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Everybody there, with their one role."""
        return tuple(self._listed(place))

    def places(self) -> Mapping[str, str]:
        """Namespaces in which the bot itself has a role, by id."""
        return {place: place.partition("/")[2] for place in self.own_roles()}

    def own_roles(self, places: Iterable[str] = ()) -> Mapping[str, str]:
        """The role that the bot itself has in each namespace in which it has one, whichever are asked about; OWNER is
        what it needs.
        """

        def ask(number: int) -> Page:
            request = self._models.ListEditableNamespaceRequest(
                region_id=self._region, page_index=str(number), page_size=str(MEMBERS_PER_PAGE)
            )
            body = self._client.list_editable_namespace(request).body
            _check_success("ListEditableNamespace", body)
            return Page(body.data.editable_namespaces, body.data.total)

        action = "ListEditableNamespace"
        found = read_pages(action, self._reading.pages(action, ask), _place)
        return {_place(each): str(required(each.role, action)) for each in found}

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """CreateMember for somebody who is no member, UpdateMember for a viewer. Who has another role has it already,
        as far as the bot is concerned.
        """
        there = self.observe(place, user)
        action = "CreateMember" if there is None else "UpdateMember"
        if there is not None and (role in there.roles or there.other_role):
            raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action=action)
        options = write_options(go(replaces="" if there is None else REPLACED))
        write = partial(self._put, action, place, user, role, options)
        holds = partial(self._holds, place, role, user)
        return write_confirmed(write, holds, CloudErrorKind.ALREADY_ATTACHED, lambda: role == GIVEN)

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """UpdateMember gives back what the role replaced; without that, the member goes. Nobody is a member without a
        role, so that `leave` says nothing more here. Raises whatever kept the present role from being read: it may be
        one that is not the bot's to take.
        """
        there = self.observe(place, user)
        action = "UpdateMember" if restores else "DeleteMember"
        if there is None or role not in there.roles:
            raise CloudError(CloudErrorKind.NOT_ATTACHED, action=action)
        options = write_options(go())
        write = (
            partial(self._put, action, place, user, restores, options)
            if restores
            else partial(self._delete, place, user, options)
        )
        return write_confirmed(write, partial(self._holds, place, role, user), CloudErrorKind.NOT_ATTACHED)

    def _put(self, action: str, place: str, user: Principal, role: str, options: Any) -> Receipt:
        workspace, _, namespace = place.partition("/")
        member = self._models.Member(member=f"{MEMBER_PREFIX}{user.user_id}", role=role)
        with translated(action, PRODUCT, writes=True):
            if action == "CreateMember":
                created = self._models.CreateMemberRequest(body=member)
                headers = self._models.CreateMemberHeaders(workspace=workspace)
                return _done(action, self._client.create_member_with_options(namespace, created, headers, options))
            updated = self._models.UpdateMemberRequest(body=member)
            headers = self._models.UpdateMemberHeaders(workspace=workspace)
            return _done(action, self._client.update_member_with_options(namespace, updated, headers, options))

    def _delete(self, place: str, user: Principal, options: Any) -> Receipt:
        workspace, _, namespace = place.partition("/")
        with translated("DeleteMember", PRODUCT, writes=True):
            headers = self._models.DeleteMemberHeaders(workspace=workspace)
            member = f"{MEMBER_PREFIX}{user.user_id}"
            return _done("DeleteMember", self._client.delete_member_with_options(namespace, member, headers, options))

    def _holds(self, place: str, role: str, user: Principal) -> bool:
        there = self.observe(place, user)
        return there is not None and role in there.roles

    def _listed(self, place: str) -> Iterator[PlaceMembership]:
        workspace, _, namespace = place.partition("/")

        def ask(number: int) -> Page:
            request = self._models.ListMembersRequest(page_index=number, page_size=MEMBERS_PER_PAGE)
            headers = self._models.ListMembersHeaders(workspace=workspace)
            body = self._client.list_members_with_options(namespace, request, headers, RuntimeOptions()).body
            _check_success("ListMembers", body)
            return Page(body.data, body.total_size)

        with no_place_if_unlisted(place, self.places):
            listed = read_pages("ListMembers", self._reading.pages("ListMembers", ask), _user_id)
            yield from map(_member, listed)


def _member(entry: Any) -> PlaceMembership:
    role = str(required(entry.role, "ListMembers"))
    left_alone = "" if role in (GIVEN, REPLACED) else role
    return PlaceMembership(Principal(RamUserId(_user_id(entry)), ""), frozenset({role}), left_alone)


def _user_id(entry: Any) -> str:
    """Written `user:123`, and in the SDK's examples of answers `user: 123`."""
    return str(required(entry.member, "ListMembers")).replace(" ", "").removeprefix(MEMBER_PREFIX)


def _place(namespace: Any) -> str:
    action = "ListEditableNamespace"
    return f"{required(namespace.workspace_id, action)}/{required(namespace.namespace, action)}"


def _done(action: str, answer: Any) -> Receipt:
    """Each of these is answered with 200; whether it was done is said beside that."""
    _check_success(action, answer.body)
    return receipt(answer)


def _check_success(action: str, body: Any) -> None:
    if body.success is not True:
        raise CloudError(CloudErrorKind.SILENT, action=action, request_id=body.request_id)
