"""The settings, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator

from bot.check.context import CheckContext
from bot.check.refused import SETTING_REMEDY
from bot.check.row import CheckRow, failed, ok

NAME = "settings"


def check_settings(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each that is wrong; what a file that is named has in it is read as well."""
    for name, fault in context.faults.items():
        if f"{name}_FILE" not in context.faults:
            yield failed(name, fault, SETTING_REMEDY)
    if not context.faults:
        yield ok(NAME, f"{len(context.settings.model_fields_set)} are set")
    resources, catalog = context.resources.raw(), context.catalog.raw()
    context.plan.raw()
    yield ok("catalogue", f"{len(catalog.choices)} things to ask for, {len(resources.projects)} projects")
