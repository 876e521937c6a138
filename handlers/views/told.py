"""What a person is told by direct message as their request moves on: drawn from the record when it is sent."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.kinds import MessageKind
from approvals.model import Cause, GrantState, Verdict
from approvals.operations.claims import OTHER_CLAIM, SUBJECT_REFUSED
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, button, buttons, section, typed
from handlers.views.card import item_name, time_given
from handlers.views.cloud_errors import call_context
from handlers.views.grants import grant_lines, left_out_lines
from handlers.views.parts import product_title
from handlers.views.text import capped, holder, how_long, literal, moment, person, until


def told(what: MessageKind, to: str, record: RequestView, catalog: Catalog, translations: Translations) -> Message:
    """The message of that kind; of alarms there are none here."""
    text = _text(what, to, record, catalog, translations)
    blocks = [section(text), *_more(what, record, catalog, translations)]
    return Message(text, blocks + _buttons(what, to, record, translations))


def _text(what: MessageKind, to: str, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    request = record.request
    texts = {
        MessageKind.ASKED: _asked(to, record, translations),
        MessageKind.APPROVED: translations.gettext(
            "{ref}: approved by {by}. {what} is being given to {holder}; you will hear when it is."
        ),
        MessageKind.GRANTED: _granted(record, translations),
        MessageKind.DELAYED: translations.gettext(
            "{ref}: {what} takes longer than usual. It is tried again by itself until it works or its time is up."
        ),
        MessageKind.DENIED: translations.gettext("{ref}: {what} was denied by {by}:"),
        MessageKind.EXPIRED: translations.gettext(
            "{ref}: nobody decided on {what} in time, so it expired. Ask again if it is still needed."
        ),
        MessageKind.CANCELLED: _cancelled(record, translations),
        MessageKind.CLAIM_LOST: _claim_lost(record, translations),
        MessageKind.ENDING_SOON: translations.gettext(
            "{ref}: {what} ends {ends}. If you need it for longer, ask for it again; the two may overlap."
        ),
        MessageKind.ENDED: _ended(to, record, translations),
    }
    if any(entitlement.stays for entitlement in request.entitlements):
        texts |= _of_what_stays(record, translations)
    return texts[what].format(
        ref=f"*{request.ref}*",
        requester=person(request.requester),
        subject=person(request.subject),
        what=item_name(record, catalog),
        duration=how_long(request.duration, translations),
        needed=translations.ngettext("{count} approval", "{count} approvals", request.approvals_needed).format(
            count=request.approvals_needed
        ),
        expires=moment(request.expires_at),
        by=person(request.closed_by) if request.closed_by else translations.gettext("an administrator"),
        ended_by=person(record.early_end.by) if record.early_end else translations.gettext("an administrator"),
        ram_user=literal(request.principal.name),
        holder=holder(request.principal.name, request.of_account, translations),
        ends=moment(request.ends_at) if request.ends_at else "",
        until=until(request.ends_at, translations),
    )


def _cancelled(record: RequestView, translations: Translations) -> str:
    if record.request.close_reason == SUBJECT_REFUSED:
        return translations.gettext(
            "{ref}: closed, since {subject} says that they are not RAM user {ram_user}. Nothing was granted."
        )
    return translations.gettext("{ref}: the request for {what} was cancelled by {by}. Nothing was granted.")


def _claim_lost(record: RequestView, translations: Translations) -> str:
    if record.request.close_reason == OTHER_CLAIM:
        return translations.gettext(
            "{ref}: closed, since {subject} was confirmed to be another RAM user than {ram_user}."
        )
    return translations.gettext(
        "{ref}: closed, since RAM user {ram_user} was confirmed to be somebody else's. If that is wrong, talk to an"
        " administrator."
    )


def _of_what_stays(record: RequestView, translations: Translations) -> dict[MessageKind, str]:
    """A role that is created once and stays has neither an end nor a holder."""
    states = {grant.state for grant in record.grants}
    granted = translations.gettext("{ref}: {what} is there now.")
    if GrantState.HELD in states:
        granted = translations.gettext("{ref}: {what} was there already. It is left as it is.")
    if GrantState.FAILED in states:
        granted = translations.gettext(
            "{ref}: {what} could not be created. An administrator sees why on the card and can try again."
        )
    return {
        MessageKind.APPROVED: translations.gettext(
            "{ref}: approved by {by}. {what} is being created; you will hear when it is there."
        ),
        MessageKind.GRANTED: granted,
        MessageKind.ENDED: translations.gettext("{ref}: {what} was deleted by somebody outside of this bot."),
    }


def _asked(to: str, record: RequestView, translations: Translations) -> str:
    request = record.request
    if request.requester == request.subject:
        who = translations.gettext("{ref}: you asked for {what}, {duration}.")
    elif to == request.requester:
        who = translations.gettext("{ref}: you asked for {what} for {subject}, {duration}.")
    else:
        who = translations.gettext("{ref}: {requester} asked for {what} for you, {duration}.")
    return who + " " + translations.gettext("It waits for {needed}, and expires {expires}.")


def _granted(record: RequestView, translations: Translations) -> str:
    states = {grant.state for grant in record.grants}
    if states <= {GrantState.HELD}:
        return translations.gettext("{ref}: {holder} has {what} already, given by somebody else. It is left as it is.")
    if states <= {GrantState.FAILED}:
        return translations.gettext(
            "{ref}: {what} could not be given. An administrator sees why on the card and can try again."
        )
    if GrantState.FAILED in states:
        return translations.gettext(
            "{ref}: only part of {what} could be given. An administrator sees why on the card and can try again."
        )
    if GrantState.ACTIVE in states:
        return translations.gettext("{ref}: {what} is active {until}.")
    return translations.gettext("{ref}: {what}, as it stands now:")


def _ended(to: str, record: RequestView, translations: Translations) -> str:
    causes = {grant.end_cause for grant in record.grants if grant.end_cause}
    states = {grant.state for grant in record.grants}
    by_another = record.early_end is not None and record.early_end.by != to
    if causes == {Cause.REMOVED_OUTSIDE.value}:
        return translations.gettext(
            "{ref}: {what} was removed from {holder} by somebody outside of this bot. It is over."
        )
    if states <= {GrantState.VOID}:
        if by_another:
            return translations.gettext("{ref}: ended by {ended_by} before {what} was given. Nothing was granted.")
        return translations.gettext("{ref}: ended before {what} was given. Nothing was granted.")
    given_back = translations.gettext("{ref}: {what} was given back.")
    if by_another:
        given_back = translations.gettext("{ref}: {what} was given back by {ended_by}.")
    reasons = {
        Cause.DEADLINE.value: translations.gettext("{ref}: {what} has ended, its time is up."),
        Cause.GIVEN_BACK.value: given_back,
        Cause.TAKEN_BACK.value: translations.gettext("{ref}: {what} was taken back by {ended_by}."),
        Cause.LEFT.value: translations.gettext("{ref}: {what} was taken back."),
    }
    why = next(
        (reasons[cause] for cause in sorted(causes) if cause in reasons),
        translations.gettext("{ref}: {what} has ended."),
    )
    return f"{why} {_gone_says(record, translations)}" if _all_gone(record) and GrantState.ENDED in states else why


def _changes(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """What the approval does not give of what was asked."""
    lines = left_out_lines(record, catalog, translations)
    if record.shortened_to is not None:
        lines.insert(0, translations.gettext("It is for {duration}.").format(duration=time_given(record, translations)))
    return [section("\n".join(lines))] if lines else []


def _gone_says(record: RequestView, translations: Translations) -> str:
    """Who it is that shows it gone: RAM, and each product that had a part of it. One that had none shows nothing."""
    ended = [grant for grant in record.grants if grant.state is GrantState.ENDED]
    sources = list(dict.fromkeys(product_title(grant.entitlement.kind) for grant in ended))
    told = translations.ngettext(
        "{sources} shows it gone from {ram_user}.", "{sources} show it gone from {ram_user}.", len(sources)
    )
    *some, last = sources
    named = translations.gettext("{some} and {last}").format(some=", ".join(some), last=last) if some else last
    return told.replace("{sources}", named)


def _all_gone(record: RequestView) -> bool:
    """Whether nothing of a request is left with its RAM user, by this way or any other."""
    return all(
        grant.state in (GrantState.ENDED, GrantState.VOID, GrantState.FAILED) and not grant.remains
        for grant in record.grants
    )


def _more(what: MessageKind, record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    blocks: list[Block] = []
    if what is MessageKind.DENIED:
        denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
        blocks.append(typed(capped(denial.reason or "") if denial else ""))
    if what is MessageKind.ENDED and record.early_end and record.early_end.reason:
        blocks += [section(translations.gettext("*Why*")), typed(capped(record.early_end.reason))]
    several = len(record.grants) + len(record.left_out) > 1
    if what is MessageKind.APPROVED:
        blocks += _changes(record, catalog, translations)
    told_already = not several and {grant.state for grant in record.grants} <= {GrantState.ACTIVE, GrantState.HELD}
    if (what in (MessageKind.GRANTED, MessageKind.DELAYED) and not told_already) or (
        what is MessageKind.ENDED and (several or not _all_gone(record))
    ):
        blocks.append(section("\n".join(grant_lines(record, catalog, translations))))
        blocks += call_context(record.grants, translations)
    return blocks


def _buttons(what: MessageKind, to: str, record: RequestView, translations: Translations) -> list[Block]:
    name = record.request.public_id
    if what is MessageKind.ASKED and record.pending:
        return [buttons(button(translations.gettext("Cancel request"), "cancel", name))]
    # What a role of the account has is nobody's own to give back.
    active = not record.request.of_account and any(grant.state is GrantState.ACTIVE for grant in record.grants)
    if what in (MessageKind.GRANTED, MessageKind.ENDING_SOON) and active and to == record.request.subject:
        return [buttons(button(translations.gettext("Give back"), "give_back", name))]
    return []
