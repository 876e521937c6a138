"""Settings as far as they go: what is wrong with each that is not as it may be, and others in place of these, so that
whatever does not need them can be looked at all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.settings import Settings, SettingsError, load_settings

ACCESS_KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
_NAMED = re.compile(r"\s*([A-Z][A-Z0-9_]+)(?:: ?| )(.+)")
_IN_PLACE = {"SLACK_BOT_TOKEN": "xoxb-0", "SLACK_APP_TOKEN": "xapp-0", "SLACK_SIGNING_SECRET": "0" * 32}
"""Never sent: whatever sends one needs the setting first."""


def usable_settings(environment: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Settings, and by name what is wrong with those that were left out.

    Raises:
        SettingsError: something is wrong that is in none of them.
    """
    values, faults = dict(environment), dict[str, str]()
    while True:
        try:
            return load_settings(values), faults
        except SettingsError as error:
            found = _by_name(str(error))
            if not found or found.keys() <= faults.keys():
                raise
            faults |= {name: fault for name, fault in found.items() if name not in faults}
        for name in found:
            values.pop(name, None)
            if name in _IN_PLACE:
                values[name] = _IN_PLACE[name]


def _by_name(text: str) -> dict[str, str]:
    lines = [found for line in text.splitlines() if (found := _NAMED.fullmatch(line))]
    return {found[1]: found[2] for found in lines}
