"""What any check may find when it cannot look: nothing is concluded from that."""

from __future__ import annotations

from approvals.errors import CloudError, CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding
from approvals.own_codes import OwnCode

NO_ANSWER = CheckResult("no_answer", CheckState.UNKNOWN)
MAY_NOT_LOOK = CheckResult("may_not_look", CheckState.UNKNOWN)
BOT_UNWELL = CheckResult("bot_unwell", CheckState.UNKNOWN)
REFUSED = CheckResult("refused", CheckState.UNKNOWN)
NOT_INSTALLED = CheckResult("not_installed", CheckState.UNKNOWN)
SDK_NOT_INSTALLED = CheckResult("sdk_not_installed", CheckState.UNKNOWN)
UNREADABLE = CheckResult("unreadable", CheckState.UNKNOWN)
RESULTS = (NO_ANSWER, MAY_NOT_LOOK, BOT_UNWELL, REFUSED, NOT_INSTALLED, SDK_NOT_INSTALLED, UNREADABLE)


def not_seen(check: str, error: CloudError | None, seconds: int) -> Finding:
    """The cloud did not answer within so many seconds (no `error`), or said no."""
    if error is None:
        return Finding(check, NO_ANSWER, {"seconds": seconds, "throttled": False})
    call = {"action": error.action or "?", "code": error.code, "request_id": error.request_id}
    if error.kind in (CloudErrorKind.SILENT, CloudErrorKind.THROTTLED):
        throttled = error.kind is CloudErrorKind.THROTTLED
        return Finding(check, NO_ANSWER, {"seconds": seconds, "throttled": throttled, **call})
    if error.kind.is_of_bot:
        return Finding(check, BOT_UNWELL, {"trouble": error.kind.value, **call})
    if error.kind is CloudErrorKind.NOT_INSTALLED:
        own = {"code": error.code} if error.code in set(OwnCode) else {}
        return Finding(check, SDK_NOT_INSTALLED, {"action": error.action or "?", **own})
    if error.kind is CloudErrorKind.NO_PERMISSION:
        return Finding(check, MAY_NOT_LOOK, {"permission": error.action or "?", **call})
    return Finding(check, REFUSED, {**call, "code": error.code or error.kind.value})


def unreadable(check: str, policy: str, what: str) -> Finding:
    """The text of a policy, or of whatever else, cannot be judged: `what` says why."""
    return Finding(check, UNREADABLE, {"policy": policy, "what": what})
