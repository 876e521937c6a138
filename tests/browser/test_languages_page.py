"""A request is asked for, reminded of and extended, and break-glass reviewed: in both languages, at a desk and on a
phone. One sandbox a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.sandbox.client import SandboxClient
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.execute import execute
from tests.browser.bot_process import bot_of
from tests.browser.conftest import opened_page
from tests.browser.screen import COMMAND, Screen
from tests.browser.test_on_a_phone import fits, reachable
from tests.harness.break_glass import BREAK_GLASS, ON_CALL
from tests.harness.rules import catalog_with

ENGINE, MONITOR, DATA = "PaiRecEngineAccess", "PaiRecMonitorAccess", "PaiRecDataManagementAccess"
APPROVALS = "#pairec-approvals"
WHO = {"desk": "Carol Diaz", "phone": "Dave Kim"}
"""Who asks, by the width of their screen."""
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
CHINESE = {
    "Request access": "申请权限",
    "What": "权限",
    "can approve.": "可以审批。",
    "Duration": "时长",
    "Other duration": "其他时长",
    "3 days": "3天",
    "Reason": "理由",
    "Send request": "提交申请",
    "Remind": "提醒",
    "still needs your approval": "仍待你审批",
    "Approve": "批准",
    "active": "生效中",
    "is active": "已生效",
    "Extend": "延长",
    "How much longer": "延长多久",
    "Extends R-": "延长 R-",
    "needs review": "待复核",
    "Not justified": "不合理",
    "Review": "复核",
    "No break-glass until": "之前不可使用紧急授权",
    "Why": "理由",
    "from ": "自 ",
    "Starts": "开始时间",
    "scheduled": "已排期",
    "nothing is granted before": "不授予任何权限",
    "Details": "详情",
    "Close": "关闭",
    "Your pending and scheduled requests": "你的待审批和已排期申请",
}


@pytest.fixture(scope="module", params=["en-US", "zh-CN"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def opened(language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """Where everybody's Slack, and the bot in channels, speaks that language; Carol and Dave are on call."""
    catalog = str(catalog_with(tmp_path_factory.mktemp("catalog"), BREAK_GLASS))
    with (
        SandboxProcess(with_bot=False) as workshop,
        bot_of(workshop, PAIREC_LOCALE=language.removesuffix("-US"), PAIREC_CATALOG=catalog),
    ):
        people = SandboxClient(workshop.sandbox.page_url)
        for name in ("ALICE", "BOB", "CAROL", "DAVE", "JUDY"):
            people.inject_slack_fault({"person": f"U0{name}", "set": {"locale": language}})
        execute(workshop.sandbox.account, "CreateGroup", {"GroupName": ON_CALL})
        for user in ("carol", "dave"):
            execute(workshop.sandbox.account, "AddUserToGroup", {"GroupName": ON_CALL, "UserName": user})
        # Dave has it for good, so that there would be nothing to take.
        monitor = {"UserName": "dave", "PolicyName": MONITOR, "PolicyType": "Custom"}
        execute(workshop.sandbox.account, "DetachPolicyFromUser", monitor)
        yield workshop


