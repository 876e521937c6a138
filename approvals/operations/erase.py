"""Erase what people wrote in requests that are over, and what they are called; what was decided and done stays.

A RAM user is called by the UserId from then on, in the record and in the trail, whose chain still holds: what goes
stands beside it. Entries of the older forms have names in themselves: each of which something went keeps its hash, and
a later entry says what is left of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from approvals import audit, audit_texts
from approvals.audit_events import AuditEvent
from approvals.audit_texts import Written
from approvals.errors import LedgerError
from approvals.ids import RamUserId
from approvals.ledger import Ledger, Tx, cloud_events, drift_rows, erasing, job_leases, jobs, people, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.model import request_ref

INTERVAL_MS = DAY
REQUESTS_PER_BATCH = 20
NEW_NAMES = ("ram_user", "next_ram_user")
"""Those of somebody who is made a RAM user, who has no UserId yet."""
NOBODY_KNOWS = "erased"
"""In the place of a name of which no row says any more whose it is."""


class ErasedPerson(NamedTuple):
    """What became of what there was of somebody."""

    requests: int
    """Erased."""
    left: int
    """Requests of others on which they decided, and which are not over."""


class _Rest(NamedTuple):
    """Entries as they are left."""

    entries: Sequence[audit.Entry] = ()
    """Those of the older forms of which something goes that is in themselves."""
    beside: Sequence[audit.Entry] = ()
    """Those beside which something goes."""


NOTHING = _Rest()


def schedule(ledger: Ledger, now: DomainMillis, *, wanted: bool) -> None:
    """Make sure that it is looked every day what is to go; or that it is not."""
    with ledger.write() as tx:
        if wanted:
            jobs.enqueue(tx, JobKind.ERASE, JobKind.ERASE, due_at=now)
        else:
            jobs.drop(tx, JobKind.ERASE)


def erase_old(ledger: Ledger, job: Job, retention: int, now: DomainMillis) -> None:
    """Erase some requests that are over for that many milliseconds; the rest of them right after, and others tomorrow.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        found = erasing.over_before(tx, now - retention, REQUESTS_PER_BATCH)
        full = len(found) == REQUESTS_PER_BATCH
        job_leases.requeue(tx, job, due_at=now if full else DomainMillis(now + INTERVAL_MS), progress=True)
        if found:
            _erase(tx, now, found)


def erase_person(ledger: Ledger, ram_user_id: RamUserId, name: str, by: str, now: DomainMillis) -> ErasedPerson:
    """Erase every request that is over and that somebody asked for, had, decided or spoke on, and what they are called
    elsewhere in the trail. Some at a time, so that bots go on; whoever begins anew goes on with the rest. `by`: who
    said so.

    Raises:
        LedgerError: something of theirs is not over, or they are linked; nothing more was erased.
    """
    with ledger.read() as tx:
        found, left = erasing.of_person(tx, ram_user_id)
    for first in range(0, max(len(found), 1), REQUESTS_PER_BATCH):
        some = found[first : first + REQUESTS_PER_BATCH]
        with ledger.write() as tx:
            _check_over(tx, ram_user_id, name)
            others = NOTHING if first else _others(tx, ram_user_id, name)
            cloud_events.rename_person(tx, ram_user_id, name)
            drift_rows.rename_giver(tx, ram_user_id)
            _erase(tx, now, some, others, by=by, ram_user_id=ram_user_id)
    return ErasedPerson(len(found), left)


def _check_over(tx: Tx, ram_user_id: RamUserId, name: str) -> None:
    unfinished = erasing.open_of_person(tx, ram_user_id)
    if unfinished:
        refs = ", ".join(request_ref(number) for number in unfinished)
        raise LedgerError(f"nothing was erased: {refs} of {name} {'is' if len(unfinished) == 1 else 'are'} not over")
    if people.link_of_principal(tx, ram_user_id) is not None:
        raise LedgerError(f"nothing was erased: {name} is linked; `pairec-access unlink {name}` first")


