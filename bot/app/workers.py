"""The workers: which kinds of job each does, and on how many threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from approvals.entitlements import RoleLinks
from approvals.ledger.job_kinds import JobKind
from bot.app.cloud_record import cloud_record_work
from bot.app.parts import Parts
from bot.app.start_request import start_request
from bot.app.steps_of import StepsOf
from bot.app.trail_work import trail_work
from bot.app.view_renderer import ViewRenderer
from bot.directory.approvers import Approvers
from bot.monitor.clock_watch import ClockWatch
from bot.slack.outgoing import Outgoing
from bot.slack.replies import ReplyAddresses
from bot.worker.access_reviews import AccessReviews
from bot.worker.admins import AdminWatch
from bot.worker.alarms import Alarms
from bot.worker.anchors import ChannelAnchors
from bot.worker.approvals_channel import ApprovalsChannel
from bot.worker.board_replies import BoardReplies
from bot.worker.boards import Boards
from bot.worker.cards import Cards
from bot.worker.channel_readers import ChannelReaders
from bot.worker.checker import Checker
from bot.worker.comments import Comments
from bot.worker.drift import DriftWatch
from bot.worker.escalations import Escalations
from bot.worker.leavers import LeaverWatch
from bot.worker.loop import Perform, Worker
from bot.worker.messages import Messages
from bot.worker.notices import Notices
from bot.worker.onboarder import Onboarder
from bot.worker.origin import OriginWatch
from bot.worker.policies import PolicyGate, PolicyWatch
from bot.worker.postpone import Postpone
from bot.worker.reconciler import Reconciler
from bot.worker.reminders import Reminders
from bot.worker.starts import Starts
from bot.worker.status_changes import StatusChanges
from bot.worker.timers import Timers
from bot.worker.to_approvers import ToApprovers
from bot.worker.workflow_steps import WorkflowSteps
from handlers.context import HandlerContext

CLOUD_THREADS = 24
"""Enough to keep RAM's 10 writes a second up when each of a write's calls takes half a second."""
TALK_THREADS = 6
CHECK_THREADS = 24
"""Each run of checks has one until the last answer, and each row may have a run of its own."""
HOME_THREADS = 2


def make_workers(
    parts: Parts, context: HandlerContext, replies: ReplyAddresses, watch: ClockWatch, origin_watch: OriginWatch
) -> tuple[Worker, ...]:
    """All of them, not yet started."""
    out = Outgoing(parts.slack, parts.clock, parts.conditions)
    postpone = Postpone(parts.ledger, parts.clock, parts.chance)
    renderer = ViewRenderer(context)
    approvers = Approvers(parts.ledger, parts.directory, parts.clock, context.team_id)
    channel = ApprovalsChannel(out, parts.clock, parts.conditions, approvers.is_here, parts.settings.approvals_channel)
    ways = ToApprovers(out, parts.ledger, parts.clock, channel, approvers, postpone)
    cards, alarms, notices = Cards(ways, renderer), Alarms(ways, renderer), Notices(ways, renderer)
    messages = Messages(out, parts.ledger, parts.clock, renderer, alarms.tell, postpone)
    talk = {
        **cards.performers(),
        **alarms.performers(),
        **notices.performers(),
        **messages.performers(),
        **Reminders(ways, renderer, parts.settings.working_hours).performers(),
        **Escalations(ways, renderer).performers(),
        **Comments(ways, renderer).performers(),
        **_status_work(parts, renderer, out, replies, postpone),
        **_channel_anchors(parts, renderer, out, postpone),
    }
    checker = Checker(parts.ledger, parts.plan, parts.sources, parts.clock)
    leaver_watch = LeaverWatch(parts.ledger, parts.directory, parts.clock, parts.chance, context.team_id)
    looking = (
        parts.ledger,
        parts.catalog,
        origin_watch.inventory,
        parts.directory,
        parts.clock,
        postpone,
        context.team_id,
        parts.action_trail if parts.settings.actiontrail_region else None,
    )
    drift_watch, reviews = DriftWatch(*looking), AccessReviews(*looking)
    steps = WorkflowSteps(out, parts.ledger, parts.clock, StepsOf(context), postpone)
    home_work = {
        **steps.performers(),
        **Starts(partial(start_request, context), postpone).performers(),
        JobKind.HOME: messages.home,
        JobKind.LEAVERS: leaver_watch.check,
        JobKind.ORIGIN: origin_watch.check,
        JobKind.DRIFT: drift_watch.check,
        JobKind.ACCESS_REVIEW: reviews.perform,
    }

    def worker(
        name: str, perform: Mapping[JobKind, Perform], threads: int, is_paused: Callable[[], bool] = lambda: False
    ) -> Worker:
        return Worker(
            name, parts.ledger, parts.clock, perform, parts.chance, threads=threads, is_paused=is_paused, watch=watch
        )

    return (
        worker("cloud", _cloud_work(parts, postpone), CLOUD_THREADS),
        worker("talk", talk, TALK_THREADS, out.is_paused),
        worker("time", Timers(parts.ledger, parts.clock, parts.settings.retention).performers(), 1),
        # A webhook that is slow holds nobody up who looks at the status, and is not held up by Slack.
        worker("check", {**checker.performers(), **trail_work(parts), **cloud_record_work(parts)}, CHECK_THREADS),
        # Drawing App Home asks RAM who may approve, and may wait for it, as a workflow does; nobody else has to.
        worker("home", home_work, HOME_THREADS, out.is_paused),
    )


def _status_work(
    parts: Parts, renderer: ViewRenderer, out: Outgoing, replies: ReplyAddresses, postpone: Postpone
) -> dict[JobKind, Perform]:
    """What `/pairec-status` shows."""
    readers = ChannelReaders(out, parts.clock)
    by_reply = BoardReplies(replies, readers, parts.ledger, parts.clock, postpone)
    boards = Boards(out, by_reply, readers, parts.ledger, parts.clock, parts.plan, renderer, postpone)
    changes = StatusChanges(out, readers, parts.ledger, parts.clock, parts.plan, renderer, postpone)
    return {**boards.performers(), **changes.performers()}


def _channel_anchors(parts: Parts, renderer: ViewRenderer, out: Outgoing, postpone: Postpone) -> dict[JobKind, Perform]:
    channel, secret = parts.settings.anchor_channel, parts.settings.anchor_secret
    if channel is None or secret is None:
        return {}
    key = secret.get_secret_value()
    told = ChannelAnchors(parts.ledger, parts.clock, parts.conditions, out, renderer, postpone, channel, key)
    return {JobKind.ANCHOR_POST: told.post}


def _cloud_work(parts: Parts, postpone: Postpone) -> dict[JobKind, Perform]:
    catalog, required = parts.catalog, parts.settings.policy_review_required
    reconciler = Reconciler(
        parts.ledger,
        parts.products,
        parts.clock,
        parts.chance,
        RoleLinks(catalog.implied_by, catalog.needs),
        catalog.manual,
        gate=PolicyGate(parts.ledger, parts.policies.current, parts.clock, required=required),
    )
    names = frozenset(part.name for part in catalog.entitlements if part.has_type)
    policy_watch = PolicyWatch(parts.ledger, parts.policies, names, parts.clock, required=required)
    admin_watch = AdminWatch(parts.ledger, parts.directory, parts.clock, postpone)
    onboarder = Onboarder(parts.ledger, parts.catalog, parts.new_users, parts.directory, parts.clock, parts.chance)
    return {
        JobKind.ONBOARD: onboarder.onboard,
        JobKind.RECONCILE_KEY: reconciler.reconcile,
        JobKind.FIND_DRIFT: reconciler.find_drift,
        JobKind.ADMINS: admin_watch.check,
        JobKind.POLICIES: policy_watch.check,
    }
