"""The approval card: who, as which RAM user, what it allows, how long, why, and how it stands."""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from approvals.catalog.model import Catalog
from approvals.model import (
    ADMIN_POLICY,
    ClaimState,
    CloseReason,
    EndCause,
    Entitlement,
    GrantState,
    RequestState,
    Verdict,
    policy,
)
from approvals.operations.claims import waits_for_subject
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import (
    Block,
    Message,
    button,
    buttons,
    confirmation,
    context_block,
    fields,
    header,
    section,
    typed,
)
from handlers.views.cloud_errors import call_context
from handlers.views.grants import grant_lines
from handlers.views.parts import holding_name, part_line
from handlers.views.text import capped, how_long, literal, moment, person

TITLES = {
    RequestState.PENDING: N_("{ref} · waiting for approval"),
    RequestState.APPROVED: N_("{ref} · approved"),
    RequestState.DENIED: N_("{ref} · denied"),
    RequestState.CANCELLED: N_("{ref} · cancelled"),
    RequestState.EXPIRED: N_("{ref} · expired"),
}

EARLY_ENDS = {
    EndCause.GIVEN_BACK: N_("Given back by {by}, {when}."),
    EndCause.TAKEN_BACK: N_("Taken back by {by}, {when}."),
}
EARLY_ENDS_WITH_REASON = {
    EndCause.GIVEN_BACK: N_("Given back by {by}, {when}:"),
    EndCause.TAKEN_BACK: N_("Taken back by {by}, {when}:"),
}


def card(record: RequestView, catalog: Catalog, translations: Translations) -> Message:
    """Every copy of a request's card shows this."""
    title = translations.gettext(_title(record)).format(ref=record.request.ref)
    blocks = [
        header(title),
        *facts(record, catalog, translations),
        *[section(line) for line in claim_lines(record, translations)],
        *progress(record, catalog, translations),
        *_actions(record, translations),
        *_foot(record, translations),
    ]
    return Message(f"{title}: {_asks(record, catalog, translations)}", blocks)


def facts(record: RequestView, catalog: Catalog, translations: Translations, *, whole: bool = False) -> list[Block]:
    """Who, what it allows, as which RAM user, how long and why: what does not change. `whole` is the whole reason."""
    request = record.request
    cells = [
        (
            translations.gettext("*RAM role*\n{name}")
            if request.of_account
            else translations.gettext("*RAM user*\n{name}")
        ).format(name=literal(request.principal.name)),
    ]
    if any(entitlement.stays for entitlement in request.entitlements):
        cells.append(translations.gettext("*How long*\nfor good: PAI-Rec does not work without it"))
    else:
        cells += [
            translations.gettext("*How long*\n{duration}").format(duration=time_given(record, translations)),
            translations.gettext("*Already holds*\n{holdings}").format(
                holdings=_holdings(record, catalog, translations)
            ),
        ]
    if request.ticket:
        cells.append(translations.gettext("*Ticket*\n{ticket}").format(ticket=literal(request.ticket)))
    blocks = [
        section(f"{_asks(record, catalog, translations)}\n{_allows(record, catalog, translations)}"),
        fields(*cells),
    ]
    if request.reason:
        blocks += [section(translations.gettext("*Why*")), typed(request.reason if whole else capped(request.reason))]
    return blocks


