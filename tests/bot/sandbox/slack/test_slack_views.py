"""Modals: trigger ids, hashes, stacks, submissions and what stands under the fields."""

from __future__ import annotations

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import NotDone, SandboxClient
from tests.bot.sandbox.slack.block_kit import actions, button, field, modal, option, section
from tests.bot.sandbox.slack.raw_app import RawApp


def trigger_of(workshop: SandboxClient, raw: RawApp, name: str = "carol") -> str:
    workshop.person(name).type("/pairec-access request")
    return str(raw.payload("slash_commands")["trigger_id"])


def error_of(call: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(call.value.response["error"])


def test_a_modal_opens_for_the_person_whose_trigger_it_was(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    view = client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask"))["view"]
    assert workshop.person("carol").modal("Ask").id == view["id"]
    assert workshop.person("dave").screen()["modals"] == []


def test_a_trigger_serves_once(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    trigger = trigger_of(workshop, raw)
    client.views_open(trigger_id=trigger, view=modal("First"))
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger, view=modal("Second"))
    assert error_of(refused) == "exchanged_trigger_id"


def test_a_trigger_expires_in_real_time(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    trigger = trigger_of(workshop, raw)
    time.sleep(1.05)
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger, view=modal("Late"))
    assert error_of(refused) == "expired_trigger_id"


def test_moving_the_clock_does_not_expire_a_trigger(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    trigger = trigger_of(workshop, raw)
    workshop.advance(3600)
    assert client.views_open(trigger_id=trigger, view=modal("Still good"))["ok"]


def test_an_unknown_trigger_is_refused(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id="1.2.made-up", view=modal("No"))
    assert error_of(refused) == "invalid_trigger_id"


def test_a_refused_view_does_not_spend_the_trigger(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    trigger = trigger_of(workshop, raw)
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger, view=modal("A title of far too many letters"))
    assert error_of(refused) == "invalid_arguments"
    assert "json-pointer:/view/title/text" in refused.value.response["response_metadata"]["messages"][0]
    assert client.views_open(trigger_id=trigger, view=modal("Short"))["ok"]


def test_an_update_with_an_old_hash_is_a_conflict(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    view = client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("One"))["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Two"))
    with pytest.raises(SlackApiError) as refused:
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Three"))
    assert error_of(refused) == "hash_conflict"
    assert workshop.person("carol").modal().title == "Two"


def test_a_closed_modal_cannot_be_updated(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    view = client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Gone"))["view"]
    workshop.person("carol").close_modal()
    with pytest.raises(SlackApiError) as refused:
        client.views_update(view_id=view["id"], view=modal("Back"))
    assert error_of(refused) == "not_found"


def test_a_stack_holds_three_modals(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("1"))
    client.views_push(trigger_id=trigger_of(workshop, raw), view=modal("2"))
    client.views_push(trigger_id=trigger_of(workshop, raw), view=modal("3"))
    with pytest.raises(SlackApiError) as refused:
        client.views_push(trigger_id=trigger_of(workshop, raw), view=modal("4"))
    assert error_of(refused) == "push_limit_reached"
    workshop.person("carol").close_modal()
    assert workshop.person("carol").modal().title == "2"


def test_an_external_id_is_unique_and_finds_its_view(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Mine", external_id="only-one"))
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger_of(workshop, raw, "dave"), view=modal("Yours", external_id="only-one"))
    assert error_of(refused) == "duplicate_external_id"
    client.views_update(external_id="only-one", view=modal("Changed", external_id="only-one"))
    assert workshop.person("carol").modal().title == "Changed"


def test_a_submission_carries_the_values_by_block_and_action(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    people = {"type": "multi_users_select", "action_id": "who"}
    hours = {"type": "static_select", "action_id": "how", "options": [option("1 hour", "1"), option("8 hours", "8")]}
    view = modal("Ask", field("Reason", "reason"), field("For", "for", people), field("How long", "long", hours))
    client.views_open(trigger_id=trigger_of(workshop, raw), view=view | {"private_metadata": "R1"})
    carol = workshop.person("carol")
    assert carol.submit({"Reason": "on <call>", "For": ["dave", "erin"], "How long": "8 hours"}) == {}
    sent = raw.payload("interactive")
    values = sent["view"]["state"]["values"]
    assert sent["type"] == "view_submission" and sent["view"]["private_metadata"] == "R1"
    assert values["reason"]["value"]["value"] == "on <call>"
    assert values["for"]["who"]["selected_users"] == ["U0DAVE", "U0ERIN"]
    assert values["long"]["how"]["selected_option"]["value"] == "8"
    carol.no_modal()


def test_an_empty_required_field_never_reaches_the_app(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask"))
    carol = workshop.person("carol")
    assert "reason" in carol.submit()
    assert "! Please complete this required field." in carol.modal().plain
    assert raw.envelopes.empty()


def test_errors_of_the_app_stand_under_their_field_until_it_is_right(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask"))
    carol = workshop.person("carol")
    raw.answer = lambda _: {"response_action": "errors", "errors": {"reason": "Say more"}}
    assert carol.submit({"Reason": "x"}) == {"reason": "Say more"}
    assert carol.modal().errors == {"reason": "Say more"}
    raw.answer = lambda _: {}
    assert carol.submit({"Reason": "because of the pager"}) == {}
    carol.no_modal()


def test_errors_for_a_block_that_is_no_input_are_not_shown_as_success(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask"))
    raw.answer = lambda _: {"response_action": "errors", "errors": {"nowhere": "No"}}
    with pytest.raises(NotDone, match="errors_for_unknown_blocks"):
        workshop.person("carol").submit({"Reason": "x"})
    assert workshop.person("carol").modal().title == "Ask"


def test_a_submission_may_update_push_or_clear(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("First"))
    carol = workshop.person("carol")
    raw.answer = lambda _: {"response_action": "update", "view": modal("Updated")}
    carol.submit({"Reason": "x"})
    assert [view["title"]["text"] for view in carol.screen()["modals"]] == ["Updated"]
    raw.answer = lambda _: {"response_action": "push", "view": modal("Pushed")}
    carol.submit({"Reason": "x"})
    assert [view["title"]["text"] for view in carol.screen()["modals"]] == ["Updated", "Pushed"]
    raw.answer = lambda _: {"response_action": "clear"}
    carol.submit({"Reason": "x"})
    assert carol.screen()["modals"] == []


def test_a_submission_that_nobody_acknowledges_leaves_the_modal(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask"))
    raw.answer = lambda _: None
    with pytest.raises(NotDone, match="operation_timeout"):
        workshop.person("carol").submit({"Reason": "x"})
    assert workshop.person("carol").modal("Ask").title == "Ask"
    assert "trouble connecting" in workshop.person("carol").notice()


def test_view_closed_is_sent_only_when_asked_for(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    carol = workshop.person("carol")
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Quiet"))
    carol.close_modal()
    assert raw.envelopes.empty()
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Loud", notify_on_close=True))
    carol.close_modal()
    assert raw.payload("interactive")["type"] == "view_closed"


def test_an_external_select_asks_the_app_and_takes_only_what_it_offered(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    policy = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask", field("Policy", "policy", policy)))
    raw.answer = lambda _: {"options": [option("Monitor", "m"), option("Engine", "e")]}
    carol = workshop.person("carol")
    assert carol.suggestions("Policy", "mon") == ["Monitor", "Engine"]
    asked = raw.payload("interactive")
    assert (asked["type"], asked["value"], asked["action_id"]) == ("block_suggestion", "mon", "pick")
    with pytest.raises(NotDone, match="not among the options"):
        carol.submit({"Policy": "Admin"})


def test_what_was_entered_stays_when_the_view_is_updated_around_it(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    more = actions(button("More", "more"))
    view = client.views_open(trigger_id=trigger_of(workshop, raw), view=modal("Ask", field("Reason", "reason"), more))
    carol = workshop.person("carol")
    carol.fill({"Reason": "half a thought"})
    carol.click("More")
    assert raw.payload("interactive")["view"]["state"]["values"]["reason"]["value"]["value"] == "half a thought"
    client.views_update(view_id=view["view"]["id"], view=modal("Ask", field("Reason", "reason"), section("Added")))
    assert "Reason: half a thought" in carol.modal("Added").plain


def test_a_field_that_an_update_took_away_is_not_submitted(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    trigger = trigger_of(workshop, raw)
    view = client.views_open(trigger_id=trigger, view=modal("Ask", field("Role", "role"), field("Reason", "reason")))
    carol = workshop.person("carol")
    carol.fill({"Role": "reader", "Reason": "on call"})
    client.views_update(view_id=view["view"]["id"], view=modal("Ask", field("Reason", "reason")))
    assert carol.submit() == {}
    values = raw.payload("interactive")["view"]["state"]["values"]
    assert list(values) == ["reason"] and values["reason"]["value"]["value"] == "on call"


def test_the_home_tab_is_published_for_one_person(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    workshop.person("bob").open_home()
    event = raw.payload("events_api")["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0BOB", "home")
    client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": [actions(button("Revoke", "revoke"))]})
    workshop.person("bob").click("Revoke", workshop.person("bob").home("Revoke"))
    clicked = raw.payload("interactive")
    assert clicked["view"]["type"] == "home" and "response_url" not in clicked
    assert workshop.person("alice").screen()["home"] is None
