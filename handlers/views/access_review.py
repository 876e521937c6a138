"""An access review: an approver's part of it with its buttons, what they are told of it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import ButtonElement

from approvals.access_review import ReviewedAccess, ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.drift import DriftKind, DriftRow
from approvals.entitlements import ADMIN_POLICY
from approvals.kinds import NoticeOutcome
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.notice import Notice
from approvals.operations.access_reviews.decide import RevokedItem
from approvals.queries.access_reviews import ReviewPart
from handlers.translations import N_, Translations
from handlers.views.blocks import (
    Block,
    Message,
    button,
    buttons,
    confirmation,
    context_block,
    in_sections,
    note,
    section,
)
from handlers.views.drift_rows import row_line, row_text, who_has
from handlers.views.parts import part_name
from handlers.views.shorten_select import shorten_select
from handlers.views.still_given import Says, still_given
from handlers.views.text import day, first_of, person, side_by_side
from handlers.views.unreviewed import revoked_then, unreviewed_lines

SHOW, KEEP, REVOKE = "access_review_show", "access_review_keep", "access_review_revoke"
INCOMPLETE = N_("⚠️ Not everything could be read: what somebody has may be missing here.")
KEEP_HARMLESS, SIGN = "access_review_keep_harmless", "access_review_sign"
SHOW_LEFT = "access_review_left"


def review_page(
    part: ReviewPart, catalog: Catalog, translations: Translations, now: DomainMillis, said: str = ""
) -> Message:
    """What is left for one approver. `said`: what came of their last click."""
    heading = _heading(part, translations)
    blocks: list[Block] = [context_block(said)] if said else []
    blocks.append(section(heading))
    for item in part.shown:
        text = item_text(item.access, catalog, translations)
        blocks += [section(text), _item_controls(item, catalog, translations, now)]
    more = len(part.items) - len(part.shown)
    if more > 0:
        text = translations.ngettext("{count} more follows.", "{count} more follow.", more)
        blocks.append(context_block(text.format(count=more)))
    if part.review and part.harmless:
        blocks.append(buttons(_keep_harmless(part.review.id, part.harmless, translations)))
    if part.review and part.items and (text := revoked_then(part.review.unreviewed, translations)):
        blocks.append(context_block(text))
    if part.review and not part.review.complete:
        blocks.append(context_block(translations.gettext(INCOMPLETE)))
    if part.others:
        text = translations.ngettext(
            "{count} more is for other approvers.", "{count} more are for other approvers.", part.others
        )
        blocks.append(context_block(text.format(count=part.others)))
    return Message(heading, blocks)


def _heading(part: ReviewPart, translations: Translations) -> str:
    if part.review is None:
        return translations.gettext("No access review is open. `pairec-access review start --by 30d` starts one.")
    if not part.review.open:
        return translations.gettext("*Access review:* it is over. What came of it is posted where cards are.")
    if part.review.collected_at is None:
        return translations.gettext("*Access review:* who has what is being read. You are told when it is.")
    if not part.items:
        return translations.gettext("✅ *Access review:* nothing is left for you.")
    return translations.ngettext(
        "*Access review:* {count} thing to review by {due}. Does it stay?",
        "*Access review:* {count} things to review by {due}. Do they stay?",
        len(part.items),
    ).format(count=len(part.items), due=day(part.review.due_at))


def item_text(access: ReviewedAccess, catalog: Catalog, translations: Translations) -> str:
    """Who has what, by what, until when, and when they did anything last."""
    text = (
        _granted_here(access, catalog, translations)
        if access.requests
        else row_text(_as_row(access), catalog, translations)
    )
    return "\n".join([text, *_last_call(access, translations)])


def _last_call(access: ReviewedAccess, translations: Translations) -> list[str]:
    """Of the RAM user, whatever they called: the record does not say by which policy they could."""
    if not access.is_looked_up:
        return []
    if access.last_call is None:
        return [translations.gettext("ActionTrail shows no call of this RAM user in 89 days.")]
    return [translations.gettext("Last call in ActionTrail: {when}").format(when=day(access.last_call))]


def _granted_here(access: ReviewedAccess, catalog: Catalog, translations: Translations) -> str:
    refs = first_of([f"*{request_ref(each)}*" for each in access.requests], translations, 5)
    known = {
        "who": who_has(_as_row(access), translations),
        "what": part_name(access.entitlement, catalog, translations),
        "refs": refs,
    }
    if access.ends_at is None:
        text = translations.gettext("{who} has {what} by {refs}, until revoked").format(**known)
    else:
        until = day(access.ends_at)
        text = translations.gettext("{who} has {what} by {refs}, until {until}").format(**known, until=until)
    if access.since is None:
        return text
    return translations.gettext("{text}, since {when}").format(text=text, when=day(access.since))


def _as_row(access: ReviewedAccess) -> DriftRow:
    through_group = access.via_group is not None and access.entitlement.name == ADMIN_POLICY
    return DriftRow(
        DriftKind.ADMIN_GROUP if through_group else DriftKind.OUTSIDE,
        access.principal,
        access.entitlement,
        access.via_group,
        access.since,
        access.account,
        barred=access.barred,
    )


def _item_controls(item: ReviewItem, catalog: Catalog, translations: Translations, now: DomainMillis) -> Block:
    keep = button(translations.gettext("Keep"), KEEP, item.id)
    if item.access.barred is not None:
        return buttons(keep)
    revoke = revoke_button(item.access, REVOKE, item.id, translations)
    return buttons(keep, *shorten_select(item, catalog, translations, now), revoke)


def revoke_button(access: ReviewedAccess, action: str, value: str, translations: Translations) -> ButtonElement:
    """It asks first."""
    if access.requests:
        refs = first_of([request_ref(each) for each in access.requests], translations, 5)
        question = translations.gettext("All that {refs} granted ends now.").format(refs=refs)
    else:
        question = translations.gettext("It was granted elsewhere: another approver is asked first.")
    confirm = confirmation(
        translations.gettext("Revoke this?"),
        question,
        translations.gettext("Revoke"),
        translations.gettext("Cancel"),
        danger=True,
    )
    return button(translations.gettext("Revoke"), action, value, "danger", confirm=confirm)


def _keep_harmless(review_id: str, items: Sequence[ReviewItem], translations: Translations) -> ButtonElement:
    """It names what it keeps: a page that is drawn anew has other items."""
    confirm = confirmation(
        translations.gettext("Keep these?"),
        translations.gettext("All that is shown here, takes one approval and was granted by a request stays as it is."),
        translations.gettext("Keep"),
        translations.gettext("Cancel"),
    )
    text = translations.ngettext(
        "Keep {count} that takes one approval", "Keep {count} that take one approval", len(items)
    )
    value = " ".join([review_id, *(item.id for item in items)])
    return button(text.format(count=len(items)), KEEP_HARMLESS, value, confirm=confirm)


def kept_answer(number: int, translations: Translations) -> str:
    """What came of a click."""
    return translations.ngettext("{count} thing stays.", "{count} things stay.", number).format(count=number)


def revoked_answer(came: RevokedItem, says: Says, translations: Translations) -> str:
    """What came of a click."""
    if came.stays:
        refs = first_of([f"*{request_ref(each)}*" for each in came.ended], translations, 5)
        text = translations.gettext("Revoking what {refs} granted.").format(refs=refs)
        return f"{text} {still_given(came.stays, says, translations)}"
    if came.verdict is ReviewVerdict.GONE:
        return translations.gettext("It was gone already.")
    if came.item.access.requests:
        return translations.gettext("Revoking.")
    return translations.gettext("Asked where cards are posted. Another approver decides.")


def review_told(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """To one approver: how much is left for them, and the button that shows it while that is so."""
    text = translations.ngettext(
        "📋 *Access review:* {count} thing to review by {due}.",
        "📋 *Access review:* {count} things to review by {due}.",
        notice.details["items"],
    ).format(count=notice.details["items"], due=day(notice.details["due_at"]))
    if not notice.open:
        return note(translations.gettext("📋 *Access review:* over, or told anew below."))
    text = side_by_side(text, revoked_then(notice.details.get("unreviewed"), translations))
    return Message(text, [section(text), buttons(button(translations.gettext("Review"), SHOW, "", "primary"))])


def review_over(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """To all approvers: what came of it, what nobody looked at, and the button of whoever signs it off."""
    came = notice.details["came"]
    heading = translations.gettext(
        "📋 *The access review of {started} is over:* {keep} kept, {shorten} shortened, {revoke} revoked,"
        " {open} not reviewed."
    ).format(
        started=day(notice.details["started_at"]),
        keep=came.get(ReviewVerdict.KEEP.value, 0),
        shorten=came.get(ReviewVerdict.SHORTEN.value, 0),
        revoke=came.get(ReviewVerdict.REVOKE.value, 0),
        open=came.get("open", 0) + came.get(ReviewVerdict.REVOKE_UNREVIEWED.value, 0),
    )
    if asked := came.get(ReviewVerdict.ASKED.value):
        text = translations.ngettext("{count} waits for another approver.", "{count} wait for another approver.", asked)
        heading += " " + text.format(count=asked)
    lines = unreviewed_lines(notice.details, lambda access: _listed(access, catalog, translations), translations)
    blocks = [section(heading), *in_sections(lines)]
    if not notice.details["complete"]:
        blocks.append(context_block(translations.gettext(INCOMPLETE)))
    stays = [button(translations.gettext("Show what stays"), SHOW_LEFT, notice.id)] if came.get("open") else []
    if notice.open:
        return Message(heading, [*blocks, buttons(button(translations.gettext("Sign off"), SIGN, notice.id), *stays)])
    blocks += [buttons(*stays)] if stays else []
    if notice.outcome == NoticeOutcome.REVIEWED:
        text = translations.gettext("Signed off by {by}.").format(by=person(notice.resolved_by or ""))
        blocks.append(context_block(text))
    return Message(heading, blocks)


def _listed(access: ReviewedAccess, catalog: Catalog, translations: Translations) -> str:
    """In one line. Nobody is called to the channel for what they have."""
    shown = replace(access, account=None)
    if shown.requests:
        return _granted_here(shown, catalog, translations)
    return row_line(_as_row(shown), catalog, translations)
