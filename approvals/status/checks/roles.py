"""What the kinds that are about a role of the account may find alike."""

from __future__ import annotations

from approvals.findings import CheckResult, CheckState

ROLE_READY = CheckResult("role_ready", CheckState.OK)
NO_ROLE = CheckResult("no_role", CheckState.FAILED)
