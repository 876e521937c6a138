"""Every way in which the program says no has a sentence that a person can use."""

from __future__ import annotations

import re
from typing import Any

import pytest

from approvals.catalog.resources import products
from approvals.errors import CloudErrorKind, Refusal, RefusalReason
from approvals.ids import RamUserId
from approvals.model import HOUR, GrantState, Principal, member_role
from handlers.refusals import plain_sentence, sentence
from handlers.translations import load_translations
from handlers.views.cloud_errors import trouble
from tests.harness.extremes import grant

WORDS = load_translations("en")
EVIL = "<!channel> <https://evil.example|Approve here> *bold* `code`"

DETAILS: dict[str, Any] = {
    "item": EVIL,
    "wanted": EVIL,
    "nearest": "PaiRecEngineAccess",
    "text": EVIL,
    "ram_user": EVIL,
    "match": EVIL,
    "people": (Principal(RamUserId(EVIL), EVIL), Principal(RamUserId("200000000000000005"), "dave.kim")),
    "subject": "U0CAROL",
    "account": "U0DAVE",
    "elsewhere": EVIL,
    "by": "U0BOB",
    "count": 2,
    "longest": 8 * HOUR,
    "request": "R-1001",
    "policies": ("PaiRecEngineAccess", EVIL),
    "until": 1_700_000_000_000,
    "at": 1_700_000_000_000,
    "since": 1_700_000_000_000,
    "state": "approved",
    "needed": 2,
    "found": 1,
    "before": EVIL,
    "unlinked": 1,
    "barred": 1,
    "action": "GetUser",
    "permission": "ram:GetUser",
    "shortest": 5 * 60_000,
    "role": EVIL,
    "project": EVIL,
    "projects": ("ranking", EVIL),
    "product": "dataworks",
    "place": EVIL,
    "services": ("oss", EVIL),
    "code": "NoPermission",
    "request_id": EVIL,
    "reference": "0a1b2c3d",
}


def without_dates(text: str) -> str:
    """Slack's own notation for a moment is the one thing in a sentence that may look like markup."""
    return re.sub(r"<!date\^\d+\^[^>]*>", "", text)


@pytest.mark.parametrize("why", list(RefusalReason))
def test_every_refusal_has_a_sentence(why: RefusalReason) -> None:
    told = without_dates(sentence(Refusal(why, **DETAILS), WORDS))
    assert told.endswith(".")
    assert not re.search(r"[{}]", told), "a placeholder was left"


@pytest.mark.parametrize("why", list(RefusalReason))
def test_a_refusal_repeats_what_was_typed_as_nothing_but_text(why: RefusalReason) -> None:
    told = without_dates(sentence(Refusal(why, **DETAILS), WORDS))
    outside = re.sub(r"`[^`]*`", "", told)
    assert "*bold*" not in outside
    assert "<!" not in told
    assert "<http" not in told


@pytest.mark.parametrize("why", list(RefusalReason))
def test_a_sentence_under_a_field_has_no_formatting_in_it(why: RefusalReason) -> None:
    told = plain_sentence(Refusal(why, **{**DETAILS, "item": "a<b>&c", "text": "a<b>&c"}), WORDS)
    assert "`" not in told
    assert "&lt;" not in told and "&amp;" not in told


@pytest.mark.parametrize("state", ["approved", "denied", "cancelled", "expired"])
def test_a_closed_request_says_how_it_was_closed_and_when(state: str) -> None:
    by = None if state == "expired" else "U0BOB"
    told = sentence(
        Refusal(RefusalReason.ALREADY_CLOSED, request="R-1001", state=state, by=by, at=1_700_000_000_000), WORDS
    )
    assert state in told and "R-1001" in told
    assert "<!date^1700000000^" in told
    assert ("<@U0BOB>" in told) is (by is not None)


def test_a_request_that_lost_its_claim_does_not_say_that_somebody_cancelled_it() -> None:
    refusal = Refusal(RefusalReason.ALREADY_CLOSED, request="R-1001", state="cancelled", by=None, at=1_700_000_000_000)
    assert "somebody else's" in sentence(refusal, WORDS)


NO_FAILURE = (CloudErrorKind.NOT_ATTACHED, CloudErrorKind.ALREADY_ATTACHED, CloudErrorKind.REFUSED)
"""What is wanted is so already; and the rest, which has the general sentence."""
OF_MEMBERS = (CloudErrorKind.NO_PLACE, CloudErrorKind.NO_SUCH_ROLE, CloudErrorKind.NOT_INSTALLED)
OF_RAM = (CloudErrorKind.NO_POLICY, CloudErrorKind.NO_ROLE, CloudErrorKind.AMBIGUOUS_TYPE)


@pytest.mark.parametrize("kind", [kind for kind in CloudErrorKind if kind not in (*NO_FAILURE, *OF_MEMBERS)])
def test_every_trouble_of_ram_is_told_in_words_of_its_own(kind: CloudErrorKind) -> None:
    assert trouble(kind.value, WORDS) != trouble("anything", WORDS)


@pytest.mark.parametrize("product", products())
@pytest.mark.parametrize("kind", [kind for kind in CloudErrorKind if kind not in (*NO_FAILURE, *OF_RAM)])
def test_every_trouble_with_a_member_role_is_told_in_words_of_its_own(kind: CloudErrorKind, product: str) -> None:
    given = grant(1, member_role(product, "10001", "role_project_dev"), GrantState.FAILED)
    told = trouble(kind.value, WORDS, given)
    assert told != trouble("anything", WORDS, given)
    assert not re.search(r"[{}]", told), "a placeholder was left"