def _single(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """A policy that was asked for by its own name need not be named again; a member role is somewhere."""
    if entitlement.is_member_role:
        return part_line(entitlement, catalog, translations)
    return catalog.allows(entitlement)


def item_name(record: RequestView, catalog: Catalog) -> str:
    """The title from the catalogue with the name that RAM knows; the name alone when the catalogue lost it."""
    item = catalog.named(record.request.item)
    return f"*{item.title}* (`{item.name}`)" if item else literal(record.request.item)


def _title(record: RequestView) -> str:
    """Not translated yet."""
    state = record.request.state
    found = {grant.state for grant in record.grants}
    if state is not RequestState.APPROVED or not found:
        return TITLES[state]
    if GrantState.FAILED in found:
        return N_("{ref} · approved, needs attention")
    if found & {GrantState.PLANNED, GrantState.GRANTING}:
        return N_("{ref} · approved, being given")
    if GrantState.ACTIVE in found:
        return N_("{ref} · active")
    if GrantState.ENDING in found:
        return N_("{ref} · being taken away")
    return TITLES[state] if found == {GrantState.HELD} else N_("{ref} · ended")


def _asks(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    request = record.request
    what = item_name(record, catalog)
    if request.requester == request.subject:
        return translations.gettext("{requester} asks for {what}.").format(
            requester=person(request.requester), what=what
        )
    return translations.gettext("{requester} asks for {what} for {subject}.").format(
        requester=person(request.requester), what=what, subject=person(request.subject)
    )


def _allows(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """In plain words. A policy that was asked for by its own name need not be named again."""
    entitlements = record.request.entitlements
    repair = catalog.repairs.get(record.request.item)
    if repair:
        return repair.allows
    if len(entitlements) == 1 and catalog.allows(entitlements[0]):
        item = catalog.named(record.request.item)
        if item is None or not item.is_bundle:
            return _single(entitlements[0], catalog, translations)
    return "\n".join(f"• {part_line(each, catalog, translations)}" for each in entitlements)


def time_given(record: RequestView, translations: Translations) -> str:
    """As it was asked, and how much shorter it is by an approval so far."""
    asked = how_long(record.request.duration, translations)
    if record.shortened_to is None:
        return asked
    return translations.gettext("{shorter}, shortened from {asked}").format(
        shorter=how_long(record.shortened_to, translations), asked=asked
    )


def _holdings(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    shown = [holding_name(holding, catalog, translations) for holding in record.request.already_holds]
    if shown:
        return ", ".join(shown)
    if any(entitlement.is_member_role for entitlement in record.request.entitlements):
        return translations.gettext("nothing of this")
    return (
        translations.gettext("no policies")
        if record.request.of_account
        else translations.gettext("none of these policies")
    )


def claim_lines(record: RequestView, translations: Translations) -> list[str]:
    """The line that stands wherever Approve does, while an approval also confirms who the subject is."""
    claim = record.claim
    if claim is None or claim.state is not ClaimState.PENDING or not record.pending:
        return []
    return [
        translations.gettext(_claim_line(record)).format(
            requester=person(record.request.requester),
            subject=person(record.request.subject),
            ram_user=literal(claim.principal.name),
        )
    ]


def _claim_line(record: RequestView) -> str:
    """Not translated yet."""
    if record.request.requester == record.request.subject:
        return N_(
            "⚠️ *Nobody has confirmed who this is.* Approving says both: grant it, and confirm that {subject} is"
            " RAM user {ram_user}."
        )
    if not waits_for_subject(record.request, record.claim):
        return N_(
            "⚠️ {requester} says that {subject} is RAM user {ram_user}, and {subject} says so too. Approving says"
            " both: grant it, and confirm that it is so."
        )
    if _approved_enough(record):
        return N_(
            "⏳ It is given as soon as {subject} has confirmed that they are RAM user {ram_user}; they were asked."
        )
    return N_(
        "⚠️ *Nobody has confirmed who this is.* {requester} says that {subject} is RAM user {ram_user}."
        " Approving says so as well; {subject} was asked too, and nothing is given before both have said it."
    )


def _approved_enough(record: RequestView) -> bool:
    return len(record.approvals) >= record.request.approvals_needed


def progress(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """Who has decided, how each grant stands, and who ended it before its time."""
    request = record.request
    lines = []
    by = ", ".join(f"{person(word.slack_user_id)} {moment(word.at)}" for word in record.approvals)
    if request.state is RequestState.APPROVED:
        lines.append(translations.gettext("Approved by {by}.").format(by=by))
    elif record.pending and record.approvals:
        lines.append(
            translations.gettext("*{count} of {needed}* approved: {by}").format(
                count=len(record.approvals), needed=request.approvals_needed, by=by
            )
        )
    if request.closed_at is not None and request.state is not RequestState.APPROVED:
        lines.append(
            translations.gettext(_closing(record)).format(
                by=person(request.closed_by or ""), when=moment(request.closed_at)
            )
        )
    lines += grant_lines(record, catalog, translations)
    blocks = [section("\n".join(lines))] if lines else []
    blocks += call_context(record.grants, translations)
    denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
    if denial and denial.reason:
        blocks.append(typed(capped(denial.reason)))
    return blocks + _early_end(record, translations)


def _early_end(record: RequestView, translations: Translations) -> list[Block]:
    early = record.early_end
    if early is None:
        return []
    table = EARLY_ENDS_WITH_REASON if early.reason else EARLY_ENDS
    line = translations.gettext(table[early.cause]).format(by=person(early.by), when=moment(early.at))
    return [section(line), typed(capped(early.reason))] if early.reason else [section(line)]


def _closing(record: RequestView) -> str:
    """Not translated yet."""
    request = record.request
    if request.state is RequestState.DENIED:
        return N_("Denied by {by}, {when}:")
    if request.state is RequestState.EXPIRED:
        return N_("Nobody decided in time; it expired {when}.")
    if request.close_reason == CloseReason.LEFT:
        return N_("Cancelled {when}: all access of this RAM user was ended by an administrator.")
    if request.close_reason == CloseReason.OTHER_CLAIM:
        return N_("Closed {when}: its subject was confirmed to be another RAM user.")
    if request.close_reason == CloseReason.SUBJECT_REFUSED:
        return N_("Closed {when}: {by} says that they are not this RAM user.")
    if request.closed_by is None:
        return N_("Closed {when}: its RAM user was confirmed to be somebody else's.")
    return N_("Cancelled by {by}, {when}.")


def _actions(record: RequestView, translations: Translations) -> list[Block]:
    name = record.request.public_id
    details = button(translations.gettext("Details"), "details", name)
    if record.pending:
        return [
            buttons(
                *approve_buttons(record, translations),
                button(translations.gettext("Deny"), "deny", name, "danger"),
                details,
            )
        ]
    if any(grant.state is GrantState.FAILED for grant in record.grants):
        return [buttons(button(translations.gettext("Try again"), "retry", name), details)]
    return []


def approve_buttons(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """None where nobody's approval is needed any more."""
    if _approved_enough(record):
        return []
    approve = button(
        translations.gettext("Approve"),
        "approve",
        record.request.public_id,
        "primary",
        confirm=make_sure(record, translations),
    )
    return [approve, *change_button(record, translations)]


def change_button(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """To approve some of it, or for a shorter time. What stays for good, or is a role's, is as it is."""
    if record.request.of_account:
        return []
    return [button(translations.gettext("Approve with changes"), "change", record.request.public_id)]


def make_sure(record: RequestView, translations: Translations) -> ConfirmObject | None:
    """The question before an approval that makes an administrator, or says who somebody is; None for any other."""
    if policy(ADMIN_POLICY) not in record.request.entitlements:
        return _make_sure_who(record, translations)
    shorter = record.shortened_to
    duration = record.request.duration if shorter is None else shorter
    return confirmation(
        translations.gettext("Make an administrator?"),
        translations.gettext(
            "RAM user {ram_user} will be able to attach the PAI-Rec policies to anyone, for {duration}."
        ).format(ram_user=record.request.principal.name, duration=how_long(duration, translations)),
        translations.gettext("Approve"),
        translations.gettext("Not now"),
        danger=True,
    )


def _make_sure_who(record: RequestView, translations: Translations) -> ConfirmObject | None:
    if record.claim is None or record.claim.state is not ClaimState.PENDING:
        return None
    return confirmation(
        translations.gettext("Do you know who this is?"),
        translations.gettext(
            "Approving also confirms that the person whom it is for is RAM user {ram_user}, from now on and for every"
            " later request. If you are not sure, ask them first."
        ).format(ram_user=record.claim.principal.name),
        translations.gettext("Yes, approve"),
        translations.gettext("Not now"),
    )


def _foot(record: RequestView, translations: Translations) -> list[Block]:
    request = record.request
    asked = translations.gettext("Asked {when}").format(when=moment(request.created_at))
    if not record.pending:
        return [context_block(asked)]
    needs = translations.ngettext(
        "needs {needed} approval before {when}",
        "needs {needed} approvals before {when}",
        request.approvals_needed,
    ).format(needed=request.approvals_needed, when=moment(request.expires_at))
    blocks = [context_block(f"{asked} · {needs}")]
    if request.asked_approvers:
        people = " ".join(person(user) for user in request.asked_approvers)
        blocks.append(
            context_block(
                translations.gettext("{people}: you are asked because your RAM user holds `{admin}`").format(
                    people=people, admin=ADMIN_POLICY
                )
            )
        )
    return blocks
