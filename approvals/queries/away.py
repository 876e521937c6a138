"""Who of those who may decide is away, whether too few are left for that, and how somebody wishes to be reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.ids import SlackUserId
from approvals.ledger import admins, dm_reminders, people
from approvals.ledger import away as absences
from approvals.ledger.admins import HolderState
from approvals.millis import DomainMillis
from approvals.people import Person
from approvals.transaction import Tx


@dataclass(frozen=True, slots=True)
class AwayApprover:
    """Somebody who may decide and is away, by the name of their RAM user: Slack calls whoever is mentioned."""

    ram_user: str
    until: DomainMillis


@dataclass(frozen=True, slots=True)
class TooFewHere:
    """Fewer are here than have to approve. Those who are away may do so all the same."""

    needed: int
    """Approvals that are missing yet."""
    here: int
    away: tuple[AwayApprover, ...]
    """Whoever is back first comes first."""


def until_of(tx: Tx, team_id: str, actor: Person) -> DomainMillis | None:
    """Until when somebody is away, by whichever of their accounts; None where they are not."""
    link = people.link_of_person(tx, team_id, actor)
    return absences.until(tx, team_id, link.slack_user_id) if link else None


def wishes_dm_reminders(tx: Tx, team_id: str, actor: Person) -> bool:
    """Whether somebody wishes to be reminded by direct message as well."""
    link = people.link_of_person(tx, team_id, actor)
    return link is not None and dm_reminders.wished(tx, team_id, link.slack_user_id)


def too_few_here(
    tx: Tx,
    team_id: str,
    needed: int,
    candidates: Sequence[SlackUserId],
    away: Mapping[SlackUserId, DomainMillis] | None = None,
) -> TooFewHere | None:
    """Whether, of these who may decide, fewer are here than approvals are missing; None where they are enough, or
    nobody is away. `away`: until when, where that was read.
    """
    away = absences.every_one(tx, team_id) if away is None else away
    gone = sorted((each for each in candidates if each in away), key=away.__getitem__)
    here = len(candidates) - len(gone)
    if not gone or here >= needed:
        return None
    return TooFewHere(needed, here, tuple(AwayApprover(_name(tx, team_id, each), away[each]) for each in gone))


def known_approvers(tx: Tx, team_id: str, concerned: Sequence[SlackUserId]) -> list[SlackUserId]:
    """Who may decide, as the bot saw it last, but for these; nobody, where it does not look."""
    confirmed = [
        holder.principal.user_id for holder in admins.every_one(tx).values() if holder.state is HolderState.CONFIRMED
    ]
    return [
        link.slack_user_id for link in people.links_of(tx, team_id, confirmed) if link.slack_user_id not in concerned
    ]


def _name(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> str:
    link = people.link_of(tx, team_id, slack_user_id)
    return link.principal.name if link else slack_user_id
