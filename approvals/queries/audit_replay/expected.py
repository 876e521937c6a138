"""The tables as the audit trail has them so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from approvals import audit

Row = Mapping[str, Any]
Expected = dict[str, Any]
"""What columns have to be, by name; of those that are not in it the trail says nothing."""

REQUESTS, DECISIONS, GRANTS, LINKS, CLAIMS, ONBOARDINGS, REVIEWS, EMERGENCIES, ACCESS_REVIEWS = COMPARED = (
    *("requests", "decisions", "grants"),
    *("links", "claims", "onboardings", "policy_reviews", "emergencies", "access_reviews"),
)
"""Tables of which each row is in the trail, and nothing else is."""
ADMINS = "admin_holders"
NOTICES = "notices"
DRIFT = "drift_rows"
REVIEW_ITEMS = "review_items"


class ReviewWord(NamedTuple):
    """An approver's word on one document of a policy."""

    policy: str
    hash: str
    slack_user_id: str
    ram_user_id: str


class Difference(NamedTuple):
    """One thing in which a table and the trail differ."""

    table: str
    row: str
    problem: str
    request_id: int | None

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.problem}"


@dataclass(slots=True)
class ExpectedTables:
    """Rows by table and key, after the entries that were played back so far."""

    rows: dict[str, dict[tuple[Any, ...], Expected]] = field(default_factory=lambda: {each: {} for each in COMPARED})
    unnumbered: dict[tuple[int, str], str] = field(default_factory=dict)
    """By request and entitlement: the state of grants that an entry of the first form made without saying their
    numbers."""
    unclear: list[Difference] = field(default_factory=list)
    """Entries that do not say what they have to."""
    admins: set[str] = field(default_factory=set)
    """RAM UserIds of the holders of the admin policy that somebody confirmed."""
    looked_for_admins: bool = False
    accepted: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Until when something that no request accounts for may stay, and who said so, by the id of its row."""
    review_words: set[ReviewWord] = field(default_factory=set)
    """Those that were given so far, of which each policy's last ones may wait for another approver's."""
    review_items: dict[str, Expected] = field(default_factory=dict)
    """What is under review in access reviews, and what came of it, by id."""
    whole_reviews: set[str] = field(default_factory=set)
    """Access reviews of which all that is under review was recorded."""
    reviewed_items: dict[str, int] = field(default_factory=dict)
    """How many items an access review has."""

    def request(self, number: int) -> Expected:
        """The row of this request, to be changed."""
        return self.rows[REQUESTS].setdefault((number,), {})

    def grants_of(self, number: int) -> list[Expected]:
        """The rows of this request's grants, to be changed."""
        return [grant for grant in self.rows[GRANTS].values() if grant["request_id"] == number]


def written(entry: audit.Entry, columns: Mapping[str, str]) -> Expected:
    """What people wrote in an entry, by column; nothing of what was erased. `columns`: by the name of a field."""
    fields, erased = entry.fields, {each.name for each in entry.written if each.text is None}
    return {column: fields.get(name) for name, column in columns.items() if name not in erased}
