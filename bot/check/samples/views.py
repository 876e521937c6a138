"""Every message, form and tab that the program can send, drawn from such records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any, NamedTuple

from approvals.access_review import AccessReview, ReviewItem, Stays
from approvals.anchor import Anchor, AnchorTarget, signed_line
from approvals.catalog.model import Catalog, Item
from approvals.comments import MAX_CHARACTERS, Addressee, Comment
from approvals.drift import DriftKind, KeptRow
from approvals.emergency import EmergencyVerdict
from approvals.errors import CloudErrorKind
from approvals.evidence import UnreadSource
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import MessageKind
from approvals.millis import DAY
from approvals.onboarding import OnboardingNews, OnboardingState
from approvals.operations.create_request import Parties
from approvals.operations.request_access import JudgedRequest
from approvals.people import Link, Person, Principal
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource
from approvals.queries.access_reviews import SHOWN, ReviewPart
from approvals.queries.attention import ALARMING, Attention
from approvals.queries.drift import DriftReport
from approvals.queries.held_parts import HeldPart
from approvals.queries.left_over import LeftOver
from approvals.queries.overview import MOST_RUNNING, Overview
from approvals.queries.request_pages import PER_PAGE, RequestPage
from approvals.queries.request_view import RequestView
from approvals.status.checks.registry import results
from approvals.status.plan import StatusPlan
from bot.check.samples import boards
from bot.check.samples.notices import ONBOARDING, SEVERAL, drift_samples, review_samples, sample_notices
from bot.check.samples.records import APPROVERS, EVIL, LONG, NOW, TOO_FEW, TRACKER, USER, grant, records, trail
from bot.worker.reminders import MAX_REMINDED
from handlers.commands.registry import help_lines
from handlers.commands.status.registry import help_lines as status_lines
from handlers.translations import Translations
from handlers.views import (
    access_review,
    alarm,
    approve_form,
    approve_note,
    away,
    board,
    card,
    comment,
    confirmation,
    details,
    drift_form,
    drift_list,
    emergency,
    escalation,
    extend_form,
    help,
    home,
    left_over,
    lists,
    onboarding_form,
    reminder,
    request_form,
    request_input,
    status_changes,
    status_details,
    who,
)
from handlers.views.anchor import anchor_message
from handlers.views.attention import CONDITIONS, HomeAttention
from handlers.views.blocks import Message
from handlers.views.direct_messages import direct_message
from handlers.views.direct_replies import direct_reply
from handlers.views.dm_reminders import dm_reminders_message
from handlers.views.foreseen import Foreseen
from handlers.views.notices import notice_message
from handlers.views.onboarding import onboarding_message
from handlers.views.repair_form import repair_form
from handlers.views.request_pages import MAX_SEARCH, Listing, request_window
from handlers.views.status_help import status_help

SOMEBODY = SlackUserId("U0ME")
OPENER = Person("T0PAIREC", SOMEBODY)
OF_GRANTS = (MessageKind.GRANTED, MessageKind.DELAYED)
BY_ALARM = (MessageKind.ALARM, MessageKind.ALARM_OVER)


class ViewSample(NamedTuple):
    """One thing that people see."""

    name: str
    shown: Message | Mapping[str, Any]
    """A message, or else a form or a tab."""


def all_samples(catalog: Catalog, plan: StatusPlan, words: Translations) -> list[ViewSample]:
    """Each message, form and tab at least once, on the catalogue's largest item; what looks alike is in it once."""
    return list({json.dumps(each.shown): each for each in reversed([*_drawn(catalog, plan, words)])}.values())[::-1]


def _drawn(catalog: Catalog, plan: StatusPlan, words: Translations) -> Iterator[ViewSample]:
    item = max(catalog.items.values(), key=lambda each: len(each.entitlements))
    known = records(catalog, item.name)
    for state, record in known.items():
        yield ViewSample(f"card, {state}", card.card(record, catalog, words, TRACKER))
        yield ViewSample(f"details, {state}", details.details(record, trail(200), catalog, words, TRACKER))
        yield ViewSample(f"cancel, {state}", confirmation.cancel(record, catalog, words))
        yield ViewSample(f"revoke, {state}", confirmation.revoke(record, LONG, catalog, words, own=False))
    yield from _direct_messages(known, catalog, words)
    yield from _forms(known, catalog, plan, words)
    yield from _lists(known, item, catalog, words)
    yield from _of_status(plan, words)
    anchor = Anchor(AnchorTarget.CHANNEL, SEVERAL, SEVERAL, "0" * 64, LONG, LONG, "0" * 32, LONG)
    yield ViewSample("anchor", anchor_message(anchor, signed_line(anchor, EVIL), words))
    for notice in sample_notices(catalog):
        yield ViewSample(f"notice {notice.kind}, {notice.outcome or 'open'}", notice_message(notice, catalog, words))
    for news in OnboardingNews:
        for state in OnboardingState:
            shown = onboarding_message(news, SOMEBODY, replace(ONBOARDING, state=state), catalog, words)
            yield ViewSample(f"onboarding {news}, {state}", shown)


