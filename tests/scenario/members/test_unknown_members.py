"""Member roles given after a backup: no product says since when, so those are asked about who are new there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.restoring import WAYS, backed_up, looked, notices, put_back
from tests.harness.waiting import in_time
from tests.scenario.members.asking import gets, give, roles


def asked_about(app: AppHarness, user: str, case: ProductCase) -> SeenMessage:
    """One role may bring another along, which is asked about as well."""

    def found() -> list[SeenMessage]:
        return [each for each in notices(app) if f"RAM user `{user}` has {case.title}" in each.plain]

    return in_time(app, found, f"a question about {user}; bob sees:\n{app.bob.screen_text()}")[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_role_that_was_given_after_a_backup_is_found_and_taken_back(
    app: AppHarness, case: ProductCase, tmp_path: Path, way: str
) -> None:
    looked(app)
    give(app, case, case.role, app.erin)
    app.people.advance(3_601)
    looked(app)
    file = backed_up(app, tmp_path)
    gets(app, case.item, "8h")
    put_back(app, file, WAYS[way])
    told = asked_about(app, "carol", case)
    assert "did not at the last check" in told.plain
    app.bob.click("Revoke", told)
    in_time(app, lambda: case.role not in (roles(app, case) or set()), "carol to lose the role")
    assert roles(app, case, "erin") == {case.role}
    assert not any("`erin`" in each.plain for each in notices(app))
    assert app.chain_holds()


def test_where_a_backup_knows_no_members_each_role_that_nothing_explains_is_asked_about(
    app: AppHarness, case: ProductCase, tmp_path: Path
) -> None:
    give(app, case, case.role, app.erin)
    gets(app, case.item, "8h")
    # What the bot still looked at would be known again.
    looked(app)
    with app.ledger.write() as tx:
        tx.run("DELETE FROM known_members")
        tx.run("DELETE FROM looked_places")
    put_back(app, backed_up(app, tmp_path))
    asked_about(app, "erin", case)


def test_members_of_long_ago_are_nobodys_question_at_an_ordinary_start(app: AppHarness, case: ProductCase) -> None:
    looked(app)
    give(app, case, case.role, app.erin)
    app.people.advance(3_601)
    looked(app)
    app.restart_bot()
    looked(app)
    assert notices(app) == []
