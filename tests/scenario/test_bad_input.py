"""What bad input gets: a clear sentence in the place where the person is, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, ram_user, refused

READ_ONLY = "AliyunPAIRecReadOnlyAccess"
EVIL = "<!channel> <https://evil.example|Approve here> *bold*"


def says_no(app: AppHarness, person: SandboxPerson, line: str, why: str, sentence: str) -> None:
    """Asking in this line is refused with that sentence."""
    with refused(app, person, why, sentence, act="ask"):
        person.type(f"/pairec-access request {line}")
    assert app.cards() == []


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("PaiRecEngineAcces", "Did you mean `PaiRecEngineAccess`?"),
        ("engine-engeneer", "Did you mean `engine-engineer`?"),
        ("Nonsense", "There is no policy, bundle or role called `Nonsense`. `/pairec-access help` lists them."),
        ("AdministratorAccess", "There is no policy, bundle or role called `AdministratorAccess`."),
        (EVIL.split()[0], "There is no policy, bundle or role called `&lt;!channel&gt;`."),
        ("x" * 5_000, "There is no policy, bundle or role called `xxxxx"),
    ],
)
def test_an_unknown_policy_or_bundle(app: AppHarness, item: str, sentence: str) -> None:
    says_no(app, app.carol, f"{item} 8h rollout", "unknown_item", sentence)


@pytest.mark.parametrize("person", ["@nobody", "@nobody.else", "<@U0NOBODY>"])
def test_an_unknown_person(app: AppHarness, person: str) -> None:
    line = f"{ENGINE} {person} 8h rollout"
    if person.startswith("@"):
        says_no(app, app.carol, line, "unknown_person", f"There is nobody called `{person}` here.")
    else:
        says_no(app, app.carol, line, "bad_time", "`&lt;@U0NOBODY&gt;` is not a duration.")


def test_a_person_who_left_the_workspace(app: AppHarness) -> None:
    app.people.inject_slack_fault({"person": "U0DAVE", "set": {"deleted": True}})
    says_no(app, app.carol, f"{ENGINE} @dave 8h rollout", "deleted", "The Slack account of <@U0DAVE> is deactivated.")


@pytest.mark.parametrize(
    ("typed", "why", "sentence"),
    [
        (
            "0h",
            "bad_time",
            "`0h` is not a duration. Use a format such as 30m, 8 hours or 2w, until friday 18:00, or until-revoked.",
        ),
        ("0", "bad_time", "`0` is not a duration."),
        ("-8h", "bad_time", "`-8h` is not a duration."),
        ("8x", "bad_time", "`8x` is not a duration."),
        ("8", "bad_time", "`8` is not a duration."),
        ("rollout", "bad_time", "`rollout` is not a duration."),
        ("91d", "too_long", f"`{ENGINE}`: 90d at most."),
        ("999999d", "too_long", ": 90d at most."),
        ("9999999d", "bad_time", "is not a duration"),
    ],
)
def test_a_duration_that_cannot_be(app: AppHarness, typed: str, why: str, sentence: str) -> None:
    says_no(app, app.carol, f"{ENGINE} {typed} rollout", why, sentence)


@pytest.mark.parametrize("line", [ENGINE, f"{ENGINE} @dave"])
def test_a_line_that_ends_before_the_duration_is_shown_how_it_goes_on(app: AppHarness, line: str) -> None:
    says_no(app, app.carol, line, "duration_missing", "A duration is missing. Use a format such as 30m, 8 hours or 2w")
    shown = app.carol.ephemeral_with("For example").plain
    app.carol.type(shown.partition("For example `")[2].partition("`")[0])
    assert "(`PaiRecEngineAccess`)" in app.card("R-1001").plain


def test_the_admin_policy_for_longer_than_it_may_be_had_or_without_an_end(app: AppHarness) -> None:
    says_no(app, app.carol, f"{ADMIN} 9h incident", "too_long", f"`{ADMIN}`: 8h at most.")
    says_no(
        app,
        app.carol,
        f"{ADMIN} until-revoked incident",
        "until_revoked_not_offered",
        f"`{ADMIN}` cannot be had until revoked: 8h at most.",
    )


def test_an_empty_reason(app: AppHarness) -> None:
    says_no(app, app.carol, f"{ENGINE} 8h", "reason_missing", "Give a reason in a few words")


@pytest.mark.parametrize("ticket", ["ticket:", "ticket:<!channel>", "ticket:" + "A" * 41])
def test_a_ticket_that_is_none(app: AppHarness, ticket: str) -> None:
    says_no(app, app.carol, f"{ENGINE} 8h {ticket} x", "bad_ticket", "A ticket is a reference such as ABC-1")


def test_a_reason_of_ten_thousand_characters_is_kept_within_bounds_and_shown_capped(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h {'why ' * 2_500}")
    shown = typed_texts(app.card(ref))
    assert len(shown) == 1 and len(shown[0]) <= 300 and shown[0].endswith("…")
    assert len(app.record(ref).request.reason) == 3_000
    app.bob.click("Details", app.card(ref))
    assert "why " * 700 in app.bob.modal("History").plain


def test_a_form_with_a_reason_of_ten_thousand_characters_is_stopped_by_the_client(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    assert "reason" in app.carol.submit({"What": ENGINE, "Reason": "w" * 10_000})
    assert app.requests() == 0


def typed_texts(message: SeenMessage) -> list[str]:
    texts = [block.get("text") or {} for block in message.blocks if block["type"] == "section"]
    return [text["text"] for text in texts if text.get("type") == "plain_text"]


def mrkdwn_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in mrkdwn_texts(part)]
    return [text for part in value for text in mrkdwn_texts(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("how", ["line", "form"])
def test_a_reason_full_of_markup_is_shown_as_text_and_mentions_nobody(app: AppHarness, how: str) -> None:
    if how == "line":
        app.carol.type(f"/pairec-access request {ENGINE} 8h {EVIL} @everyone")
    else:
        app.carol.type("/pairec-access request")
        app.carol.modal("Request access")
        app.carol.submit({"What": ENGINE, "Reason": f"{EVIL} @everyone"})
    card = app.card("R-1001")
    assert typed_texts(card) == [f"{EVIL} @everyone"]
    assert sorted(card.mentions) == ["U0ALICE", "U0BOB", "U0CAROL", "U0JUDY"]
    app.bob.click("Details", card)
    details = app.bob.modal("History")
    app.bob.close_modal()
    app.bob.type("/pairec-access list")
    listed = app.bob.ephemeral_with("Needs your approval")
    asked = app.carol.direct_message_with("needs 1 approval")
    assert asked.mentions == [] and listed.mentions == ["U0CAROL"]
    for shown in (card.blocks, details.body["blocks"], listed.blocks, asked.blocks):
        for text in mrkdwn_texts(shown):
            assert "evil.example" not in text and "<!channel" not in text and "*bold*" not in text


def test_a_mention_in_a_reason_notifies_nobody(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h as @frank said")
    assert typed_texts(app.card(ref)) == ["as <@U0FRANK|frank> said"]
    assert "U0FRANK" not in app.card(ref).mentions


@pytest.mark.parametrize("line", [f"{EVIL}", f"{ENGINE} {EVIL}", f"{ENGINE} @{EVIL}", f"{ENGINE} 8{EVIL} x"])
def test_markup_anywhere_in_a_line_comes_back_as_text(app: AppHarness, line: str) -> None:
    app.carol.type(f"/pairec-access request {line}")
    answer = app.carol.ephemeral_with("`")
    assert answer.mentions == []
    assert "<!channel>" not in answer.plain and "<https" not in answer.plain
    assert app.requests() == 0


def test_a_display_name_full_of_markup_is_shown_as_text_and_mentions_nobody(app: AppHarness) -> None:
    values = {"real_name": f"{EVIL}", "title": EVIL}
    app.people.inject_slack_fault({"person": "U0ERIN", "set": values})
    app.by_hand("UpdateUser", UserName="erin", NewDisplayName=EVIL)
    app.restart_bot()
    app.erin.type("/pairec-access request")
    form = app.erin.modal("RAM user")
    offered = app.erin.suggestions("RAM user", "erin")
    assert offered == [f"erin ({EVIL})"]
    claim = next(spot.element for spot in form.spots() if spot.element["action_id"] == "claim")
    assert claim["initial_option"]["text"]["type"] == "plain_text"
    app.erin.submit({"What": DATA, "Reason": "features"})
    card = app.card("R-1001")
    assert "channel" not in card.mentions
    assert "evil.example" not in str(card.body["blocks"]) and "evil.example" not in card.text


def test_a_policy_that_is_held_without_an_end(app: AppHarness) -> None:
    sentence = f"RAM user `dave` has `{MONITOR}` already, without an end. There is nothing to request."
    says_no(app, app.dave, f"{MONITOR} 8h watching", "already_held", sentence)
    app.by_hand("AttachPolicyToUser", UserName="dave", PolicyName=READ_ONLY, PolicyType="System")
    says_no(app, app.dave, "business-analyst until-revoked reports", "already_held", "without an end")


def test_a_policy_that_is_held_for_longer_already(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    ends = (app.record(ref).request.ends_at or 0) // 1_000
    sentence = f"RAM user `carol` has `{ENGINE}` already until <!date^{ends}^"
    with refused(app, app.carol, "already_held", sentence, act="ask"):
        app.carol.type(f"/pairec-access request {ENGINE} 2h rollout")


def test_a_policy_that_is_held_for_less_may_be_asked_for_and_outlives_the_first_expiry(app: AppHarness) -> None:
    first = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(first, app.bob)
    app.card(first, "active")
    second = app.asked(app.carol, f"{ENGINE} 4h it takes longer")
    app.approve(second, app.judy)
    app.card(second, "active")
    app.people.advance(HOUR + 60)
    app.card(first, "ended")
    assert app.holds("carol", ENGINE)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 0
    app.people.advance(3 * HOUR)
    app.comes_to_lose("carol", ENGINE)
    app.card(second, "ended")


def test_a_bundle_of_which_a_part_is_missing_may_be_asked_for(app: AppHarness) -> None:
    ref = app.asked(app.dave, "algorithm-engineer 8h features")
    assert f"*Already holds*\n`{MONITOR}`" in app.card(ref).plain


def test_what_is_pending_already(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    sentence = f"{ref} requests `{ENGINE}` already and is pending."
    with refused(app, app.carol, "already_pending", sentence, act="ask"):
        app.carol.type(f"/pairec-access request {ENGINE} 2h once more")


@pytest.mark.parametrize(
    ("first", "second"),
    [(READ_ONLY, "business-analyst"), ("algorithm-engineer", MONITOR), ("business-analyst", READ_ONLY)],
)
def test_what_is_pending_already_under_another_name_is_told_by_both_names(
    app: AppHarness, first: str, second: str
) -> None:
    ref = app.asked(app.carol, f"{first} 8h rollout")
    sentence = f"{ref} requests `{first}` already, which includes `{second}`, and is pending."
    with refused(app, app.carol, "already_pending", sentence, act="ask"):
        app.carol.type(f"/pairec-access request {second} 2h once more")


def test_what_is_pending_for_somebody_already_when_a_third_person_asks(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    with refused(app, app.dave, "already_pending", f"{ref} requests", act="ask"):
        app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")


def test_what_was_refused_in_the_form_after_it_closed_is_told_by_direct_message(app: AppHarness) -> None:
    app.dave.type("/pairec-access request")
    app.dave.modal("Request access")
    assert app.dave.submit({"What": MONITOR, "Reason": "watching"}) == {}
    app.dave.direct_message_with(f"RAM user `dave` has `{MONITOR}` already, without an end.")
    assert app.requests() == 0


def test_a_ram_user_deleted_before_the_request(app: AppHarness) -> None:
    app.by_hand("DeleteUser", UserName="carol")
    sentence = "RAM user `carol` of <@U0CAROL> no longer exists"
    says_no(app, app.carol, f"{ENGINE} 8h rollout", "user_gone", sentence)


def test_a_ram_user_deleted_before_the_decision(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.by_hand("DeleteUser", UserName="carol")
    with refused(app, app.bob, "user_gone", "RAM user `carol` of <@U0CAROL> no longer exists", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_ram_user_deleted_and_made_anew_is_somebody_else(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    before = ram_user(app, "carol")
    app.by_hand("DeleteUser", UserName="carol")
    app.by_hand("CreateUser", UserName="carol")
    assert ram_user(app, "carol") != before
    with refused(app, app.bob, "user_gone", "or its name belongs to another user now", ref):
        app.bob.click("Approve", app.card(ref))
    with refused(app, app.dave, "user_gone", "or its name belongs to another user now", act="ask"):
        app.dave.type(f"/pairec-access request {DATA} @carol 8h features")


def test_a_ram_user_renamed_meanwhile_is_still_the_same(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.by_hand("UpdateUser", UserName="carol", NewUserName="carol.diaz")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol.diaz", ENGINE)


def test_a_ram_user_deleted_between_decision_and_grant(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    # What is read along with the decision, and the look before the attach.
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 2, "times": 2})
    app.approve(ref, app.bob)
    app.by_hand("DeleteUser", UserName="carol")
    app.card(ref, "The RAM user no longer exists.")
    app.carol.direct_message_with("could not be granted")


def test_a_click_on_a_closed_request(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    app.cancels(app.carol, ref)
    app.card(ref, "cancelled")
    with refused(app, app.bob, "already_closed", f"{ref} was cancelled by <@U0CAROL>, <!date^", ref):
        press(app.bob, "approve", app.name(ref), card)


def deleted(app: AppHarness, policy: str) -> None:
    """Somebody takes a policy off the engine's role, which alone has it, and deletes it."""
    app.by_hand("DetachPolicyFromRole", RoleName="AliyunPAIRecEASRole", PolicyName=policy, PolicyType="Custom")
    app.by_hand("DeletePolicy", PolicyName=policy)


def test_a_policy_that_the_account_does_not_have(app: AppHarness) -> None:
    # A bot that has seen it keeps in mind for five minutes of which type it is.
    app.stop_bot()
    deleted(app, DATA)
    app.start_bot()
    sentence = f"`{DATA}`: not initialized in this account. The account's owner creates it on the permission page"
    says_no(app, app.carol, f"{DATA} 8h features", "not_initialised", sentence)
    says_no(app, app.carol, "algorithm-engineer 8h features", "not_initialised", sentence)


def test_a_policy_that_is_deleted_between_request_and_grant_fails_and_can_be_tried_again(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h features")
    deleted(app, DATA)
    app.approve(ref, app.bob)
    card = app.card(ref, "needs attention")
    assert "ould not be attached. The policy is not initialized in this account." in card.plain
    document = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["oss:*"], "Resource": ["*"]}]}'
    app.by_hand("CreatePolicy", PolicyName=DATA, PolicyDocument=document)
    app.bob.click("Retry", card)
    app.comes_to_hold("carol", DATA)
