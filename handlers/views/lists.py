"""What I have through this bot, until when, what waits, and what waits for me: for the list and App Home."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.model import Catalog
from approvals.grant import GrantState
from approvals.onboarding import Onboarding, OnboardingState
from approvals.queries.overview import Overview
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.access_buttons import end_access_button, extend_button, is_active
from handlers.views.approve_buttons import approve_buttons
from handlers.views.away import away_block
from handlers.views.blocks import Block, Message, button, buttons, context_block, divider, section, typed
from handlers.views.cancel_onboarding import cancel_button
from handlers.views.card_facts import item_name, time_given
from handlers.views.claim_lines import claim_lines
from handlers.views.cloud_errors import call_context
from handlers.views.grants import grant_lines
from handlers.views.hand_task import task_line
from handlers.views.starts import from_start, starts_line
from handlers.views.text import first_lines, literal, moment, person, truncated
from handlers.views.tracker import Tracker

LISTED = 4
"""Requests under each heading of a message, which takes 50 blocks: eight for one of each, and 13 around them."""
LISTED_TASKS = 8
LISTED_USERS = 2
"""RAM users that somebody waits for, each with its button; those beyond are in one paragraph."""
DECIDE_ON_USER = N_("• RAM user {name} for {subject}, requested by {requester}: its card has the buttons")
WAIT_FOR_USER = N_("• RAM user {name} for {subject}, requested by {requester}")


def list_message(overview: Overview, catalog: Catalog, translations: Translations, tracker: Tracker) -> Message:
    """The list as a message, which takes fewer requests than App Home."""
    return Message(
        translations.gettext("Your access and pending requests"),
        overview_blocks(overview, catalog, translations, tracker, LISTED),
    )


def overview_blocks(
    overview: Overview,
    catalog: Catalog,
    translations: Translations,
    tracker: Tracker,
    most: int,
    *,
    apart: bool = False,
) -> list[Block]:
    """Who they are, and below it what they have and what waits: so many requests under each heading at `most`. `apart`:
    with a line between two requests.
    """

    def each(records: Sequence[RequestView], empty: str) -> list[Block]:
        return _each(records, empty, overview, catalog, translations, tracker, most, apart)

    running = [record for record in overview.mine if record.running]
    held = [record for record in overview.mine if _held(record)]
    mine = [record for record in (*running, *held) if overview.is_mine(record)]
    of_others = [record for record in running if not overview.is_mine(record)]
    waiting = [record for record in overview.mine if record.pending or record.scheduled]
    blocks = [_identity(overview, translations)]
    if overview.away_until is not None:
        blocks.append(away_block(overview.away_until, translations))
    if overview.to_decide is not None:
        blocks.append(section(translations.gettext("*Needs your approval*")))
        blocks += _users(overview.users_to_decide, DECIDE_ON_USER, translations)
        if overview.to_decide or not overview.users_to_decide:
            blocks += each(overview.to_decide, translations.gettext("Nothing needs your approval."))
        blocks.append(divider())
    blocks += _reviews(overview, catalog, translations)
    if overview.by_hand:
        lines = [task_line(task, translations) for task in overview.by_hand]
        title = translations.gettext("*To do by hand*; steps and buttons are in your messages")
        blocks += [section("\n".join([title, *first_lines(lines, translations, LISTED_TASKS)])), divider()]
    blocks.append(section(translations.gettext("*Your access*")))
    blocks += each(mine, translations.gettext("Nothing granted here."))
    blocks.append(divider())
    if of_others:
        blocks.append(section(translations.gettext("*Requested for others*")))
        blocks += each(of_others, "")
        blocks.append(divider())
    if any(record.scheduled for record in waiting):
        blocks.append(section(translations.gettext("*Your pending and scheduled requests*")))
    else:
        blocks.append(section(translations.gettext("*Your pending requests*")))
    blocks += _my_users(overview, translations)
    if waiting or not overview.my_users:
        blocks += each(waiting, translations.gettext("No pending requests."))
    if overview.unknown:
        blocks.append(context_block(overview.unknown))
    return blocks


def _reviews(overview: Overview, catalog: Catalog, translations: Translations) -> list[Block]:
    """What others took in emergencies, in one paragraph."""
    if not overview.to_review:
        return []
    line = translations.gettext("• *{ref}* · {what}, taken by {requester}: its card has the buttons")
    lines = [
        line.format(ref=record.request.ref, what=item_name(record, catalog), requester=person(record.request.requester))
        for record in overview.to_review
    ]
    title = translations.gettext("*Break-glass that needs a review*")
    return [section("\n".join([title, *first_lines(lines, translations, LISTED_TASKS)])), divider()]


def _users(users: Sequence[Onboarding], template: str, translations: Translations) -> list[Block]:
    """RAM users that are not there yet, in one paragraph."""
    lines = _user_lines(users, template, translations)
    return [section("\n".join(first_lines(lines, translations, LISTED_TASKS)))] if lines else []


def _my_users(overview: Overview, translations: Translations) -> list[Block]:
    """The RAM users that somebody waits for, with a button for each on which nobody has decided yet."""
    blocks: list[Block] = []
    for each in overview.my_users[:LISTED_USERS]:
        waits = each.state is OnboardingState.PENDING
        blocks += [
            section(line, cancel_button(each, translations) if waits else None)
            for line in _user_lines([each], WAIT_FOR_USER, translations)
        ]
    more = overview.my_users[LISTED_USERS:]
    return [*blocks, *_users(more, WAIT_FOR_USER, translations)]


def _user_lines(users: Sequence[Onboarding], template: str, translations: Translations) -> list[str]:
    return [
        translations.gettext(template).format(
            name=literal(each.user.name), subject=person(each.subject), requester=person(each.requester)
        )
        for each in users
    ]


def _held(record: RequestView) -> bool:
    return bool(record.grants) and not record.running and any(g.state is GrantState.HELD for g in record.grants)


def _identity(overview: Overview, translations: Translations) -> Block:
    if overview.link is None:
        return context_block(
            translations.gettext("You are not linked to a RAM user yet; `/pairec-access link` shows how.")
        )
    return context_block(
        translations.gettext("You are RAM user {ram_user}.").format(ram_user=literal(overview.link.principal.name))
    )


def _each(
    records: Sequence[RequestView],
    empty: str,
    overview: Overview,
    catalog: Catalog,
    translations: Translations,
    tracker: Tracker,
    most: int,
    apart: bool,
) -> list[Block]:
    if not records:
        return [context_block(empty)]
    blocks: list[Block] = []
    for record in records[:most]:
        if apart and blocks:
            blocks.append(divider())
        blocks += _one(record, overview, catalog, translations, tracker)
    if len(records) > most:
        blocks.append(context_block(translations.gettext("and {count} more").format(count=len(records) - most)))
    return blocks


def _one(
    record: RequestView, overview: Overview, catalog: Catalog, translations: Translations, tracker: Tracker
) -> list[Block]:
    request = record.request
    mine_to_decide = record in (overview.to_decide or ())
    lines = [heading(record, catalog, translations, mine=None if mine_to_decide else overview.is_mine(record))]
    if record.pending:
        lines.append(
            translations.gettext("{count} of {needed} approved, expires {when}").format(
                count=len(record.approvals), needed=request.approvals_needed, when=moment(request.expires_at)
            )
        )
    if record.scheduled:
        lines.append(starts_line(request, translations))
    if record.under_review and record.emergency:
        text = translations.gettext("Break-glass, to be reviewed by {review_by}")
        lines.append(text.format(review_by=moment(record.emergency.review_by)))
    if mine_to_decide and request.ticket:
        lines.append(translations.gettext("Ticket {ticket}").format(ticket=tracker.shown(request.ticket)))
    lines += grant_lines(record, catalog, translations)
    if mine_to_decide:
        lines += claim_lines(record, translations)
    blocks = [section("\n".join(lines)), *call_context(record.grants, translations)]
    if mine_to_decide:
        reason = truncated(request.reason, 150)
        blocks.append(typed(translations.gettext("Reason: {reason}").format(reason=reason)))
    found = _buttons(record, overview, translations)
    return [*blocks, found] if found else blocks


def heading(record: RequestView, catalog: Catalog, translations: Translations, *, mine: bool | None = None) -> str:
    """What, for whom and how long; as which RAM user as well, unless the reader only looks at it: then `mine` says
    whether it is theirs.
    """
    request = record.request
    line = translations.gettext("*{ref}* · {what} for {subject} as RAM user {ram_user}, {duration}")
    if request.of_account:
        line = translations.gettext("*{ref}* · {what}, requested by {subject}")
    elif mine:
        line = translations.gettext("*{ref}* · {what}, {duration}")
    elif mine is not None:
        line = translations.gettext("*{ref}* · {what} for {subject}, {duration}")
    return line.format(
        ref=request.ref,
        what=item_name(record, catalog),
        subject=person(request.subject),
        ram_user=literal(request.principal.name),
        duration=from_start(
            time_given(record, translations), request.starts_at if record.pending else None, translations
        ),
    )


def _buttons(record: RequestView, overview: Overview, translations: Translations) -> Block | None:
    name = record.request.public_id
    if record.scheduled:
        return buttons(button(translations.gettext("Cancel request"), "cancel", name))
    if record.pending and overview.may_cancel(record):
        remind = [button(translations.gettext("Remind"), "remind", name)] if overview.may_remind(record) else []
        return buttons(*remind, button(translations.gettext("Cancel request"), "cancel", name))
    if record.pending:
        return buttons(
            *approve_buttons(record, translations),
            button(translations.gettext("Deny"), "deny", name, "danger"),
            button(translations.gettext("Details"), "details", name),
        )
    if overview.is_mine(record) and is_active(record):
        return buttons(*extend_button(record, translations), end_access_button(record, translations))
    return None
