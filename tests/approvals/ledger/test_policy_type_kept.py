"""Which of two policies of one name was given stands with the grant."""

from __future__ import annotations

from contextlib import closing

import pytest

from approvals.entitlements import Entitlement
from approvals.ledger import grants, open_grants, open_ledger
from approvals.reconcile import steps
from approvals.reconcile.plan import Write
from tests.harness.builders import CAROL, ENGINE, KEY
from tests.harness.one_key import GONE, THERE, KeyBench


@pytest.fixture
def bench(address: str) -> KeyBench:
    return KeyBench(address)


def typed(bench: KeyBench, policy_type: str) -> None:
    """The worker's next look at the key, of which it knows the type now."""
    bench.job, look = bench.begin()
    assert look.untyped
    bench.look = steps.of_type(bench.ledger, bench.job, look, policy_type, bench.at())
    bench.plan = steps.observed(bench.ledger, bench.job, bench.look, GONE, bench.at())
    assert bench.plan.write is Write.ATTACH
    bench.attach_answers()


def test_it_is_known_before_anything_is_attached_and_at_every_look_from_then_on(bench: KeyBench) -> None:
    bench.approved(ends_at=None)
    typed(bench, "Custom")
    assert bench.grant().entitlement.policy_type == "Custom"
    bench.looked_at()
    bench.observe(THERE)
    assert (bench.look.key.entitlement.policy_type, bench.look.untyped) == ("Custom", False)


def test_who_asks_later_for_what_somebody_has_gets_the_same(bench: KeyBench) -> None:
    bench.approved(1001, ends_at=None)
    typed(bench, "Custom")
    bench.approved(1002, ends_at=None)
    bench.observe(THERE)
    assert {bench.grant(number).entitlement.policy_type for number in (1001, 1002)} == {"Custom"}


def test_it_is_no_part_of_what_a_key_is_called_by() -> None:
    system = Entitlement(ENGINE.kind, ENGINE.name, "System")
    assert (str(system), system, hash(system)) == (str(ENGINE), ENGINE, hash(ENGINE))


def test_a_ledger_of_the_version_before_does_not_know_it_and_says_so(address: str) -> None:
    bench = KeyBench(address)
    bench.active(ends_at=None)
    with bench.ledger.write() as tx:
        tx.run("ALTER TABLE grants DROP COLUMN policy_type")
        tx.run("DELETE FROM schema_steps WHERE number = 14")
    bench.ledger.close()
    with closing(open_ledger(address)) as upgraded, upgraded.write() as tx:
        assert [grant.entitlement.policy_type for grant in open_grants.of_principal(tx, CAROL.user_id)] == [None]
        assert grants.set_type(tx, KEY, "System") == 1
        assert [each.policy_type for each in open_grants.active_entitlements(tx)] == ["System"]
