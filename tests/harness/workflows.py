"""The app with its step for Workflow Builder, as the manifest has it when its option is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from bot.sandbox.slack.app_config import Step
from bot.sandbox.slack.workflows import RUNNING, StepRun
from handlers.workflow_step import CALLBACK
from tests.harness.app import ENGINE, AppHarness
from tests.harness.generated import ROOT

TYPES = {"string": str, "slack#/types/timestamp": int}


def manifest_with_step() -> dict[str, Any]:
    """By the command of docs/workflow-step.md."""
    text = (ROOT / "manifest.yml").read_text("utf-8").replace("org_deploy_enabled: false", "org_deploy_enabled: true")
    loaded: dict[str, Any] = yaml.safe_load(
        "\n".join(line if "usergroups:read" in line else line.removeprefix("#+") for line in text.splitlines())
    )
    return loaded


def install_step(app: AppHarness) -> None:
    """The app is installed anew with its step."""
    manifest = manifest_with_step()
    workspace, settings = app.sandbox.workspace, manifest["settings"]
    steps = tuple(
        Step(name, {each: put["is_required"] for each, put in function["input_parameters"].items()}, _outputs(function))
        for name, function in manifest["functions"].items()
    )
    events = frozenset(settings["event_subscriptions"]["bot_events"])
    workspace.app = replace(
        workspace.app, steps=steps, bot_events=events, org_deploy_enabled=settings["org_deploy_enabled"]
    )


def _outputs(function: Mapping[str, Any]) -> dict[str, type]:
    return {name: TYPES[put["type"]] for name, put in function["output_parameters"].items()}


def started(app: AppHarness, **inputs: str) -> str:
    """Carol starts a workflow with the step: the id of its run."""
    given = {"requester": "U0CAROL", "access": ENGINE, "duration": "8h", "reason": "rolling out ranker v3", **inputs}
    return app.carol.start_workflow(CALLBACK, **{name: text for name, text in given.items() if text})


def delivered_again(app: AppHarness, run_id: str) -> None:
    """As Slack does it a minute later, where nobody acknowledged it."""
    slack = app.sandbox.slack

    def tell() -> None:
        run = slack.workflows.run(run_id)
        assert run is not None
        slack.deliveries.tell(slack.payloads.event(run.event))

    app.sandbox.call(tell)


def ended(app: AppHarness, run_id: str) -> StepRun:
    """The run, once it does not wait any more."""

    def look() -> StepRun | None:
        run = app.sandbox.slack.workflows.run(run_id)
        return run if run and run.state != RUNNING else None

    return app.until(look, lambda: f"the step to end; carol sees:\n{app.carol.screen_text()}")
