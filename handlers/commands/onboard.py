"""`/pairec-access onboard @person [name] [bundle]`: ask for a RAM user for somebody who has none."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.onboarding import typed
from handlers.commands.subcommand import Subcommand
from handlers.translations import Translations


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access onboard @person [name] [bundle]` requests a RAM user for somebody new,"
            " then what the job needs."
        ),
    )


SUBCOMMAND = Subcommand("onboard", "onboard @person", Act.ASK, typed, _help)
"""Without anybody, it opens a form."""
