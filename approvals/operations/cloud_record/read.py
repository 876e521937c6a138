"""The cloud's own record is read in looks, each from where all is known to be read until now: what comes late is found
by a later one, and nobody is told again of what was told of before.

Events come up to 15 minutes late (help/actiontrail, limits); what is an hour old is taken for complete. A page is
recorded with what it gives rise to in one transaction, so that whoever dies between two of them misses and repeats
nothing. A look that takes too long is cut short, and the next one goes on with the rest of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from approvals.cloud_events import KEPT_MS, CloudEvent
from approvals.ledger import Ledger, Tx, cloud_events, cloud_reads, identity, job_leases, jobs
from approvals.ledger.cloud_reads import CloudRead
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.operations.cloud_record import anew, groups, tell
from approvals.operations.cloud_record.judge import NEAR_MS, CallVerdict, Watched, judge
from approvals.operations.cloud_record.known import changed_members_between, confirmed_between, writes_since

LOOK_INTERVAL_MS = 3 * MINUTE
"""An event that comes after 15 minutes is found within 20."""
COMPLETE_AFTER_MS = HOUR
EARLIER_MS = 15 * MINUTE
"""By so much the cloud's clock may be behind ours, or ours behind it."""

OWN_WRITES, RAM_WRITES, IMS_WRITES = "own", "ram", "ims"
ATTACHES = ("AttachPolicy", "DetachPolicy")
"""Of Resource Management (2020-03-31), which gives and takes RAM's policies too, of users, groups and roles alike."""
RAM_QUERIES = (OWN_WRITES, *ATTACHES, IMS_WRITES, RAM_WRITES)
"""As the ledger names them, where RAM's events are: all writes of whoever has our key; those two calls; all to IMS,
which changes users and who is in which group as well; and all to RAM. However many calls others make, a look gets to
the first, and of RAM's there are the most.
"""
OWN_ELSEWHERE = "own writes to products"
"""All of whoever has our key, where the products are, if that is another region. Whatever else is read there is named
as the one call that it asks for.
"""
OF_OURS = (OWN_WRITES, RAM_WRITES)
"""Those that tell of our own writes to RAM."""

OF_PRODUCTS = "cloud_record_members"
"""The job that reads what is told of the products, in their region; so that one that is not to be read there keeps
nothing of RAM from being read."""
WAITS_MS = 7 * DAY
"""So long after all of its time was read, a call about a RAM group that had nothing is kept: until then it may turn out
that it had something, and drift asks who put somebody in it."""
READ, BEGUN = "read", "begun"
"""In the job of a look that was cut short: the queries of which all was read, and when it began."""

KEPT_PARAMS = ("PolicyName", "PolicyType", "RoleName")


class ReadState(StrEnum):
    """What the last look came to, as the ledger stores it."""

    NOTHING_YET = "nothing yet"
    """No event was told of, and there was no write of ours by which to tell whether one should have been."""
    READ = "read"
    EMPTY = "empty"
    """There should be events, and none was ever told of: it is not readable here."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look reads of a query."""

    query: str
    since: DomainMillis
    until: DomainMillis


def schedule(ledger: Ledger, now: DomainMillis, *, region: str | None, elsewhere: bool = False) -> None:
    """Have it read where it is wanted, and not where it is not; it then schedules itself. `elsewhere`: there is also
    something to be read of the products, where they are.
    """
    with ledger.write() as tx:
        if region is None:
            cloud_reads.forget(tx)
        elif not elsewhere:
            _forget_others(tx, ())
        for job_id, wanted in ((JobKind.CLOUD_RECORD, True), (OF_PRODUCTS, elsewhere)):
            if wanted and region is not None:
                jobs.enqueue(tx, job_id, JobKind.CLOUD_RECORD, due_at=now)
            else:
                jobs.drop(tx, job_id)


def begin_look(ledger: Ledger, job: Job, query: str, region: str, now: DomainMillis) -> Look:
    """From where to where a query is read now. In another region than before it begins anew.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        read = cloud_reads.every_one(tx).get(query)
        if read is None or read.region != region:
            read = CloudRead(query, region, now, ReadState.NOTHING_YET, now)
            cloud_reads.put(tx, read)
            if query in OF_OURS:
                identity.put(tx, identity.CLOUD_READ_FROM, str(now))
        if read.read_to is not None:
            # By the cloud's own clock; whoever makes many calls does not keep it from getting on.
            return Look(query, read.read_to, now)
        # By a clock that was set back, it may have been read until a moment that is yet to come; and nobody is told of
        # what is forgotten, however long nothing was readable.
        since = max(min(read.settled, now) - EARLIER_MS, now - KEPT_MS + DAY)
        return Look(query, DomainMillis(since), now)


def record_page(
    ledger: Ledger, job: Job, look: Look, events: Sequence[CloudEvent], watched: Watched, now: DomainMillis
) -> None:
    """What a page tells that no page told before: whose each is, and what approvers have to hear of.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        if not events:
            return
        read = cloud_reads.every_one(tx)[look.query]
        seen = DomainMillis(max(each.at for each in events))
        cloud_reads.put(tx, replace(read, read_to=seen, seen=DomainMillis(max(seen, read.seen or seen))))
        before = cloud_events.are_there(tx, [each.id for each in events])
        fresh = [each for each in events if each.id not in before]
        if not fresh:
            return
        if watched.groups is not None and groups.are_about_groups(fresh):
            watched = replace(watched, groups=groups.with_former(tx, watched.groups, events, watched.policies))
        judged = _judged(tx, fresh, watched)
        for event, verdict in judged.values():
            if verdict is not CallVerdict.UNCONCERNED:
                cloud_events.add(tx, _nameless(event) if verdict is CallVerdict.OURS else event, verdict)
        for verdict in (CallVerdict.STOLEN, CallVerdict.OTHERS):
            told = [(event, watched) for event, found in judged.values() if found is verdict]
            tell.of_events(tx, told, verdict, now)
        if any(groups.may_have_changed(each, watched.policies) for each in fresh):
            anew.judge_anew(tx, watched, now)


