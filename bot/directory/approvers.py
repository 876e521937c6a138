"""Who approvers are: whom to tell what they must know, and who is to hear an alarm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence

from approvals import rules
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, away, people
from approvals.millis import MINUTE
from approvals.model import AccessRequest
from approvals.people import Person
from approvals.ports import Clock, Directory
from approvals.queries.actor import linked_approvers, may_decide
from approvals.queries.request_view import RequestView
from approvals.refusals.people import UnknownPerson

log = logging.getLogger(__name__)

READ_INTERVAL_MS = MINUTE


class Approvers:
    """Reads from RAM at most once a minute, for whoever wants to know; safe to share between threads."""

    def __init__(self, ledger: Ledger, directory: Directory, clock: Clock, team_id: str) -> None:
        self._ledger = ledger
        self._directory = directory
        self._clock = clock
        self._team_id = team_id
        self._lock = threading.Lock()
        self._holders: Holders | None = None
        self._looked_at: int | None = None

    def known(self, asked: Sequence[SlackUserId] = ()) -> tuple[SlackUserId, ...]:
        """Slack user ids of the linked who may approve, by what RAM says now. While it does not say it, by what it said
        last; where it never did, those who were `asked` and everybody linked who ever decided. Whoever is away is left
        out, as long as not everybody is.
        """
        found = self._known(asked, ())
        with self._ledger.read() as tx:
            gone = away.every_one(tx, self._team_id)
        return tuple(each for each in found if each not in gone) or found

    def of(self, request: AccessRequest) -> tuple[SlackUserId, ...]:
        """Likewise, those who may decide on this request."""
        found = self._known(request.asked_approvers, (request.principal.user_id, request.requester_ram_id))
        return tuple(person for person in found if person not in (request.requester, request.subject))

    def yet_to_decide(self, record: RequestView) -> Iterator[Person]:
        """Those who may decide on this request and have not approved it, as Slack describes them now; whom the card
        named first, and one after the other, as far as they are asked for.

        Raises:
            Refusal: SlackSilent, it does not tell of somebody.
        """
        request = record.request
        own = (request.principal.user_id, request.requester_ram_id)
        approved = tuple(word.principal.user_id for word in record.approvals)
        found = self._known(request.asked_approvers, (*own, *approved))
        barred = {request.requester, request.subject, *(word.slack_user_id for word in record.approvals)}
        for slack_id in sorted(set(found) - barred, key=lambda each: (each not in request.asked_approvers, each)):
            try:
                person = self._directory.recent_person(slack_id)
            except UnknownPerson:
                continue
            if rules.is_full_member(person, self._team_id) and not person.ids & barred:
                yield person

    def is_here(self, slack_user_id: SlackUserId) -> bool:
        """Whether Slack says that this account is a full member's now."""
        try:
            return rules.is_full_member(self._directory.person(slack_user_id), self._team_id)
        except Refusal as refusal:
            log.warning("Slack does not say whether an approver is still here", extra={"why": refusal.reason})
            return False

    def _known(self, asked: Sequence[SlackUserId], without: Sequence[RamUserId | None]) -> tuple[SlackUserId, ...]:
        holders = self._read()
        with self._ledger.read() as tx:
            if holders is None:
                return tuple(dict.fromkeys((*asked, *people.deciders(tx, self._team_id))))
            eligible = may_decide(tx, holders)
            return tuple(slack for _, slack in linked_approvers(tx, self._team_id, eligible, without))

    def _read(self) -> Holders | None:
        with self._lock:
            now = self._clock.steady()
            if self._looked_at is None or now - self._looked_at >= READ_INTERVAL_MS:
                try:
                    self._holders = self._directory.admins()
                except Refusal as refusal:
                    log.warning("RAM does not say who may approve", extra={"why": refusal.reason})
                self._looked_at = now
            return self._holders
