"""Who may do what: pure judgements on values. Each either returns, or raises the Refusal that says why not.

`authorise` is the only door: every surface passes through it, and whatever it does not know it refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ids import RamUserId, SlackUserId
from approvals.model import AccessRequest, Decision, Verdict
from approvals.people import Link, Person, Principal
from approvals.refusals.decision import NotApprover, NotDoer, OwnRequest, OwnTask, TimedAdmin, UnconfirmedAdmin
from approvals.refusals.extend import NotYoursToExtend
from approvals.refusals.grant import NotRequester, NotYours
from approvals.refusals.links import ClaimTaken
from approvals.refusals.people import BotAccount, DeletedAccount, GuestAccount, NotLinked, Stranger
from approvals.refusals.request import NotAskedByYou, UnknownRequest


class Act(StrEnum):
    """What somebody wants to do."""

    LOOK = "look"
    ASK = "ask"
    CANCEL = "cancel"
    REMIND = "remind"
    AWAY = "away"
    """To say until when they are, or that they are back."""
    REMINDERS = "reminders"
    """To choose how they are reminded."""
    EXTEND = "extend"
    COMMENT = "comment"
    DETAILS = "details"
    """Of a request, in a message that is not a card."""
    DECIDE = "decide"
    REVOKE = "revoke"
    SHORTEN = "shorten"
    """To have it end sooner than it was granted for."""
    RETRY = "retry"
    CONFIRM = "confirm"
    REVOKE_ALL = "revoke_all"
    REVIEW = "review"
    """Of what a policy allows."""
    DRIFT = "drift"
    """Seeing what no request accounts for, and saying what becomes of it."""
    ACCESS_REVIEW = "access_review"
    """Seeing what people have, and saying whether it stays."""
    BREAK_GLASS = "break_glass"
    REVIEW_EMERGENCY = "review_emergency"
    DO_BY_HAND = "do_by_hand"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger and RAM know of an actor."""

    team_id: str
    """The workspace that this program serves."""
    link: Link | None
    admins: Holders = field(default_factory=Holders)
    timed: frozenset[RamUserId] = frozenset()
    """UserIds whose only direct attachment of the admin policy is a timed grant of ours."""
    unconfirmed: frozenset[RamUserId] = frozenset()
    """UserIds that hold the admin policy otherwise than through us, and that no approver has confirmed."""
    requester_ram_id: RamUserId | None = None
    """The RAM user behind the requester, now or when the request was made."""
    doers: frozenset[SlackUserId] = frozenset()
    """Slack user ids of those who are named to do by hand what this is about."""
    approvers_do: bool = False
    """Whether approvers may do that as well."""


def authorise(act: Act, actor: Person, standing: Standing, request: AccessRequest | None = None) -> Principal | None:
    """May this person do this? Returns the principal as which they act; None for somebody without a link, who may
    look, ask, cancel what is theirs, see its details, extend it, comment on it or remind of it, and do by hand what
    they are named for.

    Raises:
        Refusal: they may not, and why.
    """
    check_full_member(actor, standing.team_id)
    principal = standing.link.principal if standing.link else None
    if act in (Act.LOOK, Act.ASK):
        return principal
    if act in (Act.AWAY, Act.REMINDERS, Act.BREAK_GLASS):
        if principal is None:
            raise NotLinked()
        return principal
    if act in (Act.CONFIRM, Act.REVOKE_ALL, Act.REVIEW, Act.DRIFT, Act.ACCESS_REVIEW):
        return may_approve(standing)
    if request is None or request.team_id != standing.team_id:
        raise UnknownRequest()
    if act in (Act.CANCEL, Act.EXTEND):
        if not _is_theirs(actor, principal, request):
            raise (NotYours if act is Act.CANCEL else NotYoursToExtend)(request=request.ref)
        return principal
    if act is Act.REMIND:
        asked = principal is not None and principal.user_id == request.requester_ram_id
        if not asked and request.requester not in actor.ids:
            raise NotRequester(request=request.ref)
        return principal
    if act in (Act.COMMENT, Act.DETAILS) and _is_theirs(actor, principal, request):
        return principal
    if act is Act.REVOKE and principal is not None and principal.user_id == request.principal.user_id:
        return principal
    if act is Act.DO_BY_HAND:
        check_not_own_task(actor, standing, request)
        if actor.ids & standing.doers:
            return principal
        if not standing.approvers_do:
            raise NotDoer(doers=tuple(sorted(standing.doers)))
    approver = may_approve(standing)
    if act in (Act.DECIDE, Act.REVIEW_EMERGENCY):
        check_not_own(actor, approver, standing, request)
    if act is Act.SHORTEN and (approver.user_id == request.principal.user_id or request.subject in actor.ids):
        raise OwnRequest(request=request.ref)
    return approver


def check_may_ask_again(actor: Person, standing: Standing, request: AccessRequest) -> None:
    """Whether this person may be shown a form that is filled in with what was asked. What is sent from it is judged
    like any other.

    Raises:
        Refusal: they may not ask at all, or neither asked for it nor would have got it.
    """
    if not _is_theirs(actor, authorise(Act.ASK, actor, standing), request):
        raise NotAskedByYou(request=request.ref)


