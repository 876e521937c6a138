"""Onboardings, as rows and back."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId, is_random_id
from approvals.millis import DomainMillis
from approvals.onboarding import NewUser, Onboarding, OnboardingProblem, OnboardingState
from approvals.transaction import Row, Tx

_OPEN = "state IN ('pending', 'creating', 'linking', 'asking')"


def insert(tx: Tx, onboarding: Onboarding, asked_key: str) -> None:
    """A new one. `asked_key` names what somebody did to ask for it, so that doing it twice is one."""
    tx.run(
        "INSERT INTO onboardings (public_id, asked_key, team_id, requester, requester_ram_id, subject, user_name,"
        " display_name, email, domain, sso, item, state, created_at, expires_at)"
        " VALUES (:public_id, :asked_key, :team, :requester, :requester_ram_id, :subject, :name, :display_name, :email,"
        " :domain, :sso, :item, :state, :created_at, :expires_at)",
        public_id=onboarding.public_id,
        asked_key=asked_key,
        team=onboarding.team_id,
        requester=onboarding.requester,
        requester_ram_id=onboarding.requester_ram_id,
        subject=onboarding.subject,
        name=onboarding.user.name,
        display_name=onboarding.user.display_name,
        email=onboarding.user.email,
        domain=onboarding.domain,
        sso=None if onboarding.sso is None else int(onboarding.sso),
        item=onboarding.item,
        state=onboarding.state.value,
        created_at=onboarding.created_at,
        expires_at=onboarding.expires_at,
    )


def update(tx: Tx, onboarding: Onboarding, *, was: OnboardingState) -> bool:
    """Store what may change of it; False where it is not in the state that it `was` in any more."""
    return bool(
        tx.changed(
            "UPDATE onboardings SET user_name = :name, display_name = :display_name, email = :email, item = :item,"
            " state = :state, expires_at = :expires_at, decided_at = :decided_at, decided_by = :decided_by,"
            " ram_user_id = :ram_user_id, problem = :problem, error_action = :error_action, error_code = :error_code,"
            " error_request_id = :error_request_id, request_id = :request_id, reason = :reason"
            " WHERE public_id = :public_id AND state = :was",
            public_id=onboarding.public_id,
            was=was.value,
            name=onboarding.user.name,
            display_name=onboarding.user.display_name,
            email=onboarding.user.email,
            item=onboarding.item,
            state=onboarding.state.value,
            expires_at=onboarding.expires_at,
            decided_at=onboarding.decided_at,
            decided_by=onboarding.decided_by,
            ram_user_id=onboarding.ram_user_id,
            problem=onboarding.problem.value if onboarding.problem else None,
            error_action=onboarding.error_action,
            error_code=onboarding.error_code,
            error_request_id=onboarding.error_request_id,
            request_id=onboarding.request_id,
            reason=onboarding.reason,
        )
    )


def get(tx: Tx, public_id: str) -> Onboarding | None:
    """None for what cannot be one: a server does not take every text."""
    if not is_random_id(public_id):
        return None
    row = tx.row("SELECT * FROM onboardings WHERE public_id = :id", id=public_id)
    return _of_row(row) if row else None


def by_asked_key(tx: Tx, asked_key: str) -> Onboarding | None:
    """What was asked for by this very command or form, if it was."""
    row = tx.row("SELECT * FROM onboardings WHERE asked_key = :key", key=asked_key)
    return _of_row(row) if row else None


def open_of(tx: Tx, team_id: str, subject: SlackUserId) -> Onboarding | None:
    """The one of a person that waits or is being carried out; there is one at most."""
    row = tx.row(
        f"SELECT * FROM onboardings WHERE team_id = :team AND subject = :subject AND {_OPEN}",
        team=team_id,
        subject=subject,
    )
    return _of_row(row) if row else None


def open_ones(tx: Tx, team_id: str) -> list[Onboarding]:
    """Those of a workspace that wait or are being carried out, oldest first."""
    rows = tx.rows(
        f"SELECT * FROM onboardings WHERE team_id = :team AND {_OPEN} ORDER BY created_at, public_id", team=team_id
    )
    return [_of_row(row) for row in rows]


def open_names(tx: Tx) -> set[str]:
    """What users are about to be called."""
    return {row["user_name"] for row in tx.rows(f"SELECT user_name FROM onboardings WHERE {_OPEN}")}


def move(tx: Tx, old_team: str, new_team: str) -> None:
    """Those of one workspace are another's from now on; of a person who has an open one there, it stays where it is."""
    tx.run(
        "UPDATE onboardings SET team_id = :new WHERE team_id = :old AND NOT EXISTS"
        f" (SELECT 1 FROM onboardings AS there WHERE there.team_id = :new AND there.subject = onboardings.subject"
        f" AND there.{_OPEN})",
        old=old_team,
        new=new_team,
    )


def _of_row(row: Row) -> Onboarding:
    return Onboarding(
        public_id=row["public_id"],
        team_id=row["team_id"],
        requester=SlackUserId(row["requester"]),
        requester_ram_id=RamUserId(row["requester_ram_id"]) if row["requester_ram_id"] else None,
        subject=SlackUserId(row["subject"]),
        user=NewUser(row["user_name"], row["display_name"], row["email"]),
        domain=row["domain"],
        sso=None if row["sso"] is None else bool(row["sso"]),
        item=row["item"],
        state=OnboardingState(row["state"]),
        created_at=DomainMillis(row["created_at"]),
        expires_at=DomainMillis(row["expires_at"]),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        ram_user_id=row["ram_user_id"],
        problem=OnboardingProblem(row["problem"]) if row["problem"] else None,
        error_action=row["error_action"],
        error_code=row["error_code"],
        error_request_id=row["error_request_id"],
        request_id=row["request_id"],
        reason=row["reason"],
    )
