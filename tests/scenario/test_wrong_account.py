"""A key of another account, or a token of another workspace: nothing is done, and nothing concluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.ledger import grants, identity
from approvals.model import Cause
from approvals.operations import belonging
from approvals.operations.revoke import end_in
from bot.app import Parts
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
    """An office whose bot may come to hold a key of another account."""

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
def office(tmp_path: Path, address: str) -> Iterator[Workplace]:
    with Workplace(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


def all_given(office: AppHarness) -> list[str]:
    refs = []
    for policy in POLICIES:
        refs.append(office.asked(office.carol, f"{policy} 8h rollout"))
        office.approve(refs[-1], office.bob)
        office.comes_to_hold("carol", policy)
        office.card(refs[-1], "active")
    return refs


def compared(office: AppHarness) -> None:
    """Long enough for the bot to compare twice, and to look twice at what it would miss."""
    for _ in range(3):
        office.people.advance(COMPARED_EVERY)
        office.real_passes(LONG_ENOUGH)


def others_log(office: AppHarness) -> list[object]:
    return [*office.sandbox.other_account.log()]


def test_with_a_key_of_another_account_nothing_is_concluded_and_all_goes_on_with_the_right_one(
    office: Workplace,
) -> None:
    refs = all_given(office)
    office.key_of_others()
    compared(office)
    office.until(lambda: told(office), "approvers to be told")
    assert [office.states(ref) for ref in refs] == [["active"]] * len(refs)
    assert all(office.holds("carol", policy) for policy in POLICIES)
    office.key_of_ours()
    office.people.advance(8 * HOUR)
    for policy in POLICIES:
        in_time(office, lambda policy=policy: not office.holds("carol", policy), f"{policy} to be taken back")
    in_time(office, lambda: office.states(refs[0]) == ["ended"], "it to be over")
    office.until(lambda: told(office, "again since"), "approvers to be told")
    assert others_log(office) == []


def told(office: AppHarness, text: str = "access key belongs to Alibaba Cloud account") -> str:
    return next((message.plain for message in office.bob.messages(APPROVALS) if text in message.plain), "")


def test_with_a_key_of_another_account_nothing_is_given_and_nobody_decides(office: Workplace) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.key_of_others()
    office.bob.click("Approve", office.card(ref, "waiting for approval"))
    office.bob.ephemeral_with("access key belongs to another Alibaba Cloud account than its record")
    assert office.record(ref).pending
    office.key_of_ours()
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    assert others_log(office) == []


def test_a_revoke_with_a_key_of_another_account_is_made_with_the_right_one(office: Workplace) -> None:
    ref = all_given(office)[0]
    office.key_of_others()
    number = office.record(ref).request.id
    with office.ledger.write() as tx:
        end_in(tx, grants.of_request(tx, number), 0, Cause.TAKEN_BACK)
    assert office.program is not None
    office.program.wake()
    in_time(office, lambda: office.record(ref).grants[0].trouble == "wrong_account", "the revoke to be tried")
    assert office.holds("carol", ENGINE)
    office.key_of_ours()
    in_time(office, lambda: not office.holds("carol", ENGINE), "it to be taken back")
    assert others_log(office) == []


def test_a_ledger_knows_its_account_and_its_workspace_from_the_first_start(office: AppHarness) -> None:
    known = [belonging.owner(office.ledger, name) for name in (identity.ACCOUNT, identity.TEAM)]
    assert known == [ACCOUNT_ID, office.sandbox.workspace.team.id]


def others_key(office: AppHarness) -> dict[str, str]:
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": OTHER_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": office.sandbox.other_account.access_keys[OTHER_KEY_ID],
    }


def test_a_bot_with_a_key_of_another_account_does_not_start_and_says_both(office: AppHarness) -> None:
    office.stop_bot()
    done = pairec_access("run", **{**office.environment(), **others_key(office)})
    says_plainly(
        done,
        f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {OTHER_ACCOUNT_ID}, and the ledger to {ACCOUNT_ID}.",
    )


def test_a_ledger_that_knows_people_takes_no_account_for_its_own_in_which_they_are_not(office: AppHarness) -> None:
    office.stop_bot()
    with office.ledger.write() as tx:
        tx.run("DELETE FROM identity WHERE name = 'account'")
    done = pairec_access("run", **{**office.environment(), **others_key(office)})
    says_plainly(done, f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {OTHER_ACCOUNT_ID}, in which RAM has")
    office.start_bot()
    assert belonging.owner(office.ledger, identity.ACCOUNT) == ACCOUNT_ID


def test_a_bot_with_a_token_of_another_workspace_does_not_start(office: AppHarness) -> None:
    office.stop_bot()
    with office.ledger.write() as tx:
        identity.put(tx, identity.TEAM, "T0ELSEWHERE")
    with pytest.raises(SettingsError, match="and the ledger to T0ELSEWHERE"):
        office.start_bot()


def test_somebody_may_say_that_the_ledger_is_another_accounts_from_now_on(office: AppHarness) -> None:
    office.stop_bot()
    told = pairec_access("ledger", "adopt", "--account", OTHER_ACCOUNT_ID, **office.environment())
    assert (told.returncode, told.stdout) == (
        0,
        f"The ledger belongs to the Alibaba Cloud account {OTHER_ACCOUNT_ID}; before, to {ACCOUNT_ID}.\n",
    )
    with pytest.raises(SettingsError, match=f"belongs to account {ACCOUNT_ID}, and the ledger to {OTHER_ACCOUNT_ID}"):
        office.start_bot()


@pytest.mark.parametrize("wrong", [("--account", "mine"), ("--team", "X1"), ()])
def test_what_is_no_account_or_workspace_is_not_adopted(office: AppHarness, wrong: tuple[str, ...]) -> None:
    done = pairec_access("ledger", "adopt", *wrong, **office.environment())
    assert done.returncode == 2 and done.stderr.startswith(f"pairec-access: {wrong[0] if wrong else 'say --account'}")


NO_ANSWERS = {
    "it is busy": {"fault": "error", "status": 503, "code": "Busy"},
    "somebody else's JSON": {"fault": "no_code", "status": 200},
    "a page of a portal": {"fault": "html", "status": 200},
}


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_while_nobody_says_whose_the_key_is_nothing_is_given_and_then_all_goes_on(
    office: Workplace, answer: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.stop_bot()
    office.people.order_ram({"action": "GetCallerIdentity", **NO_ANSWERS[answer]})
    office.start_bot()
    assert office.program is not None and "sts" in office.program.conditions.current()
    office.bob.click("Approve", office.card(ref, "waiting for approval"))
    office.bob.ephemeral_with("STS does not say which account the bot's access key belongs to")
    office.people.clear_orders()
    in_time(office, lambda: approved(office, ref), "the approval to count")


def approved(office: AppHarness, ref: str) -> bool:
    if office.record(ref).pending:
        office.bob.click("Approve", office.card(ref, "waiting for approval"))
    return not office.record(ref).pending
