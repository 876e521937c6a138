"""The form that asks for access, and what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    InputBlock,
    Option,
    OptionGroup,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)

from approvals.catalog import Catalog, Item
from approvals.durations import format_duration
from approvals.evidence import RamUser
from handlers.views.blocks import Block, context, modal
from handlers.views.text import capped, person
from handlers.words import Words

CALLBACK = "request_access"
WHAT, SUBJECT, DURATION, REASON, TICKET, CLAIM = "what", "subject", "duration", "reason", "ticket", "claim"


@dataclass(frozen=True, slots=True)
class Filled:
    """The values of the form as they were submitted; empty where nothing was chosen."""

    item: str
    subject: str
    duration: str
    reason: str
    ticket: str
    claim: str
    """`<RAM UserId>|<name>` of the RAM user that was chosen."""
    asks_claim: bool
    """Whether the form had a field for it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a form was drawn from. Slack keeps it with the form and gives it back; whoever fills it in cannot change
    it."""

    opened_for: str
    """The Slack user who has it on the screen."""
    subject: str
    match: str
    """UserId of the RAM user that has the subject's e-mail address; empty when none or several have it."""


def form(
    catalog: Catalog,
    words: Words,
    *,
    opened_for: str,
    subject: str,
    linked: bool,
    match: RamUser | None = None,
    item: Item | None = None,
) -> dict[str, Any]:
    """The form for a subject; one who is not linked yet gets a field for their RAM user."""
    _ = words.gettext
    blocks = [
        _input(WHAT, _("What"), _choice(catalog, words, item), dispatch=True, hint=_allows(item, words)),
        _input(
            SUBJECT,
            _("For whom"),
            UserSelectElement(action_id=SUBJECT, initial_user=subject),
            dispatch=True,
        ),
    ]
    if not linked:
        blocks += _who(words, subject, match)
    blocks += [
        _input(
            DURATION,
            _("For how long"),
            PlainTextInputElement(action_id=DURATION, initial_value=format_duration(item.default) if item else "8h"),
            hint=_terms(item, words),
            block_id=f"{DURATION}:{item.name if item else ''}",
        ),
        _input(
            REASON,
            _("Why"),
            PlainTextInputElement(
                action_id=REASON, multiline=True, placeholder=_text(_("What you are about to do with it"))
            ),
            optional=bool(item and not item.reason),
        ),
        _input(
            TICKET,
            _("Ticket"),
            PlainTextInputElement(action_id=TICKET, max_length=40, placeholder=_text("ABC-1")),
            optional=not (item and item.ticket),
        ),
    ]
    return modal(
        _("Request access"),
        blocks,
        submit=_("Send request"),
        close=_("Cancel"),
        callback_id=CALLBACK,
        metadata=f"{opened_for}|{subject}|{match.principal.user_id if match else ''}",
    )


def origin(view: dict[str, Any]) -> Origin:
    opened_for, subject, match = [*str(view.get("private_metadata") or "").split("|"), "", "", ""][:3]
    return Origin(opened_for, subject, match)


def read(view: dict[str, Any]) -> Filled:
    """What was filled in. Unknown and missing fields read as empty."""
    values: dict[str, dict[str, Any]] = (view.get("state") or {}).get("values") or {}
    fields = {name.partition(":")[0]: entry.get(name.partition(":")[0]) or {} for name, entry in values.items()}

    def text(name: str) -> str:
        return str(fields.get(name, {}).get("value") or "").strip()

    def option(name: str) -> str:
        return str((fields.get(name, {}).get("selected_option") or {}).get("value") or "")

    return Filled(
        item=option(WHAT),
        subject=str(fields.get(SUBJECT, {}).get("selected_user") or ""),
        duration=text(DURATION),
        reason=text(REASON),
        ticket=text(TICKET),
        claim=option(CLAIM),
        asks_claim=CLAIM in fields,
    )


def block_named(view: dict[str, Any], name: str) -> str:
    """The block id under which a field stands in this view; Slack shows an error only under an id that is there."""
    for block in view.get("blocks") or []:
        found = str(block.get("block_id") or "")
        if found.partition(":")[0] == name:
            return found
    return WHAT


def claim_option(user: RamUser, words: Words) -> Option:
    _ = words.gettext
    label = user.principal.name if not user.display_name else f"{user.principal.name} ({user.display_name})"
    return Option(
        text=PlainTextObject(text=capped(label, 75), emoji=False),
        value=f"{user.principal.user_id}|{user.principal.name}",
    )


def _choice(catalog: Catalog, words: Words, item: Item | None) -> StaticSelectElement:
    _ = words.gettext
    groups = [
        OptionGroup(label=_("Policies"), options=[_option(each) for each in catalog.policies]),
        OptionGroup(label=_("By job"), options=[_option(each) for each in catalog.bundles]),
    ]
    return StaticSelectElement(
        action_id=WHAT,
        placeholder=_text(_("A policy, or all that a job needs")),
        option_groups=[group for group in groups if group.options],
        initial_option=_option(item) if item else None,
    )


def _option(item: Item) -> Option:
    return Option(
        text=PlainTextObject(text=capped(f"{item.title} · {item.name}", 75), emoji=False),
        value=item.name,
        description=PlainTextObject(text=capped(item.allows, 75), emoji=False),
    )


def _allows(item: Item | None, words: Words) -> str | None:
    if item is None:
        return None
    needs = words.ngettext("Needs {count} approval.", "Needs {count} approvals.", item.approvals)
    return f"{item.allows} {needs.format(count=item.approvals)}"


def _terms(item: Item | None, words: Words) -> str:
    _ = words.gettext
    if item is None:
        return _("Like 30m, 8h, 7d or 1h30m.")
    told = _("Like 30m, 8h, 7d or 1h30m; {longest} at most").format(longest=format_duration(item.longest))
    return told + (_(", or until-revoked.") if item.until_revoked else ".")


def _who(words: Words, subject: str, match: RamUser | None) -> list[Block]:
    """The claim. Its block id carries the person, since Slack keeps what was typed into a block of the same id."""
    _ = words.gettext
    return [
        context(
            _(
                "Nobody has confirmed yet which RAM user {subject} is. Choose it; whoever approves confirms it as well."
            ).format(subject=person(subject))
        ),
        _input(
            CLAIM,
            _("RAM user"),
            ExternalDataSelectElement(
                action_id=CLAIM,
                min_query_length=0,
                placeholder=_text(_("Type a name")),
                initial_option=claim_option(match, words) if match else None,
            ),
            block_id=f"{CLAIM}:{subject}",
            hint=_("Found by the e-mail address that Slack confirmed.") if match else None,
        ),
    ]


def _input(
    name: str,
    label: str,
    element: Any,
    *,
    optional: bool = False,
    dispatch: bool = False,
    hint: str | None = None,
    block_id: str | None = None,
) -> Block:
    made: Block = InputBlock(
        block_id=block_id or name,
        label=_text(label),
        element=element,
        optional=optional,
        dispatch_action=dispatch or None,
        hint=_text(hint) if hint else None,
    ).to_dict()
    return made


def _text(text: str) -> PlainTextObject:
    return PlainTextObject(text=text, emoji=False)
