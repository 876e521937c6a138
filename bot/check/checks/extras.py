"""What is installed: the extras, and the time zones of the world."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from importlib.util import find_spec

from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, ok, warning

NAME, TIME_ZONES = "extras", "time zones"
MODULES = {
    "members": (
        "alibabacloud_dataworks_public20240518",
        "alibabacloud_aiworkspace20210204",
        "alibabacloud_hologram20220601",
    ),
    "training": ("odps",),
    "postgres": ("psycopg", "psycopg_pool"),
    "oss": ("alibabacloud_oss_v2",),
    "report": ("leather",),
}
"""Modules that tell whether an extra is there."""


def check_extras(context: CheckContext) -> Iterator[CheckRow]:
    """What the settings have a use for has to be there."""
    there = [name for name, modules in MODULES.items() if all(map(find_spec, modules))]
    settings = context.settings
    wanted = {
        "members": (settings.resources is not None, "PAIREC_RESOURCES names places"),
        "training": (settings.training_project is not None, "PAIREC_TRAINING_PROJECT is set"),
        "oss": (settings.anchor_bucket is not None, "PAIREC_ANCHOR_BUCKET is set"),
        "postgres": (settings.uses_database_server, "the ledger is in PostgreSQL"),
    }
    missing = [(name, why) for name, (used, why) in wanted.items() if used and name not in there]
    for name, why in missing:
        yield failed(f"extra {name}", f"not installed, and {why}", f"pip install 'pairec-access[{name}]'")
    if not missing:
        yield ok(NAME, f"installed: {', '.join(there) or 'none'}; no other is used")


def check_time_zones(context: CheckContext) -> Iterator[CheckRow]:
    """Slack says times in each person's own zone; what is written elsewhere needs the data of this machine."""
    count = len(zoneinfo.available_timezones())
    if count:
        yield ok(TIME_ZONES, f"{count} are known")
    else:
        yield warning(TIME_ZONES, "this machine has no time zone data", "Install the package tzdata.")