def _erase(tx: Tx, now: DomainMillis, found: Sequence[int], others: _Rest = NOTHING, **said: Any) -> None:
    left, beside = [*others.entries], [*others.beside]
    concerned = set[RamUserId]()
    for number in found:
        entries = trail.of_request(tx, number)
        names = erasing.names_in(tx, number)
        concerned |= set(names.values())
        called = _called(tx, [entry for entry in entries if entry.version != audit.THIRD], names)
        for entry in entries:
            beside += _emptied(entry)
            left += _reduced(entry, called)
        erasing.erase_rows(tx, number, now)
    for person in sorted(concerned):
        erasing.forget_names(tx, person)
    trail.erase(tx, now, left, beside, requests=list(found), **said)


def _called(tx: Tx, entries: Sequence[audit.Entry], names: Mapping[str, RamUserId]) -> dict[str, str]:
    """What each RAM user is called from now on whom these entries name. Not everybody has a row in the request: whoever
    took it back may not have decided on it.
    """
    called: dict[str, str] = {**names}
    for entry in entries:
        for key, value in json.loads(entry.entry).items():
            for name in (value if isinstance(value, list) else [value]) if key in trail.NAMES else ():
                if name not in called:
                    ids = people.ids_named(tx, name.lower())
                    called[name] = ids.pop() if len(ids) == 1 else NOBODY_KNOWS
    return called


def _others(tx: Tx, ram_user_id: RamUserId, name: str) -> _Rest:
    """Entries that belong to no request and are about somebody; others keep their names. Of those about how they were
    made a RAM user, what they are called goes too.
    """
    made = erasing.onboardings_of(tx, ram_user_id)
    about = {entry.seq: entry for word in (ram_user_id, *made) for entry in trail.of_no_request(tx, word)}
    left, beside = list[audit.Entry](), list[audit.Entry]()
    for _, entry in sorted(about.items()):
        fields, called = json.loads(entry.entry), {name: ram_user_id}
        new = fields.get("onboarding") in made
        if entry.version == audit.THIRD:
            beside += _emptied(entry, partial(_is_theirs, fields, ram_user_id, name, new=new))
            continue
        if new:
            called |= {fields[key]: ram_user_id for key in NEW_NAMES if key in fields}
            beside += _emptied(entry)
        left += _reduced(entry, called, ram_user_id)
    for each in made:
        erasing.erase_onboarding(tx, each)
    return _Rest(left, beside)


def _is_theirs(fields: Mapping[str, Any], ram_user_id: RamUserId, called: str, each: Written, *, new: bool) -> bool:
    """Whether what stands beside an entry is what somebody is called. `new`: the entry is about how they were made."""
    name, _, place = each.name.partition(".")
    if new and name in (*NEW_NAMES, *trail.BY_PEOPLE):
        return True
    if name not in trail.NAMES:
        return False
    whose = fields.get(audit.IDS.get(name, ""))
    if isinstance(whose, list):
        return place.isdecimal() and ram_user_id in whose[int(place) : int(place) + 1]
    return each.text == called if whose is None else whose == ram_user_id


def _emptied(entry: audit.Entry, goes: Callable[[Written], bool] = lambda _: True) -> list[audit.Entry]:
    """The entry as it is left when this goes that stands beside it; nothing where that is as it was."""
    left = audit_texts.without(entry.beside, goes)
    return [] if left == entry.beside else [entry._replace(beside=left)]


def _reduced(entry: audit.Entry, called: Mapping[str, str], only: RamUserId | None = None) -> list[audit.Entry]:
    """The entry as it is left; nothing where nothing goes from it itself. `only`: nobody else's name goes."""
    fields = json.loads(entry.entry)
    if entry.version == audit.THIRD or fields["event"] == AuditEvent.TEXTS_ERASED:
        return []
    names = trail.NAMES
    less = {key: _renamed(key, fields, called, only) if key in names else value for key, value in fields.items()}
    if entry.version == audit.FIRST:
        # That form has what people wrote in the entry.
        less = {key: value for key, value in less.items() if key not in trail.BY_PEOPLE}
        if "reason" in fields and fields["event"] == AuditEvent.ASKED:
            less["reason"] = ""
    text = audit.canonical(less)
    return [] if text == entry.entry else [entry._replace(entry=text)]


def _renamed(key: str, fields: Mapping[str, Any], called: Mapping[str, str], only: RamUserId | None) -> Any:
    value, whose = fields[key], fields.get(audit.IDS.get(key, ""))
    if isinstance(value, list):
        return [called.get(each, each) for each in value]
    if whose is not None:
        return whose if only in (None, whose) else value
    return called.get(value, value)
