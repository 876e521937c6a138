"""Who gave what no request accounts for, by what is kept of the cloud's own record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from approvals.cloud_events import Actor, CloudEvent
from approvals.drift import DriftKind, DriftRow, KeptRow
from approvals.ids import RamUserId
from approvals.ledger import Ledger, cloud_events, cloud_reads, identity
from approvals.ledger.cloud_reads import CloudRead
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.operations.drift.givers import read_time
from approvals.people import Principal
from approvals.queries.givers import NOT_SAID, ReadTime, giver_among, with_givers
from tests.approvals.ledger.test_flat_ledger import Counted
from tests.harness.builders import ENGINE, NOW, stolen

ALICE = Actor("ram-user", "9", "alice")
FEW, MANY = 10, 1_000
GIVEN = DomainMillis(NOW - DAY)
ALL = ReadTime(DomainMillis(0), NOW)


def gives(number: int, at: DomainMillis, user: str = "carol") -> CloudEvent:
    params = {"UserName": user, "PolicyName": ENGINE.name}
    return replace(
        stolen(at), id=f"{number}-{at}", request_id=f"{number}", name="AttachPolicyToUser", actor=ALICE, params=params
    )


def has(user: str = "carol", since: DomainMillis = GIVEN) -> DriftRow:
    return DriftRow(DriftKind.OUTSIDE, Principal(RamUserId(user), user), ENGINE, since=since)


def gave(ledger: Ledger, *rows: DriftRow) -> dict[str, str]:
    with ledger.read() as tx:
        return {about: giver.name for about, giver in with_givers(tx, rows, {}, NOW, ALL).items()}


def named(event: CloudEvent, via_group: str = "", **params: str) -> str | None:
    """Who gave it, if this call has these parameters besides."""
    row = replace(has(), via_group=via_group or None)
    giver = giver_among(row, [replace(event, params={**event.params, **params})])
    return giver.name if giver is not None else None


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    found = Counted(tmp_path / "ledger")
    with closing(found.ledger):
        yield found


def test_it_costs_the_same_however_much_was_ever_granted_here(counted: Counted) -> None:
    """Only the first few of our own writes are there at first; they are kept for ever."""
    steps = list[int]()
    for first, end in ((0, FEW), (FEW, MANY)):
        with counted.ledger.write() as tx:
            for number in range(first, end):
                cloud_events.add(tx, gives(number, DomainMillis(GIVEN + number * MINUTE)), "ours")
            cloud_events.add(tx, gives(-end, GIVEN), "others")

        def look(ledger: Ledger) -> None:
            assert gave(ledger, has(), has("dave"))
            with ledger.write() as tx:
                cloud_events.forget_others(tx, DomainMillis(NOW - 90 * DAY))

        steps.append(counted.steps(look))
    assert steps[1] <= steps[0] * 1.5, "one call more of others' is read, and none of ours"


def test_nothing_is_read_of_what_was_given_before_anything_is_kept(counted: Counted) -> None:
    with counted.ledger.write() as tx:
        cloud_events.add(tx, gives(1, GIVEN), "others")
    old = has("dave", DomainMillis(NOW - 91 * DAY))
    assert counted.steps(lambda ledger: gave(ledger, old)) * 2 < counted.steps(lambda ledger: gave(ledger, has()))


def test_each_is_named_who_gave_it(counted: Counted) -> None:
    with counted.ledger.write() as tx:
        cloud_events.add(tx, gives(1, GIVEN), "others")
        cloud_events.add(tx, gives(2, GIVEN, "DAVE"), "stolen")
    rows = has(), has("dave"), has("erin")
    assert gave(counted.ledger, *rows) == {rows[0].about: "alice", rows[1].about: "alice"}


def test_names_are_the_same_in_whatever_case() -> None:
    assert named(gives(1, GIVEN), UserName="Carol", PolicyName=ENGINE.name.upper()) == "alice"


@pytest.mark.parametrize("stray", ["UserPrincipalName", "PrincipalName", "GroupName"])
def test_whoever_calls_with_names_that_disagree_is_not_named_and_nor_is_who_did_the_same(stray: str) -> None:
    odd = gives(1, GIVEN)
    assert named(odd, **{stray: "mallory@example.com"}) is None
    odd = replace(odd, actor=Actor("ram-user", "8", "judy"), params={**odd.params, stray: "mallory@example.com"})
    assert giver_among(has(), [odd, gives(2, GIVEN)]) is None


def test_somebody_whose_login_is_as_of_a_group_is_a_user() -> None:
    event = replace(gives(1, GIVEN), name="AttachPolicy", service="ResourceManager", params={"PolicyName": ENGINE.name})
    login = "carol@group.example.com"
    assert named(event, PrincipalType="IMSUser", PrincipalName=login) == "alice"
    assert named(event, PrincipalType="IMSGroup", PrincipalName=login) is None
    assert named(event, "carol", PrincipalType="IMSGroup", PrincipalName=login) == "alice"
    assert named(event, "carol", PrincipalType="IMSUser", PrincipalName=login) is None


def judy_in_a_group(ledger: Ledger) -> DriftRow:
    """Of those who put carol in it and gave it something then, what Judy did is kept."""
    event = replace(gives(1, GIVEN), name="AddUserToGroup", params={"UserName": "carol", "GroupName": "chess"})
    with ledger.write() as tx:
        cloud_events.add(tx, event, "waiting")
        identity.put(tx, identity.CLOUD_READ_FROM, str(GIVEN - HOUR))
        for query in ("own", "ims"):
            cloud_reads.put(tx, CloudRead(query, "r", NOW, "read", NOW))
    return replace(has(), via_group="chess")


@pytest.mark.parametrize(("settled", "named"), [(GIVEN - HOUR, False), (GIVEN, True)])
def test_nobody_is_named_while_one_of_the_services_was_not_read_so_far(
    counted: Counted, settled: DomainMillis, *, named: bool
) -> None:
    row = judy_in_a_group(counted.ledger)
    with counted.ledger.write() as tx:
        cloud_reads.put(tx, CloudRead("ram", "r", DomainMillis(settled), "read", NOW))
        assert bool(with_givers(tx, [row], {}, NOW, read_time(tx))) is named


def test_nobody_is_named_for_what_was_given_about_when_the_reading_began(counted: Counted) -> None:
    row = judy_in_a_group(counted.ledger)
    with counted.ledger.write() as tx:
        identity.put(tx, identity.CLOUD_READ_FROM, str(GIVEN + 12 * MINUTE))
        assert not with_givers(tx, [row], {}, NOW, read_time(tx))


def test_what_the_record_said_itself_counts_for_more_than_what_is_kept_of_it(counted: Counted) -> None:
    row = judy_in_a_group(counted.ledger)
    asked = KeptRow("1", replace(row, giver=NOT_SAID), NOW, told=True)
    with counted.ledger.read() as tx:
        assert with_givers(tx, [row], {}, NOW, ALL) and not with_givers(tx, [row], {row.about: asked}, NOW, ALL)
