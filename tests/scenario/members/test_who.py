"""Who has what, read from the cloud and marked by who gave it: `/pairec-access who`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.check.samples.records import EVIL
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.products.places import PlaceKey, join
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness

DEVELOPING = "dataworks-developer@ranking"
IN_RANKING = "DataWorks Developer in Ranking (workspace `10001`)"
OTHERWISE = "granted elsewhere, not by this app"
PACE = 10.0
PATIENCE = 40.0
"""Seconds: a product may take the bot's 5 s, and the machine has others to serve."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, members=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppHarness]:
    """For tests that change nothing in it."""
    with AppHarness(tmp_path_factory.mktemp("app"), pace=PACE, members=True) as opened:
        yield opened


def who(person: SandboxPerson, line: str = "") -> SeenMessage:
    return answer_to(person, f"/pairec-access who {line}".strip())


def answer_to(person: SandboxPerson, command: str) -> SeenMessage:
    """What only they see after it."""
    before = {message.ts for message in person.messages()}
    person.type(command)

    def answer(_: object) -> SeenMessage | None:
        return next((m for m in person.messages() if m.ephemeral and m.ts not in before), None)

    return person.wait_for(answer, f"an answer to {command}", timeout=PATIENCE)


def lines(shown: SeenMessage) -> list[str]:
    return shown.plain.splitlines()


def line_of(shown: SeenMessage, begins: str) -> str:
    """The one line of this thing or person."""
    found = [line for line in lines(shown) if line.startswith(f"• {begins}")]
    assert len(found) == 1, f"{begins!r} in\n{shown.plain}"
    return found[0]


def granted(app: AppHarness, item: str, duration: str = "8h") -> str:
    """Carol has it through the bot, and was answered."""
    ref = app.asked(app.carol, f"{item} {duration} rollout")
    app.carol.ephemeral_with(f"Requested *{ref}*")
    app.approve(ref, app.bob)
    app.until(lambda: set(app.states(ref)) == {"active"}, lambda: f"{ref} to be active: {app.states(ref)}")
    return ref


def in_a_group(app: AppHarness, group: str, member: str, *policies: str) -> None:
    app.by_hand("CreateGroup", GroupName=group)
    for policy in policies:
        app.by_hand("AttachPolicyToGroup", GroupName=group, PolicyName=policy, PolicyType="Custom")
    app.by_hand("AddUserToGroup", GroupName=group, UserName=member)


def test_what_somebody_has_is_marked_as_ours_or_given_otherwise(app: AppHarness) -> None:
    engine, developer = granted(app, ENGINE), granted(app, DEVELOPING, "until-revoked")
    app.attach_by_hand("carol", MONITOR)
    in_a_group(app, "platform", "carol", ENGINE, DATA)
    app.sandbox.membership.give("dataworks", "10002", "carol", "role_project_guest")
    shown = who(app.bob, "@carol")
    said = re.sub("<https://[^|]+userId=[0-9]+[|](`carol`)>", "\\1", lines(shown)[0])
    assert said != lines(shown)[0], "the name leads to the RAM user in the console"
    assert said == "*What <@U0CAROL> has*, as RAM user `carol`. Read from the cloud now."
    ours = line_of(shown, f"`{ENGINE}`:")
    assert f"granted by this app, *{engine}* until <!date^" in ours and "not show" not in ours
    assert line_of(shown, f"`{ENGINE}` through group `platform`").endswith(OTHERWISE)
    assert line_of(shown, f"`{DATA}` through group `platform`").endswith(OTHERWISE)
    assert line_of(shown, f"`{MONITOR}`:").endswith(OTHERWISE)
    assert line_of(shown, IN_RANKING).endswith(f": granted by this app, *{developer}* until revoked")
    assert line_of(shown, "`role_project_guest` in DataWorks workspace `10002`").endswith(OTHERWISE)
    assert who(app.carol).plain == shown.plain, "who alone is myself"


def test_everybody_who_has_a_policy_is_named_with_the_way_and_whose_it_is(app: AppHarness) -> None:
    ref = granted(app, ENGINE)
    in_a_group(app, "platform", "dave", ENGINE)
    shown = who(app.frank, ENGINE.lower())
    assert f"*{ref}* until" in line_of(shown, "RAM user `carol` (<@U0CAROL>): granted by this app, ")
    assert line_of(shown, "RAM user `dave` (<@U0DAVE>) through group `platform`").endswith(OTHERWISE)
    assert line_of(shown, "RAM user `erin`: ").endswith(OTHERWISE), "erin is linked to nobody"
    assert len([line for line in lines(shown) if line.startswith("•")]) == 3


