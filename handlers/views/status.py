"""What the account has of the catalogue's policies."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog import Catalog
from approvals.ports import PolicyStatus
from handlers.views.blocks import Message, context, section
from handlers.words import Words


def status_message(found: Sequence[PolicyStatus], catalog: Catalog, words: Words) -> Message:
    _ = words.gettext
    lines = []
    for each in found:
        title = catalog.items[each.name].title
        if each.initialised:
            held = words.ngettext("{count} RAM user holds it", "{count} RAM users hold it", each.holders)
            lines.append(f"🟢 *{title}* `{each.name}`: " + held.format(count=each.holders))
        else:
            lines.append(f"🔴 *{title}* `{each.name}`: " + _("not initialised in this account"))
    blocks = [section(_("*The policies of PAI-Rec in this account*") + "\n" + "\n".join(lines))]
    if not all(each.initialised for each in found):
        blocks.append(
            context(_("The account's owner creates a missing one on the permission page of the PAI-Rec console."))
        )
    return Message(_("The policies of PAI-Rec in this account"), blocks)
