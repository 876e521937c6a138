"""A ledger has a random name of its own, and keeps it wherever it goes."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from approvals.ledger import Ledger, identity, open_ledger
from approvals.ledger.move_to_server import move, prepare
from tests.harness.databases import Databases


def name_of(ledger: Ledger) -> str | None:
    with ledger.read() as tx:
        return identity.get(tx, identity.LEDGER)


def test_a_new_ledger_has_a_name_of_32_hex_digits_and_keeps_it(address: str) -> None:
    with closing(open_ledger(address)) as ledger:
        name = name_of(ledger)
    with closing(open_ledger(address)) as again:
        assert name_of(again) == name
    assert re.fullmatch("[0-9a-f]{32}", name or "")


def test_no_two_ledgers_have_the_same_name(tmp_path: Path, databases: Databases) -> None:
    places = [f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}", databases.new(), databases.new()]
    names = set()
    for place in places:
        with closing(open_ledger(place)) as ledger:
            names.add(name_of(ledger))
    assert len(names) == len(places)


def test_a_ledger_that_moves_to_a_server_takes_its_name_along(tmp_path: Path, databases: Databases) -> None:
    with (
        closing(open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")) as file,
        closing(open_ledger(databases.new(), moving=True)) as server,
    ):
        name = name_of(file)
        prepare(file)
        move(file, server)
        assert name_of(server) == name
