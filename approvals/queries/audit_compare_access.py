"""Whether what is under review in access reviews, and what came of it, is what the trail says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from approvals.queries.audit_replay.access_reviews import AS_COLLECTED
from approvals.queries.audit_replay.expected import ACCESS_REVIEWS, REVIEW_ITEMS, Difference, ExpectedTables, Row

DECIDED = ("verdict", "said_by", "said_at", "stays")


def differing_items(expected: ExpectedTables, rows: Callable[[str], Iterable[Row]]) -> Iterator[Difference]:
    """`rows` gives those of a table."""
    missing, there = dict(expected.review_items), Counter[str]()
    for row in rows(REVIEW_ITEMS):
        there[row["review_id"]] += 1
        for problem in _problems(expected, row, missing.pop(row["id"], None)):
            yield Difference(REVIEW_ITEMS, row["id"], problem, None)
    for item_id in missing:
        yield Difference(REVIEW_ITEMS, item_id, "is in the trail, and not in the table", None)
    for review_id, number in expected.reviewed_items.items():
        if there[review_id] != number:
            problem = f"has {there[review_id]} items, and by the trail {number}"
            yield Difference(ACCESS_REVIEWS, review_id, problem, None)


def _problems(expected: ExpectedTables, row: Row, wanted: Mapping[str, Any] | None) -> Iterator[str]:
    if wanted is None:
        if row["review_id"] in expected.whole_reviews:
            yield "is in the table, and not in the trail"
        elif any(row.get(name) is not None for name in DECIDED):
            yield "is decided, and by the trail nobody did that"
        return
    found = {**row, **_of_details(row)}
    for name, value in wanted.items():
        if found.get(name) != value:
            yield f"{name} is {_shown(found.get(name))}, and by the trail {_shown(value)}"


def _of_details(row: Row) -> dict[str, Any]:
    """Whom and what it is about, by which requests, until when; whose account that is, and why it cannot be revoked."""
    try:
        details = json.loads(row["details"])
        access = details["ram_user_id"], details["what"], details["via_group"]
        about = "|".join(each for each in (access[0] or details["ram_user"], *access[1:]) if each)
        is_one = about == row["about"]
        others = {name: details[name] for name in AS_COLLECTED}
        return {**others, "requests": details["requests"], "access": access if is_one else (*access, row["about"])}
    except (ValueError, KeyError, TypeError):
        return {"requests": row["details"], "access": row["details"]}


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=repr)
