"""What one person has, what waits, and what waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from approvals import rules
from approvals.by_hand import TASKS
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.ledger import emergencies, notices, onboardings, open_requests, people
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import DOERS, Notice
from approvals.onboarding import Onboarding, OnboardingState
from approvals.people import Link, Person
from approvals.queries import request_view
from approvals.queries.actor import standing
from approvals.queries.away import until_of, wishes_dm_reminders
from approvals.queries.request_view import RequestView
from approvals.rules import Act
from approvals.transaction import Tx

MOST_RUNNING = 6


@dataclass(frozen=True, slots=True)
class Overview:
    """All that one person's list shows."""

    slack_user_id: SlackUserId
    link: Link | None
    mine: Sequence[RequestView]
    """Requests made by or for this person, newest first."""
    to_decide: Sequence[RequestView] | None
    """Requests that wait for this person's decision; None for somebody who is no approver."""
    by_hand: Sequence[Notice] = ()
    """Tasks that this person is asked to do by hand, oldest first."""
    my_users: Sequence[Onboarding] = ()
    """RAM users that this person waits for, or asked for, and that are not there yet."""
    users_to_decide: Sequence[Onboarding] = ()
    """RAM users that wait for this person's decision."""
    unknown: str | None = None
    """Why it could not be seen whether this person is an approver."""
    away_until: DomainMillis | None = None
    """Until when this person is away."""
    dm_reminders: bool = False
    """Whether this person wishes to be reminded by direct message as well."""
    running: Sequence[RequestView] = ()
    """What others have through here, newest first and `MOST_RUNNING` at most; for approvers alone."""
    to_review: Sequence[RequestView] = ()
    """What others took in emergencies, and this person may review."""

    def is_mine(self, record: RequestView) -> bool:
        """Whether it is for this person: for their RAM user, by whichever of their Slack accounts."""
        return record.request.is_for(self.slack_user_id, self.link.principal.user_id if self.link else None)

    def may_remind(self, record: RequestView) -> bool:
        """Whether this person asked for it."""
        request = record.request
        ram_user_id = self.link.principal.user_id if self.link else None
        return request.requester == self.slack_user_id or ram_user_id == (request.requester_ram_id or "")

    def may_cancel(self, record: RequestView) -> bool:
        """Whether it is this person's to withdraw: they asked for it, or it is for them."""
        request = record.request
        ram_user_id = self.link.principal.user_id if self.link else None
        asked = ram_user_id is not None and ram_user_id == request.requester_ram_id
        return asked or self.is_mine(record) or self.slack_user_id in (request.requester, request.subject)


def overview(tx: Tx, team_id: str, actor: Person, slack_user_id: SlackUserId, admins: Holders | None) -> Overview:
    """What this person's list shows, on what RAM and the ledger say now.

    Args:
        slack_user_id: by which of the ids of their account they are called here.
        admins: who may approve; None where RAM did not say.
    """
    link = people.link_of_person(tx, team_id, actor)
    about_them = open_requests.concerning(tx, team_id, slack_user_id, link.principal.user_id if link else None)
    mine = [request_view.of(tx, request) for request in about_them]
    users = onboardings.open_ones(tx, team_id)
    my_users = [each for each in users if actor.ids & {each.requester, each.subject}]
    users_to_decide: list[Onboarding] = []
    to_decide = None
    to_review: list[RequestView] = []
    running: list[RequestView] = []
    if admins and _passes(rules.may_approve, standing(tx, team_id, actor, admins)):

        def for_them(act: Act, asked: Iterable[AccessRequest]) -> list[RequestView]:
            """Those with which this person may do that."""
            judged = ((request, standing(tx, team_id, actor, admins, request)) for request in asked)
            return [
                request_view.of(tx, request)
                for request, known in judged
                if _passes(rules.authorise, act, actor, known, request)
            ]

        to_decide = for_them(Act.DECIDE, open_requests.waiting(tx, team_id))
        to_review = for_them(Act.REVIEW_EMERGENCY, emergencies.under_review(tx))
        theirs = {each.request.id for each in mine}
        records = map(partial(request_view.of, tx), open_requests.running(tx, team_id, limit=2 * MOST_RUNNING))
        of_others = (record for record in records if record.running and record.request.id not in theirs)
        running = list(islice(of_others, MOST_RUNNING))
        own = link.principal.user_id if link else None
        users_to_decide = [
            each
            for each in users
            if each.state is OnboardingState.PENDING and each not in my_users and each.requester_ram_id != own
        ]
    tasks = [
        task
        for kind in TASKS
        for task in notices.open_of(tx, kind)
        if actor.ids & {*task.details[DOERS]} or (to_decide is not None and not task.details[DOERS])
    ]
    tasks.sort(key=lambda task: task.raised_at)
    return Overview(
        slack_user_id,
        link,
        mine,
        to_decide,
        tasks,
        my_users,
        users_to_decide,
        running=running,
        away_until=until_of(tx, team_id, actor),
        dm_reminders=to_decide is not None and wishes_dm_reminders(tx, team_id, actor),
        to_review=to_review,
    )


def _passes(rule: Callable[..., object], *values: Any) -> bool:
    try:
        rule(*values)
    except Refusal:
        return False
    return True
