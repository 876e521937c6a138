"""The form behind an Authorize button: what will be done, in plain words, and why it is asked for."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement

from approvals.catalog.model import Item
from approvals.entitlements import ADMIN_POLICY
from handlers.translations import Translations
from handlers.views.blocks import context_block, modal, plain_text, section
from handlers.views.text import side_by_side

CALLBACK = "authorize_mend"
REASON = "reason"


def repair_form(item: Item, translations: Translations) -> dict[str, Any]:
    """The form for one repair."""
    approvals = translations.ngettext(
        "{count} holder of `{policy}` must approve it; you cannot approve your own request.",
        "{count} holders of `{policy}` must approve it; you cannot approve your own request.",
        item.approvals,
    ).format(count=item.approvals, policy=ADMIN_POLICY)
    stays = any(entitlement.irrevocable for entitlement in item.entitlements)
    after = (
        translations.gettext("Permanent: PAI-Rec does not work without it.")
        if stays
        else translations.gettext("Administrators can revoke it later.")
    )
    field = InputBlock(
        block_id=REASON,
        label=plain_text(translations.gettext("Reason")),
        element=PlainTextInputElement(action_id=REASON, multiline=True, max_length=3_000),
        hint=plain_text(translations.gettext("Approvers read this.")),
    )
    blocks = [section(f"*{item.title}*\n{item.allows}"), context_block(side_by_side(approvals, after)), field.to_dict()]
    return modal(
        translations.gettext("Authorize"),
        blocks,
        submit=translations.gettext("Request approval"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=item.name,
    )
