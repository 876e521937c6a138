"""Whether the tables say what the audit trail says: who asked, who decided on what, who is linked, until when.

The chain alone proves that nobody changed the trail. The program acts on the tables; so the trail is replayed here, and
what a row has to be after it is compared with what it is. Entries of the first form say less: what they do not say is
not compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from approvals import audit
from approvals.model import OPEN, GrantState

Row = Mapping[str, Any]
Expected = dict[str, Any]
"""What columns have to be, by name; of those that are not in it the trail says nothing."""

REQUESTS, DECISIONS, GRANTS, LINKS, CLAIMS = COMPARED = ("requests", "decisions", "grants", "links", "claims")
"""Tables of which each row is in the trail, and nothing else is."""
ADMINS = "admin_holders"
KEYS: Mapping[str, tuple[str, ...]] = {
    REQUESTS: ("id",),
    DECISIONS: ("request_id", "ram_user_id"),
    GRANTS: ("id",),
    LINKS: ("slack_user_id",),
    CLAIMS: ("request_id",),
}
LISTS = ("entitlements", "parts")
"""Columns that are JSON."""
STATES = {state.value for state in GrantState}
UNFINISHED = {state.value for state in (*OPEN, GrantState.FAILED)}
CANCELLED = ("cancelled", "claim lost", "other claim confirmed")


class Difference(NamedTuple):
    table: str
    row: str
    problem: str
    request_id: int | None

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.problem}"


class Replay:
    """What the tables have to say after the entries that it was given, in their order."""

    def __init__(self) -> None:
        self._expected: dict[str, dict[tuple[Any, ...], Expected]] = {table: {} for table in COMPARED}
        self._unnumbered: dict[tuple[int, str], str] = {}
        """By request and entitlement: the state of grants that an entry of the first form made without saying their
        numbers."""
        self._unclear: list[Difference] = []
        self._admins: set[str] = set()
        self._looked_for_admins = False
        self._takes: Mapping[str, Callable[[audit.Entry, Row], None]] = {
            "asked": self._asked,
            "approval": self._decided,
            "approved": self._approved,
            "denied": self._denied,
            "expired": self._closed("expired"),
            **{event: self._closed("cancelled") for event in CANCELLED},
            "claim confirmed by subject": self._subject_confirmed,
            "linked": self._linked,
            "link moved": self._link_moved,
            "unlinked": self._unlinked,
            "workspace moved": self._workspace_moved,
            "admin holders found": self._admins_found,
            "admin holders forgotten": self._admins_forgotten,
            "admin holder confirmed": self._admin_confirmed,
            "new admin holder": self._admin_unconfirmed,
            "admin holder gone": self._admin_unconfirmed,
            "tried again": self._tried_again,
            "comes with": self._comes_with,
            "clock was ahead": self._clock_was_ahead,
            "adopted": self._adopted,
        }

    def take(self, entry: audit.Entry) -> None:
        """The next entry of a chain that holds."""
        said = entry.fields
        moved = said["event"] in STATES and "grant" in said
        take = self._moved if moved else self._takes.get(said["event"])
        try:
            if take:
                take(entry, said)
        except KeyError as missing:
            self._unclear.append(
                Difference("audit", str(entry.seq), f"does not say what it has to: {missing}", entry.request_id)
            )

    def differences(self, rows: Callable[[str], Iterable[Row]]) -> Iterator[Difference]:
        """`rows` gives those of a table."""
        yield from self._unclear
        for table in COMPARED:
            expected = dict(self._expected[table])
            for row in rows(table):
                key = tuple(row[name] for name in KEYS[table])
                wanted = expected.pop(key, None)
                yield from self._compared(table, key, row, wanted)
            for key, wanted in expected.items():
                yield self._difference(table, key, wanted, "is in the trail, and not in the table")
        for row in rows(ADMINS):
            if row["state"] == "confirmed" and row["ram_user_id"] not in self._admins:
                yield Difference(ADMINS, row["ram_user_id"], "is confirmed, and by the trail nobody did that", None)

    # -- what an entry says

    def _asked(self, entry: audit.Entry, said: Row) -> None:
        number = said["request"]
        request = {
            "requester": said["by_slack"],
            "subject": said["subject_slack"],
            "subject_ram_id": said["ram_user_id"],
            "subject_ram_name": said["ram_user"],
            "item": said["item"],
            "entitlements": said["entitlements"],
            "duration": said.get("duration_ms"),
            "state": "pending",
            "created_at": entry.moment,
            "closed_at": None,
            "closed_by": None,
            "ends_at": None,
            **_written(entry, {"reason": "reason", "ticket": "ticket"}),
        }
        if entry.version != audit.FIRST:
            request |= {
                "public_id": said["public_id"],
                "team_id": said["team"],
                "requester_ram_id": said.get("by_ram_user_id"),
                "approvals_needed": said["needed"],
                "expires_at": said["expires_at"],
            }
        self._expected[REQUESTS][(number,)] = request
        if said.get("claimed"):
            self._expected[CLAIMS][(number,)] = {
                "slack_user_id": said["subject_slack"],
                "ram_user_id": said["ram_user_id"],
                "subject_said_at": None,
            }

    def _decided(self, entry: audit.Entry, said: Row) -> None:
        request = self._expected[REQUESTS].get((said["request"],), {})
        left_out = said.get("left_out")
        parts = [part for part in request.get("entitlements", []) if part not in left_out] if left_out else None
        self._word(entry, said, {"verdict": "approve", "parts": parts, "duration": said.get("shortened_to_ms")})
        self._lapsed(said)

    def _lapsed(self, said: Row) -> None:
        ids = said.get("no_longer_counting_ids")
        for (number, user_id), word in self._expected[DECISIONS].items():
            if number != said["request"]:
                continue
            if user_id in ids if ids is not None else word["name"] in said.get("no_longer_counting", ()):
                word["counted"] = 0

    def _word(self, entry: audit.Entry, said: Row, word: Expected) -> None:
        about = {"slack_user_id": said["by_slack"], "at": entry.moment, "counted": 1, "name": said["by_ram_user"]}
        self._expected[DECISIONS][(said["request"], said["by_ram_user_id"])] = word | about

    def _approved(self, entry: audit.Entry, said: Row) -> None:
        if "by_ram_user_id" in said:
            self._decided(entry, said)
        self._given(entry, said)

    def _given(self, entry: audit.Entry, said: Row) -> None:
        by = said["by_slack"] if entry.version == audit.FIRST else said["closed_by"]
        request = self._request(said)
        request |= {"state": "approved", "closed_at": entry.moment, "closed_by": by, "close_reason": None}
        if entry.version == audit.FIRST:
            request.pop("ends_at", None)
            parts = self._expected[DECISIONS][(said["request"], said["by_ram_user_id"])]["parts"]
            given = parts if parts is not None else request.get("entitlements", [])
            self._unnumbered |= {(said["request"], part): "planned" for part in given}
            return
        request["ends_at"] = said.get("ends_at")
        for grant_id, entitlement in said["grants"].items():
            self._expected[GRANTS][(int(grant_id),)] = {
                "request_id": said["request"],
                "ram_user_id": request["subject_ram_id"],
                "entitlement": entitlement,
                "state": "planned",
                "ends_at": said.get("ends_at"),
                "end_cause": None,
            }

    def _denied(self, entry: audit.Entry, said: Row) -> None:
        self._word(entry, said, {"verdict": "deny", "parts": None, "duration": None, **_reason(entry, "reason")})
        self._closed("denied")(entry, said)

    def _closed(self, state: str) -> Callable[[audit.Entry, Row], None]:
        def take(entry: audit.Entry, said: Row) -> None:
            request = self._request(said)
            request |= {"state": state, "closed_at": entry.moment, "closed_by": said.get("by_slack")}
            if said["event"] in ("denied", "cancelled"):
                request |= _reason(entry, "close_reason")
            else:
                request["close_reason"] = None if said["event"] == "expired" else said["event"]

        return take

    def _subject_confirmed(self, entry: audit.Entry, said: Row) -> None:
        self._expected[CLAIMS][(said["request"],)]["subject_said_at"] = entry.moment
        self._lapsed(said)

    def _linked(self, entry: audit.Entry, said: Row) -> None:
        link = {"slack_user_id": said["slack"], "ram_user_id": said["ram_user_id"], "linked_at": entry.moment}
        if "team" in said:
            link["team_id"] = said["team"]
        self._expected[LINKS][(said["slack"],)] = link

    def _link_moved(self, entry: audit.Entry, said: Row) -> None:
        self._expected[LINKS].pop((said["from_slack"],), None)
        self._linked(entry, said)
        for request in self._expected[REQUESTS].values():
            theirs = request.get("subject_ram_id") == said["ram_user_id"]
            if theirs and request.get("team_id") == said["from_team"]:
                request["team_id"] = said["team"]

    def _workspace_moved(self, entry: audit.Entry, said: Row) -> None:
        for request in self._expected[REQUESTS].values():
            if request.get("team_id") == said["from_team"]:
                request["team_id"] = said["team"]

    def _admins_found(self, entry: audit.Entry, said: Row) -> None:
        if self._looked_for_admins:
            problem = "were taken as they were found once more, and by the trail nobody was to forget whom it knew"
            self._unclear.append(Difference(ADMINS, f"at entry {entry.seq}", problem, None))
        self._looked_for_admins = True
        self._admins |= set(said["ram_user_ids"])

    def _admins_forgotten(self, entry: audit.Entry, said: Row) -> None:
        self._looked_for_admins = False
        self._admins.clear()

    def _admin_confirmed(self, entry: audit.Entry, said: Row) -> None:
        self._admins.add(said["ram_user_id"])

    def _admin_unconfirmed(self, entry: audit.Entry, said: Row) -> None:
        self._admins.discard(said["ram_user_id"])

    def _unlinked(self, entry: audit.Entry, said: Row) -> None:
        self._expected[LINKS].pop((said["slack"],), None)

    def _moved(self, entry: audit.Entry, said: Row) -> None:
        grant = self._expected[GRANTS].setdefault((said["grant"],), {})
        grant |= {"request_id": said["request"], "entitlement": said["entitlement"], "state": said["event"]}
        grant |= {name: said[name] for name in ("ram_user_id", "policy_type") if name in said}
        if said["event"] == GrantState.FAILED:
            grant["end_cause"] = None
        elif "cause" in said:
            grant["end_cause"] = said["cause"]

    def _tried_again(self, entry: audit.Entry, said: Row) -> None:
        for grant in self._expected[GRANTS].values():
            if grant["request_id"] == said["request"] and grant["state"] == GrantState.FAILED:
                grant["state"] = GrantState.PLANNED.value

    def _comes_with(self, entry: audit.Entry, said: Row) -> None:
        if "grant" not in said:
            self._unnumbered[(said["request"], said["entitlement"])] = "active"
            return
        self._expected[GRANTS][(said["grant"],)] = {
            "request_id": said["request"],
            "ram_user_id": said["ram_user_id"],
            "entitlement": said["entitlement"],
            "state": "active",
            "ends_at": said.get("ends_at"),
            "end_cause": None,
        }

    def _adopted(self, entry: audit.Entry, said: Row) -> None:
        """What nobody here had asked for, and an approver had taken away all the same."""
        self._asked(entry, said)
        self._given(entry, said)

    def _clock_was_ahead(self, entry: audit.Entry, said: Row) -> None:
        request = self._request(said)
        request["created_at"] = min(request["created_at"], entry.moment)
        if request["closed_at"] is None:
            request["expires_at"] = said["expires_at"]
            return
        request |= {"closed_at": entry.moment, "ends_at": said["ends_at"]}
        for grant in self._expected[GRANTS].values():
            if grant["request_id"] == said["request"] and grant["state"] in UNFINISHED and grant.get("ends_at"):
                grant["ends_at"] -= said["ahead_ms"]

    def _request(self, said: Row) -> Expected:
        return self._expected[REQUESTS].setdefault((said["request"],), {})

    # -- comparing

    def _compared(self, table: str, key: tuple[Any, ...], row: Row, wanted: Expected | None) -> Iterator[Difference]:
        if wanted is None:
            if table == GRANTS and self._unnumbered.get((row["request_id"], row["entitlement"])) == row["state"]:
                return
            yield self._difference(table, key, row, "is in the table, and not in the trail")
            return
        for name, value in wanted.items():
            if name not in row:
                continue
            found = _read(row[name]) if name in LISTS else row[name]
            if found != value:
                problem = f"{name} is {_shown(found)}, and by the trail {_shown(value)}"
                yield self._difference(table, key, row, problem)

    def _difference(self, table: str, key: tuple[Any, ...], row: Row, problem: str) -> Difference:
        request_id = key[0] if table in (REQUESTS, DECISIONS, CLAIMS) else row.get("request_id")
        return Difference(table, "/".join(map(str, key)), problem, request_id)


def _reason(entry: audit.Entry, column: str) -> Expected:
    return _written(entry, {"reason": column})


def _written(entry: audit.Entry, columns: Mapping[str, str]) -> Expected:
    """What people wrote, by column; of what was erased nothing is known."""
    said, gone = entry.fields, {each.name for each in entry.written if each.text is None}
    return {column: said.get(name) for name, column in columns.items() if name not in gone}


def _read(column: Any) -> Any:
    """What stands in a column of JSON; the column itself where that is none."""
    try:
        return None if column is None else json.loads(column)
    except ValueError:
        return column


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=repr)
