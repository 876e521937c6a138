"""Member roles given after a backup: no product says since when, so those are asked about who are new there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import AppHarness
from tests.harness.putting_back import WAYS, backed_up, looked, notices, put_back
from tests.harness.waiting import in_time
from tests.scenario.members.asking import gets, give, roles
from tests.scenario.members.cases import Case


def asked_about(office: AppHarness, user: str, case: Case) -> SeenMessage:
    """One role may bring another along, which is asked about as well."""

    def found() -> list[SeenMessage]:
        return [each for each in notices(office) if f"RAM user `{user}` has {case.title}" in each.plain]

    return in_time(office, found, f"a question about {user}; bob sees:\n{office.bob.sees()}")[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_role_that_was_given_after_a_backup_is_found_and_taken_back(
    office: AppHarness, case: Case, tmp_path: Path, way: str
) -> None:
    looked(office)
    give(office, case, case.role, office.erin)
    office.people.advance(3_601)
    looked(office)
    file = backed_up(office, tmp_path)
    gets(office, case.item, "8h")
    put_back(office, file, WAYS[way])
    told = asked_about(office, "carol", case)
    assert "had not when this app last looked" in told.plain
    office.bob.click("Take back", told)
    in_time(office, lambda: case.role not in (roles(office, case) or set()), "carol to lose the role")
    assert roles(office, case, "erin") == {case.role}
    assert not any("`erin`" in each.plain for each in notices(office))
    assert office.chain_holds()


def test_where_a_backup_knows_no_members_each_role_that_nothing_explains_is_asked_about(
    office: AppHarness, case: Case, tmp_path: Path
) -> None:
    give(office, case, case.role, office.erin)
    gets(office, case.item, "8h")
    with office.ledger.write() as tx:
        tx.run("DELETE FROM known_members")
        tx.run("DELETE FROM looked_places")
    put_back(office, backed_up(office, tmp_path))
    asked_about(office, "erin", case)


def test_members_of_long_ago_are_nobodys_question_at_an_ordinary_start(office: AppHarness, case: Case) -> None:
    looked(office)
    give(office, case, case.role, office.erin)
    office.people.advance(3_601)
    looked(office)
    office.restart_bot()
    looked(office)
    assert notices(office) == []
