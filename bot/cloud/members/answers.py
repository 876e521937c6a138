"""What the products' answers have in common: lists that come in pages, and refusals that leave open what is there.

An answer that is not what was asked for is never read as "nobody": it is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from approvals.errors import CloudError, CloudErrorKind
from approvals.ports import Receipt

T = TypeVar("T")

MEMBERS_PER_PAGE = 100
"""Entries to a page; the most that DataWorks gives."""
MAX_PAGES = 100


class Page(NamedTuple):
    """One page of a list, as it was answered."""

    entries: Sequence[Any]
    total: Any
    """How many entries there are on all pages, where the product says it."""


def required(value: T | None, action: str) -> T:
    """A part of an answer that has to be there.

    Raises:
        CloudError: SILENT, it is not.
    """
    if value is None:
        raise CloudError(CloudErrorKind.SILENT, action=action)
    return value


def read_pages(action: str, ask: Callable[[int], Page], key: Callable[[Any], Any]) -> Iterator[Any]:
    """Every entry of a list whose pages are numbered from 1. `key` is what tells one from another.

    Raises:
        CloudError: whatever `ask` does; SILENT for a list that ends before its own total, repeats itself or has no end.
    """
    seen: set[str] = set()
    for number in range(1, MAX_PAGES + 1):
        page = ask(number)
        fresh = {name: entry for entry in page.entries if (name := str(required(key(entry), action))) not in seen}
        seen.update(fresh)
        yield from fresh.values()
        total = _total(page.total)
        if (not page.entries) if total is None else (len(seen) >= total):
            return
        if not fresh:
            break
    raise CloudError(CloudErrorKind.SILENT, action=action)


@contextmanager
def no_place_if_unlisted(place: str, places: Callable[[], Mapping[str, str]]) -> Iterator[None]:
    """Look into the list of places after a read that is refused for a reason of which the code is not documented. One
    of no place at all proves nothing: that is what somebody sees who is let to see none.

    Raises:
        CloudError: NO_PLACE where the place is not listed; otherwise what the read was answered.
    """
    try:
        yield
    except CloudError as error:
        if error.kind is not CloudErrorKind.REFUSED:
            raise
        listed = _answer(places)
        if not listed or place in listed:
            raise
        raise _as(CloudErrorKind.NO_PLACE, error) from error


def write_confirmed(
    write: Callable[[], Receipt],
    holds: Callable[[], bool],
    outcome: CloudErrorKind,
    known: Callable[[], bool] = lambda: True,
) -> Receipt:
    """Make a write, and read again after a refusal that does not say what is there. Not to see it done proves nothing
    yet: a code that nobody knows stays unclear.

    Args:
        holds: whether the role is there now.
        outcome: ALREADY_ATTACHED for a write that gives it, NOT_ATTACHED for one that takes it away.
        known: whether there is such a role at all, for a product whose members can be read without it.

    A role that is there after a code that nobody knows was given by this call, whose second delivery may have been
    answered; the product's own word for it is ALREADY_ATTACHED.

    Raises:
        CloudError: `outcome` where that is how things are, NO_PLACE or NO_SUCH_ROLE where reading shows that; otherwise
            what the write was answered.
    """
    words = (CloudErrorKind.NO_SUCH_ROLE, CloudErrorKind.ALREADY_ATTACHED, CloudErrorKind.NOT_ATTACHED)
    gives = outcome is CloudErrorKind.ALREADY_ATTACHED
    try:
        return write()
    except CloudError as error:
        if error.kind not in (CloudErrorKind.REFUSED, CloudErrorKind.UNCLEAR, *words):
            raise
        there = _answer(holds, CloudErrorKind.NO_PLACE, CloudErrorKind.NO_SUCH_ROLE)
        if there is None:
            raise
        if there and gives and error.kind is CloudErrorKind.UNCLEAR:
            # It was not there right before this call, and nothing says that somebody else gave it.
            return Receipt(error.request_id)
        if there is gives:
            raise _as(outcome, error) from error
        if _answer(known) is False:
            raise _as(CloudErrorKind.NO_SUCH_ROLE, error) from error
        raise _as(CloudErrorKind.REFUSED if error.kind in words else error.kind, error) from error


def seen(done: Receipt, action: str, as_wanted: bool) -> Receipt:
    """A success that a read right after it does not show is none yet.

    Raises:
        CloudError: SILENT, it does not.
    """
    if not as_wanted:
        raise CloudError(CloudErrorKind.SILENT, action=action, request_id=done.request_id)
    return done


def _answer(read: Callable[[], T], *tells: CloudErrorKind) -> T | None:
    """None where there is no answer: the refusal itself is what there is to tell then. What `tells` is raised."""
    try:
        return read()
    except CloudError as error:
        if error.kind in tells:
            raise
        return None


def _total(value: object) -> int | None:
    """Some totals are numbers and some are texts."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() else None


def _as(kind: CloudErrorKind, error: CloudError) -> CloudError:
    return CloudError(kind, code=error.code, action=error.action, request_id=error.request_id)
