"""What bad input gets: a clear sentence in the place where the person is, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, ram_user, refused

EVIL = "<!channel> <https://evil.example|Approve here> *bold*"


def says_no(office: AppHarness, person: SandboxPerson, line: str, why: str, sentence: str) -> None:
    """Asking in this line is refused with that sentence."""
    with refused(office, person, why, sentence, act="ask"):
        person.types(f"/pairec-access request {line}")
    assert office.cards() == []


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("PaiRecEngineAcces", "Did you mean `PaiRecEngineAccess`?"),
        ("engine-engeneer", "Did you mean `engine-engineer`?"),
        ("Nonsense", "There is no policy, bundle or role called `Nonsense`. `/pairec-access help` names them all."),
        ("AdministratorAccess", "There is no policy, bundle or role called `AdministratorAccess`."),
        (EVIL.split()[0], "There is no policy, bundle or role called `&lt;!channel&gt;`."),
        ("x" * 5_000, "There is no policy, bundle or role called `xxxxx"),
    ],
)
def test_an_unknown_policy_or_bundle(office: AppHarness, item: str, sentence: str) -> None:
    says_no(office, office.carol, f"{item} 8h rollout", "unknown_item", sentence)


@pytest.mark.parametrize("person", ["@nobody", "@nobody.else", "<@U0NOBODY>"])
def test_an_unknown_person(office: AppHarness, person: str) -> None:
    line = f"{ENGINE} {person} 8h rollout"
    if person.startswith("@"):
        says_no(office, office.carol, line, "unknown_person", f"There is nobody called `{person}` here.")
    else:
        says_no(office, office.carol, line, "bad_duration", "`&lt;@U0NOBODY&gt;` is not a duration.")


def test_a_person_who_left_the_workspace(office: AppHarness) -> None:
    office.people.order_slack({"person": "U0DAVE", "set": {"deleted": True}})
    says_no(
        office, office.carol, f"{ENGINE} @dave 8h rollout", "deleted", "The Slack account of <@U0DAVE> is deactivated."
    )


@pytest.mark.parametrize(
    ("typed", "why", "sentence"),
    [
        ("0h", "bad_duration", "`0h` is not a duration. Write it like 30m, 8h, 7d or 1h30m, or until-revoked."),
        ("0", "bad_duration", "`0` is not a duration."),
        ("-8h", "bad_duration", "`-8h` is not a duration."),
        ("8x", "bad_duration", "`8x` is not a duration."),
        ("8", "bad_duration", "`8` is not a duration."),
        ("rollout", "bad_duration", "`rollout` is not a duration."),
        ("91d", "too_long", f"`{ENGINE}` can be had for 90d at most."),
        ("999999d", "too_long", "can be had for 90d at most."),
        ("9999999d", "bad_duration", "is not a duration"),
    ],
)
def test_a_duration_that_cannot_be(office: AppHarness, typed: str, why: str, sentence: str) -> None:
    says_no(office, office.carol, f"{ENGINE} {typed} rollout", why, sentence)


@pytest.mark.parametrize("line", [ENGINE, f"{ENGINE} @dave"])
def test_a_line_that_ends_before_the_duration_is_shown_how_it_goes_on(office: AppHarness, line: str) -> None:
    says_no(office, office.carol, line, "duration_missing", "A duration is missing. Write it like 30m, 8h, 7d or 1h30m")
    shown = office.carol.ephemeral_with("For example").plain
    office.carol.types(shown.partition("For example `")[2].partition("`")[0])
    assert "(`PaiRecEngineAccess`)" in office.card("R-1001").plain


def test_the_admin_policy_for_longer_than_it_may_be_had_or_without_an_end(office: AppHarness) -> None:
    says_no(office, office.carol, f"{ADMIN} 9h incident", "too_long", f"`{ADMIN}` can be had for 8h at most.")
    says_no(
        office,
        office.carol,
        f"{ADMIN} until-revoked incident",
        "until_revoked_not_offered",
        f"`{ADMIN}` cannot be had until revoked; 8h is the longest.",
    )


def test_an_empty_reason(office: AppHarness) -> None:
    says_no(office, office.carol, f"{ENGINE} 8h", "reason_missing", "Say in a few words why")


@pytest.mark.parametrize("ticket", ["ticket:", "ticket:<!channel>", "ticket:" + "A" * 41])
def test_a_ticket_that_is_none(office: AppHarness, ticket: str) -> None:
    says_no(office, office.carol, f"{ENGINE} 8h {ticket} x", "bad_ticket", "A ticket is a reference like ABC-1")


def test_a_reason_of_ten_thousand_characters_is_kept_within_bounds_and_shown_capped(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h {'why ' * 2_500}")
    shown = typed_texts(office.card(ref))
    assert len(shown) == 1 and len(shown[0]) <= 300 and shown[0].endswith("…")
    assert len(office.record(ref).request.reason) == 3_000
    office.bob.click("Details", office.card(ref))
    assert "why " * 700 in office.bob.modal("What happened").plain


def test_a_form_with_a_reason_of_ten_thousand_characters_is_stopped_by_the_client(office: AppHarness) -> None:
    office.carol.types("/pairec-access request")
    office.carol.modal("Request access")
    assert "reason" in office.carol.submit({"What": ENGINE, "Why": "w" * 10_000})
    assert office.requests() == 0


def typed_texts(message: SeenMessage) -> list[str]:
    texts = [block.get("text") or {} for block in message.blocks if block["type"] == "section"]
    return [text["text"] for text in texts if text.get("type") == "plain_text"]


def mrkdwn_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in mrkdwn_texts(part)]
    return [text for part in value for text in mrkdwn_texts(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("how", ["line", "form"])
def test_a_reason_full_of_markup_is_shown_as_text_and_mentions_nobody(office: AppHarness, how: str) -> None:
    if how == "line":
        office.carol.types(f"/pairec-access request {ENGINE} 8h {EVIL} @everyone")
    else:
        office.carol.types("/pairec-access request")
        office.carol.modal("Request access")
        office.carol.submit({"What": ENGINE, "Why": f"{EVIL} @everyone"})
    card = office.card("R-1001")
    assert typed_texts(card) == [f"{EVIL} @everyone"]
    assert sorted(card.mentions) == ["U0ALICE", "U0BOB", "U0CAROL", "U0JUDY"]
    office.bob.click("Details", card)
    details = office.bob.modal("What happened")
    office.bob.close_modal()
    office.bob.types("/pairec-access list")
    listed = office.bob.ephemeral_with("Waits for your decision")
    asked = office.carol.direct_message_with("waits for 1 approval")
    assert asked.mentions == [] and listed.mentions == ["U0CAROL"]
    for shown in (card.blocks, details.body["blocks"], listed.blocks, asked.blocks):
        for text in mrkdwn_texts(shown):
            assert "evil.example" not in text and "<!channel" not in text and "*bold*" not in text


def test_a_mention_in_a_reason_notifies_nobody(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h as @frank said")
    assert typed_texts(office.card(ref)) == ["as <@U0FRANK|frank> said"]
    assert "U0FRANK" not in office.card(ref).mentions


@pytest.mark.parametrize("line", [f"{EVIL}", f"{ENGINE} {EVIL}", f"{ENGINE} @{EVIL}", f"{ENGINE} 8{EVIL} x"])
def test_markup_anywhere_in_a_line_comes_back_as_text(office: AppHarness, line: str) -> None:
    office.carol.types(f"/pairec-access request {line}")
    answer = office.carol.ephemeral_with("`")
    assert answer.mentions == []
    assert "<!channel>" not in answer.plain and "<https" not in answer.plain
    assert office.requests() == 0


def test_a_display_name_full_of_markup_is_shown_as_text_and_mentions_nobody(office: AppHarness) -> None:
    values = {"real_name": f"{EVIL}", "title": EVIL}
    office.people.order_slack({"person": "U0ERIN", "set": values})
    office.by_hand("UpdateUser", UserName="erin", NewDisplayName=EVIL)
    office.restart_bot()
    office.erin.types("/pairec-access request")
    form = office.erin.modal("RAM user")
    offered = office.erin.suggestions("RAM user", "erin")
    assert offered == [f"erin ({EVIL})"]
    claim = next(spot.element for spot in form.spots() if spot.element["action_id"] == "claim")
    assert claim["initial_option"]["text"]["type"] == "plain_text"
    office.erin.submit({"What": DATA, "Why": "features"})
    card = office.card("R-1001")
    assert "channel" not in card.mentions
    assert "evil.example" not in str(card.body["blocks"]) and "evil.example" not in card.text


def test_a_policy_that_is_held_without_an_end(office: AppHarness) -> None:
    sentence = f"RAM user `dave` has `{MONITOR}` already, without an end. There is nothing to ask for."
    says_no(office, office.dave, f"{MONITOR} 8h watching", "already_held", sentence)
    says_no(office, office.dave, "business-analyst until-revoked reports", "already_held", "without an end")


def test_a_policy_that_is_held_for_longer_already(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.approve(ref, office.bob)
    office.card(ref, "active")
    ends = (office.record(ref).request.ends_at or 0) // 1_000
    sentence = f"RAM user `carol` has `{ENGINE}` already until <!date^{ends}^"
    with refused(office, office.carol, "already_held", sentence, act="ask"):
        office.carol.types(f"/pairec-access request {ENGINE} 2h rollout")


def test_a_policy_that_is_held_for_less_may_be_asked_for_and_outlives_the_first_expiry(office: AppHarness) -> None:
    first = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(first, office.bob)
    office.card(first, "active")
    second = office.asked(office.carol, f"{ENGINE} 4h it takes longer")
    office.approve(second, office.judy)
    office.card(second, "active")
    office.people.advance(HOUR + 60)
    office.card(first, "ended")
    assert office.holds("carol", ENGINE)
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert office.writes("DetachPolicyFromUser", "carol", ENGINE) == 0
    office.people.advance(3 * HOUR)
    office.comes_to_lose("carol", ENGINE)
    office.card(second, "ended")


def test_a_bundle_of_which_a_part_is_missing_may_be_asked_for(office: AppHarness) -> None:
    ref = office.asked(office.dave, "algorithm-engineer 8h features")
    assert f"*Already holds*\n`{MONITOR}`" in office.card(ref).plain


def test_what_is_pending_already(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    sentence = f"{ref} asks for `{ENGINE}` already and waits for a decision."
    with refused(office, office.carol, "already_pending", sentence, act="ask"):
        office.carol.types(f"/pairec-access request {ENGINE} 2h once more")


@pytest.mark.parametrize(
    ("first", "second"), [(MONITOR, "business-analyst"), ("algorithm-engineer", MONITOR), ("business-analyst", MONITOR)]
)
def test_what_is_pending_already_under_another_name_is_told_by_both_names(
    office: AppHarness, first: str, second: str
) -> None:
    ref = office.asked(office.carol, f"{first} 8h rollout")
    sentence = f"{ref} asks for `{first}` already, which gives all that `{second}` gives, and waits for a decision."
    with refused(office, office.carol, "already_pending", sentence, act="ask"):
        office.carol.types(f"/pairec-access request {second} 2h once more")


def test_what_is_pending_for_somebody_already_when_a_third_person_asks(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} @dave 8h rollout")
    with refused(office, office.dave, "already_pending", f"{ref} asks for", act="ask"):
        office.dave.types(f"/pairec-access request {ENGINE} 8h rollout")


def test_what_was_refused_in_the_form_after_it_closed_is_told_by_direct_message(office: AppHarness) -> None:
    office.dave.types("/pairec-access request")
    office.dave.modal("Request access")
    assert office.dave.submit({"What": MONITOR, "Why": "watching"}) == {}
    office.dave.direct_message_with(f"RAM user `dave` has `{MONITOR}` already, without an end.")
    assert office.requests() == 0


def test_a_ram_user_deleted_before_the_request(office: AppHarness) -> None:
    office.by_hand("DeleteUser", UserName="carol")
    sentence = "RAM user `carol` of <@U0CAROL> does not exist any more"
    says_no(office, office.carol, f"{ENGINE} 8h rollout", "user_gone", sentence)


def test_a_ram_user_deleted_before_the_decision(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.by_hand("DeleteUser", UserName="carol")
    with refused(office, office.bob, "user_gone", "RAM user `carol` of <@U0CAROL> does not exist any more", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_ram_user_deleted_and_made_anew_is_somebody_else(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    before = ram_user(office, "carol")
    office.by_hand("DeleteUser", UserName="carol")
    office.by_hand("CreateUser", UserName="carol")
    assert ram_user(office, "carol") != before
    with refused(office, office.bob, "user_gone", "or its name belongs to another user now", ref):
        office.bob.click("Approve", office.card(ref))
    with refused(office, office.dave, "user_gone", "or its name belongs to another user now", act="ask"):
        office.dave.types(f"/pairec-access request {DATA} @carol 8h features")


def test_a_ram_user_renamed_meanwhile_is_still_the_same(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.by_hand("UpdateUser", UserName="carol", NewUserName="carol.diaz")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol.diaz", ENGINE)


def test_a_ram_user_deleted_between_decision_and_grant(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 2, "times": 1})
    office.approve(ref, office.bob)
    office.by_hand("DeleteUser", UserName="carol")
    office.card(ref, "The RAM user does not exist any more.")
    office.carol.direct_message_with("could not be given")


def test_a_click_on_a_closed_request(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    card = office.card(ref)
    office.cancels(office.carol, ref)
    office.card(ref, "cancelled")
    with refused(office, office.bob, "already_closed", f"{ref} was cancelled by <@U0CAROL>, <!date^", ref):
        press(office.bob, "approve", office.name(ref), card)


def deleted(office: AppHarness, policy: str) -> None:
    """Somebody takes a policy off the engine's role, which alone has it, and deletes it."""
    office.by_hand("DetachPolicyFromRole", RoleName="AliyunPAIRecEASRole", PolicyName=policy, PolicyType="Custom")
    office.by_hand("DeletePolicy", PolicyName=policy)


def test_a_policy_that_the_account_does_not_have(office: AppHarness) -> None:
    # A bot that has seen it keeps in mind for five minutes of which type it is.
    office.stop_bot()
    deleted(office, DATA)
    office.start_bot()
    sentence = f"`{DATA}`: not initialised in this account. The account's owner creates it on the permission page"
    says_no(office, office.carol, f"{DATA} 8h features", "not_initialised", sentence)
    says_no(office, office.carol, "algorithm-engineer 8h features", "not_initialised", sentence)


def test_a_policy_that_is_deleted_between_request_and_grant_fails_and_can_be_tried_again(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{DATA} 8h features")
    deleted(office, DATA)
    office.approve(ref, office.bob)
    card = office.card(ref, "needs attention")
    assert "ould not be attached. The policy is not initialised in this account." in card.plain
    document = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["oss:*"], "Resource": ["*"]}]}'
    office.by_hand("CreatePolicy", PolicyName=DATA, PolicyDocument=document)
    office.bob.click("Try again", card)
    office.comes_to_hold("carol", DATA)
