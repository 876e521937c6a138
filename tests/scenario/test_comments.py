"""**Comment**: a word to the requester or the approvers, which decides nothing and is kept with the request."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, ENGINE, HOUR, AppHarness
from tests.harness.refusals import audit_trail, press
from tests.scenario.command_line import CommandLine

ASKS = f"{ENGINE} 8h rolling out"
SAYS = "which cluster is this for? <!channel> <@U0DAVE> https://evil.example"
COMMENTS = "comments on"
TO_REQUESTER, TO_APPROVERS = "The requester", "The approvers"


def comments(app: AppHarness, person: SandboxPerson, at: SeenMessage, text: str, to: str | None = None) -> None:
    person.click("Comment", at)
    person.modal("Comment on")
    assert person.submit({"Comment": text, **({"For whom": to} if to else {})}) == {}


def said(person: SandboxPerson) -> list[SeenMessage]:
    return [message for message in person.messages() if COMMENTS in message.plain]


def test_an_approver_asks_the_requester_who_answers_below_the_card(app: AppHarness) -> None:
    ref = app.asked(app.carol, ASKS)
    comments(app, app.bob, app.card(ref), SAYS)
    told = app.carol.direct_message_with(COMMENTS)
    assert told.plain.startswith(f"<@U0CAROL> <@U0BOB> comments on *{ref}*") and SAYS in told.plain
    assert told.mentions == ["U0CAROL", "U0BOB"], "nobody whom the comment names is called"
    app.bob.direct_message_with(f"Your comment on *{ref}* was sent to its requester.")
    comments(app, app.carol, app.carol.direct_message_with("It needs"), "the staging one")
    app.until(lambda: said(app.bob), "the answer to come")
    answer = said(app.bob)[0]
    assert (answer.channel, answer.body["thread_ts"]) == (APPROVALS, app.card(ref).ts)
    assert answer.mentions[:-1] == ["U0ALICE", "U0BOB", "U0JUDY"] and "the staging one" in answer.plain
    assert app.record(ref).pending and not app.record(ref).decisions and app.events(ref).count("commented") == 2
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    assert app.chain_holds()


def test_what_was_said_is_in_the_details_and_in_the_trail(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, ASKS)
    comments(app, app.bob, app.card(ref), "why production?", TO_APPROVERS)
    app.until(lambda: said(app.alice), "the others to be told")
    assert "U0BOB" not in said(app.alice)[0].mentions[:-1]
    app.alice.click("Details", app.card(ref))
    assert "<@U0BOB> to the approvers: `why production?`" in app.alice.modal("History").plain
    told = pairec_access("audit")
    assert told.returncode == 0 and "why production?" in told.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 1_001, "A comment takes 1000 characters at most, and this has 1001."),
        ("x" * 40_000, "Please use no more than 3000 characters."),
        (" \u3164 ", "Write a comment."),
        ("nice \u202e try", "cannot be shown (U+202E)"),
    ],
)
def test_what_is_no_comment_is_one_sentence_under_its_field(app: AppHarness, text: str, told: str) -> None:
    ref = app.asked(app.carol, ASKS)
    app.bob.click("Comment", app.card(ref))
    app.bob.modal("Comment on")
    errors = app.bob.submit({"Comment": text})
    assert told in next(iter(errors.values())) and "commented" not in app.events(ref)


def test_nobody_else_comments_and_nobody_on_what_is_closed(app: AppHarness) -> None:
    ref = app.asked(app.carol, ASKS)
    card = app.card(ref)
    press(app.dave, "comment", app.name(ref), card)
    app.dave.ephemeral_with("so you cannot decide")
    comments(app, app.carol, app.carol.direct_message_with("It needs"), "please")
    app.bob.click("Deny", app.card(ref))
    app.bob.submit({"Reason": "not now"})
    app.card(ref, "denied")
    press(app.bob, "comment", app.name(ref), card)
    app.bob.ephemeral_with(f"{ref} was denied")
    assert app.events(ref).count("commented") == 1


def test_ten_an_hour_and_then_one_sentence(app: AppHarness) -> None:
    ref = app.asked(app.carol, ASKS)
    told = app.carol.direct_message_with("It needs")
    for number in range(10):
        comments(app, app.carol, told, f"please {number}")
    app.until(lambda: app.events(ref).count("commented") == 10, "ten to be recorded")
    comments(app, app.carol, told, "and one more")
    app.carol.direct_message_with(f"{ref} has many comments already")
    app.people.advance(HOUR + 1)
    comments(app, app.carol, told, "an hour later")
    app.until(lambda: app.events(ref).count("commented") == 11, "another one to be recorded")


def test_a_comment_that_slack_delivers_twice_is_one(app: AppHarness) -> None:
    ref = app.asked(app.carol, ASKS)
    app.bob.click("Comment", app.card(ref))
    view = app.bob.modal("Comment on")
    app.people.inject_slack_fault({"fault": "redeliver"})
    assert app.bob.submit({"Comment": "which one?"}) == {}
    app.carol.direct_message_with(COMMENTS)
    assert view and app.events(ref).count("commented") == 1


def test_without_a_channel_each_approver_is_told_in_person(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": ""}) as app:
        app.carol.type(f"/pairec-access request {ASKS}")
        comments(app, app.carol, app.carol.direct_message_with("It needs"), "the staging one")
        for person in (app.alice, app.bob, app.judy):
            assert "the staging one" in person.direct_message_with(COMMENTS).plain


def test_a_comment_reaches_approvers_who_are_all_away(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": ""}) as app:
        app.carol.type(f"/pairec-access request {ASKS}")
        told = app.carol.direct_message_with("It needs")
        for person in (app.alice, app.bob, app.judy):
            person.type("/pairec-access away 3d")
            person.ephemeral_with("You are away until")
        comments(app, app.carol, told, "it is urgent")
        for person in (app.alice, app.bob, app.judy):
            assert "it is urgent" in person.direct_message_with(COMMENTS).plain


def test_a_comment_goes_with_what_people_wrote(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, ASKS)
    comments(app, app.bob, app.card(ref), "why production?")
    app.carol.direct_message_with(COMMENTS)
    app.cancels(app.carol, ref)
    app.until(lambda: not app.record(ref).pending and app.has_looked(), "it to be over")
    assert pairec_access("unlink", "carol").returncode == 0
    erased = pairec_access("ledger", "erase", "carol", "--yes")
    assert erased.returncode == 0, erased.stdout + erased.stderr
    assert "why production?" not in str(audit_trail(app)) and app.chain_holds()
    assert app.events(ref).count("commented") == 1


def test_an_approver_who_is_erased_leaves_no_comment(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, ASKS)
    comments(app, app.bob, app.card(ref), "why production?")
    app.carol.direct_message_with(COMMENTS)
    app.cancels(app.carol, ref)
    app.until(lambda: not app.record(ref).pending and app.has_looked(), "it to be over")
    assert pairec_access("unlink", "bob").returncode == 0
    erased = pairec_access("ledger", "erase", "bob", "--yes")
    assert erased.returncode == 0, erased.stdout + erased.stderr
    assert "why production?" not in str(audit_trail(app)) and app.chain_holds()
