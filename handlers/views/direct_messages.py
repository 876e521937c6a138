"""The direct messages about a request as it moves on: drawn from the record when they are sent."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.model import CloseReason, Verdict
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, Message, button, buttons, section, typed
from handlers.views.card_facts import item_name, time_given
from handlers.views.cloud_errors import call_context
from handlers.views.grants import grant_lines, left_out_lines
from handlers.views.parts import product_title
from handlers.views.text import all_of, holder, how_long, literal, moment, person, truncated

TEXTS = {
    MessageKind.APPROVED: N_("{ref}: approved by {by}. {what} is being given to {holder}; you will hear when it is."),
    MessageKind.DELAYED: N_(
        "{ref}: {what} takes longer than usual. It is tried again by itself until it works or its time is up."
    ),
    MessageKind.DENIED: N_("{ref}: {what} was denied by {by}:"),
    MessageKind.EXPIRED: N_("{ref}: nobody decided on {what} in time, so it expired. Ask again if it is still needed."),
    MessageKind.ENDING_SOON: N_(
        "{ref}: {what} ends {ends}. If you need it for longer, ask for it again; the two may overlap."
    ),
}
"""Those that read the same whatever the record says."""
TEXTS_OF_CREATED_ROLES = {
    MessageKind.APPROVED: N_("{ref}: approved by {by}. {what} is being created; you will hear when it is there."),
    MessageKind.ENDED: N_("{ref}: {what} was deleted by somebody outside of this bot."),
}
"""The same for a role that is created once and stays: it has neither an end nor a holder."""
END_CAUSES = {
    EndCause.DEADLINE: N_("{ref}: {what} has ended, its time is up."),
    EndCause.GIVEN_BACK: N_("{ref}: {what} was given back."),
    EndCause.TAKEN_BACK: N_("{ref}: {what} was taken back by {ended_by}."),
    EndCause.LEFT: N_("{ref}: {what} was taken back."),
}


def direct_message(
    what: MessageKind, to: SlackUserId, record: RequestView, catalog: Catalog, translations: Translations
) -> Message:
    """The message of that kind; of alarms there are none here."""
    text = _text(what, to, record, catalog, translations)
    blocks = [section(text), *_details(what, record, catalog, translations)]
    return Message(text, blocks + _buttons(what, to, record, translations))


def _text(what: MessageKind, to: SlackUserId, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    request = record.request
    text = translations.gettext(_template(what, to, record)).format(
        ref=f"*{request.ref}*",
        requester=person(request.requester),
        subject=person(request.subject),
        what=item_name(record, catalog),
        duration=how_long(request.duration, translations),
        by=person(request.closed_by) if request.closed_by else translations.gettext("an administrator"),
        ended_by=person(record.early_end.by) if record.early_end else translations.gettext("an administrator"),
        ram_user=literal(request.principal.name),
        holder=holder(request.principal.name, request.of_account, translations),
        ends=moment(request.ends_at) if request.ends_at else "",
    )
    if what is MessageKind.ASKED:
        return f"{text} {_waits(record, translations)}"
    if what is MessageKind.ENDED and _shown_gone(record):
        return f"{text} {_gone(record, translations)}"
    return text


def _template(what: MessageKind, to: SlackUserId, record: RequestView) -> str:
    """The first sentence, not translated yet."""
    if any(entitlement.irrevocable for entitlement in record.request.entitlements):
        if what is MessageKind.GRANTED:
            return _created(record)
        if what in TEXTS_OF_CREATED_ROLES:
            return TEXTS_OF_CREATED_ROLES[what]
    match what:
        case MessageKind.ASKED:
            return _asked(to, record)
        case MessageKind.GRANTED:
            return _granted(record)
        case MessageKind.CANCELLED:
            return _cancelled(record)
        case MessageKind.CLAIM_LOST:
            return _claim_lost(record)
        case MessageKind.ENDED:
            return _ended(to, record)
        case _:
            return TEXTS[what]


def _cancelled(record: RequestView) -> str:
    if record.request.close_reason == CloseReason.SUBJECT_REFUSED:
        return N_("{ref}: closed, since {subject} says that they are not RAM user {ram_user}. Nothing was granted.")
    return N_("{ref}: the request for {what} was cancelled by {by}. Nothing was granted.")


def _claim_lost(record: RequestView) -> str:
    if record.request.close_reason == CloseReason.OTHER_CLAIM:
        return N_("{ref}: closed, since {subject} was confirmed to be another RAM user than {ram_user}.")
    return N_(
        "{ref}: closed, since RAM user {ram_user} was confirmed to be somebody else's. If that is wrong, talk to an"
        " administrator."
    )


def _created(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if GrantState.FAILED in states:
        return N_("{ref}: {what} could not be created. An administrator sees why on the card and can try again.")
    if GrantState.HELD in states:
        return N_("{ref}: {what} was there already. It is left as it is.")
    return N_("{ref}: {what} is there now.")


def _asked(to: SlackUserId, record: RequestView) -> str:
    request = record.request
    if request.requester == request.subject:
        return N_("{ref}: you asked for {what}, {duration}.")
    if to == request.requester:
        return N_("{ref}: you asked for {what} for {subject}, {duration}.")
    return N_("{ref}: {requester} asked for {what} for you, {duration}.")


def _waits(record: RequestView, translations: Translations) -> str:
    needed = record.request.approvals_needed
    return translations.ngettext(
        "It waits for {count} approval, and expires {expires}.",
        "It waits for {count} approvals, and expires {expires}.",
        needed,
    ).format(count=needed, expires=moment(record.request.expires_at))


def _granted(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if states <= {GrantState.HELD}:
        return N_("{ref}: {holder} has {what} already, given by somebody else. It is left as it is.")
    if states <= {GrantState.FAILED}:
        return N_("{ref}: {what} could not be given. An administrator sees why on the card and can try again.")
    if GrantState.FAILED in states:
        return N_("{ref}: only part of {what} could be given. An administrator sees why on the card and can try again.")
    if GrantState.ACTIVE not in states:
        return N_("{ref}: {what}, as it stands now:")
    if record.request.ends_at is None:
        return N_("{ref}: {what} is active until revoked.")
    return N_("{ref}: {what} is active until {ends}.")


def _ended(to: SlackUserId, record: RequestView) -> str:
    causes = {grant.end_cause for grant in record.grants if grant.end_cause}
    by_another = record.early_end is not None and record.early_end.by != to
    if causes == {EndCause.REMOVED_OUTSIDE}:
        return N_("{ref}: {what} was removed from {holder} by somebody outside of this bot. It is over.")
    if all(grant.state is GrantState.VOID for grant in record.grants):
        if by_another:
            return N_("{ref}: ended by {ended_by} before {what} was given. Nothing was granted.")
        return N_("{ref}: ended before {what} was given. Nothing was granted.")
    cause = next((cause for cause in sorted(causes) if cause in END_CAUSES), None)
    if cause is None:
        return N_("{ref}: {what} has ended.")
    if cause == EndCause.GIVEN_BACK and by_another:
        return N_("{ref}: {what} was given back by {ended_by}.")
    return END_CAUSES[cause]


def _shown_gone(record: RequestView) -> bool:
    """Whether something was taken away, and the cloud shows all of it gone. What is told of anything else that ended
    says what became of it.
    """
    if any(entitlement.irrevocable for entitlement in record.request.entitlements):
        return False
    if {grant.end_cause for grant in record.grants if grant.end_cause} == {EndCause.REMOVED_OUTSIDE}:
        return False
    return _all_gone(record) and any(grant.state is GrantState.ENDED for grant in record.grants)


def _changes(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """What the approval does not give of what was asked."""
    lines = left_out_lines(record, catalog, translations)
    if record.shortened_to is not None:
        lines.insert(0, translations.gettext("It is for {duration}.").format(duration=time_given(record, translations)))
    return [section("\n".join(lines))] if lines else []


def _gone(record: RequestView, translations: Translations) -> str:
    """Who it is that shows it gone: RAM, and each product that had a part of it. One that had none shows nothing."""
    ended = [grant for grant in record.grants if grant.state is GrantState.ENDED]
    sources = list(dict.fromkeys(product_title(grant.entitlement.kind.product) for grant in ended))
    return translations.ngettext(
        "{sources} shows it gone from {ram_user}.", "{sources} show it gone from {ram_user}.", len(sources)
    ).format(sources=all_of(sources, translations), ram_user=literal(record.request.principal.name))


def _all_gone(record: RequestView) -> bool:
    """Whether nothing of a request is left with its RAM user, by this way or any other."""
    return all(
        grant.state in (GrantState.ENDED, GrantState.VOID, GrantState.FAILED) and not grant.remains
        for grant in record.grants
    )


def _details(what: MessageKind, record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """Why, and how each part stands where the text alone does not say that."""
    if what is MessageKind.DENIED:
        denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
        return [typed(truncated(denial.reason or "") if denial else "")]
    if what is MessageKind.APPROVED:
        return _changes(record, catalog, translations)
    blocks: list[Block] = []
    if what is MessageKind.ENDED and record.early_end and record.early_end.reason:
        blocks += [section(translations.gettext("*Why*")), typed(truncated(record.early_end.reason))]
    if not _says_all(what, record):
        blocks.append(section("\n".join(grant_lines(record, catalog, translations))))
        blocks += call_context(record.grants, translations)
    return blocks


def _says_all(what: MessageKind, record: RequestView) -> bool:
    """Whether the text alone says how each part stands."""
    several = len(record.grants) + len(record.left_out) > 1
    if what in (MessageKind.GRANTED, MessageKind.DELAYED):
        return not several and {grant.state for grant in record.grants} <= {GrantState.ACTIVE, GrantState.HELD}
    return what is not MessageKind.ENDED or (not several and _all_gone(record))


def _buttons(what: MessageKind, to: SlackUserId, record: RequestView, translations: Translations) -> list[Block]:
    name = record.request.public_id
    if what is MessageKind.ASKED and record.pending:
        return [buttons(button(translations.gettext("Cancel request"), "cancel", name))]
    # What a role of the account has is nobody's own to give back.
    active = not record.request.of_account and any(grant.state is GrantState.ACTIVE for grant in record.grants)
    if what in (MessageKind.GRANTED, MessageKind.ENDING_SOON) and active and to == record.request.subject:
        return [buttons(button(translations.gettext("Give back"), "give_back", name))]
    return []
