"""The form that asks for access."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement, UserSelectElement

from approvals.catalog.model import Catalog, Choice, Item
from approvals.evidence import RamUser
from approvals.ids import SlackUserId
from approvals.people import Person
from approvals.queries.away import TooFewHere
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, input_field, modal, plain_text
from handlers.views.duration_field import duration_fields
from handlers.views.foreseen import Foreseen, foreseen_blocks
from handlers.views.parts import part_name
from handlers.views.project_field import project_field
from handlers.views.request_input import CLAIM, REASON, STARTS, SUBJECT, TICKET, WHAT, RequestInput
from handlers.views.request_offers import Places, choice_offers, claim_offer
from handlers.views.selects import options, search_field, select
from handlers.views.text import first_of, person, side_by_side
from handlers.views.too_few import too_few_blocks

CALLBACK = "request_access"
MAX_NAMED_PARTS = 15
"""Parts of a bundle that are named."""


def form(
    catalog: Catalog,
    translations: Translations,
    *,
    opened_for: Person,
    subject: SlackUserId,
    linked: bool,
    match: RamUser | None = None,
    choice: Choice | None = None,
    item: Item | None = None,
    places: Places | None = None,
    written: RequestInput | None = None,
    too_few: TooFewHere | None = None,
    foreseen: Foreseen | None = None,
) -> dict[str, Any]:
    """The form for a subject; one who is not linked yet gets a field for their RAM user, and what is asked for in a
    project one for that. `places`: what the products have, as far as that is known. `written`: what stands in the
    fields for how long, why and the ticket. `too_few`: where too few approvers are here. `foreseen`: what would become
    of it.
    """
    placeholder = translations.gettext("A policy, a bundle for a job, or a role")
    what = select(WHAT, placeholder, choice_offers(catalog, translations), choice.name if choice else None)
    shown = item or (next(iter(choice.items.values()), None) if choice else None)
    blocks = [
        input_field(
            WHAT, translations.gettext("What"), what, dispatch=True, hint=_allows(shown, foreseen, translations)
        ),
        *(project_field(choice, item, catalog, translations, places or {}) if choice and choice.by_project else []),
        *_parts(choice, shown, catalog, translations, chosen=item is not None),
        *too_few_blocks(too_few, translations),
        input_field(
            SUBJECT,
            translations.gettext("For whom"),
            UserSelectElement(action_id=SUBJECT, initial_user=subject),
            dispatch=True,
        ),
    ]
    if not linked:
        blocks += _who(translations, subject, match)
    blocks += foreseen_blocks(foreseen, catalog, translations)
    reason, ticket = (written.reason, written.ticket) if written else ("", "")
    blocks += [
        *duration_fields(choice, shown, written, translations),
        _starts(written.starts if written else "", translations),
        _why(shown, reason, translations),
        _ticket(shown, ticket, translations),
    ]
    return modal(
        translations.gettext("Request access"),
        blocks,
        submit=translations.gettext("Send request"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata="|".join(
            (opened_for.user_id, subject, match.principal.user_id if match else "", opened_for.time_zone or "")
        ),
    )


def _starts(written: str, translations: Translations) -> Block:
    placeholder = plain_text(translations.gettext("At once, or such as tomorrow 09:00"))
    return input_field(
        STARTS,
        translations.gettext("Starts"),
        PlainTextInputElement(action_id=STARTS, max_length=40, placeholder=placeholder, initial_value=written or None),
        optional=True,
    )


def _why(shown: Item | None, written: str, translations: Translations) -> Block:
    placeholder = plain_text(translations.gettext("What you will do with it"))
    return input_field(
        REASON,
        translations.gettext("Reason"),
        PlainTextInputElement(action_id=REASON, multiline=True, placeholder=placeholder, initial_value=written or None),
        optional=bool(shown and not shown.reason),
    )


def _ticket(shown: Item | None, written: str, translations: Translations) -> Block:
    return input_field(
        TICKET,
        translations.gettext("Ticket"),
        PlainTextInputElement(
            action_id=TICKET, max_length=40, placeholder=plain_text("ABC-1"), initial_value=written or None
        ),
        optional=not (shown and shown.ticket),
    )


def _parts(
    choice: Choice | None, item: Item | None, catalog: Catalog, translations: Translations, *, chosen: bool
) -> list[Block]:
    """What is asked for at once: what a job's bundle has in it, or a role with the one that it needs. Where it is asked
    for in a project, that must be chosen first.
    """
    several = choice is not None and item is not None and (choice.is_bundle or len(item.entitlements) > 1)
    if choice is None or item is None or not several or (choice.by_project and not chosen):
        return []
    names = [part_name(part, catalog, translations) for part in item.entitlements]
    parts = first_of(names, translations, MAX_NAMED_PARTS)
    return [context_block(translations.gettext("Includes {parts}.").format(parts=parts))]


def _allows(item: Item | None, foreseen: Foreseen | None, translations: Translations) -> str | None:
    if item is None:
        return None
    needed = foreseen.judged.item.approvals if foreseen and foreseen.judged else item.approvals
    needs = translations.ngettext("Needs {count} approval.", "Needs {count} approvals.", needed)
    by_hand = any(entitlement.by_hand for entitlement in item.entitlements)
    hand = translations.gettext("Granted and revoked by hand.") if by_hand and not item.is_bundle else ""
    return side_by_side(item.allows, hand, needs.format(count=needed))


def _who(translations: Translations, subject: SlackUserId, match: RamUser | None) -> list[Block]:
    """The claim. Its block id carries the person, since Slack keeps what was typed into a block of the same id."""
    chosen = next(iter(options([claim_offer(match)]).values())) if match else None
    return [
        context_block(
            translations.gettext(
                "Identity not verified. Choose the RAM user of {subject}; approving also links it. If there"
                " is none, `/pairec-access onboard` requests one."
            ).format(subject=person(subject))
        ),
        input_field(
            CLAIM,
            translations.gettext("RAM user"),
            search_field(CLAIM, translations.gettext("Type a name"), chosen),
            block_id=f"{CLAIM}:{subject}",
            hint=translations.gettext("Found by the email address confirmed in Slack.") if match else None,
        ),
    ]
