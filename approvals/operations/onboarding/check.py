"""Whether a RAM user may be made for somebody, by what Slack and the cloud say now."""

from __future__ import annotations

from collections.abc import Iterable

from approvals import rules, user_names
from approvals.evidence import MANUAL, same_address
from approvals.ids import SlackUserId
from approvals.ledger import Tx, people
from approvals.onboarding import NewUser, OnboardingEvidence
from approvals.refusals.links import AlreadyLinked
from approvals.refusals.onboarding import HasRamUser, NameRecycled, NameTaken, UserLimit, UsersProvided

MAX_USERS = 5_000
"""RAM users of an account (help/ram/product-overview/limits)."""


def check_subject(tx: Tx, team_id: str, evidence: OnboardingEvidence, *, other: bool) -> None:
    """Whether this person needs a RAM user, and this account makes its users by itself.

    Raises:
        Refusal: no full member, linked already, known by e-mail address, or users come from another directory.
    """
    subject = evidence.subject
    rules.check_full_member(subject, team_id, other=other)
    link = people.link_of_person(tx, team_id, subject)
    if link:
        raise AlreadyLinked(ram_user=link.principal.name, subject=subject.user_id)
    provided = sorted({user.provision_type for user in evidence.roster} - {MANUAL})
    if provided:
        raise UsersProvided(how=provided[0], subject=subject.user_id)
    same = same_address(subject, evidence.roster)
    if same:
        raise HasRamUser(ram_user=same[0].principal.name, subject=subject.user_id)


def check_user(evidence: OnboardingEvidence, user: NewUser, about_to_be: Iterable[str]) -> None:
    """Whether the cloud would make this user. `about_to_be`: names of others that are being made.

    Raises:
        Refusal: something is not as the cloud wants it, or the name is taken.
    """
    for refusal in (*user_names.refusals_of(user), *user_names.against_login(user.name, evidence.domain)):
        raise refusal
    names = {each.principal.name.lower() for each in evidence.roster}
    recycled = {name.lower(): until for name, until in evidence.recycled.items()}
    free = user_names.next_free(user.name, {*names, *recycled, *about_to_be})
    if user.name in recycled:
        raise NameRecycled(name=user.name, free=free, until=recycled[user.name])
    if free != user.name:
        raise NameTaken(name=user.name, free=free)
    if len(evidence.roster) >= MAX_USERS:
        raise UserLimit(count=MAX_USERS)


def concerned(requester: SlackUserId, subject: SlackUserId) -> tuple[SlackUserId, ...]:
    """The Slack accounts that do not decide on it."""
    return tuple(dict.fromkeys((requester, subject)))
