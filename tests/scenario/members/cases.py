"""What is asked for in each product, what that is called there, and the calls by which it comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ACCOUNT = "1000000000000001"
"""The cloud account's id in the sandbox."""


@dataclass(frozen=True, slots=True)
class Case:
    product: str
    title: str
    place: str
    item: str
    """As people ask for it."""
    role: str
    """As the product calls it."""
    other: str
    """Another role there that the bot does not ask about."""
    joins: str
    """The call that gives the role to somebody who is no member."""
    adds: str
    takes: str
    leaves: str
    prefix: str
    """Of the product's permissions in RAM."""
    console: str

    @property
    def kind(self) -> str:
        """Of a place, in the product's own word."""
        return "project" if self.product == "maxcompute" else "workspace"

    def given(self, user_id: str) -> dict[str, Any]:
        """The parameters of the call that makes somebody a member with the role."""
        calls: dict[str, dict[str, Any]] = {
            "dataworks": {"ProjectId": self.place, "UserId": user_id, "RoleCodes": [self.role]},
            "maxcompute": {"projectName": self.place, "roleName": self.role, "add": [f"RAM${ACCOUNT}:{user_id}"]},
            "pai": {"WorkspaceId": self.place, "Members": [{"UserId": user_id, "Roles": [self.role]}]},
        }
        return calls[self.product]

    def added(self, user_id: str) -> dict[str, Any]:
        """The parameters of the call that gives the role to a member."""
        return self._of_member(user_id) if self.product == "pai" else self.given(user_id)

    def role_taken(self, user_id: str) -> dict[str, Any]:
        """The parameters of the call that takes the role and leaves the member."""
        if self.product == "maxcompute":
            return self.taken(user_id)
        return self.added(user_id)

    def _of_member(self, user_id: str) -> dict[str, Any]:
        return {"WorkspaceId": self.place, "MemberId": f"{self.place}-{user_id}", "RoleName": self.role}

    def taken(self, user_id: str) -> dict[str, Any]:
        """The parameters of the call that takes the last role of somebody whom the bot made a member."""
        calls: dict[str, dict[str, Any]] = {
            "dataworks": {"ProjectId": self.place, "UserId": user_id},
            "maxcompute": {"projectName": self.place, "roleName": self.role, "remove": [f"RAM${ACCOUNT}:{user_id}"]},
            "pai": {"WorkspaceId": self.place, "MemberIds": f"{self.place}-{user_id}"},
        }
        return calls[self.product]


DATAWORKS = Case(
    product="dataworks",
    title="DataWorks",
    place="10001",
    item="dataworks-developer@ranking",
    role="role_project_dev",
    other="role_project_guest",
    joins="CreateProjectMember",
    adds="GrantMemberProjectRoles",
    takes="RevokeMemberProjectRoles",
    leaves="DeleteProjectMember",
    prefix="dataworks",
    console="DataWorks console > Workspaces > 10001 > Manage > Workspace Members and Roles",
)
MAXCOMPUTE = Case(
    product="maxcompute",
    title="MaxCompute",
    place="ranking_dev",
    item="maxcompute-developer@ranking",
    role="role_project_dev",
    other="role_project_guest",
    joins="UpdateUsersToRole",
    adds="UpdateUsersToRole",
    takes="UpdateUsersToRole",
    leaves="UpdateUsersToRole",
    prefix="odps",
    console="MaxCompute console > Manage Configurations > Projects > ranking_dev > Manage > Role Permissions >"
    " role_project_dev > Manage Members",
)
PAI = Case(
    product="pai",
    title="PAI",
    place="20001",
    item="pai-algorithm-developer@ranking",
    role="PAI.AlgoDeveloper",
    other="PAI.WorkspaceGuest",
    joins="CreateMember",
    adds="AddMemberRole",
    takes="RemoveMemberRole",
    leaves="DeleteMembers",
    prefix="paiworkspace",
    console="PAI console > Workspaces > 20001 > Manage Members",
)
CASES = (DATAWORKS, MAXCOMPUTE, PAI)
