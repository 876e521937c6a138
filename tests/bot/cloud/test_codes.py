"""The table of what the cloud's codes prove."""

from __future__ import annotations

import pytest

from approvals.catalog.resources import products
from approvals.errors import CloudErrorKind
from bot.cloud.assumptions import assumptions
from bot.cloud.codes import ANY, codes, meaning
from bot.cloud.errors import RAM, kind_of

PRODUCTS = (RAM, *products())
PROVE_NOTHING = (
    *("SignatureNonceUsed", "RequestTimeout", "InternalError", "ServiceUnavailable", "ServiceUnavailableTemporary"),
    *("OperationConflict", "Conflict.Lock", "WAF.Blocked", "AccessDenied", "Forbidden", "UnknownError", "None", "403"),
)


def test_every_code_has_a_source_and_is_of_a_product_that_the_program_knows() -> None:
    assert all(code.source and code.product in (ANY, *PRODUCTS) for code in codes())
    assert len({(code.product, code.code) for code in codes()}) == len(codes())


def test_what_the_table_says_itself_is_an_assumption_stands_among_the_assumptions() -> None:
    known = {line.name for line in assumptions()}
    named = {code.source.rpartition("(")[2].rstrip(")").rpartition(", ")[2] for code in codes() if "(" in code.source}
    assert {name for name in named if name.endswith("-codes") or name.startswith("ram-")} <= known


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("code", PROVE_NOTHING)
def test_a_code_that_proves_nothing_is_not_in_the_table(product: str, code: str) -> None:
    assert meaning(product, code) is None
    assert kind_of(code, product, 403, writes=True) is CloudErrorKind.UNCLEAR


def test_nothing_in_the_table_leaves_it_open_whether_a_write_was_done() -> None:
    assert not any(code.means.outcome_unknown for code in codes())


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("Throttling.User", CloudErrorKind.THROTTLED),
        ("Rejected.Throttling", CloudErrorKind.THROTTLED),
        ("NoPermission", CloudErrorKind.NO_PERMISSION),
        ("InvalidAccessKeyId.NotFound", CloudErrorKind.KEY_REJECTED),
        ("InvalidAccessKeyId.Inactive", CloudErrorKind.KEY_REJECTED),
        ("SignatureDoesNotMatch", CloudErrorKind.KEY_REJECTED),
        ("InvalidTimeStamp.Expired", CloudErrorKind.CLOCK_WRONG),
        ("InvalidSecurityToken.Expired", CloudErrorKind.TOKEN_EXPIRED),
        ("InvalidParameter.PolicyName.Length", CloudErrorKind.REFUSED),
        ("MissingPolicyName", CloudErrorKind.REFUSED),
        ("EntityNotExist.User", CloudErrorKind.NO_USER),
        ("EntityNotExist.User.Policy", CloudErrorKind.NOT_ATTACHED),
        ("EntityNotExist.ResourceGroup", CloudErrorKind.REFUSED),
        ("EntityAlreadyExists.User.Policy", CloudErrorKind.ALREADY_ATTACHED),
        ("LimitExceeded.User.Policy", CloudErrorKind.LIMIT),
    ],
)
def test_what_rams_codes_prove(code: str, trouble: CloudErrorKind) -> None:
    assert kind_of(code, writes=True) is trouble


def test_the_codes_of_one_product_are_not_those_of_another() -> None:
    assert kind_of("PROJECT_NOT_FOUND", "maxcompute", writes=True) is CloudErrorKind.NO_PLACE
    assert kind_of("PROJECT_NOT_FOUND", writes=True) is CloudErrorKind.UNCLEAR
