"""The windows of past requests and of active access: opened, turned over and searched."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack

from approvals import rules
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.people import Link, Person
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.queries.request_pages import past_requests, running_requests, search_for
from approvals.refusals.cloud import RamSilent
from approvals.request_search import Cursor
from approvals.rules import Act
from approvals.transaction import Tx
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.interaction import Interaction
from handlers.refusals.sentences import plain_sentence
from handlers.views.blocks import Message
from handlers.views.request_pages import (
    CALLBACK,
    MAX_SEARCH,
    SEARCH,
    Listing,
    cursor_of,
    drawn_from,
    request_window,
)
from handlers.windows import open_window, redraw_window


def past_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """App Home's button: what somebody had or asked for."""
    ack()
    context.serve(interaction, lambda: open_listing(context, interaction, Listing.PAST), Act.LOOK)


def running_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """App Home's button for approvers: what anybody has."""
    ack()
    context.serve(interaction, lambda: open_listing(context, interaction, Listing.RUNNING), Act.LOOK)


def turned(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Older ones or newer ones, in the same window."""
    ack()
    cursor = cursor_of(interaction.value)
    context.serve(interaction, lambda: redraw_listing(context, interaction, cursor), Act.LOOK)


def searched(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is found takes the place of what was there, with the acknowledgement: anything else would close the window.
    What is one's own is found by the account that sent it; what others have is for approvers, judged anew.
    """
    listing, _ = drawn_from(interaction.form)
    typed = interaction.written_in(SEARCH)[:MAX_SEARCH]
    try:
        known = context.directory.clicker(interaction.user) if listing is Listing.RUNNING else None
        with context.ledger.read(BEFORE_ACK_SECONDS) as tx:
            if known is not None:
                _check_approver(context, tx, *known)
            link = links.link_of(tx, context.team_id, interaction.user)
            view = _window(context, tx, interaction, listing, link, typed, None)
    except Refusal as refusal:
        ack(response_action="errors", errors={SEARCH: plain_sentence(refusal, context.translations)})
        return
    except context.ledger.engine_errors as error:
        silent = context.ledger_refusal(error, interaction)
        ack(response_action="errors", errors={SEARCH: plain_sentence(silent, context.translations)})
        return
    ack(response_action="update", view=view)


def open_listing(
    context: HandlerContext, interaction: Interaction, listing: Listing, typed: str = "", too_late: str | None = None
) -> Message | None:
    """Open the window with what is found for `typed`.

    Raises:
        Refusal: no full member of this workspace, or no approver where access of others is listed; SlackBusy.
    """
    actor = context.directory.person(interaction.user)
    view = _judged(context, interaction, actor, listing, typed[:MAX_SEARCH], None)
    return open_window(context, interaction, view, too_late)


def redraw_listing(context: HandlerContext, interaction: Interaction, cursor: Cursor | None = None) -> None:
    """Show a window as it is now, from the cursor on.

    Raises:
        Refusal: as `open_listing` does.
    """
    listing, search = drawn_from(interaction.form)
    actor = context.directory.recent_person(interaction.user)
    redraw_window(context, interaction, _judged(context, interaction, actor, listing, search, cursor))


def is_listing(interaction: Interaction) -> bool:
    """Whether it was done in such a window."""
    return interaction.view is not None and interaction.view.get("callback_id") == CALLBACK


def _judged(
    context: HandlerContext,
    interaction: Interaction,
    actor: Person,
    listing: Listing,
    search: str,
    cursor: Cursor | None,
) -> dict[str, Any]:
    rules.check_full_member(actor, context.team_id)
    admins = context.directory.recent_admins() if listing is Listing.RUNNING else None
    with context.ledger.read() as tx:
        if admins is not None:
            _check_approver(context, tx, actor, admins)
        link = links.link_of_person(tx, context.team_id, actor)
        return _window(context, tx, interaction, listing, link, search, cursor)


def _check_approver(context: HandlerContext, tx: Tx, actor: Person, admins: Holders | None) -> None:
    rules.check_full_member(actor, context.team_id)
    if admins is None:
        raise RamSilent()
    rules.may_approve(standing(tx, context.team_id, actor, admins))


def _window(
    context: HandlerContext,
    tx: Tx,
    interaction: Interaction,
    listing: Listing,
    link: Link | None,
    search: str,
    cursor: Cursor | None,
) -> dict[str, Any]:
    reader = interaction.user, link.principal.user_id if link else None
    wanted = search_for(search, context.catalog)
    page = (
        past_requests(tx, context.team_id, *reader, wanted, cursor)
        if listing is Listing.PAST
        else running_requests(tx, context.team_id, wanted, cursor)
    )
    return request_window(listing, page, search, reader, context.catalog, context.translations)
