"""Every way in which the program says no has a sentence that a person can use."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from approvals import refusals
from approvals.catalog.resources import products
from approvals.entitlements import member_role
from approvals.errors import CloudErrorKind, Refusal
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import HOUR, DomainMillis
from approvals.model import RequestState
from approvals.people import Principal
from approvals.refusals.cloud import BotUnwell, RamCall
from approvals.refusals.decision import AlreadyClosed
from approvals.refusals.people import AccountRefusal
from bot.check.samples.records import grant
from handlers.refusals.sentences import plain_sentence, sentence
from handlers.translations import load_translations
from handlers.views.cloud_errors import error_text

WORDS = load_translations("en")
EVIL = "<!channel> <https://evil.example|Approve here> *bold* `code`"

DETAILS: dict[str, Any] = {
    "item": EVIL,
    "policy": EVIL,
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
    "doers": (SlackUserId("U0ERIN"), SlackUserId("U0FRANK")),
    "days": 30,
    "count": 2,
    "longest": 8 * HOUR,
    "request": "R-1001",
    "extension": "R-1002",
    "left": HOUR,
    "part": EVIL,
    "policies": ("PaiRecEngineAccess", EVIL),
    "items": ("PaiRecEngineAccess", EVIL),
    "groups": ("rec-oncall", EVIL),
    "on_call": ("ranking", EVIL),
    "until": 1_700_000_000_000,
    "at": 1_700_000_000_000,
    "since": 1_700_000_000_000,
    "state": RequestState.APPROVED,
    "needed": 2,
    "found": 1,
    "before": EVIL,
    "unlinked": 1,
    "barred": 1,
    "call": RamCall("GetUser", "NoPermission", EVIL),
    "kind": CloudErrorKind.KEY_REJECTED,
    "close_reason": None,
    "permission": "ram:GetUser",
    "shortest": 5 * 60_000,
    "role": EVIL,
    "project": EVIL,
    "projects": ("ranking", EVIL),
    "bundles": ("algorithm-engineer", EVIL),
    "product": "dataworks",
    "place": EVIL,
    "services": ("oss", EVIL),
    "code": "U+0001",
    "later": EVIL,
    "rule": EVIL,
    "says": EVIL,
    "why": EVIL,
    "reference": "0a1b2c3d",
    "how": "SCIM",
    "name": EVIL,
    "free": EVIL,
    "login": EVIL,
    "needs": "alibabacloud-x 3.5",
    "characters": 40_000,
    "most": 2_000,
}


def without_dates(text: str) -> str:
    """Slack's own notation for a moment is the one thing in a sentence that may look like markup."""
    return re.sub(r"<!date\^\d+\^[^>]*>", "", text)


def kinds(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Every kind of refusal that there is, without those that are only what several have in common."""
    for module in iter_modules(refusals.__path__, f"{refusals.__name__}."):
        import_module(module.name)
    below = kind.__subclasses__()
    return [each for part in below for each in kinds(part)] if below else [kind]


def examples(**changed: Any) -> list[Refusal]:
    """Of each kind one, of those about an account one more that speaks to the reader, and one of each error."""
    details = DETAILS | changed
    filled = {kind: {each.name: details[each.name] for each in fields(kind)} for kind in kinds()}
    return [
        *(kind(**filled[kind]) for kind in kinds()),
        *(kind() for kind in kinds(AccountRefusal)),
        *(BotUnwell(kind=kind) for kind in CloudErrorKind if kind.is_of_bot),
    ]


def test_every_kind_of_refusal_has_a_name_of_its_own() -> None:
    names = [kind(**{each.name: DETAILS[each.name] for each in fields(kind)}).reason for kind in kinds()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("refusal", examples(), ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_has_a_sentence(refusal: Refusal) -> None:
    told = without_dates(sentence(refusal, WORDS))
    assert told.endswith(".")
    assert not re.search(r"[{}]", told), "a placeholder was left"


@pytest.mark.parametrize("refusal", examples(), ids=lambda refusal: type(refusal).__name__)
def test_a_refusal_repeats_what_was_typed_as_nothing_but_text(refusal: Refusal) -> None:
    told = without_dates(sentence(refusal, WORDS))
    outside = re.sub(r"`[^`]*`", "", told)
    assert "*bold*" not in outside
    assert "<!" not in told
    assert "<http" not in told


@pytest.mark.parametrize("refusal", examples(item="a<b>&c", text="a<b>&c"), ids=lambda refusal: type(refusal).__name__)
def test_a_sentence_under_a_field_has_no_formatting_in_it(refusal: Refusal) -> None:
    told = plain_sentence(refusal, WORDS)
    assert "`" not in told
    assert "&lt;" not in told and "&amp;" not in told


OPEN_STATES = (RequestState.PENDING, RequestState.SCHEDULED)
"""What may still be closed, or is told to be approved."""


@pytest.mark.parametrize("state", [each for each in RequestState if each not in OPEN_STATES])
def test_a_closed_request_says_how_it_was_closed_and_when(state: RequestState) -> None:
    by = None if state is RequestState.EXPIRED else SlackUserId("U0BOB")
    told = sentence(AlreadyClosed("R-1001", state, by, DomainMillis(1_700_000_000_000), close_reason=None), WORDS)
    assert state in told and "R-1001" in told
    assert "<!date^1700000000^" in told
    assert ("<@U0BOB>" in told) is (by is not None)


def test_a_request_that_lost_its_claim_does_not_say_that_somebody_cancelled_it() -> None:
    refusal = AlreadyClosed(
        "R-1001", RequestState.CANCELLED, by=None, at=DomainMillis(1_700_000_000_000), close_reason=None
    )
    assert "somebody else's" in sentence(refusal, WORDS)


NO_FAILURE = (CloudErrorKind.NOT_ATTACHED, CloudErrorKind.ALREADY_ATTACHED, CloudErrorKind.REFUSED)
"""What is wanted is so already; and the rest, which has the general sentence."""
OF_MEMBERS = (
    *(CloudErrorKind.NO_PLACE, CloudErrorKind.NO_SUCH_ROLE),
    *(CloudErrorKind.NOT_INSTALLED, CloudErrorKind.IN_USE),
)
OF_RAM = (CloudErrorKind.NO_POLICY, CloudErrorKind.NO_ROLE, CloudErrorKind.AMBIGUOUS_TYPE)


@pytest.mark.parametrize("kind", [kind for kind in CloudErrorKind if kind not in (*NO_FAILURE, *OF_MEMBERS)])
def test_every_error_of_ram_is_told_in_words_of_its_own(kind: CloudErrorKind) -> None:
    assert error_text(kind, WORDS) != error_text(CloudErrorKind.REFUSED, WORDS)


@pytest.mark.parametrize("product", products())
@pytest.mark.parametrize("kind", [kind for kind in CloudErrorKind if kind not in (*NO_FAILURE, *OF_RAM)])
def test_every_error_with_a_member_role_is_told_in_words_of_its_own(kind: CloudErrorKind, product: str) -> None:
    given = grant(1, member_role(product, "10001", "role_project_dev"), GrantState.FAILED)
    told = error_text(kind, WORDS, given)
    assert told != error_text(CloudErrorKind.REFUSED, WORDS, given)
    assert not re.search(r"[{}]", told), "a placeholder was left"
