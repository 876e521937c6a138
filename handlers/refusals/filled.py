"""A sentence with the fields of a refusal in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from approvals.catalog.resources import products
from approvals.durations import format_duration
from approvals.entitlements import ADMIN_POLICY
from approvals.errors import Refusal
from handlers.translations import Translations
from handlers.views.text import first_of, literal, moment, person

_PEOPLE = ("subject", "account", "by")
_MOMENTS = ("since", "until")
MAX_SAID_CHARACTERS = 200
"""Characters of what a rule of the catalogue tells people, all of which are shown."""
_DURATIONS = ("shortest", "longest", "left")
_REQUESTS = ("request", "extension")


def filled(template: str, refusal: Refusal, translations: Translations, **more: str) -> str:
    """The translated `template`; `more` is what stands in it besides the fields, or in their place."""
    shown = {"admin": f"`{ADMIN_POLICY}`", "slack_id": str(getattr(refusal, "subject", ""))}
    for field in fields(refusal):
        shown[field.name] = _shown(field.name, getattr(refusal, field.name), translations)
    return translations.gettext(template).format_map(shown | more)


def _shown(name: str, value: object, translations: Translations) -> str:
    match value:
        case str() if name in _PEOPLE:
            return person(value)
        case int() if name in _MOMENTS:
            return moment(value)
        case int() if name in _DURATIONS:
            return format_duration(value)
        case str() if name == "product":
            return products()[value].title if value in products() else value
        case str() if name in _REQUESTS:
            return value
        case str() if name == "says":
            return literal(value, MAX_SAID_CHARACTERS)
        case str():
            return literal(value)
        case Sequence() if name == "doers":
            return first_of([person(str(each)) for each in value], translations)
        case Sequence():
            return first_of([literal(str(each)) for each in value], translations)
        case _:
            return str(value)
