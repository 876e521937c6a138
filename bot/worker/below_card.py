"""A reply in the thread of a request's card in the approvals channel."""

from __future__ import annotations

from approvals.ledger.jobs import Job
from approvals.outbox import reminders
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.to_approvers import ToApprovers


def posted_below_card(ways: ToApprovers, job: Job, request_id: int, message: OutgoingMessage) -> bool:
    """Whether it was posted there: not where there is no card, or the channel does not take it.

    Raises:
        SlackNotTaken: not now.
    """
    card = reminders.newest_card(ways.ledger, request_id, ways.channel.id)
    if card is None:
        return False
    try:
        ways.channel.post(message, job, thread=card.ts)
    except SlackRefused:
        return False
    except SlackNotTaken as error:
        if not ways.channel.refuses_alone(job, error):
            raise
        return False
    return True
