"""What somebody did in Slack is read out of whatever shape a payload has."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.interaction import Interaction

CLICK: dict[str, Any] = {
    "user": {"id": "U0BOB"},
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.example.com/1",
    "container": {"type": "message", "channel_id": "C0APPROVALS", "message_ts": "1.2"},
    "actions": [{"value": "f" * 32, "block_id": "sure"}],
    "message": {"text": "R-1001", "blocks": [{"type": "section"}]},
}


def test_a_click_says_who_clicked_on_what_and_where() -> None:
    click = Interaction.parse(CLICK)
    assert (click.user, click.value, click.block_id, click.trigger_id) == ("U0BOB", "f" * 32, "sure", "1.2.3")
    assert click.place == ("C0APPROVALS", "1.2") and not click.is_private and not click.in_home
    assert click.message_text == "R-1001" and click.message_blocks == [{"type": "section"}]


def test_a_private_message_has_no_place_that_could_be_redrawn() -> None:
    private = Interaction.parse({**CLICK, "container": {**CLICK["container"], "is_ephemeral": True}})
    assert private.place is None and private.is_private


def test_a_command_says_who_typed_what_and_where() -> None:
    typed = Interaction.parse({"user_id": "U0CAROL", "channel_id": "C0TEAM", "text": "list", "trigger_id": "1.2.3"})
    assert (typed.user, typed.channel, typed.text, typed.response_url) == ("U0CAROL", "C0TEAM", "list", None)


@pytest.mark.parametrize("odd", [None, "", 7, [], {}, [[]], ["x"], {"id": 7}, {"type": ["message"]}])
@pytest.mark.parametrize(
    "name", ["user", "user_id", "container", "actions", "message", "view", "text", "response_url", "trigger_id"]
)
def test_what_has_another_shape_than_it_should_is_empty(name: str, odd: Any) -> None:
    found = Interaction.parse({**CLICK, name: odd})
    assert isinstance(found.user, str) and isinstance(found.value, str) and isinstance(found.text, str)
    assert found.response_url is None or isinstance(found.response_url, str)


def test_without_a_trigger_or_a_form_nothing_goes_on_as_if_there_were_one() -> None:
    with pytest.raises(ValueError, match="trigger_id"):
        _ = Interaction.parse({}).trigger_id
    with pytest.raises(ValueError, match="view"):
        _ = Interaction.parse({}).form
