"""`blocks.validate` of the sandbox says what it would refuse in a message or a view, and sends nothing."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox

LONG = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3_001}}]
SHORT = [{"type": "section", "text": {"type": "mrkdwn", "text": "a"}}]
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "A" * 25}, "blocks": SHORT}


@pytest.fixture(scope="module")
def slack(request: pytest.FixtureRequest) -> WebClient:
    opened = Sandbox().start()
    request.addfinalizer(opened.stop)
    settings = opened.env()
    return WebClient(settings["SLACK_BOT_TOKEN"], base_url=settings["PAIREC_SLACK_API_URL"])


def refused(slack: WebClient, **given: object) -> SlackApiError:
    with pytest.raises(SlackApiError) as error:
        slack.blocks_validate(**given)  # type: ignore[arg-type]
    return error.value


def test_what_is_well_is_answered_with_ok(slack: WebClient) -> None:
    assert slack.blocks_validate(message={"text": "a", "blocks": SHORT})["ok"]
    assert slack.blocks_validate(blocks=SHORT)["ok"]
    assert slack.blocks_validate(view={**VIEW, "title": {"type": "plain_text", "text": "A"}})["ok"]


def test_what_is_wrong_comes_with_the_place_in_it(slack: WebClient) -> None:
    answer = refused(slack, message={"text": "a", "blocks": LONG}).response
    assert answer["error"] == "invalid_message"
    (error,) = answer["errors"]
    assert error["pointer"] == "/blocks/0/text/text" and error["code"] == "failed_constraint"
    assert "3001" in error["message"]
    assert refused(slack, blocks=LONG).response["error"] == "invalid_blocks"
    answer = refused(slack, view=VIEW).response
    assert answer["error"] == "invalid_view" and answer["errors"][0]["pointer"] == "/view/title/text"


def test_exactly_one_of_the_three_is_given(slack: WebClient) -> None:
    assert refused(slack).response["error"] == "invalid_arguments"
    assert refused(slack, blocks=SHORT, view=VIEW).response["error"] == "invalid_arguments"
    assert refused(slack, message={}).response["error"] == "invalid_message"
