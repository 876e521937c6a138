"""How far the cloud's own record was read when a look was cut short, however many calls somebody makes."""

from __future__ import annotations

from dataclasses import replace

from approvals.ledger import cloud_reads
from approvals.ledger.job_kinds import JobKind
from approvals.millis import HOUR, MINUTE, DomainMillis
from approvals.operations.cloud_record import read
from approvals.operations.cloud_record.judge import Watched
from bot.cloud.own_identity import OwnIdentity
from bot.worker import trail_queries
from tests.harness.builders import NOW, stolen
from tests.harness.jobs import Work

NOBODY = Watched("user", "pairec-access", frozenset(), frozenset())


def test_a_look_that_was_cut_short_goes_on_where_it_was(work: Work) -> None:
    """Whoever makes more calls in a quarter of an hour than one look reads keeps nobody from the next ones."""
    read.schedule(work.ledger, NOW, region="cn-hangzhou")
    job = work.claimed(now=NOW, kinds=(JobKind.CLOUD_RECORD,))
    look = read.begin_look(work.ledger, job, "ram", "cn-hangzhou", NOW)
    until = DomainMillis(look.since + MINUTE)
    read.record_page(work.ledger, job, look, [replace(stolen(NOW), at=until)], NOBODY, NOW)
    assert read.begin_look(work.ledger, job, "ram", "cn-hangzhou", NOW).since == until


def test_what_was_called_with_our_key_is_read_before_what_everybody_called() -> None:
    assert next(iter(trail_queries.of_ram(OwnIdentity("1", "user", "pairec-access")))) == "own"


def test_a_look_that_was_cut_short_goes_on_with_what_is_left_of_it(work: Work) -> None:
    """With the queries that it did not get to, and not with the first ones again."""
    read.schedule(work.ledger, NOW, region="cn-hangzhou")
    job = work.claimed(now=NOW, kinds=(JobKind.CLOUD_RECORD,))
    read.cut_short(work.ledger, job, ["own"], NOW, NOW)
    job = work.claimed(now=NOW, kinds=(JobKind.CLOUD_RECORD,))
    assert job.payload == {"read": ["own"], "begun": NOW}
    read.begin_look(work.ledger, job, "own", "cn-hangzhou", NOW)
    later = DomainMillis(NOW + 2 * HOUR)
    read.end_look(work.ledger, job, ["own"], NOW, later)
    with work.ledger.read() as tx:
        assert cloud_reads.every_one(tx)["own"].settled <= NOW, "nothing is taken for read that came after it began"
    assert work.claimed(now=later + MINUTE * 3, kinds=(JobKind.CLOUD_RECORD,)).payload == {}
