"""The form that asks for access, and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    PlainTextInputElement,
    UserSelectElement,
)

from approvals.catalog.model import Catalog, Choice, Item
from approvals.durations import format_duration
from approvals.evidence import RamUser
from approvals.ids import SlackUserId
from approvals.model import Entitlement
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, context_block, modal, plain_text
from handlers.views.parts import part_name, product_title
from handlers.views.selects import SelectOption, options, search_field, select
from handlers.views.text import first_of, literal, person

CALLBACK = "request_access"
WHAT, WHERE, SUBJECT, CLAIM = "what", "where", "subject", "claim"
DURATION, REASON, TICKET = "duration", "reason", "ticket"

MAX_NAMED_GONE_PROJECTS = 5
"""Projects that are named because a place of theirs is gone."""
MAX_NAMED_PARTS = 15
"""Parts of a bundle that are named."""
Places = Mapping[str, Mapping[str, str]]
"""By product: what exists, by id, with the product's name for each."""


@dataclass(frozen=True, slots=True)
class RequestInput:
    """The values of the form as they were submitted; empty where nothing was chosen."""

    item: str
    """With the project behind an @, where one was chosen."""
    subject: SlackUserId
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
    it.
    """

    opened_for: str
    """The Slack user who has it on the screen."""
    subject: SlackUserId
    match: str
    """UserId of the RAM user that has the subject's e-mail address; empty when none or several have it."""


