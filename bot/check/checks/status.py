"""What `/pairec-status` looks at: whether it can be looked at, and not how it is, which the board says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

from approvals.errors import CloudError
from approvals.findings import CheckState
from bot.app.opening import clock_of
from bot.check.context import CheckContext
from bot.check.row import CheckRow, ok, warning
from bot.worker.looks import look_at
from handlers.refusals.sentences import plain
from handlers.translations import load_translations
from handlers.views.findings import advice, summary

NAME = "status page"


def check_status(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each that cannot be looked at."""
    context.need("PAIREC_CLOCK_URL")
    plan, clock = context.plan(), clock_of(context.settings)
    _load_sdks(context)
    found = [each for batch in look_at(plan.rows, plan.terms, context.sources(), clock) for each in batch]
    words = load_translations("en")
    unseen = [finding for finding in found if finding.state is CheckState.UNKNOWN]
    for finding in unseen:
        todo = advice(finding, words) or "Put it right: until then that row of the board says nothing."
        yield warning(f"status {finding.check.partition('/')[0]}", plain(summary(finding, words)), plain(todo))
    if not unseen:
        yield ok(NAME, f"all {len(plan.rows)} rows can be looked at")


def _load_sdks(context: CheckContext) -> None:
    """Before the seconds are counted that an answer may take: loading them takes some itself."""
    for module in ("alibabacloud_pairecservice20221213.client", "odps"):
        with suppress(ImportError, OSError):
            import_module(module)
    for kind, members in context.members().items():
        if context.resources().places(kind):
            with suppress(CloudError):
                members.product  # noqa: B018