def _direct_messages(known: Mapping[str, RequestView], catalog: Catalog, words: Translations) -> Iterator[ViewSample]:
    active = known["approved, active"]
    closed = {MessageKind.DENIED: "denied", MessageKind.CANCELLED: "cancelled", MessageKind.EXPIRED: "expired"}
    for kind in MessageKind:
        if kind in BY_ALARM:
            continue
        record = known[closed.get(kind, "approved, active")]
        for to in (record.request.requester, record.request.subject):
            yield ViewSample(f"direct message {kind}", direct_message(kind, to, record, catalog, words))
            if kind not in (MessageKind.NOT_REMINDED, MessageKind.REVIEWED):
                yield ViewSample(f"reply {kind}", direct_reply(kind, to, record, catalog, words))
    for state in ("approved by a rule", "break-glass", *(f"break-glass, {verdict}" for verdict in EmergencyVerdict)):
        for kind in (MessageKind.APPROVED, MessageKind.GRANTED, MessageKind.REVIEWED):
            shown = direct_message(kind, known[state].request.requester, known[state], catalog, words)
            yield ViewSample(f"direct message {kind}, {state}", shown)
    of_review = reminder.reminder(known["break-glass"], [SOMEBODY] * MAX_REMINDED, catalog, words)
    yield ViewSample("reminder of a review", of_review)
    yield ViewSample("reminder", reminder.reminder(known["pending"], [SOMEBODY] * MAX_REMINDED, catalog, words))
    yield ViewSample("escalation", escalation.escalation(known["pending"], "S" + "0" * 20, catalog, words))
    said = Comment("view:V1", SOMEBODY, Addressee.APPROVERS, LONG[:MAX_CHARACTERS])
    mentioned = [SOMEBODY] * MAX_REMINDED
    yield ViewSample("comment", comment.comment_message(known["pending"], said, mentioned, catalog, words))
    yield ViewSample("comment form", comment.comment_form(known["pending"], [*Addressee], words))
    late = replace(active.grants[0], error_kind=CloudErrorKind.REFUSED)
    yield ViewSample("alarm", alarm.alarm(late, active, catalog, words))
    yield ViewSample("alarm, over", alarm.alarm_over(late, active, catalog, words))


def _forms(
    known: Mapping[str, RequestView], catalog: Catalog, plan: StatusPlan, words: Translations
) -> Iterator[ViewSample]:
    for choice in (None, *catalog.choices.values()):
        item = next(iter(choice.items.values()), None) if choice else None
        form = request_form.form(
            catalog,
            words,
            opened_for=OPENER,
            subject=SOMEBODY,
            linked=False,
            match=None,
            choice=choice,
            item=item,
            foreseen=_foreseen(item) if item else None,
        )
        yield ViewSample(f"request form, {choice.name if choice else 'empty'}", form)
    again = replace(request_input.asked(known["expired"].request), duration="until friday 18:00", other=True)
    refused = Foreseen(SOMEBODY, refused="R" * 3_100)
    form = request_form.form(
        catalog,
        words,
        opened_for=OPENER,
        subject=SOMEBODY,
        linked=True,
        written=again,
        too_few=TOO_FEW,
        foreseen=refused,
    )
    yield ViewSample("request form, filled in", form)
    yield ViewSample("away", away.away_message(NOW, words))
    for wished in (True, False):
        yield ViewSample("reminders by message", dm_reminders_message(words, wished=wished))
    yield ViewSample("approve with changes", approve_form.approve_form(known["pending"], catalog, words))
    yield ViewSample("approval note", approve_note.note_form(known["pending"], catalog, words))
    extend = extend_form.extend_form(known["approved, active"], 3650 * DAY, catalog, words)
    yield ViewSample("extension form", extend)
    drifted = drift_samples(sorted(catalog.entitlements, key=str), SEVERAL)
    for row in drifted[: len(DriftKind)]:
        kept = KeptRow("0" * 32, row, NOW, told=False)
        yield ViewSample(f"acceptance form, {row.kind}", drift_form.accept_form(kept, catalog, words, NOW))
        yield ViewSample(f"adoption form, {row.kind}", drift_form.adopt_form(kept, DAY, 3650 * DAY, catalog, words))
        yield ViewSample(f"revocation form, {row.kind}", drift_form.revoke_form(kept, catalog, words))
    for verdict in EmergencyVerdict:
        form = emergency.review_form(known["break-glass"], verdict, catalog, words)
        yield ViewSample(f"review form, {verdict}", form)
    yield ViewSample("denial form", details.deny_form(known["pending"], words))
    for repair in plan.repairs.values():
        yield ViewSample(f"authorize form, {repair.name}", repair_form(repair, words))
    yield ViewSample("onboarding form", onboarding_form.ask_form(catalog, words, {}))
    yield ViewSample("onboarding denial", onboarding_form.denial_form("0" * 32, words))
    yield ViewSample("onboarding changes", onboarding_form.changes_form("0" * 32, ONBOARDING, catalog, words, {}))


