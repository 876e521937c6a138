"""Work that a change causes, put into the ledger in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from approvals.entitlements import Key
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import (
    Tx,
    cards,
    identity_claims,
    jobs,
    lanes,
    people,
    requests,
    status_boards,
    status_runs,
)
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.onboarding import OnboardingNews
from approvals.people import ClaimState

HOME_KEPT_FOR_MS = 30 * DAY
BOARDS_REDRAWN_FOR_MS = 7 * DAY
"""The newest board of a channel shows what later runs find, for so long."""
REPLY_INTERVAL_MS = 2 * SECOND
"""Between two drawings of a board that is sent as a reply, which Slack takes five times in all."""
OUTCOME_FOLLOWS_MS = 300
"""Milliseconds that a state on the way to another is not yet told for: mostly that one follows, and says it all."""
_TELL = "tell:"


def reconcile(tx: Tx, key: Key, due_at: DomainMillis, priority: int) -> None:
    """Have the cloud brought in line with what the ledger wants for this key."""
    jobs.enqueue(
        tx,
        reconcile_id(key),
        JobKind.RECONCILE_KEY,
        due_at=due_at,
        payload={"key": str(key)},
        # Of what is done by hand nothing is written to the cloud.
        lane=None if key.entitlement.by_hand else lane(key),
        priority=priority,
    )


def lane(key: Key) -> str:
    """RAM takes so many writes a second, and each other product for itself: one that is slow holds up no other."""
    return key.entitlement.kind.lane


def reconcile_id(key: Key) -> str:
    """There is one such job for each key."""
    return f"{jobs.RECONCILE_IDS}{key}"


def direct_message(
    tx: Tx,
    now: DomainMillis,
    to: SlackUserId,
    kind: MessageKind,
    request_id: int,
    name: str | None = None,
    due_at: DomainMillis | None = None,
    **details: Any,
) -> None:
    """Send a person a direct message, now or at `due_at`; `kind` names the text, which is drawn from the record when it
    is sent. One that has a `name` is sent once, however often it is wanted before that.
    """
    jobs.enqueue(
        tx,
        f"{_TELL}{name or ''}",
        JobKind.TELL,
        due_at=now if due_at is None else due_at,
        payload={"to": to, "what": kind, "request": request_id, **details},
        lane=lanes.slack(to),
        numbered=name is None,
    )


def answer(tx: Tx, now: DomainMillis, to: SlackUserId, text: str, blocks: list[dict[str, Any]]) -> None:
    """Send a person a finished message: the answer to what they did, which no record can be drawn from later."""
    jobs.enqueue(
        tx,
        "answer:",
        JobKind.ANSWER,
        due_at=now,
        payload={"to": to, "text": text, "blocks": blocks},
        lane=lanes.slack(to),
        numbered=True,
    )


def onboarding_message(tx: Tx, now: DomainMillis, to: SlackUserId, kind: OnboardingNews, public_id: str) -> None:
    """Tell a person of something that became of an onboarding; it is drawn from the record when it is sent."""
    jobs.enqueue(
        tx,
        f"{_TELL}onboarding:{public_id}:{kind}:{to}",
        JobKind.TELL,
        due_at=now,
        payload={"onboarding": public_id, "what": kind, "to": to},
        lane=lanes.slack(to),
    )


def direct_messages(tx: Tx, now: DomainMillis, request: AccessRequest, kind: MessageKind, **details: Any) -> None:
    """Tell the requester, and the subject when that is somebody else: by the Slack accounts that they have now, in the
    words for those with which it was asked.
    """
    for person, account in accounts_now(tx, request).items():
        moved: dict[str, Any] = {} if account == person else {"as": person}
        direct_message(tx, now, account, kind, request.id, **moved, **details)


def approved(tx: Tx, now: DomainMillis, request: AccessRequest) -> None:
    """Tell those concerned that it was approved, unless what became of that follows at once, and is told instead."""
    outcome_at = DomainMillis(now + OUTCOME_FOLLOWS_MS)
    for person, account in accounts_now(tx, request).items():
        moved: dict[str, Any] = {} if account == person else {"as": person}
        name = _approved_name(request, account)
        direct_message(tx, now, account, MessageKind.APPROVED, request.id, name, outcome_at, **moved)
    redraw(tx, now, request, outcome_at)


def granted(tx: Tx, now: DomainMillis, request: AccessRequest) -> None:
    """Tell those concerned what became of an approval, which says that it was approved as well."""
    for account in accounts_now(tx, request).values():
        jobs.drop(tx, _TELL + _approved_name(request, account))
    direct_messages(tx, now, request, MessageKind.GRANTED)
    extended = requests.get(tx, request.extends) if request.extends is not None else None
    if extended is not None:
        # It cannot be extended once more, and its messages offered that.
        direct_messages(tx, now, extended, MessageKind.GRANTED, quiet=True)


def _approved_name(request: AccessRequest, account: SlackUserId) -> str:
    return f"approved:{request.id}:{account}"


def accounts_now(tx: Tx, request: AccessRequest) -> dict[SlackUserId, SlackUserId]:
    """The requester's and the subject's Slack accounts, by those of the request: an account may be made anew, and a
    workspace be left for another, while access goes on.
    """
    team = request.team_id
    accounts = {request.requester: people.account_now(tx, team, request.requester, request.requester_ram_id)}
    for_themselves = (request.requester, request.requester_ram_id) == (request.subject, request.principal.user_id)
    if not (for_themselves or request.of_account):
        claim = identity_claims.of_request(tx, request.id)
        if claim is None or claim.state is ClaimState.CONFIRMED:
            accounts[request.subject] = people.account_now(tx, team, request.subject, request.principal.user_id)
    accounts.setdefault(request.subject, request.subject)
    # What the command line asks for is nobody's in Slack.
    return {person: account for person, account in accounts.items() if person}


def redraw(tx: Tx, now: DomainMillis, request: AccessRequest, due_at: DomainMillis | None = None) -> None:
    """Every copy of the card, and App Home of those concerned, show something that changed: now, or at `due_at`. Until
    it is decided, so does the card of what it asks more time for.
    """
    due_at = now if due_at is None else due_at
    _redraw_cards(tx, request.id, due_at)
    concerned = {*accounts_now(tx, request).values(), *request.asked_approvers}
    draw_homes(tx, now, request.team_id, concerned, due_at)
    if request.of_account:
        redraw_boards(tx, now)
    if request.workflow_step is not None:
        workflow_step(tx, due_at, request.workflow_step)
    if request.extends is not None and request.state is RequestState.PENDING:
        _redraw_cards(tx, request.extends, due_at)


def workflow_step(tx: Tx, due_at: DomainMillis, execution: str, **asks: str) -> None:
    """See to a step of a workflow, by Slack's id of its run: ask what it asks for, or tell it what became of that."""
    jobs.enqueue(
        tx,
        f"step:{execution}",
        JobKind.WORKFLOW_STEP,
        due_at=due_at,
        payload={"execution": execution, **asks},
        lane=lanes.WORKFLOWS,
    )


