"""Nothing is asked for, or nothing comes of it: each way with its sentence, and no RAM user more than before."""

from __future__ import annotations

import pytest
from alibabacloud_ims20190815.client import Client as ImsClient

from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.ram.state import AccountState, User
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import audit_trail, is_told, newcomer, stands_under
from tests.scenario.onboarding import becomes, card, created, events, heidi, mention, newest, onboard, turn, users

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("switch", "how", "where"),
    [
        ("users.scim", "SCIM", "identity provider assigns <@U0HEIDI> to its application"),
        ("users.cloudsso", "CloudSSO", "adds <@U0HEIDI> to the users that it provisions"),
    ],
)
def test_where_users_come_from_another_directory_none_is_created_and_the_answer_says_where_to_add_them(
    app: AppHarness, switch: str, how: str, where: str
) -> None:
    new = heidi(app)
    turn(app, switch)
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", f"come from another directory, by `{how}`")
    app.carol.ephemeral_with(where)
    assert newest(app, new) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("h" * 65, "it has 65 characters"),
        ("-heidi", "cannot be the name of a RAM user"),
        ("he!di", "cannot be the name of a RAM user"),
        ("海蒂", "cannot be the name of a RAM user"),
        ("dave", "the next free name is `dave2`"),
        ("Dave", "the next free name is `dave2`"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused_with_what_can(app: AppHarness, name: str, says: str) -> None:
    new = heidi(app)
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)} {name}", says)
    assert newest(app, new) is None


def test_a_name_in_the_recycle_bin_is_refused_and_said_to_be_there(app: AppHarness) -> None:
    new = heidi(app)
    turn(app, "users.recycled")
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", "is in the recycle bin until")
    assert newest(app, new) is None


def test_a_capital_letter_becomes_a_small_one(app: AppHarness) -> None:
    new = heidi(app)
    assert "`heidi.roth`" in onboard(app, app.carol, new, "Heidi.Roth").plain


def test_without_an_address_a_name_is_made_of_what_people_call_themselves_or_asked_for(app: AppHarness) -> None:
    named = newcomer(app, "ivan", real_name="Iván Ödegård", email="")
    assert "`ivan.odegard`" in onboard(app, app.carol, named).plain
    unnamed = newcomer(app, "wang", real_name="王小明", email="")
    is_told(app, app.carol, f"/pairec-access onboard {mention(unnamed)}", "Add a name")


def test_a_long_display_name_is_cut_and_an_approver_may_not_make_it_longer(app: AppHarness) -> None:
    new = heidi(app, real_name="海" * 25)
    shown = onboard(app, app.carol, new)
    assert f"`{'海' * 24}`" in shown.plain
    app.bob.click("Approve with changes", shown)
    app.bob.modal("Approve a RAM user")
    errors = app.bob.submit(display_name="海" * 25, user_name="h" * 65, email="nobody")
    assert "this one has 25" in errors["display_name"]
    assert "it has 65 characters" in errors["user_name"]
    assert "is not an email address" in errors["email"]
    assert users(app) == []


@pytest.mark.parametrize(
    ("real_name", "shown"), [("He\u202eidi \x07 Roth", "Heidi Roth"), ("\u2800 \u3164", "heidi"), ("", "heidi")]
)
def test_a_name_in_slack_that_no_ram_user_can_have_keeps_nobody_out(
    app: AppHarness, real_name: str, shown: str
) -> None:
    new = heidi(app, real_name=real_name)
    assert f"`{shown}`" in onboard(app, app.carol, new).plain
    asked = newest(app, new)
    assert asked is not None and asked.user.display_name == shown


def test_who_has_a_link_a_user_or_an_onboarding_already_gets_no_other(app: AppHarness) -> None:
    is_told(app, app.carol, "/pairec-access onboard @dave", "RAM user `dave`")
    new = heidi(app)
    app.by_hand("CreateUser", UserName="h.roth", Email="heidi@example.com")
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", "already has RAM user `h.roth`")
    other = newcomer(app, "ivan", email="ivan@example.com")
    onboard(app, app.carol, other)
    is_told(app, app.bob, f"/pairec-access onboard {mention(other)}", "is requested already")


def test_guests_get_none_and_whoever_is_not_linked_asks_for_themselves_alone(app: AppHarness) -> None:
    is_told(app, app.carol, "/pairec-access onboard @grace", "is a guest")
    new, other = heidi(app), newcomer(app, "ivan", email="ivan@example.com")
    new.type(f"/pairec-access onboard {mention(other)}")
    new.message_with("must be linked")
    assert newest(app, other) is None
    new.type(f"/pairec-access onboard {mention(new)}")
    assert "`heidi`" in card(app).plain


def test_nobody_decides_who_asked_or_whose_it_is_or_who_is_no_approver(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.bob, new)
    app.bob.click("Approve", shown)
    app.bob.ephemeral_with("Somebody else decides")
    app.bob.click("Approve with changes", shown)
    app.until(
        lambda: sum("Somebody else decides" in each.plain for each in app.bob.messages()) >= 2, "a second refusal"
    )
    app.people.inject_slack_fault(
        {"channel": APPROVALS, "members": ["U0ALICE", "U0BOB", "U0JUDY", "U0CAROL", "U0PAIRECBOT"]}
    )
    app.carol.click("Approve", app.carol.message_with("New RAM user", APPROVALS))
    app.carol.ephemeral_with("PaiRecRamAdminAccess")
    becomes(app, new, "pending")
    assert users(app) == []


