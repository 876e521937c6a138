"""The worker's way to what handlers do and say for steps of workflows."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.queries.request_view import RequestView
from approvals.queries.workflow_steps import StepOutcome
from handlers.context import HandlerContext
from handlers.views import workflow_step
from handlers.workflow_step import ask_for_step, refused_step


class StepsOf:
    """Of one workspace."""

    def __init__(self, context: HandlerContext) -> None:
        self._context = context

    def ask(self, execution: str, asks: Mapping[str, str]) -> None:
        """Make a step's request.

        Raises:
            Refusal: it may not be made.
        """
        ask_for_step(self._context, execution, asks)

    def refused(self, asks: Mapping[str, str], refusal: Refusal) -> str:
        """Why it may not be, in the requester's language."""
        return refused_step(self._context, asks, refusal)

    def failure(self, record: RequestView, found: StepOutcome) -> str:
        """Why there is no access, likewise."""
        reader = self._context.read_by(record.request.requester).meet()
        return workflow_step.failure(record, found, reader.translations)

    def outputs(self, record: RequestView) -> dict[str, str | int]:
        """What the workflow goes on with."""
        return workflow_step.outputs(record)
