"""What approvers, or one person, are told, with the most and the longest in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any

from approvals.access_review import ReviewedAccess, ReviewVerdict, Stays, Unreviewed
from approvals.by_hand import ByHand
from approvals.catalog.model import Catalog
from approvals.drift import Barred, DriftAction, DriftKind, DriftRow, Giver, Unfit
from approvals.entitlements import Entitlement
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.millis import DAY
from approvals.notice import Notice
from approvals.onboarding import NewUser, Onboarding, OnboardingState, as_details
from approvals.operations.drift.look import TOLD_ROWS
from approvals.operations.leavers import Presence
from approvals.outbox.access_reviews import LISTED
from approvals.people import Principal
from bot.check.samples.records import APPROVERS, EVIL, NOW

SEVERAL = 60
ABOUT = {
    NoticeKind.GIVE_BY_HAND: f"21|manual/{'m' * 128}",
    NoticeKind.TAKE_BY_HAND: f"21|manual/{'m' * 128}",
    NoticeKind.BLOCKED_END: "21|hologres/hgprecn-cn-a/normal",
}
"""Of those of which a key is known by that."""
NAMES = [f"{number}{EVIL}" for number in range(SEVERAL)]
ONBOARDING = Onboarding(
    public_id="a" * 32,
    team_id="T0PAIREC",
    requester=SlackUserId("U0REQUESTER"),
    requester_ram_id=None,
    subject=SlackUserId("U0SUBJECT"),
    user=NewUser("n" * 64, EVIL, EVIL),
    domain="d" * 63 + ".onaliyun.com",
    sso=None,
    item="algorithm-engineer",
    state=OnboardingState.PENDING,
    created_at=NOW,
    expires_at=NOW,
    decided_by=SlackUserId("U0BOB"),
    ram_user_id=RamUserId("2" + "0" * 17),
    error_action="CreateUser",
    error_code=EVIL,
    error_request_id=EVIL,
    request_id=999_999_999_999,
)


def sample_notices(catalog: Catalog) -> Iterator[Notice]:
    """One of each kind that is open, and one that came to each end that there is."""
    parts = sorted(catalog.entitlements, key=str)
    for kind, details in _details(parts, next(iter(catalog.items))).items():
        notice = Notice("0" * 32, kind, ABOUT.get(kind, "U0DAVE|21"), details, None, NOW)
        yield notice
        for outcome in NoticeOutcome:
            yield replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB"))


def _details(parts: list[Entitlement], item: str) -> Mapping[NoticeKind, dict[str, Any]]:
    somebody: dict[str, Any] = {"slack": "U0DAVE", "ram_user": EVIL * 3, "ram_user_id": "21"}
    whole = [
        {"grant": number, "what": str(parts[number % len(parts)]), "request": 1001, "ends_at": None, "ram_user": EVIL}
        for number in range(SEVERAL)
    ]
    return {
        NoticeKind.ACCESS_REVIEW: {"items": SEVERAL, "due_at": NOW, "unreviewed": Unreviewed.REVOKE.value},
        NoticeKind.ACCESS_REVIEW_OVER: _access_review(parts),
        NoticeKind.GIVE_BY_HAND: {**_task(), **somebody},
        NoticeKind.TAKE_BY_HAND: {**_task(), **somebody},
        NoticeKind.BLOCKED_END: {
            **somebody,
            "request": 10**12,
            "what": ["&" * 400, *(EVIL * 20 for _ in range(9))],
            "remedy": [*("&" * 400 for _ in range(15)), *(EVIL + "```" for _ in range(15))],
            "ended": [str(part) for part in parts[:10]],
        },
        NoticeKind.CLAIM: {"request": "R-999999999999", "ram_user": "n" * 64, "requester": "U0CAROL", "item": item},
        NoticeKind.DRIFT: _drift(parts),
        NoticeKind.DRIFT_REQUEST: _drift_request(parts),
        NoticeKind.LEAVER: {**somebody, "why": Presence.DEACTIVATED.value, "runs": whole},
        NoticeKind.MORE_UNKNOWN_ORIGIN: {"keys": ["1|policy/n"] * SEVERAL, "since": NOW},
        NoticeKind.NEW_ADMIN: {"holders": [{"name": "n" * 64, "slack": "U0DAVE"} for _ in range(SEVERAL)]},
        NoticeKind.NOT_IN_RECORD: {"writes": [_write()] * 10, "more": SEVERAL},
        NoticeKind.OFFBOARDING: {**somebody, **_offboarding(), "runs": whole},
        NoticeKind.ONBOARDING: as_details(ONBOARDING),
        NoticeKind.OUTSIDE_WRITES: {"events": [_event()] * 10, "more": SEVERAL},
        NoticeKind.POLICY_REVIEW: _policy(),
        NoticeKind.STOLEN_KEY: {"events": [_event()] * 10, "more": SEVERAL},
        NoticeKind.ESCALATION: {"request": "R-1", "why": "n" * 64},
        NoticeKind.OTHER_LEDGER: {"connections": 10, "ours": 1},
        NoticeKind.UNKNOWN_ORIGIN: {**somebody, "what": str(parts[0]), "attached_at": NOW, "since": NOW},
        NoticeKind.VANISHED: {"looks": SEVERAL, "active": SEVERAL, "grants": whole},
        NoticeKind.FEW_APPROVERS: {"left": [{"id": "1" * 20, "name": "n" * 64, "slack": "U" + "1" * 10}]},
        NoticeKind.WRONG_ACCOUNT: {"ours": "1" * 20, "theirs": "2" * 20},
    }


def drift_samples(parts: list[Entitlement], several: int) -> list[DriftRow]:
    """Rows of every kind, for whom nothing can be done for every reason."""
    who = Principal(RamUserId("2" + "0" * 17), EVIL * 3)
    common: dict[str, Any] = {"since": NOW, "account": "U0DAVE", "known_by": "U0BOB", "via_group": EVIL * 3}
    common["giver"] = Giver(EVIL * 10, "2" + "0" * 17)
    return [
        DriftRow(
            kind := list(DriftKind)[number % len(DriftKind)],
            who,
            None if kind is DriftKind.LINK else parts[number % len(parts)],
            request_id=10**11 if kind is DriftKind.UNFIT else None,
            grant_id=number if kind is DriftKind.UNFIT else None,
            unfit=list(Unfit)[number % len(Unfit)] if kind is DriftKind.UNFIT else None,
            barred=[*Barred, None][number % (len(Barred) + 1)],
            **common,
        )
        for number in range(several)
    ]


def review_samples(parts: list[Entitlement], several: int) -> list[ReviewedAccess]:
    """Items of every kind: granted here and elsewhere, with and without an end, which can be revoked or not."""
    return [
        ReviewedAccess(
            Principal(RamUserId("2" + "0" * 17), EVIL * 3),
            parts[number % len(parts)],
            EVIL * 3 if number % 3 == 0 else None,
            SlackUserId("U0DAVE"),
            NOW,
            NOW + 60 * DAY if number % 2 else None,
            tuple(range(10**11, 10**11 + 9)) if number % 3 == 1 else (),
            [*Barred, None][number % (len(Barred) + 1)],
        )
        for number in range(several)
    ]


def _access_review(parts: list[Entitlement]) -> dict[str, Any]:
    left = [
        {**each.as_details(), "reviewer": "U0DAVE", "stays": stays.value}
        for each, stays in zip(review_samples(parts, LISTED), cycle(Stays), strict=False)
    ]
    return {
        "items": 10**6,
        "came": dict.fromkeys([*(verdict.value for verdict in ReviewVerdict), "open"], 10**6),
        "open": left,
        "revoked": left,
        "started_at": NOW,
        "complete": False,
    }


def _drift(parts: list[Entitlement]) -> dict[str, Any]:
    rows = drift_samples(parts, TOLD_ROWS)
    kinds = {kind.value: 10**6 for kind in DriftKind}
    return {
        "rows": [row.as_details() for row in rows],
        "new": 10**7,
        "kinds": kinds,
        "listed": 10**7,
        "complete": False,
    }


def _drift_request(parts: list[Entitlement]) -> dict[str, Any]:
    [row] = drift_samples(parts, 1)
    asked = {"action": DriftAction.ADOPT.value, "duration": 3650 * DAY, "reason": EVIL * 100, "by_slack": "U0BOB"}
    return {"row": row.as_details(), "row_id": "0" * 32, **asked, "request": 10**11, "ends_at": NOW}


def _task() -> dict[str, Any]:
    steps = tuple((f"https://x.example/{number}?a&b " + EVIL * 5)[:200] for number in range(10))
    return {
        **ByHand("&" * 60, steps, steps, APPROVERS).as_details(),
        "doers": list(APPROVERS),
        "requests": list(range(1_000_000, 1_000_400)),
        "ends_at": NOW,
        "requester": "U0CAROL",
        "approver": "U0BOB",
        "given": True,
    }


def _event() -> dict[str, Any]:
    """A call, by the cloud's own record."""
    return {
        "at": NOW,
        "name": EVIL * 10,
        "service": EVIL,
        "who": EVIL * 10,
        "type": "ram-user",
        "from": EVIL * 10,
        "on": ["&" * 128] * 5,
        "refused": EVIL * 10,
        "marked": True,
        "known_as": EVIL,
        "by_group": ["&" * 128] * 10,
        "member": {
            "product": "dataworks",
            "place": "&" * 128,
            "who": [{"id": "2" * 20, "name": "&" * 64}] * 10,
            "said": ["&" * 128] * 10,
        },
    }