def _judged(tx: Tx, fresh: Sequence[CloudEvent], watched: Watched) -> Mapping[str, tuple[CloudEvent, CallVerdict]]:
    """One after the other, by their ids: the first that carries an id of ours may be ours by that."""
    known = writes_since(tx, DomainMillis(min(each.at for each in fresh) - NEAR_MS))
    marks = [each.write_id for each in fresh if each.write_id]
    told = {
        kept.event.write_id: kept.event.request_id
        for kept in cloud_events.of_writes(tx, marks, [])
        if kept.event.write_id and kept.verdict == CallVerdict.OURS
    }
    judged = {}
    for event in fresh:
        verdict = judge(event, replace(known, told=told), watched)
        if verdict is CallVerdict.UNCONCERNED and groups.is_about_group(event) and not event.error_code:
            verdict = CallVerdict.WAITING
        judged[event.id] = event, verdict
        if verdict is CallVerdict.OURS and event.write_id:
            told.setdefault(event.write_id, event.request_id)
    return judged


def _nameless(event: CloudEvent) -> CloudEvent:
    """What is kept for ever says nobody's name: who it was about is in the trail, where it can be erased."""
    return replace(event, params={name: value for name, value in event.params.items() if name in KEPT_PARAMS})


def cut_short(ledger: Ledger, job: Job, read: Collection[str], begun: DomainMillis, now: DomainMillis) -> None:
    """Of a look that began at `begun`, all of these queries was read. It goes on at once with the others.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=now, payload={READ: sorted(read), BEGUN: begun}, progress=True)


def end_look(ledger: Ledger, job: Job, queries: Sequence[str], begun: DomainMillis, now: DomainMillis) -> ReadState:
    """All pages of all queries were recorded, in a look that began at `begun`. What was to be found by then and was not
    is told; the job is due again at the next look.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=DomainMillis(now + LOOK_INTERVAL_MS), payload={}, progress=True)
        if not queries:
            return ReadState.NOTHING_YET
        reads = cloud_reads.every_one(tx)
        first = reads[queries[0]]
        complete = DomainMillis(min(begun, now) - COMPLETE_AFTER_MS)
        ours, expected = [], False
        if job.id == OF_PRODUCTS:
            # Whether the record has each of these was never seen: that it has none says enough.
            expected = changed_members_between(tx, first.settled, complete)
        elif complete > first.settled:
            ours = confirmed_between(tx, first.settled, complete)
        seen = any(reads[query].seen is not None for query in queries)
        missing = _missing(tx, [each.write_id for each in ours], [each.cloud_request_id for each in ours])
        state = _state(first, seen=seen, expected=expected or bool(ours))
        if seen:
            tell.of_missing(tx, [each for each in ours if each.write_id in missing], now)
        for query in queries:
            read = reads[query]
            # What should be there and is not readable stays to be compared.
            settled = read.settled if state is ReadState.EMPTY else DomainMillis(max(read.settled, complete))
            since = read.since if read.state == state else now
            cloud_reads.put(tx, replace(read, settled=settled, read_to=None, state=state, since=since))
        if job.id == OF_PRODUCTS:
            _forget_others(tx, queries)
        else:
            settled = min(reads[query].settled for query in queries)
            cloud_events.forget_of_verdict(tx, CallVerdict.WAITING, DomainMillis(settled - WAITS_MS))
        cloud_events.forget_others(tx, DomainMillis(now - KEPT_MS))
        return state


def record_refusal(ledger: Ledger, job: Job, now: DomainMillis, real: int, pause: int, why: str) -> None:
    """ActionTrail did not say. It is asked again after a pause, in milliseconds of real time, from `real` on.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        # Anew from the first query on: one that is always refused keeps none before it from being read.
        job_leases.requeue(tx, job, due_at=now, not_before_real=real + pause, error=why[:80], payload={})
        for query, read in cloud_reads.every_one(tx).items():
            if (query in RAM_QUERIES) is (job.id != OF_PRODUCTS):
                since = read.since if read.state == ReadState.REFUSED else now
                cloud_reads.put(tx, replace(read, state=ReadState.REFUSED, since=since))


def is_readable(tx: Tx) -> bool:
    """Whether something was seen of RAM's events: else that there is none of something says nothing."""
    reads = cloud_reads.every_one(tx)
    return any(reads[each].state == ReadState.READ for each in OF_OURS if each in reads)


def _forget_others(tx: Tx, queries: Collection[str]) -> None:
    """Of products of which nothing can be asked for any more."""
    for query in cloud_reads.every_one(tx):
        if query not in (*RAM_QUERIES, *queries):
            cloud_reads.forget(tx, query)


def _state(read: CloudRead, *, seen: bool, expected: bool) -> ReadState:
    if seen:
        return ReadState.READ
    return ReadState.EMPTY if expected or read.state == ReadState.EMPTY else ReadState.NOTHING_YET


def _missing(tx: Tx, write_ids: Sequence[str], request_ids: Sequence[str]) -> set[str]:
    """The ids of the writes of which no event was told."""
    found = cloud_events.of_writes(tx, write_ids, request_ids)
    there = {each.event.write_id for each in found} | {each.event.request_id for each in found}
    return {mark for mark, known_as in zip(write_ids, request_ids, strict=True) if not {mark, known_as} & there}
