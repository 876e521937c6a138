"""Records as large and as nasty as the ledger may hold them, for drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from approvals.audit import GENESIS, Entry, iso, next_entry
from approvals.catalog.model import Catalog
from approvals.emergency import Emergency, EmergencyReview, EmergencyVerdict
from approvals.entitlements import Entitlement, policy
from approvals.errors import CloudErrorKind
from approvals.grant import EndCause, Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DAY, DomainMillis
from approvals.model import NOT_STARTED, AccessRequest, Decision, Holding, RequestState, Verdict
from approvals.people import Claim, ClaimState, Principal
from approvals.queries.away import AwayApprover, TooFewHere
from approvals.queries.request_view import EarlyEnd, Extended, RequestView, Shortening
from approvals.refusals.request import ApprovalsLapsed
from handlers.views.tracker import Tracker

NOW = DomainMillis(1_900_000_000_000)
EVIL = "<!channel> <@U0BOB> <https://evil.example|Approve here> *bold* _it_ ~s~ `code` ```pre``` & > quote :tada: @here"
LONG = (EVIL + " ") * 30
USER = Principal(RamUserId("2" + "0" * 17), "n" * 64)
TRACKER = Tracker("https://tracker.example.com/{ticket}?" + "&" * 250)
APPROVERS = tuple(SlackUserId(f"U{number:010d}") for number in range(10))

TOO_FEW = TooFewHere(5, 0, tuple(AwayApprover("n" * 64, NOW) for _ in APPROVERS))


def request(catalog: Catalog, item: str, **changes: object) -> AccessRequest:
    """A request of this item, every part of it at its largest."""
    found = catalog.find(item)
    entitlements: tuple[Entitlement, ...] = found.entitlements if found else (policy(item),)
    whole = AccessRequest(
        id=999_999_999_999,
        public_id="f" * 32,
        team_id="T0PAIREC",
        requester=SlackUserId("U0REQUESTER"),
        requester_ram_id=RamUserId("21"),
        subject=SlackUserId("U0SUBJECT"),
        principal=USER,
        item=item,
        entitlements=entitlements,
        duration=3650 * DAY,
        reason=LONG[:3_000],
        ticket="#" * 40,
        approvals_needed=5,
        state=RequestState.PENDING,
        created_at=NOW,
        expires_at=NOW + DAY,
        closed_at=None,
        closed_by=None,
        close_reason=None,
        ends_at=None,
        asked_approvers=APPROVERS,
        already_holds=tuple(Holding(each.name, "g" * 64) for each in entitlements),
        version=3,
        by_rule="R" * 60,
        escalated_at=NOW,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def grant(number: int, entitlement: Entitlement, state: GrantState, error_kind: CloudErrorKind | None = None) -> Grant:
    """A grant of the request, in this state."""
    return Grant(
        id=number,
        request_id=999_999_999_999,
        principal=USER,
        entitlement=entitlement,
        state=state,
        ends_at=NOW + DAY,
        active_at=NOW,
        ending_at=NOW,
        ended_at=NOW,
        end_cause=EndCause.DEADLINE,
        detaches=0,
        detached=False,
        missing_since_real=None,
        error_kind=error_kind,
    )


def word(verdict: Verdict, slack_id: str, reason: str | None = None) -> Decision:
    """An approver's word."""
    approver = Principal(RamUserId(f"2{slack_id}"), "n" * 64)
    return Decision(999_999_999_999, approver, SlackUserId(slack_id), verdict, reason, NOW, True)


