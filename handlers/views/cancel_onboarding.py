"""The button that withdraws an onboarding, for whoever asked for it."""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement

from approvals.onboarding import Onboarding
from handlers.translations import Translations
from handlers.views.blocks import button

CANCEL = "cancel_onboarding"


def cancel_button(onboarding: Onboarding, translations: Translations, style: str | None = None) -> ButtonElement:
    """It carries the onboarding's random id."""
    return button(translations.gettext("Cancel request"), CANCEL, onboarding.public_id, style)
