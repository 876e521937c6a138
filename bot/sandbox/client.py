"""Headless people: be somebody in the workspace from a script, over the same addresses as the page.

    client = SandboxClient(sandbox.page_url)
    carol, bob = client.person("carol"), client.person("bob")
    carol.type("/pairec-access request")
    carol.submit({"Reason": "on call"})
    bob.click("Approve", bob.message_with("Carol Diaz"))

Everything is synchronous. What takes time is waited for with a deadline; when it does not come, the error shows the
person's screen.
"""

from __future__ import annotations

from bot.sandbox.slack.onlooker import WAIT_TIMEOUT_SECONDS
from bot.sandbox.slack.page_client import NotDone, PageClient
from bot.sandbox.slack.person import SandboxPerson
from bot.sandbox.slack.plain import plain
from bot.sandbox.slack.snapshot import SeenMessage, ViewSnapshot
from bot.sandbox.slack.wire import Json

__all__ = ["NotDone", "SandboxClient", "SandboxPerson", "SeenMessage", "ViewSnapshot", "plain"]


class SandboxClient:
    """The sandbox as seen from its page site; `patience`: seconds that its people wait for what they expect."""

    def __init__(self, page_url: str, patience: float = WAIT_TIMEOUT_SECONDS) -> None:
        self._page = PageClient(page_url)
        self._patience = patience

    def person(self, name: str) -> SandboxPerson:
        """Somebody by name ("carol") or id ("U0CAROL"). LookupError when there is nobody."""
        for known in self._page.get("people")["people"]:
            if name in (known["id"], known["name"]):
                return SandboxPerson(self._page, known["id"], known["name"], self._patience)
        raise LookupError(f"there is nobody called {name!r}")

    def advance(self, seconds: float) -> Json:
        """Move the clock forward."""
        return self._page.post("clock", {"advance_seconds": seconds})

    def now(self) -> float:
        """Domain time, in seconds since 1970."""
        return float(self._page.get("clock")["now"])

    def account(self) -> Json:
        """The live view of the RAM account."""
        return self._page.get("account")

    def holders(self, policy: str) -> list[str]:
        """The names of the RAM users who hold a policy now."""
        return self._attached(policy, "user")

    def roles_with(self, policy: str) -> list[str]:
        """The names of the RAM roles that a policy is attached to now."""
        return self._attached(policy, "role")

    def roles_of(self, user: str, product: str, place: str) -> list[str]:
        """The codes of the roles that a RAM user has now as a member of a place, if any."""
        there = next(each for each in self.account()["members"] if (each["product"], each["place"]) == (product, place))
        return [role for member in there["members"] if member["user"] == user for role in member["roles"]]

    def _attached(self, policy: str, kind: str) -> list[str]:
        held = (known["holders"] for known in self.account()["policies"] if known["name"] == policy)
        return [holder["user"] for holder in next(held, ()) if holder["kind"] == kind]

    def turn_switch(self, switch: str, *, broken: bool = True) -> Json:
        """Break something of the account, or put it right, as the page's switches do."""
        return self._page.post("switches", {"name": switch, "broken": broken})

    def inject_ram_fault(self, order: Json) -> Json:
        """Have the cloud's sites misbehave; orders are as bot/sandbox/ram/faults.py has them. NotDone for one that
        makes no sense.
        """
        return self._page.post("control/ram", order)

    def inject_slack_fault(self, order: Json) -> Json:
        """Have Slack misbehave; orders are as bot/sandbox/slack/faults.py has them. NotDone for one that makes no
        sense.
        """
        return self._page.post("control/slack", order)

    def clear_faults(self) -> None:
        """Both sites behave again."""
        self._page.delete("control/ram")
        self._page.delete("control/slack")
