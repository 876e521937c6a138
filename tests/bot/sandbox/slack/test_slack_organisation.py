"""A workspace in an organisation, as Slack's documents and Bolt's own reading of payloads have it.

docs.slack.dev: reference/methods/auth.test, reference/objects/user-object, interactivity/implementing-slash-commands,
reference/interaction-payloads, apis/events-api (authorizations).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.request.internals import (
    extract_enterprise_id,
    extract_is_enterprise_install,
    extract_team_id,
    extract_user_id,
)
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.slack.page_client import NotDone
from tests.bot.sandbox.slack.block_kit import actions, button
from tests.bot.sandbox.slack.raw_app import RawApp

ORGANISATION = "E0WORKSHOP"


@pytest.fixture(autouse=True)
def _alone_again(workshop: SandboxClient) -> Iterator[None]:
    yield
    workshop.inject_slack_fault({"organisation": None})


def joins(workshop: SandboxClient, **more: Any) -> None:
    workshop.inject_slack_fault({"organisation": {"id": ORGANISATION, "name": "Group", **more}})


def test_auth_test_names_the_organisation_of_the_workspace(workshop: SandboxClient, client: WebClient) -> None:
    assert "enterprise_id" not in client.auth_test().data
    joins(workshop)
    found = client.auth_test()
    assert (found["team_id"], found["enterprise_id"]) == ("T0PAIREC", ORGANISATION)
    assert found["is_enterprise_install"] is False


def test_auth_test_of_an_app_that_is_installed_everywhere_is_the_organisations(
    workshop: SandboxClient, client: WebClient
) -> None:
    joins(workshop, everywhere=True)
    found = client.auth_test()
    assert (found["team_id"], found["enterprise_id"]) == (ORGANISATION, ORGANISATION)
    assert found["is_enterprise_install"] is True


def test_a_person_has_the_workspaces_that_they_are_in(workshop: SandboxClient, client: WebClient) -> None:
    assert "enterprise_user" not in client.users_info(user="U0CAROL")["user"]
    joins(workshop)
    grid = client.users_info(user="U0CAROL")["user"]["enterprise_user"]
    assert (grid["id"], grid["enterprise_id"], grid["enterprise_name"]) == ("U0CAROL", ORGANISATION, "Group")
    assert grid["teams"] == ["T0PAIREC"]
    change = {"team_id": None, "teams": ["T0OTHER"], "enterprise_user_id": "W0DAVE", "is_email_confirmed": None}
    workshop.inject_slack_fault({"person": "U0DAVE", "set": change})
    dave = client.users_info(user="U0DAVE")["user"]
    assert "team_id" not in dave and "is_email_confirmed" not in dave
    assert (dave["enterprise_user"]["id"], dave["enterprise_user"]["teams"]) == ("W0DAVE", ["T0OTHER"])


@pytest.mark.parametrize("everywhere", [False, True])
def test_whatever_is_sent_names_the_organisation(
    workshop: SandboxClient, raw: RawApp, client: WebClient, everywhere: bool
) -> None:
    joins(workshop, everywhere=everywhere)
    workshop.person("carol").type("/pairec-access help")
    typed = raw.payload("slash_commands")
    assert typed["enterprise_name"] == "Group"
    client.chat_postMessage(channel="C0APPROVALS", text="card", blocks=[actions(button("Approve", "ok", value="R7"))])
    workshop.person("judy").click("Approve")
    clicked = raw.payload("interactive")
    assert (clicked["team"] is None) is everywhere
    workshop.person("carol").open_home()
    event = raw.payload("events_api")
    for sent, user in ((typed, "U0CAROL"), (clicked, "U0JUDY"), (event, "U0CAROL")):
        assert extract_enterprise_id(sent) == ORGANISATION
        assert extract_team_id(sent) == "T0PAIREC"
        assert extract_is_enterprise_install(sent) is everywhere
        assert extract_user_id(sent) == user


@pytest.mark.parametrize("order", [{}, {"id": 7}, {"id": "E0", "everywhere": "yes"}, {"id": "E0", "teams": []}, "E0"])
def test_an_order_that_makes_no_organisation_is_refused(workshop: SandboxClient, order: Any) -> None:
    with pytest.raises(NotDone):
        workshop.inject_slack_fault({"organisation": order})


@pytest.mark.parametrize("change", [{"teams": "T0OTHER"}, {"teams": [7]}, {"team_id": 7}, {"is_email_confirmed": "no"}])
def test_a_person_of_no_sense_is_refused(workshop: SandboxClient, change: dict[str, Any]) -> None:
    with pytest.raises(NotDone):
        workshop.inject_slack_fault({"person": "U0CAROL", "set": change})