def _write() -> dict[str, Any]:
    return {
        "at": NOW,
        "event": "attach confirmed",
        "entitlement": "&" * 200,
        "request": "R-999999999999",
        "known_as": EVIL * 10,
    }


def _policy() -> dict[str, Any]:
    """As long as a custom one may be, and all of it other than before."""
    names = [f"service-{number}:{'Delete' * 20}*" for number in range(SEVERAL)]
    statement = {"Effect": "Allow", "Action": names, "Resource": [f"acs:oss:*:*:{name}" for name in NAMES]}
    now = [{**statement, "Condition": {"StringEquals": {"acs:SourceIp": NAMES}}}, {**statement, "Effect": "Deny"}]
    reviewed = {"slack": "U0BOB", "ram_user": EVIL, "ram_user_id": "21"}
    return {
        "policy": "P" * 128,
        "type": "Custom",
        "version": "v999999",
        "hash": "a" * 64,
        "document": json.dumps({"Version": "1", "Statement": now}),
        "before": json.dumps({"Version": "1", "Statement": [{**statement, "Resource": "*"}]}),
        "before_version": "v999998",
        "reviewed_by": [reviewed, reviewed],
        "changed_by": {"who": EVIL * 10, "at": NOW, "from": EVIL * 10, "call": "CreatePolicyVersion"},
    }


def _offboarding() -> dict[str, Any]:
    found = dict.fromkeys(("access_keys", "policies", "groups", "unread"), NAMES)
    return {
        "by": "U0BOB",
        "linked": "U0DAVE",
        "waiting": list(range(SEVERAL)),
        "left": {"name": EVIL, "mfa": True, "console_login": True, **found},
        "roles": ["dataworks/10001/role_project_dev"] * SEVERAL,
        "unread_products": ["dataworks", "maxcompute"],
    }
