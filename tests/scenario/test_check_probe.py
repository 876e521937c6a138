"""`pairec-access check --probe-writes` tries one write on a user made for it, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.harness.checked import Installation, installation, says
from tests.harness.program import pairec_access, running, surroundings

pytestmark = pytest.mark.slow
USER = "pairec-probe"
PROBED = MONITOR


@pytest.fixture
def probed(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as opened:
        opened.by_hand("CreateUser", UserName=USER)
        yield opened


def policies_of(installed: Installation, user: str) -> list[str]:
    return [name for name in (ENGINE, MONITOR) if user in installed.people.holders(name)]


def test_a_policy_is_attached_and_detached_and_what_a_read_took_to_show_it_is_measured(probed: Installation) -> None:
    report = probed.report("--probe-writes", USER)
    rows = {row["what"]: row for row in report["rows"]}
    says(rows["probe AttachPolicyToUser"], "ok", "shown 0.")
    says(rows["probe DetachPolicyFromUser"], "ok", "gone 0.")
    says(rows["probe"], "ok", "R-1001 has ended")
    lag = next(each for each in report["assumptions"] if each["name"] == "ram-reads-lag")
    assert lag["state"] == "confirmed" and "a read showed a write after 0." in lag["seen"]
    done = [(each["action"], each["user"], each["result"]) for each in probed.people.account()["log"]]
    actions = ("CreateUser", "AttachPolicyToUser", "DetachPolicyFromUser")
    assert done == [(action, USER, "ok") for action in actions]
    audit = pairec_access("audit", **probed.settings)
    assert audit.returncode == 0, audit.stderr
    assert '"event":"probed"' in audit.stdout and '"duration_ms":600000' in audit.stdout


def test_a_user_whom_somebody_may_use_is_refused_and_nothing_is_written(probed: Installation) -> None:
    def changed(**values: object) -> None:
        probed.sandbox.account.write(
            lambda state, _: state.users.update({USER: replace(state.users[USER], **values)})  # type: ignore[arg-type]
        )

    refused(probed, "nobody", "there is no RAM user nobody")
    refused(probed, "carol", "carol is linked to U0CAROL")
    changed(console_login=True)
    refused(probed, USER, f"{USER} may log in or has an access key")
    changed(console_login=False, access_keys=("LTAI0SOMEBODY",))
    refused(probed, USER, f"{USER} may log in or has an access key")
    changed(access_keys=())
    probed.by_hand("AttachPolicyToUser", UserName=USER, PolicyName=PROBED, PolicyType="Custom")
    refused(probed, USER, f"{USER} has {PROBED} already")
    probed.may_not("ram:GetLoginProfile")
    refused(probed, USER, "cannot be known without ram:GetLoginProfile")
    assert policies_of(probed, USER) == [PROBED]


def refused(installed: Installation, user: str, says: str) -> None:
    done = installed.check("--probe-writes", user)
    assert done.returncode == 2 and done.stdout == "", done.stdout + done.stderr
    assert done.stderr.startswith("pairec-access: --probe-writes: ") and says in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_ledger_nothing_is_probed(probed: Installation, tmp_path: Path) -> None:
    done = probed.check("--probe-writes", USER, PAIREC_DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert done.returncode == 2 and "there is no ledger at" in done.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_probe_that_is_killed_half_way_is_ended_by_the_next_bot(probed: Installation, tmp_path: Path) -> None:
    # After the three reads that come before the write.
    order = {"action": "ListPoliciesForUser", "fault": "hang", "seconds": 60, "user": USER, "after": 3}
    probed.people.inject_ram_fault(order)
    words = ("check", "--probe-writes", USER)
    with running(*words, log=tmp_path / "check.log", **surroundings(**probed.settings)) as check:
        AppHarness.until(lambda: policies_of(probed, USER), "the policy to be attached", timeout=60)
        check.kill()
    probed.people.clear_faults()
    probed.people.advance(601)
    with running("run", log=tmp_path / "bot.log", **surroundings(**probed.settings)):
        AppHarness.until(lambda: not policies_of(probed, USER), "a bot to take it away", timeout=60)


def test_a_write_that_is_refused_says_with_which_code_and_nothing_is_left(probed: Installation) -> None:
    probed.may_not("ram:AttachPolicyToUser")
    rows = {row["what"]: row for row in probed.report("--probe-writes", USER)["rows"]}
    says(rows["probe AttachPolicyToUser"], "failed", "NoPermission", "permission")
    assert policies_of(probed, USER) == []