def test_of_a_bundle_each_part_has_its_holders(app: AppHarness) -> None:
    app.sandbox.membership.give("pai", "20001", "frank", "PAI.AlgoDeveloper")
    ref = granted(app, DEVELOPING)
    shown = who(app.carol, "algorithm-engineer@ranking")
    headings = [line for line in lines(shown) if line.startswith("*")][1:]
    parts = [lines(shown).index(heading) for heading in headings]
    under = {
        heading: lines(shown)[first + 1 : last]
        for heading, first, last in zip(headings, parts, [*parts[1:], None], strict=True)
    }
    assert under == {
        f"*`{DATA}`*": [f"• RAM role `AliyunPAIRecEASRole`: {OTHERWISE}"],
        f"*`{MONITOR}`*": [f"• RAM user `{name}` (<@U0{name.upper()}>): {OTHERWISE}" for name in ("dave", "frank")],
        f"*{IN_RANKING}*": [
            line_of(shown, f"RAM user `carol` (<@U0CAROL>): granted by this app, *{ref}* until"),
            f"• RAM user `dave` (<@U0DAVE>): {OTHERWISE}",
        ],
        # DataWorks gives it to its developers by itself.
        "*MaxCompute Developer in Ranking (project `ranking_dev`)*": [
            line_of(
                shown, f"RAM user `carol` (<@U0CAROL>): comes with {IN_RANKING}, granted by this app, *{ref}* until"
            ),
            f"• RAM user `dave` (<@U0DAVE>): {OTHERWISE}",
        ],
        "*PAI Algorithm Developer in Ranking (workspace `20001`)*": [f"• RAM user `frank` (<@U0FRANK>): {OTHERWISE}"],
        "*Hologres user in Ranking (instance `hgprecn-cn-0ju1a2b3c4d`)*": [
            f"• RAM user `frank` (<@U0FRANK>): {OTHERWISE}"
        ],
        "*Hologres viewer in Ranking (database `hgprecn-cn-0ju1a2b3c4d/ranking`)*": [
            f"• RAM user `frank` (<@U0FRANK>): {OTHERWISE}"
        ],
    }


def test_a_grant_that_the_cloud_does_not_show_is_told_as_that(app: AppHarness) -> None:
    policy, role = granted(app, ENGINE), granted(app, "pai-algorithm-developer@ranking")
    app.detach_by_hand("carol", ENGINE)
    app.sandbox.membership.take("pai", "20001", "carol", "PAI.AlgoDeveloper")
    mine = who(app.carol)
    assert f"⚠️ granted by this app, *{policy}* until" in line_of(mine, f"`{ENGINE}`")
    assert line_of(mine, f"`{ENGINE}`").endswith(", but RAM does not show it")
    part = "PAI Algorithm Developer in Ranking"
    assert f"*{role}* until" in line_of(mine, part) and line_of(mine, part).endswith("but PAI does not show it")
    assert line_of(who(app.bob, ENGINE), "RAM user `carol`").endswith("but RAM does not show it")
    theirs = who(app.bob, "pai-algorithm-developer@ranking")
    assert line_of(theirs, "RAM user `carol`").endswith("but PAI does not show it")


def test_a_holder_whom_the_list_of_a_policy_leaves_out_is_found_all_the_same(app: AppHarness) -> None:
    ref = granted(app, ENGINE)
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "policy": ENGINE, "fault": "lag", "seconds": 30})
    assert app.holds("carol", ENGINE)
    shown = line_of(who(app.bob, ENGINE), "RAM user `carol`")
    assert f"granted by this app, *{ref}* until" in shown and "not show" not in shown


def test_of_somebody_without_a_link_an_address_says_to_themselves_alone_which_ram_user_that_may_be(
    untouched: AppHarness,
) -> None:
    assert "<@U0ERIN> is not linked to a RAM user, so it is not known" in who(untouched.bob, "@erin").plain
    own = who(untouched.erin).plain
    assert "This RAM user has your email address. Nobody has confirmed yet that it is you." in own and "`erin`" in own
    untouched.people.inject_slack_fault({"person": "U0ERIN", "set": {"email": "other@example.com"}})
    assert "You are not linked to a RAM user" in who(untouched.erin).plain


