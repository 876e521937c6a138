"""Which version of a view this process showed last, and for which change of it.

Slack takes a view in place of another by the version that the other was, and says nothing of which of two changes is
newer: whoever chooses twice within a second gets what is drawn for the first choice, and the second is refused.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

KEPT_VIEWS = 500


@dataclass
class DrawnView:
    """Of one view, what was shown last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    version: str = ""
    """Empty before anything was."""
    changed_at: float = 0.0
    """When Slack says that somebody made the change that it was drawn for, in seconds since 1970."""


class DrawnViews:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._views: OrderedDict[str, DrawnView] = OrderedDict()

    @contextmanager
    def of(self, view_id: str) -> Iterator[DrawnView]:
        """What was shown of a view; nobody else has it, or shows it, until this ends."""
        with self._lock:
            view = self._views.setdefault(view_id, DrawnView())
            self._views.move_to_end(view_id)
            if len(self._views) > KEPT_VIEWS:
                self._views.popitem(last=False)
        with view.lock:
            yield view
