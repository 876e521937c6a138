"""The sentence of every refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.break_glass import NotInGroup
from approvals.refusals.catalog import UnknownItem
from approvals.refusals.cloud import BotUnwell, RamRefusal
from approvals.refusals.decision import AlreadyClosed
from approvals.refusals.links import ClaimAdmin, ClaimDiffers, ClaimOfAnother, ClaimTaken
from approvals.refusals.onboarding import UsersProvided
from approvals.refusals.people import AccountRefusal, SeveralPeople
from approvals.refusals.request import AlreadyHeld, AlreadyPending, DurationMissing, TooFewApprovers, UnfitCharacter
from approvals.refusals.status import UnknownService
from handlers.refusals import (
    access_review,
    away,
    break_glass,
    catalog,
    cloud,
    comments,
    decision,
    drift,
    extend,
    grant,
    links,
    message,
    onboarding,
    people,
    policies,
    request,
    service,
    status,
)
from handlers.refusals.filled import filled
from handlers.translations import Translations

SENTENCES: Mapping[type[Refusal], str] = {
    **people.SENTENCES,
    **links.SENTENCES,
    **catalog.SENTENCES,
    **request.SENTENCES,
    **decision.SENTENCES,
    **policies.SENTENCES,
    **drift.SENTENCES,
    **access_review.SENTENCES,
    **message.SENTENCES,
    **onboarding.SENTENCES,
    **grant.SENTENCES,
    **extend.SENTENCES,
    **away.SENTENCES,
    **comments.SENTENCES,
    **break_glass.SENTENCES,
    **status.SENTENCES,
    **cloud.SENTENCES,
    **service.SENTENCES,
}


def sentence(refusal: Refusal, translations: Translations) -> str:
    """In mrkdwn; whatever somebody typed is shown as code."""
    match refusal:
        case AccountRefusal(subject=str()):
            return filled(people.OF_OTHERS[type(refusal)], refusal, translations)
        case SeveralPeople():
            return people.several_people(refusal, translations)
        case ClaimAdmin() | ClaimDiffers() | ClaimOfAnother():
            return links.confirmed_by_command(refusal, translations)
        case ClaimTaken():
            return links.claim_taken(refusal, translations)
        case UnknownItem():
            return catalog.unknown_item(refusal, translations)
        case UsersProvided():
            return onboarding.users_provided(refusal, translations)
        case DurationMissing():
            return request.duration_missing(refusal, translations)
        case UnfitCharacter():
            return request.unfit_character(refusal, translations)
        case AlreadyPending():
            return request.already_pending(refusal, translations)
        case AlreadyHeld():
            return request.already_held(refusal, translations)
        case TooFewApprovers():
            return request.too_few_approvers(refusal, translations)
        case AlreadyClosed():
            return decision.already_closed(refusal, translations)
        case NotInGroup():
            return break_glass.not_in_group(refusal, translations)
        case UnknownService():
            return status.unknown_service(refusal, translations)
        case BotUnwell():
            return cloud.with_call(cloud.bot_unwell(refusal, translations), refusal.call, translations)
        case RamRefusal():
            text = filled(SENTENCES[type(refusal)], refusal, translations)
            return cloud.with_call(text, refusal.call, translations)
        case _:
            return filled(SENTENCES[type(refusal)], refusal, translations)


def plain_sentence(refusal: Refusal, translations: Translations) -> str:
    """For a form's field or a terminal, where nothing is formatted: a person is an id there."""
    return plain(sentence(refusal, translations))


def plain(text: str) -> str:
    """Something in mrkdwn, where nothing is formatted."""
    text = re.sub(r"<@(\w+)>", r"\1", text)
    return text.replace("`", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
