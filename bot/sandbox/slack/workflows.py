"""Workflows that run a step of the app: begun by somebody, and waiting until the app says what became of it.

Source: docs.slack.dev, custom steps (function_executed), functions.completeSuccess and functions.completeError.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.app_config import Step
from bot.sandbox.slack.arguments import Method, text_of
from bot.sandbox.slack.wire import CallRefused, Json, SlackError, new_id
from bot.sandbox.slack.workspace import Workspace

RUNNING, COMPLETED, FAILED = "running", "completed", "failed"


@dataclass
class StepRun:
    """One run of a step."""

    id: str
    step: Step
    started_by: str
    state: str = RUNNING
    event: Json = field(default_factory=dict)
    """What the app was sent, and is sent again by Slack until it is acknowledged."""
    outputs: Json | None = None
    error: str | None = None


class Workflows:
    """The runs of the app's steps so far."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._runs: dict[str, StepRun] = {}

    def begin(self, person: str, callback_id: str, inputs: dict[str, Any]) -> StepRun:
        """Somebody starts a workflow with this step.

        Raises:
            CallRefused: there is no such step, or Workflow Builder would not let it run with these.
        """
        step = self._workspace.app.step(callback_id)
        if step is None or "function_executed" not in self._workspace.app.bot_events:
            raise CallRefused(f"the app offers no step {callback_id!r} for workflows")
        if inputs.keys() - step.inputs.keys():
            raise CallRefused("the step has no such input")
        if missing := [name for name, required in step.inputs.items() if required and not inputs.get(name)]:
            raise CallRefused(f"the step needs {missing[0]}")
        run = StepRun(new_id("Fx"), step, person)
        self._runs[run.id] = run
        run.event = {
            "type": "function_executed",
            "function": {
                "id": "Fn0STEP",
                "callback_id": callback_id,
                "type": "app",
                "app_id": self._workspace.app.app_id,
                "input_parameters": [{"name": name, "is_required": step.inputs[name]} for name in step.inputs],
                "output_parameters": [{"name": name} for name in step.outputs],
            },
            "inputs": inputs,
            "function_execution_id": run.id,
            "workflow_execution_id": new_id("Wx"),
            "event_ts": self._workspace.new_ts(),
            "bot_access_token": f"xwfp-{secrets.token_hex(24)}",
        }
        return run

    def run(self, run_id: str) -> StepRun | None:
        """None where there is no such run."""
        return self._runs.get(run_id)

    def end(self, run_id: str) -> None:
        """Somebody cancels the workflow while it waits."""
        self._runs[run_id].state = FAILED

    def methods(self) -> dict[str, Method]:
        """Those by which an app ends its step; any token of its bot serves, without a scope."""
        return {
            "functions.completeSuccess": Method(self._completed),
            "functions.completeError": Method(self._failed),
        }

    def _completed(self, args: Json) -> Json:
        run = self._waiting(args)
        outputs = args.get("outputs")
        if isinstance(outputs, str):
            outputs = _parsed(outputs)
        if not isinstance(outputs, dict):
            raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: outputs"])
        kinds = run.step.outputs
        if any(name not in kinds or type(value) is not kinds[name] for name, value in outputs.items()):
            raise SlackError("parameter_validation_failed")
        run.state, run.outputs = COMPLETED, outputs
        self._workspace.changed()
        return {}

    def _failed(self, args: Json) -> Json:
        run = self._waiting(args)
        run.error = text_of(args, "error")
        run.state = FAILED
        self._workspace.notify(run.started_by, f"The workflow stopped: {run.error}")
        return {}

    def _waiting(self, args: Json) -> StepRun:
        run = self._runs.get(text_of(args, "function_execution_id"))
        if run is None:
            raise SlackError("function_execution_not_found")
        if run.state != RUNNING:
            raise SlackError("execution_not_in_running_state")
        return run


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise SlackError("invalid_arguments", messages=["[ERROR] outputs must be JSON"]) from None
