"""Whether what approvers read of policies, and read now, is what the trail says that they gave their word on. The trail
has the hash of a document, so each document has to be the one of its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from approvals.kinds import NoticeKind
from approvals.queries.audit_replay.expected import NOTICES, REVIEWS, Difference, ReviewWord, Row

OTHER_DOCUMENT = "document is not the one of its hash"


def differing_reviews(words: Collection[ReviewWord], rows: Callable[[str], Iterable[Row]]) -> Iterator[Difference]:
    """What the rows themselves show. `words`: those that the trail has, and that may wait for another one's."""
    for row in rows(REVIEWS):
        if not _is_of(row["document"], row["hash"]):
            yield Difference(REVIEWS, row["policy"], OTHER_DOCUMENT, None)
    for row in rows(NOTICES):
        if row["what"] == NoticeKind.POLICY_REVIEW and row["settled_at"] is None:
            for problem in _problems(json.loads(row["details"]), words):
                yield Difference(NOTICES, row["id"], problem, None)


def _problems(details: Mapping[str, Any], words: Collection[ReviewWord]) -> Iterator[str]:
    if details["document"] is not None and not _is_of(details["document"], details["hash"]):
        yield OTHER_DOCUMENT
    for each in details["reviewed_by"]:
        if ReviewWord(details["policy"], details["hash"], each["slack"], each["ram_user_id"]) not in words:
            yield f"has the word of {each['slack']}, and by the trail nobody gave it"


def _is_of(document: str, digest: str) -> bool:
    return hashlib.sha256(document.encode()).hexdigest() == digest
