"""What the page does with mistakes, with hostile text, and for somebody without a mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Route, expect

from handlers.commands.registry import ACCESS
from handlers.commands.subcommand import HELP
from tests.browser.screen import COMMAND, Screen
from tests.harness.app import ENGINE

HOSTILE = '<!channel> <https://evil.example|Approve here> *bold* <img src=x onerror="document.title=1"> &lt;b&gt;'


def below(field: Locator, error: Locator) -> bool:
    """Whether the error stands right under its field."""
    upper, lower = field.bounding_box(), error.bounding_box()
    assert upper and lower
    gap = lower["y"] - (upper["y"] + upper["height"])
    return 0 <= gap < 20 and abs(lower["x"] - upper["x"]) < 20


def test_every_mistake_stands_under_its_field_and_the_rest_of_the_form_is_kept(screen: Screen) -> None:
    screen.be("Carol Diaz")
    screen.send(f"{COMMAND} request")
    form = screen.form()
    screen.fill(form, what="PaiRecEngineAccess", duration="8x", why="   ", ticket="a b")
    form.get_by_role("button", name="Send request").click()
    for label, says in {
        "Other duration": "8x is not a duration.",
        "Reason": "Give a reason in a few words",
        "Ticket (optional)": "A ticket is a reference such as ABC-1",
    }.items():
        field, error = form.get_by_label(label, exact=True), form.locator(".error", has_text=says)
        expect(error).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        assert below(field, error), label
    expect(form.get_by_label("What", exact=True)).to_have_value("PaiRecEngineAccess")
    form.get_by_label("Duration", exact=True).select_option("2h")
    expect(form.get_by_label("Other duration")).to_be_hidden()
    form.get_by_label("Reason", exact=True).fill("on call")
    form.get_by_label("Ticket").fill("ABC-1")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_be_hidden()
    screen.look_at("pairec-access")
    expect(screen.card).to_contain_text("you requested Engine (PaiRecEngineAccess), 2h.")


def test_approving_the_admin_policy_asks_first_and_sends_nothing_when_one_thinks_better_of_it(screen: Screen) -> None:
    screen.be("Carol Diaz")
    screen.send(f"{COMMAND} request PaiRecRamAdminAccess 1h incident 12")
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    sent: list[str] = []
    screen.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/act") else None)
    question = screen.page.get_by_role("alertdialog", name="Make an administrator?")

    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(question).to_contain_text("RAM user carol will be able to attach PAI-Rec policies to anyone, for 1h.")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()
    assert sent == []

    screen.card.get_by_role("button", name="Approve", exact=True).click()
    question.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("1 of 2 approved: @Bob Ortiz")
    assert len(sent) == 1


def test_hostile_text_is_only_text(screen: Screen) -> None:
    screen.be("Carol Diaz")
    title = screen.page.title()
    screen.ask(what="PaiRecMonitorAccess", duration="1h", why=HOSTILE)
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card.get_by_text(HOSTILE, exact=True)).to_be_visible()
    expect(screen.card.locator("a:not([href^='https://ram.console.aliyun.com/']), img, b")).to_have_count(0)
    expect(screen.card.locator("strong", has_text="bold")).to_have_count(0)
    expect(screen.card.locator(".mention", has_text="channel")).to_have_count(0)
    assert title.endswith("sandbox") and screen.page.title().endswith("sandbox")


def test_the_focus_stays_in_a_field_that_the_app_replaces_while_somebody_walks_on(screen: Screen) -> None:
    """What is chosen changes the duration's block; whoever is quick is in its field already."""
    page = screen.page
    screen.send(f"{COMMAND} request")
    form = screen.form()
    held: list[Route] = []
    page.route("**/act", lambda route: held.append(route), times=1)
    with page.expect_request("**/act"):
        form.get_by_label("What", exact=True).select_option(ENGINE)
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(form.get_by_label("Duration")).to_be_focused()
    held.pop().continue_()
    expect(form.locator("[data-block=duration\\:PaiRecEngineAccess]")).to_be_visible()
    expect(form.get_by_label("Duration")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(form.get_by_label("Reason", exact=True)).to_be_focused()


def test_another_duration_is_chosen_and_typed_with_keys_alone(screen: Screen) -> None:
    page = screen.page
    screen.send(f"{COMMAND} request")
    form = screen.form()
    form.get_by_label("What", exact=True).select_option(ENGINE)
    expect(form.locator("[data-block=duration\\:PaiRecEngineAccess]")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    times = form.get_by_label("Duration", exact=True)
    expect(times).to_be_focused()
    page.keyboard.press("End")
    expect(times).to_have_value("other")
    expect(form.get_by_label("Other duration")).to_be_visible()
    expect(times).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("until friday 18:00")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("on call")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    screen.look_at("pairec-access")
    expect(screen.card).to_contain_text("you requested Engine (PaiRecEngineAccess), until")


def test_a_command_is_found_completed_and_sent_with_keys_alone(screen: Screen) -> None:
    page = screen.page
    expect(screen.composer).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message field")).to_be_focused()
    page.keyboard.press("Enter")
    expect(screen.composer).to_be_focused()
    page.keyboard.type("/pa")
    offers = page.get_by_role("listbox", name="Completions").get_by_role("option")
    expect(offers).to_have_count(2)
    page.keyboard.press("Enter")
    expect(screen.composer).to_have_value(f"{COMMAND} ")
    expect(offers.locator(".option-text")).to_have_text([*(each.name for each in ACCESS.subcommands), HELP])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(screen.composer).to_have_value(f"{COMMAND} request ")
    page.keyboard.press("Enter")
    form = screen.form()
    expect(form.get_by_label("What", exact=True)).to_be_focused()
    # One letter: a longer word, typed slowly on a busy machine, walks on to the next item with that letter.
    page.keyboard.type("E")
    expect(form.get_by_label("What", exact=True)).to_have_value(ENGINE)
    expect(form.locator("[data-block=what] .hint")).to_contain_text("PAI-EAS")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(form.get_by_label("Reason", exact=True)).to_be_focused()
    page.keyboard.type("on call")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(screen.composer).to_be_focused()
