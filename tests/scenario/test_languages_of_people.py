"""Each person is spoken to in the language that they chose in Slack, and channels in the one that is set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import ENGINE, AppHarness


def reads(app: AppHarness, locale: str, *people: SandboxPerson) -> None:
    for each in people:
        app.people.inject_slack_fault({"person": each.id, "set": {"locale": locale}})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_LOCALE": "zh-CN"}, pace=10.0) as opened:
        reads(opened, "zh-CN", opened.bob)
        yield opened


def test_two_who_read_different_languages_meet_one_request_whose_card_is_in_that_of_channels(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    form = app.carol.modal("Request access").plain
    assert "Duration: 8h" in form
    assert app.carol.submit({"What": ENGINE, "Reason": "rolling out"}) == {}
    card = app.card("R-1001", "R-1001 · 待审批")
    assert f"<@U0CAROL> 申请 *推荐引擎* (`{ENGINE}`)。" in card.plain and {"批准", "拒绝", "详情"} <= set(card.buttons)
    app.carol.direct_message_with(f"you requested *Engine* (`{ENGINE}`), 8h.")
    app.bob.click("详情", card)
    details = app.bob.modal("R-1001").plain
    assert "*经过*" in details and "<@U0CAROL> 提交了申请。" in details
    app.bob.click("批准", card)
    app.comes_to_hold("carol", ENGINE)
    app.card("R-1001", "R-1001 · 生效中")
    app.carol.direct_message_with(f"*Engine* (`{ENGINE}`) is active until <!date^")


def test_what_is_refused_is_said_in_the_language_of_whoever_asked(app: AppHarness) -> None:
    app.bob.type("/pairec-access request Nonsense 8h rollout")
    app.bob.ephemeral_with("没有名为 `Nonsense` 的权限策略、权限包或角色。")
    app.carol.type("/pairec-access request Nonsense 8h rollout")
    app.carol.ephemeral_with("There is no policy, bundle or role called `Nonsense`.")


def test_app_home_and_the_form_are_in_the_language_of_whoever_looks(app: AppHarness) -> None:
    app.bob.open_home()
    assert "*你的权限*" in app.bob.home("PAI-Rec 权限").plain
    app.bob.type("/pairec-access request")
    assert "理由" in app.bob.modal("申请权限").plain
    app.carol.open_home()
    assert "*Your access*" in app.carol.home("PAI-Rec access").plain


def test_a_language_that_slack_names_and_that_is_not_here_is_english(app: AppHarness) -> None:
    reads(app, "fr-FR", app.dave)
    app.dave.type("/pairec-access list")
    app.dave.ephemeral_with("*Your access*")


def test_who_chooses_another_language_is_spoken_to_in_it_from_their_next_command_on(app: AppHarness) -> None:
    app.dave.type("/pairec-access list")
    app.dave.ephemeral_with("*Your access*")
    reads(app, "zh-CN", app.dave)
    app.dave.type("/pairec-access list")
    app.dave.ephemeral_with("*你的权限*")


def test_the_board_is_in_the_language_of_channels(app: AppHarness) -> None:
    app.carol.type("/pairec-status")
    assert "检查" in app.carol.message_with("PAI-Rec 状态").plain


def test_the_help_is_in_the_language_of_somebody_whom_the_app_never_met(app: AppHarness) -> None:
    for person, text in ((app.bob, "*申请权限*"), (app.carol, "*Request access*")):
        person.type("/pairec-access help")
        person.ephemeral_with(text)


def test_who_is_told_after_a_restart_is_told_in_their_own_language(app: AppHarness) -> None:
    reads(app, "zh-CN", app.dave)
    ref = app.asked(app.dave, f"{ENGINE} 1h rollout")
    app.judy.click("批准", app.card(ref))
    app.comes_to_hold("dave", ENGINE)
    app.stop_bot()
    app.start_bot()
    app.people.advance(3_601)
    app.dave.direct_message_with("已到期")
