"""Why something was not done, where this program itself says so: a sentence for each `OwnCode`."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.own_codes import OwnCode
from handlers.translations import N_, Translations
from handlers.views.text import literal

SENTENCES: Mapping[str, str] = {
    OwnCode.SDK_TOO_OLD: N_("The SDK of {product} is too old: it needs {action}; {install} brings it."),
    OwnCode.NO_PSYCOPG: N_("psycopg, which reads {product}, is not installed; {install} adds it."),
    OwnCode.INSTANCE_STOPPED: N_("The instance of {product} is stopped; resume it in its console."),
    OwnCode.SQL_NOT_ENABLED: N_(
        "{product} does not list its users: enable ExecuteStatement for the instance, or set the"
        " address of its database in PAIREC_RESOURCES."
    ),
    OwnCode.NO_LOGIN: N_("{product} does not let the app log in: its RAM user must be a superuser of the instance."),
    OwnCode.NEEDS_ACCESS_KEY: N_(
        "The app's key is a role's, which cannot log in to {product}: enable ExecuteStatement for the"
        " instance, and remove its address from PAIREC_RESOURCES."
    ),
    OwnCode.NEEDS_USER: N_("They are not a user of the instance of {product}, which comes first."),
    OwnCode.NOT_SIMPLE_MODEL: N_(
        "The database does not have the simple permission model of {product}, by which permissions are granted here."
    ),
    OwnCode.HAS_PERMISSIONS: N_("They have permissions there that were granted elsewhere."),
    OwnCode.POLICY_CHANGED: N_("The policy changed since it was reviewed. Two approvers review it first."),
    OwnCode.POLICY_NOT_REVIEWED: N_("The policy has not been reviewed. Two approvers review it first."),
    OwnCode.POLICY_UNREADABLE: N_("The policy's document cannot be read. Correct it in the RAM console."),
}


def own_sentence(code: str | None, product: str, action: str | None, translations: Translations) -> str | None:
    """None for a code of the cloud's. `product` is its title."""
    template = SENTENCES.get(code or "")
    if template is None:
        return None
    return translations.gettext(template).format(
        product=product, action=literal(action or "?"), install="`pip install -U 'pairec-access[members]'`"
    )
