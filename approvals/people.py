"""Who people are, in Slack and in RAM, and what says that both are the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis


@dataclass(frozen=True, slots=True)
class Principal:
    """A RAM user, or one of the account's roles. The id is compared; the name is for showing and for RAM's calls."""

    user_id: RamUserId
    name: str

    def is_one_with(self, other: Principal | None) -> bool:
        """Whether that is the same RAM user; by the name where of either nobody said the id."""
        if other is None:
            return False
        same_id = self.user_id == other.user_id
        return same_id if self.user_id and other.user_id else self.name == other.name


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack account as Slack itself describes it now (users.info)."""

    team_id: str
    """The workspace that this program serves, for its members; for anybody else another one, or none."""
    user_id: SlackUserId
    email: str | None = None
    email_confirmed: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    deleted: bool = False
    other_ids: frozenset[SlackUserId] = frozenset()
    """Further Slack user ids of the same account: in an organisation it may have one in a workspace and one above."""
    time_zone: str | None = None
    """The IANA name of where they are, such as Asia/Shanghai."""
    real_name: str | None = None
    """What they call themselves, which proves nothing."""
    locale: str | None = None
    """The language that they chose in Slack, such as zh-CN; None where Slack was not asked for it."""
    id_is_current: bool = True
    """Whether Slack itself gives `user_id` as the account's id, and none of the others."""

    @property
    def ids(self) -> frozenset[SlackUserId]:
        """All Slack user ids of the account."""
        return self.other_ids | {self.user_id}


@dataclass(frozen=True, slots=True)
class Link:
    """That a Slack account and a RAM user are the same person, as somebody has confirmed."""

    team_id: str
    slack_user_id: SlackUserId
    principal: Principal
    linked_at: DomainMillis


class ClaimState(StrEnum):
    """What became of a claim: it waits with its request, an approval confirmed it, or nothing came of it."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of a request that says: this Slack person is that RAM user. Nobody confirmed it yet."""

    request_id: int
    team_id: str
    slack_user_id: SlackUserId
    principal: Principal
    state: ClaimState
    subject_said_at: DomainMillis | None = None
    """When the person themselves said so, where somebody else had claimed it for them."""
