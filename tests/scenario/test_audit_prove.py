"""What the trail has of one request, as a page by which an auditor computes every hash anew."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import stat
from contextlib import closing
from html import unescape
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from approvals import audit
from approvals.anchor import AnchorTarget, signed_line
from approvals.audit_events import AuditEvent
from approvals.audit_texts import without
from approvals.ledger import identity, open_ledger, trail
from approvals.operations.anchors import _anchor
from bot.cli import audit_prove
from tests.harness.app import ENGINE, AppHarness
from tests.harness.builders import NOW
from tests.harness.program import pairec_access
from tests.harness.waiting import comes_to
from tests.scenario.command_line import CommandLine

SECRET = "the-walrus-and-the-carpenter"
HOSTILE = "</p><script>alert(1)</script> & 'quotes' \u202e ж"


class Kept:
    """A ledger with four entries of R-1001 among others, an anchor of the third of seven, and another of the last."""

    def __init__(self, folder: Path) -> None:
        self.path, self.file, self.page = folder / "ledger.db", folder / "anchors.jsonl", folder / "R-1001.html"
        lines: list[str] = []
        with closing(open_ledger(f"sqlite:///{self.path}")) as ledger, ledger.write() as tx:
            identity.put(tx, identity.LEDGER, "the-ledger")
            for number in range(1, 8):
                mine = number % 2 == 1
                about = {"request_id": 1001, "ram_user": "carol", "reason": HOSTILE} if mine else {"what": "settings"}
                trail.append_event(tx, NOW, AuditEvent.REMINDED if mine else AuditEvent.SETUP_CHANGED, **about)
                head = trail.last(tx)
                if number in (3, 7) and head is not None:
                    made = _anchor(tx, AnchorTarget.WEBHOOK, len(lines) + 1, head, NOW)
                    lines.append(signed_line(made, SECRET))
        self.file.write_text("".join(f"{line}\n" for line in lines), "utf-8")

    def proves(self, *words: str, ref: str = "R-1001") -> CompletedProcess[str]:
        settings = {"PAIREC_DATABASE_URL": f"sqlite:///{self.path}", "PAIREC_ANCHOR_SECRET": SECRET}
        return pairec_access("audit", "prove", ref, *words, "--output", str(self.page), **settings)

    def attacked(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute(statement, values)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def told(page: Path) -> str:
    """As somebody reads it."""
    text = page.read_text("utf-8")
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>", "", text, flags=re.S))))


def pres(page: Path) -> list[str]:
    return [unescape(each) for each in re.findall(r"<pre>(.*?)</pre>", page.read_text("utf-8"), re.DOTALL)]


def test_every_hash_of_it_can_be_computed_anew_from_the_page(kept: Kept) -> None:
    done = kept.proves("--anchors", str(kept.file))
    assert done.returncode == 0 and done.stdout == f"{kept.page}: entries 4.\n", done.stderr
    assert stat.S_IMODE(kept.page.stat().st_mode) == 0o600
    with closing(open_ledger(f"sqlite:///{kept.path}")) as ledger, ledger.read() as tx:
        mine, every = trail.of_request(tx, 1001), [each.hash for each in trail.entries(tx)]
    texts = pres(kept.page)
    hashed = [each for each in texts if each.startswith("3 ")]
    assert [f"3:{hashlib.sha256(each.encode()).hexdigest()}" for each in hashed] == [each.hash for each in mine]
    beside = [each.split("\n") for each in texts if not each.startswith("3 ")]
    assert len(beside) == 8
    for line, digest in beside:
        assert hashlib.sha256(line.encode()).hexdigest() == digest
        assert any(f"{line.partition(' ')[0]}:{digest}" in each for each in hashed)
    text = told(kept.page)
    for entry in mine:
        assert entry.prev in text and (entry.seq == 7 or f"entry {entry.seq + 1} has of this one: {entry.hash}" in text)
    assert f"Its head: 7 {every[-1]}" in text and "2 of 2 anchors fit, the newest of entry 7" in text
    assert text.count("number 1 for the webhook") == 2 and text.count("number 2 for the webhook") == 2


def test_what_somebody_wrote_is_text_and_nothing_else(kept: Kept) -> None:
    kept.proves()
    page = kept.page.read_text("utf-8")
    assert "<script" not in page and "\u202e" not in page and "default-src 'none'" in page
    assert "</p><script>alert(1)</script> & 'quotes' \\u202e ж" in unescape(page)
    assert "No anchor was compared" in told(kept.page)


def test_what_is_erased_is_said_to_be_and_its_hash_is_there(kept: Kept) -> None:
    with closing(open_ledger(f"sqlite:///{kept.path}")) as ledger, ledger.write() as tx:
        left = [each._replace(beside=without(each.beside, lambda _: True)) for each in trail.of_request(tx, 1001)]
        trail.erase(tx, NOW, [], left)
    assert kept.proves().returncode == 0
    text = told(kept.page)
    assert "carol" not in text and "alert" not in text and text.count("erasedram_user, reason") == 4
    hashed = [each for each in pres(kept.page) if each.startswith("3 ")]
    with closing(open_ledger(f"sqlite:///{kept.path}")) as ledger, ledger.read() as tx:
        mine = trail.of_request(tx, 1001)
    assert [f"3:{hashlib.sha256(each.encode()).hexdigest()}" for each in hashed] == [each.hash for each in mine]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit SET entry = replace(entry, 'reminded', 'approved') WHERE seq = 5", "it was changed after"),
        ("UPDATE audit SET beside = replace(beside, 'carol', 'erin') WHERE seq = 5", "it was changed after"),
        ("UPDATE audit SET entry = '[[' WHERE seq = 5", "it was changed after"),
    ],
)
def test_a_broken_chain_is_told_on_the_page_and_nothing_after_it_is_covered(
    kept: Kept, statement: str, says: str
) -> None:
    kept.attacked(statement)
    done = kept.proves("--anchors", str(kept.file))
    assert done.returncode == 1 and f"The chain breaks at entry 5: {says}" in done.stderr
    text = told(kept.page)
    assert f"The chain breaks at entry 5: {says}" in text and "The chain holds" not in text and "agrees" not in text
    assert text.count("number 1 for the webhook") == 2 and text.count("none that was given covers it") == 2


def test_an_anchor_that_does_not_fit_is_told(kept: Kept) -> None:
    kept.file.write_text(kept.file.read_text("utf-8").replace('"seq":7', '"seq":6'), "utf-8")
    done = kept.proves("--anchors", str(kept.file))
    assert done.returncode == 1 and "forged, or signed with another" in done.stderr and "forged" in told(kept.page)


@pytest.mark.parametrize(
    ("ref", "says"), [("R-4711", "there is no R-4711 in this ledger"), ("Roger", "'Roger' is no request")]
)
def test_what_is_no_request_is_said_and_no_page_is_left(kept: Kept, ref: str, says: str) -> None:
    done = kept.proves(ref=ref)
    assert done.returncode == 2 and says in done.stderr and not kept.page.exists()


def test_more_than_a_request_ever_has_is_counted_and_not_shown(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_prove, "MAX_ENTRIES", 2)
    with closing(open_ledger(f"sqlite:///{kept.path}")) as ledger, ledger.read() as tx:
        proof = audit_prove._proof(tx, 1001, [], [], audit.iso(NOW), signed=False)
    assert [each.entry.seq for each in proof.entries] == [1, 3] and proof.left_out == 2


@pytest.mark.slow
def test_the_page_leads_to_the_card_on_which_it_was_decided(app: AppHarness, tmp_path: Path) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    page = tmp_path / "proof.html"
    done = CommandLine(app)("audit", "prove", ref, "--output", str(page))
    assert done.returncode == 0, done.stderr
    with app.ledger.read() as tx:
        [card] = tx.rows("SELECT channel, ts FROM cards")
    assert f"/{card['channel']}/p{card['ts'].replace('.', '')}" in page.read_text("utf-8")
    assert "The record agrees with it." in told(page) and "approved" in told(page)
