"""What can be typed, with an example that works as it stands."""

from __future__ import annotations

from approvals.catalog import Catalog
from approvals.durations import format_duration
from handlers.views.blocks import Message, section
from handlers.views.text import literal
from handlers.words import Words


def help_message(catalog: Catalog, words: Words, *, typed: str = "", nearest: str | None = None) -> Message:
    """`typed` is a subcommand that is none, with the nearest that is one."""
    _ = words.gettext
    lines = []
    if typed:
        told = _("There is no {typed}.").format(typed=literal(f"/pairec-access {typed}"))
        if nearest:
            told += " " + _("Did you mean `/pairec-access {nearest}`?").format(nearest=nearest)
        lines.append(told)
    lines += [
        _("`/pairec-access request` opens a form. Or all in one line:"),
        _("`/pairec-access request <policy|bundle> [@person] <duration|until-revoked> [ticket:ABC-1] <reason>`"),
        _("for example `/pairec-access request PaiRecEngineAccess 8h rolling out ranker v3`"),
        _("`/pairec-access list` shows what you hold, until when, and what waits"),
        _("`/pairec-access cancel R-1042` withdraws a request that is still waiting"),
        _("`/pairec-access revoke R-1042 [reason]` gives access back, or takes it back"),
        _("`/pairec-access link` says which RAM user you are here, and how to change that"),
        _("`/pairec-status` says which policies this account has, and how many hold them"),
    ]
    items = [
        f"• `{item.name}` *{item.title}*: {item.allows} "
        + _("({longest} at most)").format(longest=format_duration(item.longest))
        for item in catalog.items.values()
    ]
    text = lines[0] if typed else _("How to use /pairec-access")
    return Message(text, [section("\n".join(lines)), section(_("*What can be asked for*") + "\n" + "\n".join(items))])
