"""The page as a person uses it: whom to be, where to look, what to type and click. Everything by what it is called."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

COMMAND = "/pairec-access"


class Screen:
    def __init__(self, page: Page) -> None:
        self.page = page

    def be(self, name: str) -> None:
        """Become somebody, by their full name."""
        self.page.get_by_role("radio", name=re.compile(f"^{name}")).check()
        expect(self.page.locator("#place-note")).to_contain_text(f"You are {name}")

    def look_at(self, place: str) -> None:
        """A channel or the app's direct messages, by the name in the list."""
        self.page.get_by_role("navigation", name="Channels and messages").get_by_role(
            "link", name=re.compile(f"^{re.escape(place)}")
        ).click()
        expect(self.page.locator("#place-title", has_text=place)).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("combobox", name=re.compile("^Message "))

    def send(self, text: str) -> None:
        """Type it, and click Send."""
        self.composer.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def form(self, title: str = "Request access") -> Locator:
        found = self.page.get_by_role("dialog", name=title)
        expect(found).to_be_visible()
        return found

    def fill(self, form: Locator, *, what: str, duration: str, why: str, ticket: str = "") -> None:
        """The request form. The terms of what is chosen are waited for, as a person would."""
        form.get_by_label("What", exact=True).select_option(what)
        expect(form.locator("[data-block=what] .hint")).to_contain_text("Needs")
        self.fill_duration(form, duration)
        form.get_by_label("Reason", exact=True).fill(why)
        if ticket:
            form.get_by_label("Ticket").fill(ticket)

    def fill_duration(self, form: Locator, duration: str) -> None:
        """Choose it, or type it where it is none of those to choose from."""
        times = form.get_by_label("Duration", exact=True)
        offered = times.locator(f"option[value='{duration}']").count() > 0
        times.select_option(duration if offered else "other")
        if not offered:
            form.get_by_label("Other duration").fill(duration)

    def ask(self, **fields: Any) -> None:
        """The whole way: the command, the form, and its button."""
        self.send(f"{COMMAND} request")
        form = self.form()
        self.fill(form, **fields)
        form.get_by_role("button", name="Send request").click()
        expect(form).to_be_hidden()

    @property
    def card(self) -> Locator:
        """The newest message of the app."""
        return self.page.get_by_role("article", name=re.compile("^pairec-access")).last

    def holder(self, user: str, policy: str) -> Locator:
        """Somebody's line under a policy in the RAM account; without one, they do not hold it."""
        return self.page.get_by_role("article", name=policy, exact=True).locator(f"[data-user={user}]")
