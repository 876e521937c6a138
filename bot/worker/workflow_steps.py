"""Steps of workflows: ask what they ask for, and tell Slack what became of it.

A step that waits for people is looked at again when something of its request changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from approvals.errors import Refusal
from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY
from approvals.operations.workflow_steps import REFUSED_AT, note_refused
from approvals.outbox import notifications
from approvals.ports import Clock
from approvals.queries.request_view import RequestView
from approvals.queries.workflow_steps import StepOutcome, outcome, request_of_step
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing
from bot.worker.postpone import Postpone, postponed_for

log = logging.getLogger(__name__)

TOLD_FOR_MS = 30 * DAY
"""A workflow that waits is told for so long."""


class StepConversation(Protocol):
    """What is said of a step, and by whom it is asked."""

    def ask(self, execution: str, asks: Mapping[str, str]) -> None:
        """Make its request. Refusal where that may not be."""
        ...

    def refused(self, asks: Mapping[str, str], refusal: Refusal) -> str:
        """Why it may not be, as people read it."""
        ...

    def failure(self, record: RequestView, found: StepOutcome) -> str:
        """Why there is no access."""
        ...

    def outputs(self, record: RequestView) -> dict[str, str | int]:
        """What the workflow goes on with."""
        ...


class WorkflowSteps:
    """A job for each step that was begun, or whose request changed."""

    def __init__(
        self, out: Outgoing, ledger: Ledger, clock: Clock, conversation: StepConversation, postpone: Postpone
    ) -> None:
        self._out = out
        self._ledger = ledger
        self._clock = clock
        self._say = conversation
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.WORKFLOW_STEP: self.see_to}

    def see_to(self, job: Job) -> None:
        """Ask, where that is not done yet; tell Slack, where it is known how the step ends.

        Raises:
            LostLock: another worker has the job.
        """
        execution = str(job.payload["execution"])
        record = request_of_step(self._ledger, execution)
        refused = record is None and REFUSED_AT in job.payload
        try:
            if record is not None:
                self._tell(execution, record)
            elif not refused:
                refused = self._refuses(job, execution)
        except SlackNotTaken as error:
            if postponed_for(job, self._clock.now()) <= TOLD_FOR_MS:
                self._postpone(job, error)
                return
        except SlackRefused as over:
            # It was told before, or the workflow was ended by somebody.
            log.info("a workflow does not wait any more", extra={"error": over.code})
            refused = record is None
        if refused:
            note_refused(self._ledger, job, self._clock.now())
        else:
            notifications.finish_job(self._ledger, job)

    def _refuses(self, job: Job, execution: str) -> bool:
        """Ask for what it asks for; whether that may not be, and Slack was told so."""
        asks = {name: str(text) for name, text in job.payload.items() if name != "execution"}
        try:
            self._say.ask(execution, asks)
        except Refusal as refusal:
            self._out.fail_step(execution, self._say.refused(asks, refusal))
            return True
        return False

    def _tell(self, execution: str, record: RequestView) -> None:
        found = outcome(record)
        if found is StepOutcome.ACTIVE:
            self._out.complete_step(execution, self._say.outputs(record))
        elif found is not None:
            self._out.fail_step(execution, self._say.failure(record, found))
