"""What the cloud answered is kept with the grant that it stands in the way of, and only as long as it does."""

from __future__ import annotations

from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import GrantState
from approvals.ledger import grants, open_ledger
from approvals.millis import SECOND
from approvals.reconcile import steps
from approvals.reconcile.plan import Write
from tests.harness.older_ledgers import older_ledger
from tests.harness.one_key import GONE, KeyBench

OLD_ROWS = """
INSERT INTO requests (id, asked_key, team_id, requester, subject, subject_ram_id, subject_ram_name, item, entitlements,
  reason, approvals_needed, state, created_at, expires_at, closed_at, asked_approvers, already_holds, version)
  VALUES (1001, 'a', 'T1', 'U1', 'U1', '200', 'carol', 'X', '[]', 'why', 1, 'approved', 1, 2, 2, '[]', '[]', 1);
INSERT INTO grants (id, request_id, ram_user_id, ram_user_name, entitlement, state, trouble, trouble_action)
  VALUES (1, 1001, '200', 'carol', 'policy/X', 'failed', 'limit', 'AttachPolicyToUser');
"""


def test_a_ledger_from_before_codes_were_kept_is_brought_up_to_date(address: str) -> None:
    older_ledger(address, 10, OLD_ROWS)
    ledger = open_ledger(address)
    with ledger.write() as tx:
        [old] = grants.of_request(tx, 1001)
        assert (old.error_kind, old.error_action, old.error_code, old.error_request_id) == (
            *("limit", "AttachPolicyToUser"),
            *(None, None),
        )
        error = CloudError(CloudErrorKind.LIMIT, code="LimitExceeded.User.Policy", request_id="R-1")
        grants.move(tx, old, GrantState.FAILED, **grants.error_columns("limit", error))
        [new] = grants.of_request(tx, 1001)
        assert (new.error_code, new.error_request_id) == ("LimitExceeded.User.Policy", "R-1")
    ledger.close()


def test_the_code_and_the_id_of_a_call_go_with_the_error(address: str) -> None:
    bench = KeyBench(address)
    bench.approved()
    bench.observe(GONE)
    odd = CloudError(CloudErrorKind.UNCLEAR, code="WAF.Blocked", action="AttachPolicyToUser", request_id="R-1")
    outcome = bench.outcome(Write.ATTACH, odd)
    assert steps.attached(bench.ledger, bench.job, bench.look, outcome, bench.at(), bench.plan) is None
    shown = bench.grant()
    assert (shown.error_kind, shown.error_code, shown.error_request_id) == ("unclear", "WAF.Blocked", "R-1")
    bench.passed += SECOND
    bench.observe(GONE)
    bench.attach_answers()
    assert (bench.grant().error_kind, bench.grant().error_code, bench.grant().error_request_id) == (None, None, None)
    bench.ledger.close()


def test_a_word_of_a_newer_program_leaves_the_grant_readable(address: str) -> None:
    bench = KeyBench(address)
    bench.approved()
    with bench.ledger.write() as tx:
        tx.run("UPDATE grants SET trouble = 'something new'")
    assert bench.grant().error_kind is CloudErrorKind.REFUSED
    with bench.ledger.read() as tx:
        assert tx.row("SELECT trouble FROM grants") == {"trouble": "something new"}
    bench.ledger.close()
