"""What approvers, or one person, are told of a notice: for each kind a text, and buttons while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeKind
from approvals.notice import Notice
from handlers.translations import Translations
from handlers.views.access_review import review_over, review_told
from handlers.views.blocked_end import blocked_end
from handlers.views.blocks import Message, note
from handlers.views.claim_question import claim_question
from handlers.views.cloud_record import not_in_record, outside_writes, stolen_key
from handlers.views.drift_list import drift_news
from handlers.views.drift_request import drift_request
from handlers.views.escalation import escalation_blocked
from handlers.views.few_approvers import few_approvers
from handlers.views.hand_task import hand_task
from handlers.views.leaver import leaver
from handlers.views.new_admin import new_admin
from handlers.views.offboarding import offboarding
from handlers.views.onboarding import onboarding_card
from handlers.views.origin import more_of_unknown_origin, origin
from handlers.views.policy_review import policy_review
from handlers.views.text import literal
from handlers.views.two_ledgers import two_ledgers
from handlers.views.vanished import vanished
from handlers.views.wrong_account import wrong_account

View = Callable[[Notice, Catalog, Translations], Message]

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        NoticeKind.ACCESS_REVIEW: review_told,
        NoticeKind.ACCESS_REVIEW_OVER: review_over,
        NoticeKind.DRIFT: drift_news,
        NoticeKind.DRIFT_REQUEST: drift_request,
        NoticeKind.FEW_APPROVERS: few_approvers,
        NoticeKind.GIVE_BY_HAND: hand_task,
        NoticeKind.TAKE_BY_HAND: hand_task,
        NoticeKind.BLOCKED_END: blocked_end,
        NoticeKind.NEW_ADMIN: new_admin,
        NoticeKind.CLAIM: claim_question,
        NoticeKind.ESCALATION: escalation_blocked,
        NoticeKind.LEAVER: leaver,
        NoticeKind.MORE_UNKNOWN_ORIGIN: more_of_unknown_origin,
        NoticeKind.NOT_IN_RECORD: not_in_record,
        NoticeKind.OFFBOARDING: offboarding,
        NoticeKind.ONBOARDING: onboarding_card,
        NoticeKind.OTHER_LEDGER: two_ledgers,
        NoticeKind.OUTSIDE_WRITES: outside_writes,
        NoticeKind.POLICY_REVIEW: policy_review,
        NoticeKind.STOLEN_KEY: stolen_key,
        NoticeKind.UNKNOWN_ORIGIN: origin,
        NoticeKind.WRONG_ACCOUNT: wrong_account,
        NoticeKind.VANISHED: vanished,
    }
)
"""By kind."""


def notice_message(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """The message of a notice; of a kind that only a newer program knows, one that says so."""
    view = VIEWS.get(notice.kind, _unknown)
    return view(notice, catalog, translations)


def _unknown(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """A newer program raised it, and an older one is to say it."""
    text = translations.gettext(
        "Something needs an administrator's attention: {what}, {about}. A newer version of the app says more."
    )
    return note(text.format(what=literal(notice.kind), about=literal(notice.about)))
