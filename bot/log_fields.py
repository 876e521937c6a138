"""What is told of each event while a piece of work is in hand, beside what the event itself says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_BOUND: ContextVar[Mapping[str, Any]] = ContextVar("fields of the log", default={})  # noqa: B039


@contextmanager
def bound_fields(**fields: Any) -> Iterator[None]:
    """Whatever this thread logs meanwhile carries them as well."""
    before = _BOUND.set({**_BOUND.get(), **fields})
    try:
        yield
    finally:
        _BOUND.reset(before)


def fields_here() -> dict[str, Any]:
    """Those that are bound now."""
    return dict(_BOUND.get())