def test_a_name_that_the_catalogue_does_not_have_is_told_as_when_it_is_asked_for(untouched: AppHarness) -> None:
    for name in ("PaiRecEngineAcess", "dataworks-developer@nowhere", f"{ENGINE}@ranking"):
        asked = answer_to(untouched.bob, f"/pairec-access request {name} 8h rollout")
        assert who(untouched.bob, name).plain == asked.plain
    assert "There is nobody called `@nobody here`" in who(untouched.bob, "@nobody here").plain


def test_a_guest_learns_nothing(untouched: AppHarness) -> None:
    for line in ("", "@carol", ENGINE):
        assert who(untouched.grace, line).plain.startswith("Guests cannot")


def test_what_some_products_do_not_say_is_named_and_the_rest_is_shown(app: AppHarness) -> None:
    granted(app, DEVELOPING)
    app.attach_by_hand("carol", MONITOR)
    app.people.inject_ram_fault({"action": "reads", "product": "dataworks", "fault": "no_permission"})
    app.people.inject_ram_fault({"action": "reads", "product": "pai", "fault": "drip", "seconds": 60})
    mine = who(app.carol)
    assert line_of(mine, f"`{MONITOR}`").endswith(OTHERWISE)
    assert line_of(mine, "MaxCompute Developer in Ranking")
    assert (
        "the app the permission `dataworks:ListProjectMembers`. Not known: workspaces `10001`, `10002`." in mine.plain
    )
    assert "PAI did not answer in time. Not known: workspaces `20001`, `20002`." in mine.plain
    assert IN_RANKING not in mine.plain.partition("MaxCompute")[0], "what is not known is not said to be missing"
    theirs = who(app.bob, DEVELOPING)
    assert lines(theirs)[2] == "Not known."
    assert "the app the permission `dataworks:ListProjectMembers`. Not known: workspace `10001`." in theirs.plain


def test_without_ram_the_member_roles_are_shown(app: AppHarness) -> None:
    ref = granted(app, DEVELOPING)
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "no_permission"})
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "error", "status": 503})
    mine = who(app.carol)
    assert f"granted by this app, *{ref}* until" in line_of(mine, IN_RANKING)
    assert "the permission `ram:ListPoliciesForUser`. Not known: the policies of this user." in mine.plain
    theirs = who(app.bob, "algorithm-engineer@ranking")
    assert line_of(theirs, "RAM user `carol` (<@U0CAROL>): granted by this app")
    assert f"RAM did not answer in time. Not known: `{DATA}`, `{MONITOR}`." in theirs.plain


def test_a_product_that_is_not_installed_is_named_and_the_rest_is_shown(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = "alibabacloud_aiworkspace20210204"
    app.stop_bot()
    for module in [name for name in sys.modules if name == sdk or name.startswith(f"{sdk}.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, sdk, None)
    app.start_bot()
    shown = who(app.dave)
    assert line_of(shown, IN_RANKING).endswith(OTHERWISE)
    assert "The SDK of PAI is not installed" in shown.plain and "workspaces `20001`, `20002`" in shown.plain


def test_a_policy_that_the_account_does_not_have_is_held_by_nobody(app: AppHarness) -> None:
    app.by_hand("DetachPolicyFromUser", UserName="erin", PolicyName=ENGINE, PolicyType="Custom")
    app.by_hand("DeletePolicy", PolicyName=ENGINE)
    shown = who(app.bob, "engine-engineer")
    assert lines(shown)[1:3] == [f"*`{ENGINE}`*", "Nobody."]
    assert f"Not initialized in this account, so nobody has it: `{ENGINE}`." in shown.plain


def test_a_name_that_a_product_shows_stays_text(app: AppHarness) -> None:
    app.sandbox.membership.change(
        lambda places, now: join(places, PlaceKey("dataworks", "10001"), "2" * 18, EVIL, ["role_project_dev"], now)
    )
    shown = who(app.bob, DEVELOPING)
    assert "&lt;!channel&gt; &lt;@U0BOB&gt; &lt;https" in line_of(shown, "RAM user `&lt;")
    assert set(shown.mentions) <= {"U0DAVE"}


def test_of_a_ram_user_who_is_gone_what_products_still_have_is_shown(app: AppHarness) -> None:
    app.detach_by_hand("dave", MONITOR)
    app.by_hand("DeleteUser", UserName="dave")
    shown = who(app.bob, "@dave")
    assert "RAM no longer has this user" in shown.plain
    assert line_of(shown, IN_RANKING).endswith(OTHERWISE)