@pytest.fixture(params=SIZES)
def width(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def day(browser: Browser, opened: SandboxProcess, language: str, width: str, pictures: Path) -> Iterator[Day]:
    for screen in opened_page(browser, opened, *SIZES[width], touch=width == "phone"):
        screen.page.get_by_role("button", name="Got it, hide this").click()
        yield Day(screen, language, width, pictures)


class Day:
    """The page in one language and width."""

    def __init__(self, screen: Screen, language: str, width: str, pictures: Path) -> None:
        self.screen, self.page = screen, screen.page
        self._language, self._width, self._pictures = language, width, pictures

    def say(self, text: str) -> str:
        """In the language."""
        return text if self._language == "en-US" else CHINESE[text]

    def be(self, name: str, place: str) -> None:
        self.screen.be(name)
        if self._width == "phone":
            self.page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
            self.page.get_by_role("link", name=place).tap()
        else:
            self.screen.look_at(place)

    def button(self, text: str, within: Locator | None = None) -> Locator:
        return (within or self.screen.card).get_by_role("button", name=self.say(text), exact=True)

    def field(self, form: Locator, text: str) -> Locator:
        return form.get_by_label(self.say(text), exact=True)

    def form(self, title: str) -> Locator:
        found = self.page.get_by_role("dialog", name=re.compile(f"^{self.say(title)}"))
        expect(found).to_be_visible()
        return found

    def card_says(self, text: str) -> None:
        expect(self.screen.card).to_contain_text(self.say(text))

    def dates_are_in_the_language(self) -> None:
        """As Slack writes them in it."""
        date = {
            "en-US": r"(today|tomorrow|[A-Z][a-z]{2} \d{1,2}, \d{4})",
            "zh-CN": r"(今天|明天|\d{4}年\d{1,2}月\d{1,2}日)",
        }
        shown = self.screen.card.locator("time[data-at]").last
        expect(shown).to_have_text(re.compile(rf"^{date[self._language]} \d\d:\d\d$"))

    def picture(self, what: str) -> None:
        assert fits(self.screen)
        self.page.screenshot(path=self._pictures / f"day-{what}-{self._width}-{self._language}.png")

    def ask(self) -> str:
        """With a time that none of the choices is; its reference."""
        self.screen.send(f"{COMMAND} request")
        form = self.form("Request access")
        self.field(form, "What").select_option(ENGINE)
        expect(form).to_contain_text(self.say("can approve."))
        self.field(form, "Duration").select_option("other")
        self.field(form, "Other duration").fill(self.say("3 days"))
        self.field(form, "Reason").fill("ranker v3")
        self.picture("ask")
        send = self.button("Send request", form)
        assert reachable(send)
        send.click()
        expect(form).to_have_count(0)
        expect(self.button("Remind")).to_be_visible()
        return self.screen.card.inner_text().partition("R-")[2][:4]


def test_what_somebody_asks_for_is_reminded_of_approved_and_extended(day: Day, width: str) -> None:
    name = WHO[width]
    day.be(name, "pairec-access")
    ref = f"R-{day.ask()}"
    day.dates_are_in_the_language()
    day.picture("asked")
    day.button("Remind").click()
    day.be("Bob Ortiz", APPROVALS)
    card = day.page.locator("li.row").filter(has_text=f"{ref} · ")
    card.locator("xpath=following-sibling::li[1]").get_by_role("button", name="1 reply").click()
    expect(day.page.locator("li.reply").last).to_contain_text(f"{ref} {day.say('still needs your approval')}")
    day.picture("reminded")
    day.button("Approve", card).click()
    expect(card).to_contain_text(f"{ref} · {day.say('active')}")
    day.be(name, "pairec-access")
    day.button("Extend", day.page.locator("li.row").filter(has_text=ref).first).click()
    form = day.form("Extend")
    day.field(form, "How much longer").fill("4h")
    day.field(form, "Reason").fill("not out yet")
    day.picture("extend-form")
    day.button("Send request", form).click()
    expect(form).to_have_count(0)
    day.be("Bob Ortiz", APPROVALS)
    day.card_says("Extends R-")
    day.picture("extend-card")


def test_what_is_taken_by_break_glass_is_reviewed(day: Day, width: str) -> None:
    name = WHO[width]
    day.be(name, "pairec-access")
    day.screen.send(f"{COMMAND} break-glass {MONITOR} 503s since 4")
    day.card_says("is active")
    day.picture("break-glass")
    day.be("Bob Ortiz", APPROVALS)
    day.card_says("needs review")
    day.picture("break-glass-card")
    day.button("Not justified").click()
    form = day.form("Review")
    day.field(form, "Why").fill("a rollout can wait")
    day.picture("review-form")
    day.button("Not justified", form).click()
    expect(form).to_have_count(0)
    day.card_says("No break-glass until")
    day.picture("reviewed")


def test_what_starts_later_says_so_wherever_it_is_shown(day: Day, width: str) -> None:
    name = WHO[width]
    day.be(name, "pairec-access")
    day.screen.send(f"{COMMAND} request {DATA} 2h from tomorrow 09:00 new samples")
    day.card_says("from ")
    ref = f"R-{day.screen.card.inner_text().partition('R-')[2][:4]}"
    day.picture("later-asked")
    day.be("Bob Ortiz", APPROVALS)
    card = day.page.locator("li.row").filter(has_text=f"{ref} · ")
    expect(card).to_contain_text(day.say("Starts"))
    day.picture("later-card")
    day.button("Approve", card).click()
    expect(card).to_contain_text(f"{ref} · {day.say('scheduled')}")
    expect(card).to_contain_text(day.say("nothing is granted before"))
    day.picture("later-scheduled")
    day.button("Details", card).click()
    details = day.page.get_by_role("dialog", name=ref)
    expect(details).to_contain_text(day.say("nothing is granted before"))
    day.picture("later-details")
    day.button("Close", details).click()
    day.be(name, "pairec-access")
    day.card_says("nothing is granted before")
    day.picture("later-told")
    day.screen.send(f"{COMMAND} list")
    day.card_says("Your pending and scheduled requests")
    day.picture("later-list")
    day.be(name, "App Home")
    expect(day.page.get_by_text(day.say("Your pending and scheduled requests")).last).to_be_visible()
    day.picture("later-home")