def records(catalog: Catalog, item: str) -> dict[str, RequestView]:
    """One record for each way in which a request may stand, every part of it at its largest."""
    asked = request(catalog, item)
    approvals = tuple(word(Verdict.APPROVE, user) for user in APPROVERS[:4])
    claim = Claim(asked.id, asked.team_id, asked.subject, USER, ClaimState.PENDING)
    closed: dict[str, Any] = {"closed_at": NOW, "closed_by": "U0BOB"}
    found = {
        "pending": RequestView(asked, approvals, claim, (), too_few=TOO_FEW),
        "for oneself": RequestView(replace(asked, subject=asked.requester), (), None, ()),
        "least": RequestView(
            replace(asked, reason="", ticket=None, already_holds=(), asked_approvers=(), duration=None), (), None, ()
        ),
        "denied": RequestView(
            replace(asked, state=RequestState.DENIED, **closed),
            (*approvals, word(Verdict.DENY, "U0BOB", LONG[:3_000])),
            replace(claim, state=ClaimState.CLOSED),
            (),
        ),
        "cancelled": RequestView(replace(asked, state=RequestState.CANCELLED, **closed), (), None, ()),
        "claim lost": RequestView(replace(asked, state=RequestState.CANCELLED, closed_at=NOW), (), None, ()),
        "expired": RequestView(replace(asked, state=RequestState.EXPIRED, closed_at=NOW), (), None, ()),
    }
    approved = replace(asked, state=RequestState.APPROVED, ends_at=NOW + DAY, **closed)
    later = replace(approved, state=RequestState.SCHEDULED, starts_at=NOW)
    found["asked for later"] = RequestView(replace(asked, starts_at=NOW), (), None, ())
    found["scheduled"] = RequestView(later, approvals, None, ())
    found["not started"] = RequestView(
        replace(
            later, state=RequestState.CANCELLED, closed_by=None, close_reason=f"{NOT_STARTED}{ApprovalsLapsed.reason}"
        ),
        approvals,
        None,
        (),
    )
    for state in GrantState:
        given = tuple(grant(n, each, state, CloudErrorKind.LIMIT) for n, each in enumerate(asked.entitlements))
        found[f"approved, {state.value}"] = RequestView(approved, approvals, None, given)
    fewer = replace(approvals[0], parts=asked.entitlements[:1], duration=DAY)
    part = (grant(1, asked.entitlements[0], GrantState.ACTIVE),)
    found["approved in part"] = RequestView(approved, (fewer, *approvals[1:]), None, part)
    early = EarlyEnd(EndCause.TAKEN_BACK, SlackUserId("U0BOB"), NOW, LONG[:3_000])
    taken = tuple(replace(each, end_cause=early.cause) for each in found["approved, ended"].grants)
    found["taken back"] = RequestView(approved, approvals, None, taken, early)
    unreviewed = tuple(replace(each, end_cause=EndCause.UNREVIEWED) for each in taken)
    found["not reviewed"] = RequestView(approved, approvals, None, unreviewed)
    extended = Extended(asked.ref, NOW, DomainMillis(NOW + DAY))
    more = replace(asked, extends=asked.id)
    found["extension"] = RequestView(more, approvals, None, (), extended=extended)
    found["extended"] = replace(found["approved, active"], following=replace(approved, extends=asked.id))
    found["shortened"] = replace(
        found["approved, active"],
        shortened=Shortening(SlackUserId("U0BOB"), NOW),
        request=replace(approved, duration=None),
    )
    found["approved by a rule"] = replace(
        found["approved, active"], decisions=(), request=replace(approved, closed_by=None, approved_by_rule=EVIL[:60])
    )
    emergency = Emergency(asked.id, USER.user_id, NOW, DomainMillis(NOW + DAY))
    mine = replace(found["approved, active"], decisions=(), emergency=emergency)
    found["break-glass"] = mine
    for verdict in EmergencyVerdict:
        review = EmergencyReview(verdict, LONG[:3_000], NOW, SlackUserId("U0BOB"), DomainMillis(NOW + DAY))
        found[f"break-glass, {verdict}"] = replace(mine, emergency=replace(emergency, review=review))
    return found


def trail(entries: int) -> list[Entry]:
    """Audit entries with as much in them as may be."""
    made: list[Entry] = []
    before = GENESIS
    for number in range(entries):
        fields = {"event": "asked", "request": 1, "by_slack": "U0BOB", "ram_user": EVIL, "note": LONG[:3_000]}
        made.append(next_entry(number + 1, iso(NOW), fields, before))
        before = made[-1].hash
    return made
