"""What gives something all the same that an approver would not keep in an access review, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from approvals.errors import Refusal
from approvals.model import request_ref
from approvals.operations.access_reviews.by_requests import StillGiving
from approvals.refusals.drift import GrantedMeanwhile
from handlers.translations import Translations

Says = Callable[[Refusal, Translations], str]
"""The sentence of a refusal."""


def still_given(stays: Sequence[StillGiving], says: Says, translations: Translations) -> str:
    """A sentence for each request."""
    return " ".join(_sentence(each, says, translations) for each in stays)


def _sentence(each: StillGiving, says: Says, translations: Translations) -> str:
    ref = request_ref(each.request)
    if isinstance(each.why, GrantedMeanwhile):
        return translations.gettext("It stays all the same: *{request}* granted it meanwhile.").format(request=ref)
    text = translations.gettext("It stays all the same, by *{request}*.").format(request=ref)
    return f"{text} {says(each.why, translations)}"
