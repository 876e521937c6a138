"""What somebody has, and who has something: a line for each way, and where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from approvals.catalog.model import Catalog, Item
from approvals.entitlements import Entitlement
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.model import request_ref
from approvals.people import Principal
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource
from handlers.translations import N_, Translations
from handlers.views.blocks import MAX_TEXT_CHARACTERS, Block, Message, context_block, note, section
from handlers.views.console import user_link
from handlers.views.parts import part_name, product_title
from handlers.views.text import holder, literal, moment, person
from handlers.views.unread import unread_lines

MAX_MESSAGE_CHARACTERS = 7_000
"""Characters of lines in one message. Slack documents no limit to all blocks together, and refuses some of 11,000."""
ITEM = "• "
MAX_SECTIONS = 30
"""Blocks of lines in one message, which takes 50 blocks; there are a few more around them."""

SOURCES = {
    AccessSource.BOT: N_("granted by this app, {grants}"),
    AccessSource.OTHERWISE: N_("granted elsewhere, not by this app"),
    AccessSource.UNKNOWN: N_("⚠️ origin unknown; approvers are asked whether it stays"),
    AccessSource.NOT_SHOWN: N_("⚠️ granted by this app, {grants}, but {product} does not show it"),
    AccessSource.BY_HAND: N_("by hand, confirmed by {giver}, {grants}"),
    AccessSource.USER_GONE: N_("⚠️ granted by this app, {grants}, but RAM no longer has that user"),
}
IMPLIED = N_("comes with {part}, granted by this app, {grants}")
"""Of what a product gives to whoever has another part."""


def own_user_unknown(translations: Translations) -> Message:
    """For whoever asks what they have, has no link, and whose e-mail address no RAM user has."""
    return note(
        translations.gettext(
            "You are not linked to a RAM user, so it is not known what you have. `/pairec-access link` shows how."
        )
    )


def unconfirmed(held: Message, translations: Translations) -> Message:
    """The same of a RAM user of whom an e-mail address alone says that they are whoever asks."""
    said = translations.gettext("This RAM user has your email address. Nobody has confirmed yet that it is you.")
    return Message(held.text, [context_block(said), *held.blocks])


def nobody_known(slack_user_id: SlackUserId, translations: Translations) -> Message:
    """For somebody else without a link."""
    return note(
        translations.gettext(
            "{subject} is not linked to a RAM user, so it is not known what they have. An administrator"
            " runs `pairec-access link`."
        ).format(subject=person(slack_user_id))
    )


def holdings(
    slack_user_id: SlackUserId | None,
    user: Principal,
    found: AccessReport,
    catalog: Catalog,
    translations: Translations,
) -> Message:
    """What one person has, product by product. Without a Slack account they are the RAM user alone."""
    by_product: dict[str, list[str]] = {}
    for row in sorted(found.rows, key=lambda row: (row.entitlement.is_member_role, row.entitlement.by_hand)):
        line = translations.gettext("• {part}: {source}").format(
            part=_through(part_name(row.entitlement, catalog, translations), row, translations),
            source=_source(row, catalog, translations),
        )
        place = product_title(row.entitlement.kind.product)
        if row.entitlement.by_hand:
            place = translations.gettext("By hand")
        by_product.setdefault(place, []).append(line)
    title = translations.gettext("*What RAM user {ram_user} has.* Read from the cloud now.")
    if slack_user_id:
        title = translations.gettext("*What {subject} has*, as RAM user {ram_user}. Read from the cloud now.")
    title = title.format(subject=person(slack_user_id or ""), ram_user=user_link(user))
    nothing = translations.gettext("Nothing of what can be requested here.")
    if found.unread:
        nothing = translations.gettext("Nothing, as far as could be seen.")
    parts = [(f"*{product}*", lines) for product, lines in by_product.items()] or [("", [nothing])]
    return Message(
        translations.gettext("What somebody has in the cloud now"), _blocks(title, parts, found, translations)
    )


def holders(
    item: Item,
    found: AccessReport,
    linked: Mapping[RamUserId, SlackUserId],
    catalog: Catalog,
    translations: Translations,
) -> Message:
    """Who has an item, part by part. `linked`: Slack user ids by RAM UserId."""
    parts = []
    for entitlement in item.entitlements:
        rows = [row for row in found.rows if _is_of(row.entitlement, entitlement)]
        lines = [_holder_line(row, linked, catalog, translations) for row in rows]
        unknown = any(each.is_about(entitlement) for each in found.unread)
        nobody = translations.gettext("Not known.") if unknown else translations.gettext("Nobody.")
        parts.append((f"*{part_name(entitlement, catalog, translations)}*", lines or [nobody]))
    title = translations.gettext("*Who has {item}.* Read from the cloud now.")
    if all(each.by_hand for each in item.entitlements):
        title = translations.gettext("*Who has {item}*, as those who grant it confirmed. Nothing checks it.")
    title = title.format(item=literal(item.name, 200))
    return Message(translations.gettext("Who has it in the cloud now"), _blocks(title, parts, found, translations))


def _is_of(shown: Entitlement, part: Entitlement) -> bool:
    """A policy may be a role's as well as a user's."""
    return shown in (part, part.on_roles)


def _holder_line(
    row: AccessRow, linked: Mapping[RamUserId, SlackUserId], catalog: Catalog, translations: Translations
) -> str:
    name = row.principal.name or row.principal.user_id
    who = holder(name, row.entitlement.of_account, translations)
    if row.principal.user_id in linked:
        who = translations.gettext("{holder} ({person})").format(
            holder=who, person=person(linked[row.principal.user_id])
        )
    return translations.gettext("• {holder}: {source}").format(
        holder=_through(who, row, translations), source=_source(row, catalog, translations)
    )


def _through(what: str, row: AccessRow, translations: Translations) -> str:
    if row.via_group is None:
        return what
    return translations.gettext("{what} through group {group}").format(what=what, group=literal(row.via_group))


def _source(row: AccessRow, catalog: Catalog, translations: Translations) -> str:
    template = IMPLIED if row.implying else SOURCES[row.source]
    return translations.gettext(template).format(
        grants="; ".join(_grant(grant, translations) for grant in row.grants),
        product=product_title(row.entitlement.kind.product),
        giver=person(row.said_by) if row.said_by else translations.gettext("an approver"),
        part=part_name(row.implying, catalog, translations) if row.implying else "",
    )


def _grant(grant: Grant, translations: Translations) -> str:
    ref = request_ref(grant.request_id)
    if grant.state is GrantState.ENDING:
        return translations.gettext("*{ref}* (revoking)").format(ref=ref)
    if grant.ends_at is None:
        return translations.gettext("*{ref}* until revoked").format(ref=ref)
    return translations.gettext("*{ref}* until {ends}").format(ref=ref, ends=moment(grant.ends_at))


def _blocks(
    title: str, parts: Iterable[tuple[str, Sequence[str]]], found: AccessReport, translations: Translations
) -> list[Block]:
    """As many lines as a message takes; what could not be read is always told."""
    texts: list[str] = []
    left_out, full = 0, False
    for heading, lines in parts:
        for number, line in enumerate(lines):
            whole = f"{heading}\n{line}" if heading and number == 0 else line
            full = full or not _fits(texts, whole, new=number == 0)
            left_out += full and line.startswith(ITEM)
    blocks = [section(title), *(section(text) for text in texts)]
    if left_out:
        more = translations.ngettext("and {count} more.", "and {count} more.", left_out).format(count=left_out)
        blocks.append(context_block(more + " " + translations.gettext("`pairec-access report access` lists them all.")))
    return [*blocks, *(section(line) for line in unread_lines(found.unread, translations))]


def _fits(texts: list[str], line: str, *, new: bool) -> bool:
    """Put a line behind the others, in a text of its own where it begins something new or would be cut off."""
    if sum(map(len, texts)) + len(line) > MAX_MESSAGE_CHARACTERS:
        return False
    if not new and texts and len(texts[-1]) + 1 + len(line) <= MAX_TEXT_CHARACTERS:
        texts[-1] += f"\n{line}"
        return True
    if len(texts) >= MAX_SECTIONS:
        return False
    texts.append(line)
    return True
