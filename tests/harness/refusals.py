"""What every refusal has in common: a sentence for the person, nothing changed, and an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from approvals.evidence import Holder, Holders
from approvals.ids import SlackUserId
from approvals.ledger import trail
from approvals.millis import DomainMillis
from approvals.model import parse_ref
from approvals.operations.admins import confirm_from_command_line
from approvals.operations.link_identity import link_identity, unlink_identity
from approvals.people import Person as Account
from approvals.people import Principal
from approvals.queries.request_view import RequestView
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, APPROVALS, AppHarness

TEAM = "T0PAIREC"


def audit_trail(app: AppHarness) -> list[dict[str, Any]]:
    """Every entry, oldest first."""
    with app.ledger.read() as tx:
        return [entry.fields for entry in trail.entries(tx)]


@contextmanager
def refused(
    app: AppHarness,
    person: SandboxPerson,
    why: str,
    says: str,
    ref: str | None = None,
    *,
    act: str = "decide",
    by: str = "",
) -> Iterator[None]:
    """What is done inside is refused: `person` reads `says`, RAM and the requests stay as they are, and the trail has
    the attempt. `by` is whoever acted, where that is not the one who reads.
    """
    read = {message.ts for message in person.messages()}
    with untouched(app, by or person.id, why, ref, act=act):
        yield
        app.until(
            lambda: any(message.ts not in read and says in message.plain for message in person.messages()),
            lambda: f"{person.name} to be told {says!r}; {person.name} sees:\n{person.screen_text()}",
        )


@contextmanager
def untouched(app: AppHarness, by: str, why: str, ref: str | None = None, *, act: str) -> Iterator[None]:
    """What is done inside changes nothing in RAM and in no request, and the trail has the attempt and its reason."""
    ram = app.people.account()["policies"]
    number, record = app.requests(), app.record(ref) if ref and parse_ref(ref) in _known(app) else None
    entries = len(audit_trail(app))
    yield

    def attempts() -> list[dict[str, Any]]:
        return [entry for entry in audit_trail(app)[entries:] if entry["event"] == "refused"]

    app.until(attempts, "the attempt to be in the trail")
    expected = {"event": "refused", "why": why, "act": act, "by_slack": by}
    assert attempts() == [{**expected, "request": parse_ref(ref)} if ref and parse_ref(ref) else expected]
    assert app.people.account()["policies"] == ram
    assert app.requests() == number
    if ref and record:
        assert _told_apart(app.record(ref), record) == record
    assert app.chain_holds()


def stands_under(errors: Mapping[str, str], field: str, says: str) -> None:
    """A form's one error is told under this field, in these words."""
    assert [name.partition(":")[0] for name in errors] == [field]
    assert says in next(iter(errors.values()))


def is_told(app: AppHarness, person: SandboxPerson, line: str, says: str) -> None:
    """The private answer to a command."""
    read = {message.ts for message in person.messages()}
    person.type(line)
    app.until(
        lambda: any(says in message.plain for message in person.messages() if message.ts not in read),
        lambda: f"{person.name} to be told {says!r}; {person.name} sees:\n{person.screen_text()}",
    )


def press(person: SandboxPerson, action: str, value: str, card: SeenMessage, **changed: Any) -> None:
    """A click on a card as Slack would report it, but with any value, and by somebody who need not see the card."""
    person.forge(
        {
            "type": "block_actions",
            "container": {
                "type": "message",
                "channel_id": card.channel,
                "message_ts": card.ts,
                "is_ephemeral": False,
            },
            "channel": {"id": card.channel, "name": "privategroup"},
            "message": {"ts": card.ts, "type": "message", "text": card.text, "blocks": card.blocks},
            "actions": [
                {
                    "type": "button",
                    "block_id": "any",
                    "action_id": action,
                    "action_ts": "1.0",
                    "text": {"type": "plain_text", "text": "any"},
                    "value": value,
                }
            ],
            **changed,
        }
    )


def choose(person: SandboxPerson, action: str, value: str, card: SeenMessage) -> None:
    """The same of a menu from which this value is chosen."""
    menu = {"type": "static_select", "block_id": "any", "action_id": action, "action_ts": "1.0"}
    chosen = {"text": {"type": "plain_text", "text": "any"}, "value": value}
    press(person, action, value, card, actions=[{**menu, "selected_option": chosen}])


def invite(app: AppHarness, *people: SandboxPerson) -> None:
    """These see the approvals channel as well."""
    members = ["U0ALICE", "U0BOB", "U0JUDY", "U0PAIRECBOT", *(person.id for person in people)]
    app.people.inject_slack_fault({"channel": APPROVALS, "members": list(dict.fromkeys(members))})


def newcomer(app: AppHarness, name: str, **details: Any) -> SandboxPerson:
    """Somebody new in the workspace, whose e-mail address no RAM user has unless it is given."""
    values = {"id": f"U0{name.upper()}", "name": name, "real_name": name.title(), "email": f"{name}@elsewhere.example"}
    app.people.inject_slack_fault({"add_person": {**values, **details}})
    return app.people.person(name)


def new_ram_user(app: AppHarness, name: str, **details: str) -> Principal:
    """A RAM user created by hand."""
    user = app.by_hand("CreateUser", UserName=name, **details)["User"]
    return Principal(user["UserId"], name)


def restart(app: AppHarness) -> None:
    """The bot has a new list of RAM users, as it has a minute later at the latest."""
    app.stop_bot()
    app.start_bot()


def ram_user(app: AppHarness, name: str) -> Principal:
    found = next(user for user in app.people.account()["users"] if user["name"] == name)
    return Principal(found["user_id"], name)


def link(app: AppHarness, person: SandboxPerson, name: str) -> None:
    """As the command line does it."""
    account = Account(TEAM, SlackUserId(person.id), f"{person.name}@example.com", email_confirmed=True)
    principal = ram_user(app, name)
    link_identity(app.ledger, TEAM, account, principal, "a test", _now(app))
    holders = Holders((Holder(principal),) if _is_admin(app, name) else ())
    confirm_from_command_line(app.ledger, principal, holders, "a test", _now(app))


def _is_admin(app: AppHarness, name: str) -> bool:
    groups = app.by_hand("ListGroupsForUser", UserName=name)["Groups"]["Group"]
    held = [app.by_hand("ListPoliciesForGroup", GroupName=group["GroupName"]) for group in groups]
    return app.holds(name, ADMIN) or any(
        policy["PolicyName"] == ADMIN for each in held for policy in each["Policies"]["Policy"]
    )


def unlink(app: AppHarness, person: SandboxPerson) -> None:
    unlink_identity(app.ledger, TEAM, SlackUserId(person.id), "a test", _now(app))


def _now(app: AppHarness) -> DomainMillis:
    return DomainMillis(round(app.people.now() * 1_000))


def _known(app: AppHarness) -> set[int]:
    with app.ledger.read() as tx:
        return {row["id"] for row in tx.rows("SELECT id FROM requests")}


def _told_apart(now: RequestView, before: RequestView) -> RequestView:
    """But for what such a click may have seen of a policy, which the card then shows: it is nothing of the request."""
    request = replace(now.request, version=before.request.version) if now.changed != before.changed else now.request
    return replace(now, request=request, changed=before.changed)