def _is_theirs(actor: Person, principal: Principal | None, request: AccessRequest) -> bool:
    """Asked for by them, or for them: by RAM user, or by Slack account."""
    by_user = principal is not None and principal.user_id in (request.principal.user_id, request.requester_ram_id)
    return by_user or bool(actor.ids & {request.requester, request.subject})


def check_may_begin(actor: Person, standing: Standing, request: AccessRequest) -> None:
    """As much of a decision's `authorise` as can be judged before RAM says who may approve. It opens a form and no
    more: what is sent from it is judged in full.

    Raises:
        Refusal: this person could not decide, whatever RAM says.
    """
    check_full_member(actor, standing.team_id)
    if standing.link is None:
        raise NotLinked()
    check_not_own(actor, standing.link.principal, standing, request)


def check_full_member(person: Person, team_id: str, *, other: bool = False) -> None:
    """Check that this is a full member of this workspace. `other`: not the one who acts. Whether Slack confirmed their
    e-mail address does not matter here: only matching them with a RAM user rests on that.

    Raises:
        Refusal: Stranger, BotAccount, DeletedAccount or GuestAccount; with the `subject` where that is another person.
    """
    subject = person.user_id if other else None
    if person.team_id != team_id or person.is_stranger:
        raise Stranger(subject)
    if person.is_bot:
        raise BotAccount(subject)
    if person.deleted:
        raise DeletedAccount(subject)
    if person.is_guest:
        raise GuestAccount(subject)


def is_full_member(person: Person, team_id: str) -> bool:
    """Whether `check_full_member` lets this person pass."""
    try:
        check_full_member(person, team_id)
    except Refusal:
        return False
    return True


def claim_taken(link: Link, principal: Principal, team_id: str, subject: SlackUserId) -> Refusal:
    """Somebody, `subject` by their Slack account here, cannot be a RAM user that is linked to another one."""
    elsewhere = None if link.team_id == team_id else link.team_id
    return ClaimTaken(ram_user=principal.name, account=link.slack_user_id, elsewhere=elsewhere, subject=subject)


def may_approve(standing: Standing) -> Principal:
    """The RAM user as whom they approve.

    Raises:
        Refusal: NotLinked, NotApprover, UnconfirmedAdmin or TimedAdmin.
    """
    if standing.link is None:
        raise NotLinked()
    principal = standing.link.principal
    if not standing.admins.ways(principal.user_id):
        raise NotApprover(ram_user=principal.name)
    if principal.user_id not in approvers(standing.admins, standing.timed, standing.unconfirmed):
        unconfirmed = principal.user_id in standing.unconfirmed
        raise UnconfirmedAdmin(principal.name) if unconfirmed else TimedAdmin(principal.name)
    return principal


def check_not_own(actor: Person, approver: Principal, standing: Standing, request: AccessRequest) -> None:
    """Nobody decides on what they asked for or would get: compared by RAM user, and by Slack account as well."""
    theirs = {request.principal.user_id, request.requester_ram_id, standing.requester_ram_id}
    if approver.user_id in theirs or actor.ids & {request.requester, request.subject}:
        raise OwnRequest(request=request.ref)


def check_not_own_task(actor: Person, standing: Standing, request: AccessRequest) -> None:
    """Nobody says of what they asked for or would get that it was given or taken: compared by RAM user, and by Slack
    account as well.

    Raises:
        Refusal: OwnTask.
    """
    theirs = {request.principal.user_id, request.requester_ram_id, standing.requester_ram_id}
    is_theirs = standing.link is not None and standing.link.principal.user_id in theirs
    if is_theirs or actor.ids & {request.requester, request.subject}:
        raise OwnTask(request=request.ref)


def approvers(admins: Holders, timed: frozenset[RamUserId], unconfirmed: frozenset[RamUserId]) -> frozenset[RamUserId]:
    """UserIds that may approve: holders through a group, or directly and not just by a timed grant of ours; never those
    whom no approver has confirmed.
    """
    return (
        frozenset(
            holder.principal.user_id
            for holder in admins.holders
            if holder.via_group is not None or holder.principal.user_id not in timed
        )
        - unconfirmed
    )


def valid_approvals(
    decisions: Iterable[Decision], eligible: frozenset[RamUserId], accounts: frozenset[tuple[RamUserId, SlackUserId]]
) -> tuple[list[Decision], list[Decision]]:
    """Approvals that count now, and those that do not any more: because their giver no longer may approve, or because
    the Slack account that gave them was deactivated, or belongs to that RAM user no more.

    Args:
        eligible: UserIds that may approve.
        accounts: (RAM UserId, Slack user id) of those who are linked so, and whose accounts may decide.
    """
    given = [decision for decision in decisions if decision.verdict is Verdict.APPROVE and decision.counted]
    valid = [
        decision
        for decision in given
        if decision.principal.user_id in eligible and (decision.principal.user_id, decision.slack_user_id) in accounts
    ]
    return valid, [decision for decision in given if decision not in valid]
