"""What would become of a request while its form is filled in: judged as a request is, on what is known or soon told."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass

from approvals import rules
from approvals.catalog.model import Choice, Item
from approvals.errors import Refusal
from approvals.evidence import RamUser
from approvals.ids import SlackUserId
from approvals.operations.ask import Ask
from approvals.operations.request_access import explain_request
from approvals.people import Link, Person, Principal
from approvals.queries import links
from approvals.queries.held_parts import held_parts
from approvals.refusals.catalog import NoProject
from approvals.refusals.cloud import RamRefusal
from approvals.refusals.links import ClaimMissing
from handlers.context import HandlerContext
from handlers.parsing import TimeWanted, Wall, read_start, read_time
from handlers.refusals.sentences import sentence
from handlers.views.foreseen import Foreseen
from handlers.views.request_input import RequestInput, claim_of
from handlers.views.request_offers import missing_part, project_offers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a form is for, as far as that is known."""

    id: SlackUserId
    link: Link | None
    person: Person | None
    """The account as Slack describes it, of somebody who is not linked."""
    match: RamUser | None
    """The RAM user that has their e-mail address, where one has."""


def foresee(
    context: HandlerContext, actor: Person, subject: Subject, item: Item, filled: RequestInput, within: float
) -> Foreseen | None:
    """What would become of what is filled in; None while that cannot be said: RAM did not answer within these seconds,
    or nobody chose who the subject is.
    """
    ask = _ask(context, actor, subject, item, filled)
    try:
        return _judged(context, actor, subject, item, ask, within)
    except (RamRefusal, ClaimMissing):
        return None
    except Refusal as refusal:
        return Foreseen(subject.id, refused=sentence(refusal, context.translations))


def foresee_no_project(context: HandlerContext, subject: Subject, choice: Choice | None) -> Foreseen | None:
    """That there is no project to choose for it; None where there is one, or nothing was chosen yet."""
    refusal = no_project(context, choice) if choice else None
    return Foreseen(subject.id, refused=sentence(refusal, context.translations)) if refusal else None


def no_project(context: HandlerContext, choice: Choice) -> NoProject | None:
    """Why none of the projects that it is asked for in can be chosen; None where one can, or it is in none."""
    places = context.directory.known_places()
    if not choice.by_project or project_offers(choice, context.catalog, places):
        return None
    gone = (missing_part(item, places) for item in choice.items.values())
    products = [*(part.kind.name for part in gone if part), *choice.lacking.values()]
    return NoProject(item=choice.name, product=products[0]) if products else None


def _judged(
    context: HandlerContext, actor: Person, subject: Subject, item: Item, ask: Ask, within: float
) -> Foreseen | None:
    # Whoever is linked was a full member then; Slack is asked about them once the form is sent.
    about = actor if subject.id in actor.ids else subject.person or Person(context.team_id, subject.id)
    rules.check_full_member(about, context.team_id, other=about is not actor)
    if subject.link is None and context.directory.known_users() is None:
        return None
    principal = subject.link.principal if subject.link else ask.claim
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    evidence = context.directory.foreseen_evidence(actor, about, principal, item.entitlements, linked, within)
    judged = explain_request(context.ledger, context.catalog, ask, evidence, context.clock.now(), context.most_open)
    with context.ledger.read() as tx:
        held = held_parts(tx, judged.parties.principal.user_id, item.entitlements, evidence.holdings)
    return Foreseen(subject.id, judged, held)


def _ask(context: HandlerContext, actor: Person, subject: Subject, item: Item, filled: RequestInput) -> Ask:
    """A time that cannot be read yet is the usual one."""
    hours = context.working_hours
    wall = Wall(context.clock.now(), lambda: actor.time_zone, hours.end, hours.begin)
    try:
        time = read_time(filled.duration, wall)
    except Refusal:
        time = TimeWanted(item.default)
    if filled.starts:
        with suppress(Refusal):
            time = read_start(filled.starts, time, wall)
    claim: Principal | None = claim_of(filled.claim) or (subject.match.principal if subject.match else None)
    return Ask(
        asked_key="",
        team_id=context.team_id,
        requester=actor.user_id,
        subject=subject.id,
        item=item.name,
        duration=time.duration,
        ends_by=time.ends_by,
        starts_at=time.starts_at,
        claim=None if subject.link else claim,
    )
