"""A key of another account, or a token of another workspace: nothing is done, and nothing concluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.grant import EndCause
from approvals.ledger import grants, identity
from approvals.millis import DomainMillis
from approvals.operations import belonging
from approvals.operations.revoke import end_in
from bot.app.parts import Parts
from bot.sandbox.ram.seed import ACCESS_KEY_ID, ACCOUNT_ID, OTHER_ACCOUNT_ID, OTHER_KEY_ID
from bot.settings import SettingsError
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.program import pairec_access, says_plainly
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, in_time

POLICIES = (ENGINE, DATA, MONITOR)


class Rotating:
    """Credentials that somebody may exchange under a running bot."""

    def __init__(self) -> None:
        self.now: Credentials | None = None

    def get_credential(self) -> object:
        assert self.now is not None
        return self.now.get_credential()


class Workplace(AppHarness):
    """An app whose bot may come to hold a key of another account."""

    def parts(self, environment: Mapping[str, str]) -> Parts:
        self.rotating = Rotating()
        self.key_of_ours()
        return super().parts(environment)

    def credentials(self, environment: Mapping[str, str]) -> Rotating:
        return self.rotating

    def key_of_ours(self) -> None:
        self.rotating.now = key(ACCESS_KEY_ID, self.sandbox.account.access_keys[ACCESS_KEY_ID])

    def key_of_others(self) -> None:
        self.rotating.now = key(OTHER_KEY_ID, self.sandbox.other_account.access_keys[OTHER_KEY_ID])


def key(key_id: str, secret: str) -> Credentials:
    return Credentials(Config(type="access_key", access_key_id=key_id, access_key_secret=secret))


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[Workplace]:
    with Workplace(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


def all_given(app: AppHarness) -> list[str]:
    refs = []
    for policy in POLICIES:
        refs.append(app.asked(app.carol, f"{policy} 8h rollout"))
        app.approve(refs[-1], app.bob)
        app.comes_to_hold("carol", policy)
        app.card(refs[-1], "active")
    return refs


def compared(app: AppHarness) -> None:
    """Long enough for the bot to compare twice, and to look twice at what it would miss."""
    for _ in range(3):
        app.people.advance(COMPARED_EVERY)
        app.real_passes(LONG_ENOUGH)


def others_log(app: AppHarness) -> list[object]:
    return [*app.sandbox.other_account.log()]


def test_with_a_key_of_another_account_nothing_is_concluded_and_all_goes_on_with_the_right_one(
    app: Workplace,
) -> None:
    refs = all_given(app)
    app.key_of_others()
    compared(app)
    app.until(lambda: told(app), "approvers to be told")
    assert [app.states(ref) for ref in refs] == [["active"]] * len(refs)
    assert all(app.holds("carol", policy) for policy in POLICIES)
    app.key_of_ours()
    app.people.advance(8 * HOUR)
    for policy in POLICIES:
        in_time(app, lambda policy=policy: not app.holds("carol", policy), f"{policy} to be taken back")
    in_time(app, lambda: app.states(refs[0]) == ["ended"], "it to be over")
    app.until(lambda: told(app, "again since"), "approvers to be told")
    assert others_log(app) == []


def told(app: AppHarness, text: str = "access key belongs to Alibaba Cloud account") -> str:
    return next((message.plain for message in app.bob.messages(APPROVALS) if text in message.plain), "")


def test_with_a_key_of_another_account_nothing_is_given_and_nobody_decides(app: Workplace) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.key_of_others()
    app.bob.click("Approve", app.card(ref, "needs approval"))
    app.bob.ephemeral_with("access key belongs to another Alibaba Cloud account than its record")
    assert app.record(ref).pending
    app.key_of_ours()
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    assert others_log(app) == []


def test_a_revoke_with_a_key_of_another_account_is_made_with_the_right_one(app: Workplace) -> None:
    ref = all_given(app)[0]
    app.key_of_others()
    number = app.record(ref).request.id
    with app.ledger.write() as tx:
        end_in(tx, grants.of_request(tx, number), DomainMillis(0), EndCause.TAKEN_BACK)
    assert app.program is not None
    app.program.wake()
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "wrong_account", "the revoke to be tried")
    assert app.holds("carol", ENGINE)
    app.key_of_ours()
    in_time(app, lambda: not app.holds("carol", ENGINE), "it to be taken back")
    assert others_log(app) == []


def test_a_ledger_knows_its_account_and_its_workspace_from_the_first_start(app: AppHarness) -> None:
    known = [belonging.owner(app.ledger, name) for name in (identity.ACCOUNT, identity.TEAM)]
    assert known == [ACCOUNT_ID, app.sandbox.workspace.team.id]


def others_key(app: AppHarness) -> dict[str, str]:
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": OTHER_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": app.sandbox.other_account.access_keys[OTHER_KEY_ID],
    }


def test_a_bot_with_a_key_of_another_account_does_not_start_and_says_both(app: AppHarness) -> None:
    app.stop_bot()
    done = pairec_access("run", **{**app.environment(), **others_key(app)})
    says_plainly(
        done,
        f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {OTHER_ACCOUNT_ID}, and the ledger to {ACCOUNT_ID}.",
    )


def test_a_ledger_that_knows_people_takes_no_account_for_its_own_in_which_they_are_not(app: AppHarness) -> None:
    app.stop_bot()
    with app.ledger.write() as tx:
        tx.run("DELETE FROM identity WHERE name = 'account'")
    done = pairec_access("run", **{**app.environment(), **others_key(app)})
    says_plainly(done, f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {OTHER_ACCOUNT_ID}, in which RAM has")
    app.start_bot()
    assert belonging.owner(app.ledger, identity.ACCOUNT) == ACCOUNT_ID


def test_a_bot_with_a_token_of_another_workspace_does_not_start(app: AppHarness) -> None:
    app.stop_bot()
    with app.ledger.write() as tx:
        identity.put(tx, identity.TEAM, "T0ELSEWHERE")
    with pytest.raises(SettingsError, match="and the ledger to T0ELSEWHERE"):
        app.start_bot()


def test_somebody_may_say_that_the_ledger_is_another_accounts_from_now_on(app: AppHarness) -> None:
    app.stop_bot()
    told = pairec_access("ledger", "adopt", "--account", OTHER_ACCOUNT_ID, **app.environment())
    assert (told.returncode, told.stdout) == (
        0,
        f"The ledger belongs to the Alibaba Cloud account {OTHER_ACCOUNT_ID}; before, to {ACCOUNT_ID}.\n",
    )
    with pytest.raises(SettingsError, match=f"belongs to account {ACCOUNT_ID}, and the ledger to {OTHER_ACCOUNT_ID}"):
        app.start_bot()


@pytest.mark.parametrize("wrong", [("--account", "mine"), ("--team", "X1"), ()])
def test_what_is_no_account_or_workspace_is_not_adopted(app: AppHarness, wrong: tuple[str, ...]) -> None:
    done = pairec_access("ledger", "adopt", *wrong, **app.environment())
    assert done.returncode == 2 and done.stderr.startswith(f"pairec-access: {wrong[0] if wrong else 'say --account'}")


NO_ANSWERS = {
    "it is busy": {"fault": "error", "status": 503, "code": "Busy"},
    "somebody else's JSON": {"fault": "no_code", "status": 200},
    "a page of a portal": {"fault": "html", "status": 200},
}


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_while_nobody_says_whose_the_key_is_nothing_is_given_and_then_all_goes_on(app: Workplace, answer: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.stop_bot()
    app.people.inject_ram_fault({"action": "GetCallerIdentity", **NO_ANSWERS[answer]})
    app.start_bot()
    assert app.program is not None and "sts" in app.program.conditions.current()
    app.bob.click("Approve", app.card(ref, "needs approval"))
    app.bob.ephemeral_with("STS does not say which account the app's access key belongs to")
    app.people.clear_faults()
    in_time(app, lambda: approved(app, ref), "the approval to count")


def approved(app: AppHarness, ref: str) -> bool:
    if app.record(ref).pending:
        app.bob.click("Approve", app.card(ref, "needs approval"))
    return not app.record(ref).pending
