"""Anchors go to a bucket of OSS, an object each that nobody can change, and the auditor reads them from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from approvals.anchor import object_name, read_line, signed_line
from bot.check.checks.anchors import check_anchor_bucket
from bot.check.context import CheckContext
from bot.check.row import CheckRow
from bot.ram_policy import policy_parts
from bot.redaction import Redaction
from bot.sandbox.oss.buckets import ANCHORS, ELSEWHERE, UNLOCKED, OssBucket
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID
from bot.settings import load_settings
from tests.harness.app import HOUR, AppHarness
from tests.harness.program import pairec_access
from tests.harness.received import SECRET

DAY = 24 * HOUR
PLACE = f"oss://{ANCHORS}/pairec"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    settings = {"PAIREC_ANCHOR_BUCKET": PLACE, "PAIREC_ANCHOR_SECRET": SECRET}
    with AppHarness(tmp_path, settings, pace=10.0) as opened:
        yield opened


def bucket(app: AppHarness, name: str = ANCHORS) -> OssBucket:
    return app.sandbox.buckets[name]


def has(app: AppHarness, number: int) -> list[str]:
    """The names of that many objects, once they are there."""
    app.until(lambda: len(bucket(app).objects) >= number, f"{number} anchors to be there")
    return sorted(bucket(app).objects)


def three(app: AppHarness) -> list[str]:
    for day in range(1, 3):
        has(app, day)
        app.people.advance(DAY)
    return has(app, 3)


def audit(app: AppHarness, place: str = PLACE, **settings: str) -> CompletedProcess[str]:
    """By an auditor, whose key reads the bucket."""
    key = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": OWNER_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": app.sandbox.account.access_keys[OWNER_KEY_ID],
    }
    return pairec_access("audit", "--anchors", place, **{**app.environment(), **key, **settings})


def test_each_anchor_is_an_object_and_the_auditor_reads_that_all_hold(app: AppHarness) -> None:
    names = three(app)
    for number, name in enumerate(names, 1):
        signed = read_line(bucket(app).objects[name][0].decode())
        assert signed.is_signed_with(SECRET) and signed.anchor.number == number
        assert name == f"pairec/{object_name(signed.anchor)}"
    done = audit(app)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("for the bucket") == done.stdout.count(": holds.") == 3
    assert "Every anchor holds" in done.stderr


def test_a_folder_that_was_made_in_the_console_is_no_fault(app: AppHarness) -> None:
    """It is an empty object, and nobody can delete it there."""
    has(app, 1)
    for folder in ("pairec/", "pairec/other/"):
        bucket(app).objects[folder] = (b"", 0.0)
    done = audit(app)
    assert done.returncode == 0, done.stdout
    bucket(app).objects["pairec/forged/"] = (b"{}", 0.0)
    assert audit(app).returncode == 1


def test_one_that_was_deleted_is_named(app: AppHarness) -> None:
    names = three(app)
    for gone, missing in ((names[1], [2]), (names[2], [2, 3])):
        del bucket(app).objects[gone]
        done = audit(app)
        assert done.returncode == 1
        for number in missing:
            assert f"Anchor {number} for the bucket is not there any more: it was deleted" in done.stdout


def test_one_that_was_forged_or_has_anothers_name_is_named(app: AppHarness) -> None:
    names = three(app)
    content, put = bucket(app).objects[names[1]]
    forged = signed_line(read_line(content.decode()).anchor, "another-secret-of-16")
    bucket(app).objects[names[1]] = (forged.encode(), put)
    done = audit(app)
    assert done.returncode == 1 and "forged, or signed with another PAIREC_ANCHOR_SECRET" in done.stdout
    bucket(app).objects[names[1]] = (bucket(app).objects[names[0]][0], put)
    done = audit(app)
    assert done.returncode == 1 and "is no anchor: it has what another object should have" in done.stdout
    bucket(app).objects[names[1]] = (b"x" * 20_000, put)
    done = audit(app)
    assert done.returncode == 1 and "is no anchor" in done.stdout


def test_the_same_is_put_once_and_what_is_there_stays(app: AppHarness) -> None:
    [name] = has(app, 1)
    before = bucket(app).objects[name]
    with app.ledger.write() as tx:
        tx.run("UPDATE anchors SET sent = NULL")
    app.restart_bot()
    app.until(lambda: sent(app), "it to be put again")
    assert bucket(app).objects[name] == before


def sent(app: AppHarness) -> bool:
    with app.ledger.read() as tx:
        return tx.row("SELECT 1 AS found FROM anchors WHERE sent IS NOT NULL") is not None


def test_neither_the_bot_nor_the_owner_of_the_account_takes_one_away(app: AppHarness) -> None:
    [name] = has(app, 1)
    with pytest.raises(RamError, match="FileImmutable"):
        bucket(app).delete(name, app.sandbox.buckets.now())
    with pytest.raises(RamError, match="FileImmutable"):
        bucket(app).put(name, b"", app.sandbox.buckets.now(), forbid_overwrite=False)


@pytest.mark.parametrize(
    ("settings", "without", "said"),
    [
        ({}, "oss:PutObject", "AccessDenied"),
        ({"PAIREC_ANCHOR_BUCKET": "oss://no-such-bucket"}, "", "NoSuchBucket"),
        ({"PAIREC_ANCHOR_REGION": "cn-shanghai"}, "", "AccessDenied"),
        ({"PAIREC_OSS_ENDPOINT": "http://127.0.0.1:1"}, "", "cannot be reached"),
    ],
)
def test_what_is_in_the_way_is_a_condition_and_nothing_is_lost(
    app: AppHarness, settings: dict[str, str], without: str, said: str
) -> None:
    has(app, 1)
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without(without)
    app.stop_bot()
    app.people.advance(DAY)
    app.restart_bot(settings)

    def condition() -> str:
        found = app.program.conditions.current().get("anchor_bucket") if app.program else None
        return found.message if found else ""

    app.until(lambda: said in condition() and "PAIREC_ANCHOR_BUCKET" in condition(), "the condition to say so")
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity()
    app.stop_bot()
    for name in settings:
        app._settings.pop(name)
    app.restart_bot({"PAIREC_ANCHOR_BUCKET": PLACE})
    app.real_passes(600)
    has(app, 2)
    app.until(lambda: not condition(), "the condition to be over")


def checked(app: AppHarness, **settings: str) -> CheckRow:
    told = load_settings({**app.environment(), **settings})
    context = CheckContext(told, {}, Redaction())
    context.credentials.made.append(app.credentials(app.environment()))
    [row] = check_anchor_bucket(context)
    return row


def test_the_check_says_whether_what_is_in_the_bucket_can_be_deleted(app: AppHarness) -> None:
    assert checked(app).seen == "there, and keeps what is in it for 365 days"
    bucket(app).retention_days = None
    found = checked(app)
    assert found.state == "warning" and "has no retention" in found.seen and "lock it" in found.remedy
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without("oss:GetBucketWorm")
    assert "AccessDenied" in checked(app).seen
    app.sandbox.account.identities.pop(ACCESS_KEY_ID)
    assert "has no retention" in checked(app, PAIREC_ANCHOR_BUCKET=f"oss://{UNLOCKED}").seen
    assert "AccessDenied" in checked(app, PAIREC_ANCHOR_BUCKET=f"oss://{ELSEWHERE}").seen
    assert checked(app, PAIREC_ANCHOR_BUCKET=f"oss://{ELSEWHERE}", PAIREC_ANCHOR_REGION="cn-shanghai").state == "ok"
    assert "NoSuchBucket" in checked(app, PAIREC_ANCHOR_BUCKET="oss://no-such-bucket").seen


def test_its_part_of_the_policy_allows_what_the_bot_does_there_and_nothing_else(app: AppHarness) -> None:
    has(app, 1)
    assert checked(app).state == "ok"
    statements = json.loads(policy_parts()["anchors-oss"])["Statement"]
    asked = {(action, arn) for action, arn in app.sandbox.account.permissions_used() if action.startswith("oss:")}
    assert {action for action, _ in asked} == {action for each in statements for action in each["Action"]}
    [put, worm] = (each["Resource"] for each in statements)
    assert put == [f"acs:oss:*:*:{ANCHORS}/*"] and worm == [f"acs:oss:*:*:{ANCHORS}"]


def test_an_auditor_who_may_not_read_it_is_told_so(app: AppHarness) -> None:
    has(app, 1)
    own = {name: app.environment()[name] for name in ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")}
    done = audit(app, **own)
    assert done.returncode == 2 and f"{PLACE} cannot be read: OSS answers AccessDenied" in done.stderr
    done = audit(app, "oss://Not_A_Bucket")
    assert done.returncode == 2 and "must be oss://" in done.stderr
