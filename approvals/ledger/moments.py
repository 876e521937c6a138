"""Moments that lie further in the future than anything puts them: a clock that was wrong wrote them.

Each function brings the moments of one kind back to the latest that they can be, and says how many it changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from approvals.entitlement_kind import MANUAL
from approvals.ledger import jobs, lanes
from approvals.ledger.job_kinds import JobKind, is_one_of
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.requests import of_rows
from approvals.millis import DomainMillis, RealMillis
from approvals.model import AccessRequest
from approvals.transaction import Tx

_MANUAL = f"{MANUAL}/%"
_BY_HAND, _IN_THE_CLOUD = "entitlement LIKE :manual", "entitlement NOT LIKE :manual"
"""Of a grant: what `_MANUAL` is for."""


def lane_pauses(tx: Tx, real: RealMillis, *, at_once: bool) -> int:
    """Lanes are open that are shut for longer than their longest pause; with `at_once`, all of them."""
    shut = {lane: until - real for lane, until in lanes.shut_until(tx).items() if until > real}
    wrong = [lane for lane, left in shut.items() if at_once or left > lanes.longest_pause(lane)]
    for lane in wrong:
        lanes.reopen(tx, lane)
    return len(wrong)


def pauses(tx: Tx, real: RealMillis, longest: int, longest_unsaid: int) -> int:
    """No job waits for longer than the longest pause between two attempts, of the cloud's work or of any other."""
    of_cloud, named = is_one_of((JobKind.RECONCILE_KEY, JobKind.FIND_DRIFT))
    waiting = tx.changed(
        "UPDATE jobs SET not_before_real = :real WHERE not_before_real > :real +"
        f" CASE WHEN {of_cloud} THEN :longest ELSE :unsaid END",
        real=real,
        longest=longest,
        unsaid=longest_unsaid,
        **named,
    )
    looking = tx.changed(
        "UPDATE jobs SET also_at_real = :real WHERE also_at_real > :real + :longest", real=real, longest=longest
    )
    return waiting + looking


def locks(tx: Tx, real: RealMillis) -> int:
    """No lock is longer than a worker gets; it may be at work, so that none ends at once."""
    return tx.changed(
        "UPDATE jobs SET locked_until_real = :until WHERE locked_until_real > :until", until=real + LOCK_MS
    )


def sights(tx: Tx, real: RealMillis) -> int:
    """What was seen or done at a moment that is yet to come was seen or done just now, at the latest."""
    missed = tx.changed("UPDATE grants SET missing_since_real = :real WHERE missing_since_real > :real", real=real)
    detached = tx.changed("UPDATE grants SET detach_at_real = :real WHERE detach_at_real > :real", real=real)
    return missed + detached


def look_anew(tx: Tx, real: RealMillis) -> int:
    """What is missed is missed since now: between two looks there may be less time than their moments say."""
    return tx.changed(
        "UPDATE grants SET missing_since_real = :real WHERE missing_since_real IS NOT NULL"
        " AND missing_since_real <> :real",
        real=real,
    )


def due(tx: Tx, now: DomainMillis, kinds: Iterable[JobKind], longest: int) -> int:
    """No job of these kinds is due later than `longest` from now."""
    of_kinds, named = is_one_of(kinds)
    return tx.changed(
        f"UPDATE jobs SET due_at = :latest WHERE {of_kinds} AND due_at > :latest",
        latest=now + longest,
        **named,
    )


def reconciling(tx: Tx, now: DomainMillis, by_hand: int) -> int:
    """What is under way on a key is due at once; only what is active waits for its deadline. What people are asked to
    do by hand is due again after so many milliseconds at the latest.
    """
    return sum(
        tx.changed(
            "UPDATE jobs SET due_at = :latest WHERE due_at > :latest AND id IN"
            " (SELECT :prefix || ram_user_id || '|' || entitlement FROM grants"
            f" WHERE state IN ('planned', 'granting', 'ending') AND {which})",
            latest=latest,
            prefix=jobs.RECONCILE_IDS,
            manual=_MANUAL,
        )
        for which, latest in ((_IN_THE_CLOUD, now), (_BY_HAND, now + by_hand))
    )


def alarms(tx: Tx, now: DomainMillis, longest: int, by_hand: int) -> int:
    """What is on its way out is alarmed about no later than so long from now; by hand it takes longer."""
    return sum(
        tx.changed(
            "UPDATE jobs SET due_at = :latest WHERE kind = :kind AND due_at > :latest AND id IN"
            f" (SELECT :prefix || id FROM grants WHERE state = 'ending' AND {which})",
            latest=latest,
            kind=JobKind.ALARM,
            prefix="alarm:",
            manual=_MANUAL,
        )
        for which, latest in ((_IN_THE_CLOUD, now + longest), (_BY_HAND, now + by_hand))
    )


def watches(tx: Tx, now: DomainMillis) -> int:
    """A channel is looked at for no later than its interval from now."""
    return tx.changed(
        "UPDATE jobs SET due_at = :now WHERE kind = :kind AND due_at > :now +"
        " COALESCE((SELECT every FROM status_watches WHERE :prefix || channel = jobs.id), 0)",
        now=now,
        kind=JobKind.WATCH,
        prefix="watch:",
    )


def made_in_the_future(tx: Tx, after: int) -> list[AccessRequest]:
    """Requests that wait although they were made after this moment, and those that were approved after it, have an end
    and have not come to it.
    """
    # No index by state has any use here: it has all that was ever approved among them.
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE unfinished = 1 AND ((state || '' = 'pending' AND created_at > :after)"
            " OR (state || '' = 'approved' AND closed_at > :after AND ends_at IS NOT NULL)) ORDER BY id",
            after=after,
        )
    )


def ahead(request: AccessRequest, now: DomainMillis) -> int:
    """Milliseconds by which the clock was ahead that the request was made by, or approved."""
    return (request.created_at if request.closed_at is None else request.closed_at) - now


def begins(tx: Tx, request: AccessRequest, now: DomainMillis, earlier: int) -> AccessRequest:
    """The request was made, or approved, now, and waits, or ends, so many milliseconds less; as it is then."""
    pending = request.closed_at is None
    tx.run(
        "UPDATE requests SET created_at = CASE WHEN created_at > :now THEN :now ELSE created_at END,"
        " expires_at = CASE WHEN :pending = 1 THEN expires_at - :earlier ELSE expires_at END,"
        " closed_at = CASE WHEN :pending = 1 THEN closed_at ELSE :now END,"
        " ends_at = CASE WHEN :pending = 1 THEN ends_at ELSE ends_at - :earlier END WHERE id = :id",
        now=now,
        pending=int(pending),
        earlier=earlier,
        id=request.id,
    )
    tx.run("UPDATE recorded_names SET at = :now WHERE at > :now", now=now)
    tx.run(
        "UPDATE grants SET ends_at = ends_at - :earlier WHERE request_id = :id"
        " AND state IN ('planned', 'granting', 'active', 'ending', 'failed')",
        earlier=earlier,
        id=request.id,
    )
    return of_rows(tx.rows("SELECT * FROM requests WHERE id = :id", id=request.id))[0]