def test_a_denied_one_creates_nothing_and_says_so_to_both(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.bob.click("Deny", shown)
    app.bob.modal("Deny a RAM user")
    stands_under(app.bob.submit(reason=" \u2800"), "reason", "a reason in a few words")
    assert app.bob.submit(reason="<@U0ALICE> is <away>, *ask* in May") == {}
    denied = becomes(app, new, "denied")
    assert (denied.reason, denied.decided_by) == ("<@U0ALICE> is <away>, *ask* in May", app.bob.id)
    for person in (app.carol, new):
        told = person.direct_message_with("denied RAM user `heidi`")
        assert "<@U0ALICE> is <away>, *ask* in May" in told.plain and not told.buttons
    said = app.bob.message_with("denied RAM user `heidi`", APPROVALS)
    assert "*ask* in May" in said.plain and not said.buttons
    (event,) = [entry for entry in audit_trail(app) if entry["event"] == "onboarding denied"]
    assert (event["by_ram_user"], event["reason"]) == ("bob", denied.reason)
    assert users(app) == []


def test_one_that_nobody_decided_on_expires_and_says_so(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.advance(7 * DAY + 1)
    becomes(app, new, "expired")
    app.carol.direct_message_with("expired without a decision")
    assert not app.bob.message_with("expired without a decision", APPROVALS).buttons
    assert shown.buttons and users(app) == []
    onboard(app, app.carol, new)


@pytest.mark.parametrize("missing", ["GetDefaultDomain", "ListUsersInRecycleBin"])
def test_what_the_app_may_not_read_is_named_and_nothing_is_asked_for(app: AppHarness, missing: str) -> None:
    new = heidi(app)
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without(f"ram:{missing}")
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", f"ram:{missing}")
    assert newest(app, new) is None


def test_without_the_settings_of_sso_both_ways_to_log_in_are_said(app: AppHarness) -> None:
    new = heidi(app)
    identity = bot_identity().without("ram:GetUserSsoSettings")
    app.sandbox.account.identities[ACCESS_KEY_ID] = identity
    app.bob.click("Approve", onboard(app, app.carol, new))
    becomes(app, new, "done")
    assert "could not be read" in new.direct_message_with("is created and linked to").plain


def test_with_sso_both_are_told_so(app: AppHarness) -> None:
    new = heidi(app)
    turn(app, "users.sso")
    app.bob.click("Approve", onboard(app, app.carol, new))
    becomes(app, new, "done")
    for person in (app.carol, new):
        told = person.direct_message_with("is created and linked to").plain
        assert "single sign-on, as `heidi@pairec-workshop.onaliyun.com`" in told


def test_without_the_permission_to_create_users_it_says_which_is_missing_to_all_three(app: AppHarness) -> None:
    new = heidi(app)
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without("ram:CreateUser")
    app.bob.click("Approve", onboard(app, app.carol, new))
    app.real_passes(60)
    done = becomes(app, new, "failed")
    assert done.problem == "no permission"
    for person in (app.carol, new, app.bob):
        assert "ram:CreateUser" in person.direct_message_with("was not created").plain
    assert "NoPermission" in app.bob.message_with("was not created", APPROVALS).plain
    assert users(app) == [] and "onboarding failed" in events(app)


@pytest.mark.parametrize(
    ("code", "problem", "says"),
    [
        ("LimitExceeded.User", "limit", "at its limit of RAM users"),
        ("InvalidParameter.DisplayName.InvalidChars", "refused", "rejects the display name `Heidi Roth`"),
        ("InvalidParameter.DisplayName.Length", "refused", "rejects the display name `Heidi Roth`"),
        ("InvalidParameter.Email.Format", "refused", "rejects the email address `heidi@example.com`"),
        ("InvalidParameter.UserPrincipalName.Length", "refused", "rejects the name"),
        ("InvalidParameter.UserName.InvalidChars", "refused", "rejects the name"),
        ("InvalidParameter.UserName.Length", "refused", "rejects the name"),
        ("InvalidParameter.Comments.Length", "refused", "RAM refused it"),
        ("InvalidParameter.MobilePhone.Format", "refused", "RAM refused it"),
    ],
)
def test_each_code_that_proves_that_nothing_was_done_has_its_sentence(
    app: AppHarness, code: str, problem: str, says: str
) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "CreateUser", "fault": "error", "status": 400, "code": code})
    app.bob.click("Approve", shown)
    assert becomes(app, new, "failed").problem == problem
    said = app.bob.message_with("was not created", APPROVALS).plain
    assert says in said and code in said
    assert created(app) == 0


def test_an_sdk_that_is_too_old_for_it_is_named_with_the_version_that_it_needs(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = heidi(app)
    monkeypatch.delattr(ImsClient, "list_users_in_recycle_bin")
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", "`alibabacloud-ims20190815 3.5` is needed")
    assert newest(app, new) is None


def test_a_name_that_is_too_long_with_the_accounts_domain_behind_it_is_refused(app: AppHarness) -> None:
    new = heidi(app)
    app.sandbox.account.alias = "a" * 60
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)} {'h' * 64}", "characters; 128 is the most")
    assert newest(app, new) is None


def test_an_account_with_as_many_users_as_it_may_have_is_said_when_it_is_asked_for(app: AppHarness) -> None:
    new = heidi(app)

    def fill(state: AccountState, now: float) -> None:
        for number in range(5_000 - len(state.users)):
            state.users[f"u{number}"] = User(f"3{number:017d}", f"u{number}", now, now)

    app.sandbox.account.write(fill)
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)}", "which is its limit")
