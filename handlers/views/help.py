"""What can be typed, with an example that works as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from approvals.catalog.model import Catalog, Choice
from approvals.durations import format_duration
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, button, buttons, in_sections, section
from handlers.views.text import literal

MORE = "more_help"
MAX_CATALOG_CHARACTERS = 8_000
"""Characters of all that can be asked for; Slack takes about 13,000 in one message."""
MAX_NAMED_PROJECTS = 10
"""Projects that are named for one of it."""


def help_message(
    catalog: Catalog,
    translations: Translations,
    asking: Sequence[str],
    others: Sequence[str],
    *,
    typed: str = "",
    meant: str | None = None,
    whole: bool = False,
) -> Message:
    """The lines of the subcommands that ask, and of all others. `typed` is one that there is not, `meant` the whole
    command that it may have been meant for. `whole`: with all that can be asked for in place of the button for it.
    """
    blocks: list[Block] = []
    text = translations.gettext("How to use /pairec-access")
    if typed:
        text = translations.gettext("There is no {typed}.").format(typed=literal(f"/pairec-access {typed}"))
        if meant:
            text += " " + translations.gettext("Did you mean `{command}`?").format(command=meant)
        blocks.append(section(text))
    status = translations.gettext(
        "• `/pairec-status` shows whether PAI-Rec reaches the services it needs; `/pairec-status help` says more."
    )
    blocks += [
        section("\n".join([translations.gettext("*Request access*"), *asking])),
        section("\n".join([translations.gettext("*See it, end it*"), *others, status])),
    ]
    if whole:
        return Message(text, [*blocks, *_catalogue(catalog, translations)])
    return Message(text, [*blocks, buttons(button(translations.gettext("What you can request"), MORE, "help"))])


def _choice(choice: Choice, translations: Translations) -> str:
    longest = format_duration(next(iter(choice.items.values())).longest)
    if not choice.by_project:
        return translations.gettext("• *{title}* `{name}`, {longest} at most: {allows}").format(
            title=choice.title, name=choice.name, longest=longest, allows=choice.allows
        )
    return translations.gettext("• *{title}* `{name}@{projects}`, {longest} at most: {allows}").format(
        title=choice.title, name=choice.name, projects=_projects(choice), longest=longest, allows=choice.allows
    )


def _projects(choice: Choice) -> str:
    named = list(choice.items)[:MAX_NAMED_PROJECTS]
    return "|".join(named if len(choice.items) <= MAX_NAMED_PROJECTS else [*named, "…"])


def _catalogue(catalog: Catalog, translations: Translations) -> list[Block]:
    items = [
        translations.gettext("• *{title}* `{name}`, {longest} at most: {allows}").format(
            title=item.title, name=item.name, longest=format_duration(item.longest), allows=item.allows
        )
        for item in catalog.policies
    ]
    others = (*catalog.bundles, *catalog.roles, *catalog.by_hand)
    items += [_choice(choice, translations) for choice in others if choice.items]
    named = [
        item
        for item, length in zip(items, accumulate(map(len, items)), strict=True)
        if length <= MAX_CATALOG_CHARACTERS
    ]
    left = len(items) - len(named)
    if left:
        more = translations.ngettext(
            "And {count} more in the form: `/pairec-access request`.",
            "And {count} more in the form: `/pairec-access request`.",
            left,
        )
        named.append(more.format(count=left))
    return in_sections([translations.gettext("*What you can request*"), *named])