def _lists(known: Mapping[str, RequestView], item: Item, catalog: Catalog, words: Translations) -> Iterator[ViewSample]:
    whole = Overview(
        SOMEBODY,
        Link("T0PAIREC", SOMEBODY, USER, NOW),
        [replace(each, request=replace(each.request, subject=SOMEBODY)) for each in known.values()] * 4,
        [known["pending"]] * SEVERAL,
        [],
        [ONBOARDING] * SEVERAL,
        [ONBOARDING] * SEVERAL,
        running=[known["approved, active"]] * MOST_RUNNING,
        away_until=NOW,
        to_review=[known["break-glass"]] * SEVERAL,
    )
    yield ViewSample("list", lists.list_message(whole, catalog, words, TRACKER))
    alarmed = HomeAttention(
        Attention(10**6, dict.fromkeys(ALARMING, 10**6), 10**6), {**dict.fromkeys(CONDITIONS, NOW), EVIL: NOW}
    )
    yield ViewSample("home", home.home(whole, alarmed, catalog, words, TRACKER))
    yield from _request_windows(list(known.values()), catalog, words)
    ours = (grant(1, item.entitlements[0], GrantState.ACTIVE),)
    rows = [
        AccessRow(Principal(RamUserId(f"{number}"), f"{EVIL}{number}"), part, EVIL, source, ours)
        for part in item.entitlements
        for number in range(SEVERAL)
        for source in (AccessSource.BOT, AccessSource.NOT_SHOWN)
    ]
    unread = [UnreadSource("dataworks", "1", trouble, EVIL, EVIL, EVIL) for trouble in CloudErrorKind]
    report = AccessReport(tuple(rows), tuple(unread))
    yield ViewSample("who has it", who.holders(item, report, {RamUserId("0"): SOMEBODY}, catalog, words))
    holder = Principal(RamUserId("1"), EVIL)
    yield ViewSample("what somebody has", who.holdings(SOMEBODY, holder, report, catalog, words))
    drifted = drift_samples(sorted(catalog.entitlements, key=str), 5_000)
    kept = tuple(KeptRow("0" * 32, row, NOW, told=False) for row in drifted)
    of_requests = {10**11: known["approved, active"]}
    for number in (1, 2, 500):
        page = drift_list.drift_page(DriftReport(kept, SEVERAL, tuple(unread)), number, of_requests, catalog, words)
        yield ViewSample(f"drift, page {number}", page)
    items = tuple(
        ReviewItem(f"{number:032x}", "0" * 32, access, True, SOMEBODY)
        for number, access in enumerate(review_samples(sorted(catalog.entitlements, key=str), SEVERAL))
    )
    review = AccessReview("0" * 32, NOW, EVIL, NOW, collected_at=NOW, complete=False)
    part = ReviewPart(review, items, others=SEVERAL)
    yield ViewSample("access review", access_review.review_page(part, catalog, words, NOW))
    stays = tuple(replace(each, stays=why) for each, why in zip(items[:SHOWN], cycle(Stays), strict=False))
    left = LeftOver(review, stays, "0" * 32, more=True)
    yield ViewSample("left by an access review", left_over.left_page(left, catalog, words, LONG))
    yield ViewSample("no drift", drift_list.drift_page(DriftReport((), 0), 1, {}, catalog, words))
    message = help.help_message(catalog, words, *help_lines(words), typed=LONG, meant="/pairec-access request")
    yield ViewSample("help", message)
    yield ViewSample("help, whole", help.help_message(catalog, words, *help_lines(words), whole=True))


def _request_windows(known: list[RequestView], catalog: Catalog, words: Translations) -> Iterator[ViewSample]:
    for listing in Listing:
        for first in range(0, len(known), PER_PAGE):
            page = RequestPage(tuple(known[first : first + PER_PAGE]), newer=True, older=True)
            shown = request_window(listing, page, LONG[:MAX_SEARCH], (SOMEBODY, None), catalog, words)
            yield ViewSample(f"{listing}, from {first}", shown)
        nothing = request_window(listing, RequestPage(()), EVIL[:MAX_SEARCH], (SOMEBODY, None), catalog, words)
        yield ViewSample(f"{listing}, nothing found", nothing)


def _of_status(plan: StatusPlan, words: Translations) -> Iterator[ViewSample]:
    for result in results():
        yield ViewSample(f"board, {result.word}", board.board(boards.shown(plan, result), words))
        details = status_details.status_details(boards.details(plan, result), words)
        yield ViewSample(f"details, {result.word}", details)
        news = status_changes.changes_message(boards.changes(plan, result)[:40], plan, words)
        yield ViewSample(f"news, {result.word}", news)
    history = status_changes.history_message(boards.changes(plan, results()[0])[:20], plan, words)
    yield ViewSample("history", history)
    yield ViewSample("status help", status_help(plan, words, status_lines(words)))


def _foreseen(item: Item) -> Foreseen:
    judged = JudgedRequest(item, "R" * 100, Parties(USER, None, APPROVERS, ()), claimed=False)
    return Foreseen(SOMEBODY, judged, [HeldPart(part, ends_at=NOW) for part in item.entitlements])
