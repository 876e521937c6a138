"""From a file to a server with everything under way: stop the bot, one command, start it at the new address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import ENGINE, HOUR, Office
from tests.program import pairec_access, says_plainly
from tests.scenario.patience import carol_has
from tests.servers import Databases


def told(office: Office, **settings: str) -> dict[str, str]:
    return {**office.sandbox.env(), "PAIREC_DATABASE_URL": office.ledger_address, **settings}


def trail_of(office: Office, address: str) -> tuple[str, str]:
    """As the command line prints it: the entries, and what it says of the chain."""
    done = pairec_access("audit", **told(office, PAIREC_DATABASE_URL=address))
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_what_waits_and_what_runs_goes_on_at_the_new_place(office: Office, databases: Databases) -> None:
    runs = carol_has(office)
    waits = office.asked(office.dave, f"{ENGINE} 8h rollout")
    office.stop_bot()
    entries, chain = trail_of(office, office.ledger_address)
    address = databases.new()
    done = pairec_access("ledger", "copy", "--to", address, **told(office))
    assert done.returncode == 0, done.stderr
    assert "Moved and read back: requests 2, grants 1, links 6, audit entries " in done.stdout
    assert chain.split("Its head: ")[1] in done.stdout
    assert trail_of(office, address) == (entries, chain)

    office.move_to(address)
    office.start_bot()
    office.approve(waits, office.judy)
    office.comes_to_hold("dave", ENGINE)
    assert office.holds("carol", ENGINE)
    office.people.advance(HOUR + 1)
    office.comes_to_lose("carol", ENGINE)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.states(runs) == ["ended"]
    assert office.asked(office.frank, f"{ENGINE} 8h reports") == "R-1003"
    assert office.chain_holds()


def test_the_bot_does_not_start_from_a_file_that_was_moved(office: Office, databases: Databases) -> None:
    office.stop_bot()
    assert pairec_access("ledger", "copy", "--to", databases.new(), **told(office)).returncode == 0
    for command in (("run",), ("audit",), ("unlink", "U0CAROL")):
        done = pairec_access(*command, **told(office))
        says_plainly(done, f"PAIREC_DATABASE_URL: the ledger {office.ledger_path} was moved to postgresql://")


def test_a_ledger_from_which_the_bot_works_is_not_copied(office: Office, databases: Databases) -> None:
    done = pairec_access("ledger", "copy", "--to", databases.new(), **told(office))
    says_plainly(done, f"a bot works from the ledger {office.ledger_path}; stop it first")
    carol_has(office)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("mysql://db.example.com/pairec", "--to: must be"),
        ("sqlite:///other.db", "--to: must be postgresql://, a server and a database"),
        ("postgresql://db.example.com", "--to: must name a database"),
        ("postgresql://pairec:hunter2hunter2@127.0.0.1:9/pairec", "--to: the ledger postgresql://pairec@127.0.0.1:9/"),
    ],
)
def test_an_address_to_which_nothing_can_be_copied_is_said_in_a_line(office: Office, place: str, says: str) -> None:
    office.stop_bot()
    done = pairec_access("ledger", "copy", "--to", place, **told(office))
    says_plainly(done, says)
    assert "hunter2" not in done.stderr
    office.start_bot()


def test_only_a_ledger_in_a_file_is_copied(office: Office, databases: Databases) -> None:
    done = pairec_access("ledger", "copy", "--to", databases.new(), **told(office, PAIREC_DATABASE_URL=databases.new()))
    says_plainly(done, "PAIREC_DATABASE_URL: a ledger is copied from a file")


def test_a_ledger_that_is_not_there_is_not_copied(office: Office, databases: Databases, tmp_path: Path) -> None:
    nowhere = told(office, PAIREC_DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere.db'}")
    says_plainly(
        pairec_access("ledger", "copy", "--to", databases.new(), **nowhere), "PAIREC_DATABASE_URL: there is no ledger"
    )
    assert not (tmp_path / "nowhere.db").exists()
