"""What every story begins with: somebody asks for a member role and gets it; and what the products show then."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.sandbox.client import SandboxPerson
from bot.sandbox.products.places import Places
from tests.harness.app import AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.waiting import comes_to, in_time

BUNDLE = "algorithm-engineer@ranking"
FLINK_PLACE = "a14bd5d90a4dbe/ranking-default"
CATALOG = Path(__file__).parents[3] / "approvals" / "catalog" / "catalog.toml"
_ROLES = tomllib.loads(CATALOG.read_text("utf-8"))["bundles"][BUNDLE.partition("@")[0]]["roles"]
BUNDLED = tuple(case for case in SEVERAL_ROLES if case.item.partition("@")[0] in _ROLES)
"""The products of which it has a role."""


def catalog_that_gives_all(folder: Path) -> dict[str, str]:
    """The setting that names a catalogue as it comes with the program, but that every role in it is given."""
    path = folder / "catalog.toml"
    path.write_text(CATALOG.read_text("utf-8").replace("granted = false\n", ""), "utf-8")
    return {"PAIREC_CATALOG": str(path)}


def approved(app: AppHarness, item: str, duration: str = "1h", person: SandboxPerson | None = None) -> str:
    """The reference of a request that Bob approved."""
    ref = app.asked(person or app.carol, f"{item} {duration} rollout")
    app.approve(ref, app.bob)
    return ref


def all_get(app: AppHarness) -> list[str]:
    """The references of requests that give carol each product's role: the bundle, and what is not in it."""
    items = [BUNDLE, *(case.item for case in SEVERAL_ROLES if case not in BUNDLED)]
    refs = [approved(app, item) for item in items]
    for ref in refs:
        comes_to(app, ref, "active")
    return refs


def person_of(app: AppHarness, case: ProductCase) -> SandboxPerson:
    """Who gets the role where each product's is given."""
    return app.erin if case.person == "erin" else app.carol


def gets(app: AppHarness, item: str, duration: str = "1h", person: SandboxPerson | None = None) -> str:
    """The same, once all of it is active."""
    ref = approved(app, item, duration, person)
    comes_to(app, ref, "active")
    return ref


def roles(app: AppHarness, case: ProductCase, user: str = "carol") -> set[str] | None:
    """The codes that somebody has there now; None for somebody who is no member."""
    member = app.sandbox.membership.place(case.product, case.place).members.get(user_id(app, user))
    return None if member is None else set(member.roles)


def user_id(app: AppHarness, name: str) -> str:
    return app.sandbox.account.read().users[name].user_id


def writes(app: AppHarness, *products: str) -> list[dict[str, Any]]:
    """The calls of the bot that were to change something, in their order: what was asked, and what came of it."""
    said = ("product", "action", "params", "result")
    return [{name: call[name] for name in said} for call in written(app, *products)]


def written(app: AppHarness, *products: str) -> list[dict[str, Any]]:
    """The same, with who made each call and what it is known by."""
    return [
        call
        for call in app.sandbox.membership.calls()
        if not call["action"].startswith(("List", "Get", "Execute")) and (not products or call["product"] in products)
    ]


def done(app: AppHarness, *products: str) -> list[tuple[str, str]]:
    """Product and action of those that were carried out."""
    return [(call["product"], call["action"]) for call in writes(app, *products) if call["result"] == "ok"]


def states(app: AppHarness, ref: str) -> dict[str, str]:
    """How each part of a request stands, by its entitlement."""
    return {str(grant.entitlement): grant.state.value for grant in app.record(ref).grants}


def stand(app: AppHarness, ref: str, **expected: str) -> None:
    """Wait until the parts of each of these products stand like this; `policy` are those that RAM holds."""

    def so() -> bool:
        found = states(app, ref)
        return all(
            {state for part, state in found.items() if part.startswith(f"{product}/")} == {state}
            for product, state in expected.items()
        )

    try:
        in_time(app, so, f"{ref} to be {expected}")
    except AssertionError as error:
        raise AssertionError(f"{error}; it is {states(app, ref)}") from None


def give(app: AppHarness, case: ProductCase, role: str, person: SandboxPerson | None = None) -> None:
    """Somebody gives a role in the product's console, past the bot."""
    app.sandbox.membership.give(case.product, case.place, person.name if person else "carol", role)


def mapping_switched_off(places: Places, _: float) -> Places:
    """DataWorks no longer makes its developers developers in MaxCompute."""
    return {key: replace(place, hands_on=None) for key, place in places.items()}


def flink_role(app: AppHarness, user: str = "carol") -> str | None:
    """The one role of somebody in the namespace; None for no member."""
    found = app.sandbox.membership.place("flink", FLINK_PLACE).members.get(user_id(app, user))
    return None if found is None else next(iter(found.roles))