def form(
    catalog: Catalog,
    translations: Translations,
    *,
    opened_for: str,
    subject: SlackUserId,
    linked: bool,
    match: RamUser | None = None,
    choice: Choice | None = None,
    item: Item | None = None,
    places: Places | None = None,
) -> dict[str, Any]:
    """The form for a subject; one who is not linked yet gets a field for their RAM user, and what is asked for in a
    project one for that. `places`: what the products have, as far as that is known.
    """
    placeholder = translations.gettext("A policy, all that a job needs, or a role")
    what = select(WHAT, placeholder, choice_offers(catalog, translations), choice.name if choice else None)
    shown = item or (next(iter(choice.items.values()), None) if choice else None)
    blocks = [
        _input(WHAT, translations.gettext("What"), what, dispatch=True, hint=_allows(shown, translations)),
        *(_where(choice, item, catalog, translations, places or {}) if choice and choice.by_project else []),
        *_parts(choice, shown, catalog, translations, chosen=item is not None),
        _input(
            SUBJECT,
            translations.gettext("For whom"),
            UserSelectElement(action_id=SUBJECT, initial_user=subject),
            dispatch=True,
        ),
    ]
    if not linked:
        blocks += _who(translations, subject, match)
    blocks += [
        _input(
            DURATION,
            translations.gettext("For how long"),
            PlainTextInputElement(action_id=DURATION, initial_value=format_duration(shown.default) if shown else "8h"),
            hint=_terms(shown, translations),
            block_id=f"{DURATION}:{choice.name if choice else ''}",
        ),
        _input(
            REASON,
            translations.gettext("Why"),
            PlainTextInputElement(
                action_id=REASON,
                multiline=True,
                placeholder=plain_text(translations.gettext("What you are about to do with it")),
            ),
            optional=bool(shown and not shown.reason),
        ),
        _input(
            TICKET,
            translations.gettext("Ticket"),
            PlainTextInputElement(action_id=TICKET, max_length=40, placeholder=plain_text("ABC-1")),
            optional=not (shown and shown.ticket),
        ),
    ]
    return modal(
        translations.gettext("Request access"),
        blocks,
        submit=translations.gettext("Send request"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=f"{opened_for}|{subject}|{match.principal.user_id if match else ''}",
    )


def origin(view: dict[str, Any]) -> Origin:
    """What the form carries of how it was drawn; empty where it carries nothing."""
    opened_for, subject, match = [*str(view.get("private_metadata") or "").split("|"), "", "", ""][:3]
    return Origin(opened_for, SlackUserId(subject), match)


def read(view: dict[str, Any]) -> RequestInput:
    """What was filled in. Unknown and missing fields read as empty."""
    values: dict[str, dict[str, Any]] = (view.get("state") or {}).get("values") or {}
    fields = {name.partition(":")[0]: entry.get(name.partition(":")[0]) or {} for name, entry in values.items()}

    def text(name: str) -> str:
        return str(fields.get(name, {}).get("value") or "").strip()

    def option(name: str) -> str:
        return str((fields.get(name, {}).get("selected_option") or {}).get("value") or "")

    where = option(WHERE)
    return RequestInput(
        item=f"{option(WHAT)}@{where}" if where else option(WHAT),
        subject=SlackUserId(str(fields.get(SUBJECT, {}).get("selected_user") or "")),
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


def claim_offer(user: RamUser) -> SelectOption:
    """A RAM user to choose from, by name. The value is the UserId and the name, of which a claim is made."""
    label = user.principal.name if not user.display_name else f"{user.principal.name} ({user.display_name})"
    return SelectOption(f"{user.principal.user_id}|{user.principal.name}", label)


def choice_offers(catalog: Catalog, translations: Translations) -> list[SelectOption]:
    """Everything that can be asked for, without the projects that it can be asked for in."""
    offered = [each for each in catalog.choices.values() if each.items]
    groups = {
        translations.gettext("Policies"): [each for each in offered if not each.is_bundle and not each.by_project],
        translations.gettext("By job"): [each for each in offered if each.is_bundle],
        translations.gettext("Roles in a project"): [
            each for each in offered if not each.is_bundle and each.by_project
        ],
    }
    return [
        SelectOption(each.name, f"{each.title} · {each.name}", each.allows, group)
        for group, choices in groups.items()
        for each in choices
    ]


def project_offers(choice: Choice, catalog: Catalog, places: Places) -> list[SelectOption]:
    """The projects that it can be asked for in, but those of which a product no longer has the place."""
    return [_project_offer(each, catalog, places) for each in choice.items.values() if not _missing(each, places)]


def choice_of_block(block_id: str, catalog: Catalog) -> Choice | None:
    """The choice whose projects the field in this block is for."""
    field, _, name = block_id.partition(":")
    return catalog.choices.get(name) if field == WHERE else None


def _where(
    choice: Choice, item: Item | None, catalog: Catalog, translations: Translations, places: Places
) -> list[Block]:
    """The projects that it can be asked for in. One of which a product no longer has the place is named, and not
    offered.
    """
    gone = {alias: missing for alias, each in choice.items.items() if (missing := _missing(each, places))}
    offers = project_offers(choice, catalog, places)
    blocks: list[Block] = []
    if offers:
        element = select(WHERE, translations.gettext("A project"), offers, item.alias if item else None)
        blocks.append(
            _input(
                WHERE,
                translations.gettext("In which project"),
                element,
                dispatch=True,
                block_id=f"{WHERE}:{choice.name}",
            )
        )
    for alias, missing in list(gone.items())[:MAX_NAMED_GONE_PROJECTS]:
        told = translations.gettext("{project} is not offered: {part} does not exist any more.")
        blocks.append(
            context_block(told.format(project=literal(alias), part=part_name(missing, catalog, translations)))
        )
    if len(gone) > MAX_NAMED_GONE_PROJECTS:
        blocks.append(
            context_block(
                translations.gettext("{count} more projects are not offered either.").format(
                    count=len(gone) - MAX_NAMED_GONE_PROJECTS
                )
            )
        )
    return blocks


def _parts(
    choice: Choice | None, item: Item | None, catalog: Catalog, translations: Translations, *, chosen: bool
) -> list[Block]:
    """What a job's bundle has in it. Where it is asked for in a project, that must be chosen first."""
    if choice is None or item is None or not choice.is_bundle or (choice.by_project and not chosen):
        return []
    names = [part_name(part, catalog, translations) for part in item.entitlements]
    parts = first_of(names, translations, MAX_NAMED_PARTS)
    return [context_block(translations.gettext("It is made of {parts}.").format(parts=parts))]


def _missing(item: Item, places: Places) -> Entitlement | None:
    """A part of it whose place a product is known not to have."""
    return next(
        (
            part
            for part in item.entitlements
            if part.is_member_role and part.kind.name in places and part.place not in places[part.kind.name]
        ),
        None,
    )


def _project_offer(item: Item, catalog: Catalog, places: Places) -> SelectOption:
    """With the names that the products themselves have for its places."""
    parts = [part for part in item.entitlements if part.is_member_role and part in catalog.parts]
    found = {part.kind.name: places.get(part.kind.name, {}).get(part.place) or part.place for part in parts}
    told = " · ".join(f"{product_title(kind)} {name}" for kind, name in found.items())
    alias = item.alias or ""
    title = next((catalog.parts[part].project.title for part in parts), alias)
    return SelectOption(alias, f"{title} · {alias}" if title != alias else title, told)


def _allows(item: Item | None, translations: Translations) -> str | None:
    if item is None:
        return None
    needs = translations.ngettext("Needs {count} approval.", "Needs {count} approvals.", item.approvals)
    return f"{item.allows} {needs.format(count=item.approvals)}"


def _terms(item: Item | None, translations: Translations) -> str:
    if item is None:
        return translations.gettext("Like 30m, 8h, 7d or 1h30m.")
    template = (
        N_("Like 30m, 8h, 7d or 1h30m; {longest} at most, or until-revoked.")
        if item.until_revoked
        else N_("Like 30m, 8h, 7d or 1h30m; {longest} at most.")
    )
    return translations.gettext(template).format(longest=format_duration(item.longest))


def _who(translations: Translations, subject: SlackUserId, match: RamUser | None) -> list[Block]:
    """The claim. Its block id carries the person, since Slack keeps what was typed into a block of the same id."""
    chosen = next(iter(options([claim_offer(match)]).values())) if match else None
    return [
        context_block(
            translations.gettext(
                "Nobody has confirmed yet which RAM user {subject} is. Choose it; whoever approves confirms it as well."
            ).format(subject=person(subject))
        ),
        _input(
            CLAIM,
            translations.gettext("RAM user"),
            search_field(CLAIM, translations.gettext("Type a name"), chosen),
            block_id=f"{CLAIM}:{subject}",
            hint=translations.gettext("Found by the e-mail address that Slack confirmed.") if match else None,
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
        label=plain_text(label),
        element=element,
        optional=optional,
        dispatch_action=dispatch or None,
        hint=plain_text(hint) if hint else None,
    ).to_dict()
    return made