def _redraw_cards(tx: Tx, request_id: int, due_at: DomainMillis) -> None:
    requests.touch(tx, request_id)
    copies, drawn = cards.ids_of_request(request_id), JobKind.REDRAW
    jobs.enqueue_each(tx, copies, "redraw:?", drawn, due_at=due_at, payload='{"card": ?}', lane=lanes.UPDATES)


def draw_homes(
    tx: Tx, now: DomainMillis, team_id: str, concerned: Iterable[SlackUserId], due_at: DomainMillis | None = None
) -> None:
    """Have App Home drawn of those of these who opened theirs lately: now, or at `due_at`."""
    if wanted := set(concerned):
        opened = people.opened_homes(team_id, wanted, now - HOME_KEPT_FOR_MS)
        due_at = now if due_at is None else due_at
        jobs.enqueue_each(tx, opened, "home:?", JobKind.HOME, due_at=due_at, payload='{"to": "?"}')


def draw_home(tx: Tx, due_at: DomainMillis, person: SlackUserId) -> None:
    """Have this person's App Home drawn; once, however often that is wanted before it is done."""
    jobs.enqueue(tx, f"home:{person}", JobKind.HOME, due_at=due_at, payload={"to": person})


def redraw_boards(tx: Tx, now: DomainMillis) -> None:
    """The newest board of each channel shows how it stands with what is asked for, given and taken on the roles."""
    for board in status_boards.newest(tx, now - BOARDS_REDRAWN_FOR_MS):
        draw_board(tx, now, board, done=True)


def redraw_card(tx: Tx, due_at: DomainMillis, card: cards.Card) -> None:
    """Have one copy of a card drawn anew; once, however often that is wanted before it is done."""
    jobs.enqueue(tx, f"redraw:{card.id}", JobKind.REDRAW, due_at=due_at, payload={"card": card.id}, lane=lanes.UPDATES)


def post_card(tx: Tx, now: DomainMillis, request_id: int, due_at: DomainMillis | None = None) -> None:
    """Have the card of a request posted to the approvals channel: now, or at `due_at`."""
    due_at = now if due_at is None else due_at
    what = {"request": request_id}
    jobs.enqueue(tx, f"post:{request_id}", JobKind.POST, due_at=due_at, payload=what, lane=lanes.APPROVALS)


def card_copies_prefix(request_id: int) -> str:
    """What the jobs are called that post copies of this card to single people begins so."""
    return f"post:{request_id}:"


def post_copy(tx: Tx, now: DomainMillis, request_id: int, approver: str) -> None:
    """The card as a direct message to one approver, where there is no channel to post it to."""
    jobs.enqueue(
        tx,
        f"{card_copies_prefix(request_id)}{approver}",
        JobKind.POST,
        due_at=now,
        payload={"request": request_id, "to": approver},
        lane=lanes.slack(approver),
    )


def check_status(tx: Tx, now: DomainMillis, run_id: int) -> None:
    """Have a run of status checks made."""
    jobs.enqueue(tx, f"check:{run_id}", JobKind.CHECK, due_at=now, payload={"run": run_id}, priority=GRANT_NEXT)


def recheck_status(tx: Tx, now: DomainMillis) -> None:
    """Something that the status shows was changed from here: look at everything anew."""
    check_status(tx, now, status_runs.begin(tx, "", now).id)


def draw_board(tx: Tx, now: DomainMillis, board: status_boards.Board, *, done: bool) -> None:
    """Have a board drawn. One that is sent as a reply, of which there are few, waits for more to be known."""
    due_at = now if done or not board.sent else now + REPLY_INTERVAL_MS
    jobs.enqueue(
        tx,
        f"board:{board.id}",
        JobKind.BOARD,
        due_at=due_at,
        payload={"board": board.id},
        lane=lanes.slack(board.channel),
    )


def post_changes(tx: Tx, now: DomainMillis, channel: str) -> None:
    """Have a channel that watches the status told what changed."""
    jobs.enqueue(
        tx, f"changes:{channel}", JobKind.CHANGES, due_at=now, payload={"channel": channel}, lane=lanes.slack(channel)
    )
