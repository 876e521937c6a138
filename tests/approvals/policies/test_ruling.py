"""RAM's documented rules of evaluation, a case each, and what follows where something cannot be known."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import MAX_DOCUMENT_CHARACTERS, UnreadableDocument, read_document
from approvals.policies.matching import EVERYTHING, ResourcePattern
from approvals.policies.ruling import PolicyVerdict, Ruling, rule

GRANTED, MISSING, DENIED, CONDITIONAL = (
    PolicyVerdict.GRANTED,
    PolicyVerdict.MISSING,
    PolicyVerdict.DENIED,
    PolicyVerdict.CONDITIONAL,
)
NOW = {"acs:CurrentTime": "2026-11-24T10:00:00Z"}
ACCOUNT = "1000000000000001"
ANOTHER_ACCOUNT = "2000000000000002"
OWN_ROLE = "acs:ram::1000000000000001:role/AliyunServiceRoleForPaiRec"


def allow(action: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    return statement("Allow", action, resource, condition)


def deny(action: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    return statement("Deny", action, resource, condition)


def statement(effect: str, action: Any, resource: Any, condition: dict[str, Any]) -> dict[str, Any]:
    made = {"Effect": effect, "Action": action, "Resource": resource}
    return {**made, "Condition": condition} if condition else made


def but(effect: str, actions: Any) -> dict[str, Any]:
    return {"Effect": effect, "NotAction": actions, "Resource": "*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


class Case(NamedTuple):
    rule: str
    policies: list[list[dict[str, Any]]]
    expected: PolicyVerdict
    action: str = "oss:GetObject"
    known: dict[str, str] = NOW
    absent: frozenset[str] = frozenset()
    resource: ResourcePattern = EVERYTHING


ANY_OSS = ResourcePattern(account_id=ACCOUNT)
TAGGED = {"StringEquals": {"oss:BucketTag/featurestore": "1"}}
TAG_IS = {"oss:BucketTag/featurestore": "1"}
TAG_IS_NOT = {"oss:BucketTag/featurestore": "2"}
ONE_BUCKET = "acs:oss:*:*:ranking/*"
ASSUME = "sts:AssumeRole"
ONE_ROLE = f"acs:ram:*:{ACCOUNT}:role/Training"
A_ROLE: dict[str, Any] = {"action": ASSUME, "resource": ResourcePattern(f"acs:ram::{ACCOUNT}:role/training")}

CASES = [
    Case("without any policy nothing is allowed", [], MISSING),
    Case("what no statement names is not allowed", [[allow("log:*")]], MISSING),
    Case("a Deny alone grants nothing", [[deny("log:*")]], MISSING),
    Case("an Allow that matches grants", [[allow("oss:GetObject")]], GRANTED),
    Case("a Deny wins over an Allow of the same policy", [[allow("oss:*"), deny("oss:GetObject")]], DENIED),
    Case("a Deny wins whatever the order", [[deny("oss:GetObject"), allow("oss:*")]], DENIED),
    Case("a Deny wins over an Allow of another policy", [[allow("*")], [deny("oss:Get*")]], DENIED),
    Case("a Deny of something else does not matter", [[allow("oss:*"), deny("oss:PutObject")]], GRANTED),
    Case("statements add up", [[allow("log:*"), allow("oss:GetObject")]], GRANTED),
    Case("policies add up", [[allow("log:*")], [allow("oss:GetObject")]], GRANTED),
    Case("one action in a list is enough", [[allow(["log:*", "oss:GetObject"])]], GRANTED),
    Case("a star alone is every action", [[allow("*")]], GRANTED),
    Case("a star stands for no character too", [[allow("oss:GetObject*")]], GRANTED),
    Case("a star stands in the middle", [[allow("oss:G*t")]], GRANTED),
    Case("a star stands in front", [[allow("oss:*Object")]], GRANTED),
    Case("a star stands for a service's code", [[allow("*:Get*")]], GRANTED),
    Case("a question mark is one character", [[allow("oss:GetObjec?")]], GRANTED),
    Case("a question mark is not none", [[allow("oss:GetObject?")]], MISSING),
    Case("a question mark is not two", [[allow("oss:GetObj?t")]], MISSING),
    Case("a dot is only a dot", [[allow("oss:Get.bject")]], MISSING),
    Case("case does not matter in an action", [[allow("OSS:getobject")]], GRANTED),
    Case("case does not matter in a denied action", [[allow("*"), deny("Oss:GETOBJECT")]], DENIED),
    Case("a code is literal: pai does not cover pairec", [[allow("pai:*")]], MISSING, action="pairec:GetInstance"),
    Case("NotAction allows everything but what it names", [[but("Allow", "ram:*")]], GRANTED),
    Case("NotAction does not allow what it names", [[but("Allow", "ram:*")]], MISSING, action="ram:GetRole"),
    Case("NotAction takes a list", [[but("Allow", ["ram:*", "oss:*"])]], MISSING),
    Case("a Deny with NotAction denies the rest", [[allow("*"), but("Deny", "log:*")]], DENIED),
    Case("a Deny with NotAction spares what it names", [[allow("*"), but("Deny", "oss:*")]], GRANTED),
    Case("a resource of another service is none of this one", [[allow("*", "acs:log:*:*:*")]], MISSING),
    Case("wildcards over all of a service are everything", [[allow("oss:*", "acs:oss:*:*:*")]], GRANTED),
    Case(
        "all that this account has is everything",
        [[allow("oss:*", f"acs:oss:*:{ACCOUNT}:*")]],
        GRANTED,
        resource=ANY_OSS,
    ),
    Case("a region of one character is a part only", [[allow("oss:*", "acs:oss:?:*:*")]], CONDITIONAL),
    Case("a name of one character is a part only", [[allow("oss:*", "acs:oss:*:*:?")]], CONDITIONAL),
    Case("a name of any one character or more is a part only", [[allow("oss:*", "acs:oss:*:*:?*")]], CONDITIONAL),
    Case("a NUL stands for nothing but itself", [[allow("oss:*", "acs:oss:*:*:\x00")]], CONDITIONAL),
    Case(
        "question marks may stand for the account's own number",
        [[allow("oss:*", f"acs:oss:*:{'?' * len(ACCOUNT)}:*")]],
        GRANTED,
        resource=ANY_OSS,
    ),
    Case("one account is not all, where ours is not known", [[allow("oss:*", f"acs:oss:*:{ACCOUNT}:*")]], CONDITIONAL),
    Case(
        "what another account has is none of ours",
        [[allow("oss:*", f"acs:oss:*:{ANOTHER_ACCOUNT}:*")]],
        MISSING,
        resource=ANY_OSS,
    ),
    Case(
        "a Deny for another account does nothing",
        [[allow("oss:*"), deny("oss:*", f"acs:oss:*:{ANOTHER_ACCOUNT}:*")]],
        GRANTED,
        resource=ANY_OSS,
    ),
    Case(
        "a Deny for one account depends, where ours is not known",
        [[allow("oss:*"), deny("oss:*", f"acs:oss:*:{ANOTHER_ACCOUNT}:*")]],
        CONDITIONAL,
    ),
    Case(
        "what a Deny without an account means is not known",
        [[allow("oss:*"), deny("oss:*", "acs:oss:*::*")]],
        CONDITIONAL,
        resource=ANY_OSS,
    ),
    Case(
        "what no account has but RAM itself may be meant",
        [[allow("ram:*"), deny("ram:*", "acs:ram:*:system:policy/*")]],
        CONDITIONAL,
        action="ram:GetPolicy",
        resource=ANY_OSS,
    ),
    Case("one bucket is a part only", [[allow("oss:*", ONE_BUCKET)]], CONDITIONAL),
    Case("one resource of a list that covers all is enough", [[allow("oss:*", [ONE_BUCKET, "*"])]], GRANTED),
    Case("a Deny on one bucket leaves the rest", [[allow("oss:*"), deny("oss:*", ONE_BUCKET)]], CONDITIONAL),
    Case(
        "a star in a resource crosses slashes",
        [[allow("oss:*", "acs:oss:*:*:ranking/*")]],
        GRANTED,
        resource=ResourcePattern("acs:oss:cn-hangzhou:1:ranking/2026/11/a.csv"),
    ),
    Case(
        "another bucket is not this one",
        [[allow("oss:*", ONE_BUCKET)]],
        MISSING,
        resource=ResourcePattern("acs:oss:cn-hangzhou:1:search/a.csv"),
    ),
    Case(
        "the name of a role is compared without case",
        [[allow("ram:GetRole", "acs:ram:*:*:role/aliyunserviceroleforpairec")]],
        GRANTED,
        action="ram:GetRole",
        resource=ResourcePattern(OWN_ROLE),
    ),
    Case("a condition that is met grants", [[allow("oss:*", **TAGGED)]], GRANTED, known=TAG_IS),
    Case("a condition that is not met does not", [[allow("oss:*", **TAGGED)]], MISSING, known=TAG_IS_NOT),
    Case("a condition on something unknown depends", [[allow("oss:*", **TAGGED)]], CONDITIONAL),
    Case(
        "a key that the request lacks meets no positive operator",
        [[allow("oss:*", Bool={"acs:MFAPresent": "true"})]],
        MISSING,
        absent=frozenset({"acs:MFAPresent"}),
    ),
    Case(
        "what a negated operator makes of a missing key is not known",
        [[allow("oss:*", StringNotEquals={"acs:SourceVpc": "vpc-1"})]],
        CONDITIONAL,
        absent=frozenset({"acs:SourceVpc"}),
    ),
    Case("a condition binds its own statement only", [[allow("oss:*", **TAGGED), allow("oss:Get*")]], GRANTED),
    Case(
        "a Deny whose condition is not met does nothing", [[allow("*"), deny("*", **TAGGED)]], GRANTED, known=TAG_IS_NOT
    ),
    Case("a Deny whose condition is met denies", [[allow("*"), deny("*", **TAGGED)]], DENIED, known=TAG_IS),
    Case("a Deny that depends makes it depend", [[allow("*"), deny("*", **TAGGED)]], CONDITIONAL),
    Case(
        "values of one key are alternatives",
        [[allow("oss:*", StringEquals={"oss:BucketTag/featurestore": ["0", "1"]})]],
        GRANTED,
        known=TAG_IS,
    ),
    Case(
        "keys of one operator must all be met",
        [[allow("oss:*", StringEquals={"a": "1", "b": "1"})]],
        MISSING,
        known={"a": "1", "b": "2"},
    ),
    Case(
        "operators must all be met",
        [[allow("oss:*", StringEquals={"a": "1"}, NumericLessThan={"n": "5"})]],
        MISSING,
        known={"a": "1", "n": "5"},
    ),
    Case("StringEquals minds case", [[allow("oss:*", StringEquals={"a": "X"})]], MISSING, known={"a": "x"}),
    Case("IgnoreCase does not", [[allow("oss:*", StringEqualsIgnoreCase={"a": "X"})]], GRANTED, known={"a": "x"}),
    Case("StringLike takes wildcards", [[allow("oss:*", StringLike={"a": "ran*"})]], GRANTED, known={"a": "ranking"}),
    Case("StringEquals takes none", [[allow("oss:*", StringEquals={"a": "ran*"})]], MISSING, known={"a": "ranking"}),
    Case(
        "a negated operator over a list means none of them",
        [[allow("oss:*", StringNotEquals={"a": ["x", "y"]})]],
        MISSING,
        known={"a": "y"},
    ),
    Case(
        "StringNotLike takes wildcards", [[allow("oss:*", StringNotLike={"a": "s*"})]], GRANTED, known={"a": "ranking"}
    ),
    Case("numbers are numbers", [[allow("oss:*", NumericGreaterThanEquals={"n": "10"})]], MISSING, known={"n": "9"}),
    Case(
        "a number that the request does not give depends",
        [[allow("oss:*", NumericLessThan={"n": "10"})]],
        CONDITIONAL,
        known={"n": "nine"},
    ),
    Case(
        "numbers are as exact as they are written",
        [[allow("oss:*", NumericEquals={"n": "9007199254740993"})]],
        MISSING,
        known={"n": "9007199254740992"},
    ),
    Case("a JSON number is the text", [[allow("oss:*", NumericLessThan={"n": 10})]], GRANTED, known={"n": "9"}),
    Case(
        "a time in another zone is the same time",
        [[allow("oss:*", DateEquals={"acs:CurrentTime": "2026-11-24T18:00:00+08:00"})]],
        GRANTED,
    ),
    Case(
        "a window of time that is over",
        [[allow("oss:*", DateLessThan={"acs:CurrentTime": "2019-08-12T17:00:00+08:00"})]],
        MISSING,
    ),
    Case(
        "a window of time that is open",
        [
            [
                allow(
                    "oss:*",
                    DateGreaterThan={"acs:CurrentTime": "2026-11-24T09:00:00Z"},
                    DateLessThan={"acs:CurrentTime": "2026-11-24T11:00:00Z"},
                )
            ]
        ],
        GRANTED,
    ),
    Case(
        "an address within a network",
        [[allow("oss:*", IpAddress={"acs:SourceIp": ["10.0.0.0/8", "192.0.2.7"]})]],
        GRANTED,
        known={"acs:SourceIp": "10.1.2.3"},
    ),
    Case(
        "NotIpAddress over a list means in none of them",
        [[allow("oss:*", NotIpAddress={"acs:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]})]],
        MISSING,
        known={"acs:SourceIp": "192.0.2.7"},
    ),
    Case(
        "Bool compares truth",
        [[allow("oss:*", Bool={"acs:SecureTransport": "true"})]],
        MISSING,
        known={"acs:SecureTransport": "false"},
    ),
    Case("a JSON true is the text", [[allow("oss:*", Bool={"a": True})]], GRANTED, known={"a": "true"}),
    Case(
        "a variable in a value depends", [[allow("oss:*", StringEquals={"a": "${b}"})]], CONDITIONAL, known={"a": "1"}
    ),
    Case("a role is assumed by its own ARN", [[allow("sts:AssumeRole", ONE_ROLE)]], GRANTED, **A_ROLE),
    Case("a role's name is compared without case", [[allow("sts:*", "acs:ram:*:*:ROLE/tRAINING")]], GRANTED, **A_ROLE),
    Case("another role is not this one", [[allow("sts:AssumeRole", "acs:ram:*:*:role/other")]], MISSING, **A_ROLE),
    Case("one role is a part of all roles", [[allow("sts:AssumeRole", ONE_ROLE)]], CONDITIONAL, action=ASSUME),
    Case("every role is all roles", [[allow("sts:AssumeRole", "acs:ram:*:*:role/*")]], GRANTED, action=ASSUME),
    Case("all that RAM has is all roles", [[allow("sts:AssumeRole", "acs:ram:*:*:*")]], GRANTED, action=ASSUME),
    Case("a user is no role", [[allow("sts:AssumeRole", "acs:ram:*:*:user/*")]], MISSING, action=ASSUME),
    Case("what STS has is no role", [[allow("sts:AssumeRole", "acs:sts:*:*:*")]], MISSING, action=ASSUME),
    Case("a role may be denied", [[allow("sts:*"), deny("sts:AssumeRole", ONE_ROLE)]], DENIED, **A_ROLE),
    Case("a Deny of one role depends", [[allow("*"), deny("sts:*", ONE_ROLE)]], CONDITIONAL, action=ASSUME),
    Case("a Deny of all users denies no role", [[allow("*"), deny("*", "acs:ram:*:*:user/*")]], GRANTED, action=ASSUME),
]


def judged(case: Case) -> Ruling:
    statements = [each for policy in case.policies for each in read_document(document(*policy))]
    return rule(case.action, statements, EvaluationContext(case.known, case.absent), case.resource)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_of_ram(case: Case) -> None:
    assert judged(case).verdict is case.expected


def test_a_role_that_it_depends_on_is_named() -> None:
    statements = read_document(document(allow("sts:AssumeRole", [ONE_ROLE, "acs:oss:*:*:*"])))
    assert rule(ASSUME, statements, EvaluationContext(), ANY_OSS).limits == (ONE_ROLE,)


def test_a_conditional_ruling_says_on_what_it_depends() -> None:
    statements = read_document(document(allow("oss:*", ONE_BUCKET, **TAGGED), deny("oss:*", "acs:oss:*:*:secret/*")))
    assert rule("oss:GetObject", statements, EvaluationContext()).limits == (
        ONE_BUCKET,
        "StringEquals oss:BucketTag/featurestore = 1",
        "not acs:oss:*:*:secret/*",
    )


def test_a_document_of_any_length_that_ram_gives_is_read_and_a_longer_one_is_not() -> None:
    longest = document(allow("oss:*")).ljust(MAX_DOCUMENT_CHARACTERS)
    assert read_document(longest)
    with pytest.raises(UnreadableDocument, match="longer than 100000 characters"):
        read_document(longest + " ")


def test_one_statement_may_stand_without_a_list() -> None:
    text = json.dumps({"Version": "1", "Statement": allow("oss:*")})
    assert rule("oss:GetObject", read_document(text), EvaluationContext()).verdict is GRANTED
