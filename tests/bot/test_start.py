"""What Slack says at the start: which setting is at fault, or that none is and Slack has trouble of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.settings import SettingsError
from bot.slack.startup_checks import check_channel, slack_team
from tests.harness.app import APPROVALS
from tests.harness.program import pairec_access, says_plainly
from tests.harness.timeouts import workshop_at

pytestmark = pytest.mark.slow

NOT_NOW = "PAIREC_SLACK_API_URL: Slack does not answer right now"
PASSING: list[dict[str, Any]] = [
    {"fault": "ratelimited", "seconds": 30},
    {"fault": "http_500"},
    {"fault": "hang", "seconds": 5},
    {"fault": "drop_answer"},
    *({"fault": "error", "error": error} for error in ("fatal_error", "service_unavailable", "team_added_to_org")),
]
SHORT = 1
"""Second after which a client gives up here."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def people(sandbox: Sandbox) -> SandboxClient:
    return workshop_at(sandbox.page_url)


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Settings with which a start would succeed."""
    return {**sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}


def client(sandbox: Sandbox) -> WebClient:
    env = sandbox.env()
    return WebClient(
        token=env["SLACK_BOT_TOKEN"], base_url=env["PAIREC_SLACK_API_URL"], timeout=SHORT, retry_handlers=[]
    )


QUESTIONS: dict[str, Callable[[WebClient], object]] = {
    "auth.test": slack_team,
    "conversations.info": lambda slack: check_channel(slack, APPROVALS),
}


@pytest.mark.parametrize("method", QUESTIONS)
@pytest.mark.parametrize("order", PASSING, ids=lambda order: order.get("error", order["fault"]))
def test_slacks_own_trouble_is_no_fault_of_a_setting(
    sandbox: Sandbox, people: SandboxClient, method: str, order: dict[str, Any]
) -> None:
    people.inject_slack_fault({**order, "method": method})
    with pytest.raises(SettingsError) as refused:
        QUESTIONS[method](client(sandbox))
    assert str(refused.value).startswith(NOT_NOW)
    assert "start again" in str(refused.value)
    QUESTIONS[method](client(sandbox))


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_bot_token_that_slack_refuses_is_at_fault(people: SandboxClient, told: dict[str, str], error: str) -> None:
    people.inject_slack_fault({"fault": "error", "method": "auth.test", "error": error})
    says_plainly(pairec_access("run", **told), f"SLACK_BOT_TOKEN: Slack does not take it ({error})")


def test_a_channel_that_slack_does_not_tell_of_is_at_fault(people: SandboxClient, told: dict[str, str]) -> None:
    people.inject_slack_fault({"fault": "error", "method": "conversations.info", "error": "missing_scope"})
    says_plainly(pairec_access("run", **told), "PAIREC_APPROVALS_CHANNEL: Slack does not tell who reads it (missing")


def test_an_app_token_that_slack_refuses_is_at_fault_and_that_is_all_there_is_to_read(told: dict[str, str]) -> None:
    done = pairec_access("run", **{**told, "SLACK_APP_TOKEN": "xapp-1-A0-another-one"})
    says_plainly(done, "SLACK_APP_TOKEN: Slack does not open a connection with it (invalid_auth)")


@pytest.mark.parametrize("order", PASSING[:2], ids=lambda order: order["fault"])
def test_a_connection_that_slack_does_not_open_right_now_is_no_fault_of_the_token(
    people: SandboxClient, told: dict[str, str], order: dict[str, Any]
) -> None:
    people.inject_slack_fault({**order, "method": "apps.connections.open"})
    says_plainly(pairec_access("run", **told), NOT_NOW)


def test_an_address_at_which_something_else_than_slack_answers_is_at_fault(
    sandbox: Sandbox, told: dict[str, str]
) -> None:
    says_plainly(
        pairec_access("run", **{**told, "PAIREC_SLACK_API_URL": sandbox.page_url}),
        "PAIREC_SLACK_API_URL: what answers there is not Slack",
    )


def test_an_address_at_which_nobody_answers_is_named(told: dict[str, str]) -> None:
    done = pairec_access("run", **{**told, "PAIREC_SLACK_API_URL": "http://127.0.0.1:1/api/"})
    says_plainly(done, NOT_NOW)


def test_a_ledger_that_cannot_be_locked_ends_the_start(told: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "ledger.db.lock").mkdir()
    says_plainly(pairec_access("run", **told), f"PAIREC_DATABASE_URL: the ledger {tmp_path}/ledger.db cannot be locked")
