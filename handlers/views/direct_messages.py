"""The direct messages about a request as it moves on: drawn from the record when they are sent."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.model import Verdict
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.access_buttons import ask_again_button, end_access_button, extend_button, is_active
from handlers.views.blocks import Block, Message, button, buttons, section, typed
from handlers.views.card_facts import item_name, time_given
from handlers.views.card_progress import following_line
from handlers.views.cloud_errors import call_context
from handlers.views.comment import BUTTON as COMMENT
from handlers.views.details import OF_OWN as DETAILS_OF_OWN
from handlers.views.grants import grant_lines, left_out_lines
from handlers.views.message_texts import template
from handlers.views.parts import product_title
from handlers.views.starts import why_not_started
from handlers.views.text import all_of, holder, literal, moment, person, side_by_side, time_asked, truncated
from handlers.views.too_few import nobody_to_remind, too_few_line

OVER = (MessageKind.DENIED, MessageKind.EXPIRED, MessageKind.CANCELLED, MessageKind.ENDED)
"""Those that tell that nothing more comes of a request."""

RUNNING = (MessageKind.GRANTED, MessageKind.ENDING_SOON, MessageKind.SHORTENED)
"""Those with which something can be done about what runs."""


def direct_message(
    kind: MessageKind, to: SlackUserId, record: RequestView, catalog: Catalog, translations: Translations
) -> Message:
    """The message of that kind; of alarms there are none here."""
    text = _text(kind, to, record, catalog, translations)
    blocks = [section(text), *_details(kind, record, catalog, translations)]
    return Message(text, blocks + _buttons(kind, to, record, translations))


def _text(kind: MessageKind, to: SlackUserId, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    if kind is MessageKind.NOT_REMINDED:
        return f"{person(to)} {nobody_to_remind(record, translations)}"
    request = record.request
    text = translations.gettext(template(kind, to, record)).format(
        ref=f"*{request.ref}*",
        requester=person(request.requester),
        subject=person(request.subject),
        what=item_name(record, catalog),
        duration=time_asked(request.duration, request.ends_by, translations),
        by=person(request.closed_by) if request.closed_by else translations.gettext("an administrator"),
        ended_by=person(record.early_end.by) if record.early_end else translations.gettext("an administrator"),
        shortened_by=person(record.shortened.by) if record.shortened else translations.gettext("an administrator"),
        ram_user=literal(request.principal.name),
        holder=holder(request.principal.name, request.of_account, translations),
        ends=moment(request.ends_at) if request.ends_at else "",
        starts=moment(request.starts_at) if request.starts_at else "",
        why=why_not_started(request, translations),
        rule=literal(request.approved_by_rule or ""),
        **_of_review(record),
    )
    if kind is MessageKind.ASKED and record.pending:
        return side_by_side(text, _waits(record, translations))
    if kind is MessageKind.ENDED and _shown_gone(record):
        return side_by_side(text, _gone(record, translations))
    return text


def _of_review(record: RequestView) -> dict[str, str]:
    """What a text may say of a review."""
    emergency = record.emergency
    review = emergency.review if emergency else None
    return {
        "review_by": moment(emergency.review_by) if emergency else "",
        "reviewer": person(review.by) if review else "",
        "barred_until": moment(review.barred_until) if review and review.barred_until else "",
    }


def _waits(record: RequestView, translations: Translations) -> str:
    needed = record.request.approvals_needed
    text = translations.ngettext(
        "It needs {count} approval, and expires {expires}.",
        "It needs {count} approvals, and expires {expires}.",
        needed,
    ).format(count=needed, expires=moment(record.request.expires_at))
    return side_by_side(text, too_few_line(record.too_few, translations)) if record.too_few else text


def _shown_gone(record: RequestView) -> bool:
    """Whether something was taken away, and the cloud shows all of it gone. What is told of anything else that ended
    says what became of it.
    """
    if any(entitlement.irrevocable for entitlement in record.request.entitlements):
        return False
    if {grant.end_cause for grant in record.grants if grant.end_cause} == {EndCause.REMOVED_OUTSIDE}:
        return False
    return _all_gone(record) and any(
        grant.state is GrantState.ENDED and not grant.entitlement.by_hand for grant in record.grants
    )


def _changes(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """What the approval does not give of what was asked."""
    lines = [*_shortened(record, translations), *left_out_lines(record, catalog, translations)]
    return [section("\n".join(lines))] if lines else []


def _shortened(record: RequestView, translations: Translations) -> list[str]:
    if record.shortened_to is None:
        return []
    return [translations.gettext("Duration: {duration}.").format(duration=time_given(record, translations))]


def _gone(record: RequestView, translations: Translations) -> str:
    """Who it is that shows it gone: RAM, and each product that had a part of it. One that had none shows nothing."""
    ended = [grant for grant in record.grants if grant.state is GrantState.ENDED and not grant.entitlement.by_hand]
    sources = list(dict.fromkeys(product_title(grant.entitlement.kind.product) for grant in ended))
    return translations.ngettext(
        "{sources} shows it gone from {ram_user}.", "{sources} show it gone from {ram_user}.", len(sources)
    ).format(sources=all_of(sources, translations), ram_user=literal(record.request.principal.name))


def _all_gone(record: RequestView) -> bool:
    """Whether nothing of a request is left with its RAM user, by this way or any other."""
    return all(
        grant.state in (GrantState.ENDED, GrantState.VOID, GrantState.FAILED)
        and not (grant.remains or grant.remains.other_role)
        for grant in record.grants
    )


def _details(kind: MessageKind, record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """Why, and how each part stands where the text alone does not say that."""
    if kind is MessageKind.DENIED:
        denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
        return [typed(truncated(denial.reason or "") if denial else "")]
    if kind is MessageKind.REVIEWED:
        review = record.emergency.review if record.emergency else None
        return [typed(truncated(review.words))] if review else []
    if kind is MessageKind.APPROVED:
        return _changes(record, catalog, translations)
    shortened = []
    if kind is MessageKind.GRANTED:
        shortened = [*_shortened(record, translations), *following_line(record, translations)]
    blocks: list[Block] = [section(line) for line in shortened]
    if kind is MessageKind.ENDED and record.early_end and record.early_end.reason:
        blocks += [section(translations.gettext("*Reason*")), typed(truncated(record.early_end.reason))]
    if not _says_all(kind, record):
        blocks.append(section("\n".join(grant_lines(record, catalog, translations))))
        blocks += call_context(record.grants, translations)
    return blocks


def _says_all(kind: MessageKind, record: RequestView) -> bool:
    """Whether the text alone says how each part stands."""
    several = len(record.grants) + len(record.left_out) > 1 or bool(record.by_hand)
    if kind in (MessageKind.GRANTED, MessageKind.DELAYED):
        if any(grant.remains.other_role for grant in record.grants):
            return False
        return not several and {grant.state for grant in record.grants} <= {GrantState.ACTIVE, GrantState.HELD}
    if kind is MessageKind.END_BLOCKED:
        return False
    return kind is not MessageKind.ENDED or (not several and _all_gone(record))


def _buttons(kind: MessageKind, to: SlackUserId, record: RequestView, translations: Translations) -> list[Block]:
    name = record.request.public_id
    details = button(translations.gettext("Details"), DETAILS_OF_OWN, name)
    if kind is MessageKind.ASKED and record.pending:
        cancel = button(translations.gettext("Cancel request"), "cancel", name)
        remind = [button(translations.gettext("Remind"), "remind", name)] if to == record.request.requester else []
        return [buttons(*remind, button(translations.gettext("Comment"), COMMENT, name), details, cancel)]
    if kind is MessageKind.APPROVED and record.scheduled:
        return [buttons(details, button(translations.gettext("Cancel request"), "cancel", name))]
    if kind in OVER and to in (record.request.requester, record.request.subject):
        again = ask_again_button(record, translations)
        return [buttons(*again)] if again else []
    if kind not in RUNNING or not is_active(record):
        return []
    # What a role of the account has is nobody's own to give back.
    if record.request.of_account:
        return [buttons(details)]
    end = [end_access_button(record, translations)] if to == record.request.subject else []
    return [buttons(*extend_button(record, translations), *end, details)]
