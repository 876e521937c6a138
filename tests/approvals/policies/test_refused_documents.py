"""Documents that RAM would not accept, or that cannot be told to mean what they seem to: nothing in them is believed.

Each is a document that would otherwise grant what is asked for.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import UnreadableDocument, read_document, read_trust
from approvals.policies.ruling import PolicyVerdict, rule

ALLOW = {"Effect": "Allow", "Action": "oss:*", "Resource": "*"}
SERVICE = "eas.pai.aliyuncs.com"
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SERVICE}}


def policy(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements), **more})


def under(operator: str, value: Any, key: str = "acs:CurrentTime") -> str:
    return policy({**ALLOW, "Condition": {operator: {key: value}}})


def text(inside: str) -> str:
    """One statement as it is written, so that a name may stand in it twice."""
    return '{"Version": "1", "Statement": [{' + inside + "}]}"


PLAIN = '"Effect": "Allow", "Action": "oss:*", "Resource": "*"'
SHAPES: list[tuple[str, str]] = [
    ("<html>", "no JSON"),
    ("", "no JSON"),
    ("[" * 100_000, "no JSON"),
    ("\ufeff" + policy(ALLOW), "no JSON"),
    (policy(ALLOW) + " x", "no JSON"),
    (policy(ALLOW) * 2, "no JSON"),
    (policy({**ALLOW, "Resource": ["*", "acs:oss:*:*:\ud800"]}), "no JSON"),
    (text(PLAIN + ', "Condition": {"NumericLessThan": {"n": NaN}}'), "no JSON"),
    (text(PLAIN + ', "Condition": {"NumericLessThan": {"n": Infinity}}'), "no JSON"),
    (text(PLAIN + ', "Condition": {"NumericLessThan": {"n": ' + "9" * 5_000 + "}}"), "no JSON"),
    ('"text"', "not Version 1"),
    ("[]", "not Version 1"),
    (json.dumps({"Statement": [ALLOW]}), "not Version 1"),
    (json.dumps({"Version": "2", "Statement": [ALLOW]}), "not Version 1"),
    (json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]}), "not Version 1"),
    (json.dumps({"Version": 1, "Statement": [ALLOW]}), "not Version 1"),
    (json.dumps({"version": "1", "Statement": [ALLOW]}), "not Version 1"),
    (policy(ALLOW, Id="x"), "Id"),
    (policy(ALLOW, statement=[]), "statement"),
    (json.dumps({"Version": "1"}), "no Statement"),
    (json.dumps({"Version": "1", "Statement": "all"}), "no Statement"),
    (policy(), "no Statement"),
    (policy(7), "no Statement"),
    (policy(ALLOW, [ALLOW]), "no Statement"),
]
TWICE: list[tuple[str, str]] = [
    ('{"Version": "1", "Statement": [], "Statement": [{' + PLAIN + "}]}", "Statement twice"),
    ('{"Version": "2", "Version": "1", "Statement": [{' + PLAIN + "}]}", "Version twice"),
    (text('"Effect": "Deny", ' + PLAIN), "Effect twice"),
    (text('"Action": "log:*", ' + PLAIN), "Action twice"),
    (text('"Resource": "acs:oss:*:*:a", ' + PLAIN), "Resource twice"),
    (text(PLAIN + ', "Condition": {"Bool": {"a": "true"}}, "Condition": {"Bool": {"b": "true"}}'), "Condition twice"),
    (text(PLAIN + ', "Condition": {"Bool": {"a": "true"}, "Bool": {"b": "true"}}'), "Bool twice"),
    (
        text(PLAIN + ', "Condition": {"Bool": {"acs:MFAPresent": "true", "acs:MFAPresent": "false"}}'),
        "acs:MFAPresent twice",
    ),
    (
        text(PLAIN + ', "Condition": {"Bool": {"acs:MFAPresent": "true", "acs:mfapresent": "false"}}'),
        "Bool, a key twice",
    ),
]
ELEMENTS: list[tuple[str, str]] = [
    (policy({**ALLOW, "Conditions": {"Bool": {"acs:MFAPresent": "true"}}}), "Conditions"),
    (policy({**ALLOW, "condition": {"Bool": {"acs:MFAPresent": "true"}}}), "condition"),
    (policy({**ALLOW, "effect": "Deny"}), "effect"),
    (policy({**ALLOW, "Sid": "one"}), "Sid"),
    (policy({**ALLOW, "Principal": {"RAM": "acs:ram::1:root"}}), "Principal"),
    (policy({**ALLOW, "NotPrincipal": "*"}), "NotPrincipal"),
    (policy({**ALLOW, "NotResource": "*"}), "NotResource"),
    (policy({**ALLOW, "": "x"}), "an unknown element"),
    (policy({**ALLOW, "`*x*` <!channel>": "x"}), "an unknown element"),
    (policy({**ALLOW, "Effect": "allow"}), "Effect"),
    (policy({**ALLOW, "Effect": ["Allow"]}), "Effect"),
    (policy({**ALLOW, "Effect": True}), "Effect"),
    (policy({"Action": "oss:*", "Resource": "*"}), "Effect"),
    (policy({**ALLOW, "NotAction": "log:*"}), "Action and NotAction"),
    (policy({"Effect": "Allow", "Resource": "*"}), "Action and NotAction"),
    (policy({"Effect": "Allow", "action": "oss:*", "Resource": "*"}), "action"),
    (policy({**ALLOW, "Action": []}), "Action"),
    (policy({**ALLOW, "Action": ["oss:*", 1]}), "Action"),
    (policy({**ALLOW, "Action": ["oss:*", ["log:*"]]}), "Action"),
    (policy({**ALLOW, "Action": {"oss": "*"}}), "Action"),
    (policy({**ALLOW, "Action": None}), "Action"),
    (policy({**ALLOW, "Action": ["oss:*", ""]}), "Action"),
    (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Action": "oss.GetObject"}), "Action"),
    (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Action": " oss:GetObject"}), "Action"),
    (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Action": "oss：GetObject"}), "Action"),
    (policy({"Effect": "Allow", "NotAction": "ram", "Resource": "*"}), "NotAction"),
    (policy({"Effect": "Allow", "Action": "oss:*"}), "Resource"),
    (policy({**ALLOW, "Resource": ["*", "ranking/*"]}), "Resource"),
    (policy({**ALLOW, "Resource": ["*", "arn:aws:s3:::ranking"]}), "Resource"),
    (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Resource": "acs:oss:ranking"}), "Resource"),
    (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Resource": "acs:oss:*:*:${oss:Prefix}"}), "Resource"),
    (policy({**ALLOW, "Resource": ["*", None]}), "Resource"),
]
CONDITIONS: list[tuple[str, str]] = [
    (policy({**ALLOW, "Condition": ["x"]}), "Condition"),
    (policy({**ALLOW, "Condition": None}), "Condition"),
    (policy({**ALLOW, "Condition": {}}), "Condition"),
    (policy({**ALLOW, "Condition": {"StringEquals": {}}}), "Condition"),
    (policy({**ALLOW, "Condition": {"StringEquals": "x"}}), "Condition"),
    (under("Bool", [], "a"), "Condition"),
    (under("StringEquals", "x", ""), "Condition"),
    (under("StringEqualsIfExists", "1", "a"), "StringEqualsIfExists"),
    (under("ForAllValues:StringEquals", "1", "a"), "ForAllValues:StringEquals"),
    (under("Null", "true", "a"), "Null"),
    (under("stringEquals", "1", "a"), "stringEquals"),
    (under("StringEquals", 1, "a"), "StringEquals a"),
    (under("StringEquals", ["x", True], "a"), "StringEquals a"),
    (under("StringEquals", None, "a"), "StringEquals a"),
    (under("StringEquals", ["x", ["y"]], "a"), "StringEquals a"),
    (under("Bool", "True", "a"), "Bool a"),
    (under("Bool", "yes", "a"), "Bool a"),
    (under("Bool", 1, "a"), "Bool a"),
    (under("NumericLessThan", "ten", "a"), "NumericLessThan a"),
    (under("NumericLessThan", "nan", "a"), "NumericLessThan a"),
    (under("NumericLessThan", "1_0", "a"), "NumericLessThan a"),
    (under("NumericLessThan", "\uff11", "a"), "NumericLessThan a"),
    (under("NumericLessThan", True, "a"), "NumericLessThan a"),
    (under("DateLessThan", 4102444800), "DateLessThan acs:CurrentTime"),
    (under("DateLessThan", "4102444800"), "DateLessThan acs:CurrentTime"),
    (under("DateGreaterThan", 1.5), "DateGreaterThan acs:CurrentTime"),
    (under("DateLessThan", "2099-13-01T00:00:00Z"), "DateLessThan acs:CurrentTime"),
    (under("DateLessThan", "2099-01-01T00:00:00"), "DateLessThan acs:CurrentTime"),
    (under("DateLessThan", "2099-01-01"), "DateLessThan acs:CurrentTime"),
    (under("DateLessThan", "tomorrow"), "DateLessThan acs:CurrentTime"),
    (under("DateGreaterThan", ["2020-01-01T00:00:00Z", 12]), "DateGreaterThan acs:CurrentTime"),
    (under("IpAddress", "10.0.0.0/33", "acs:SourceIp"), "IpAddress acs:SourceIp"),
    (under("IpAddress", "10.0.0.0/0.0.0.255", "acs:SourceIp"), "IpAddress acs:SourceIp"),
    (under("IpAddress", ["0.0.0.0/0", "10.0.0"], "acs:SourceIp"), "IpAddress acs:SourceIp"),
    (under("IpAddress", 167772160, "acs:SourceIp"), "IpAddress acs:SourceIp"),
]
KNOWN = EvaluationContext(
    {"acs:CurrentTime": "2026-11-24T10:00:00Z", "acs:SourceIp": "10.0.0.1", "a": "true", "acs:MFAPresent": "true"}
)


@pytest.mark.parametrize(("document", "what"), SHAPES + TWICE + ELEMENTS + CONDITIONS, ids=lambda value: value[-60:])
def test_a_document_that_ram_would_not_take_is_not_guessed_at(document: str, what: str) -> None:
    with pytest.raises(UnreadableDocument) as unreadable:
        read_document(document)
    assert str(unreadable.value) == what


def test_what_these_documents_have_in_common_grants() -> None:
    for readable in (policy(ALLOW), text(PLAIN)):
        assert rule("oss:GetObject", read_document(readable), KNOWN).verdict is PolicyVerdict.GRANTED


def trust(*statements: Any, **more: Any) -> str:
    return policy(*statements, **more)


TRUSTS: list[tuple[str, str]] = [
    ("<html>", "no JSON"),
    (trust(), "no Statement"),
    (trust(TRUST, Id="x"), "Id"),
    (trust({**TRUST, "Effect": "allow"}), "Effect"),
    (trust({**TRUST, "NotAction": "sts:*"}), "Action and NotAction"),
    (trust({"Effect": "Allow", "Action": "sts:AssumeRole"}), "Principal"),
    (trust({**TRUST, "NotPrincipal": {"Service": SERVICE}}), "NotPrincipal"),
    (trust({**TRUST, "Resource": "acs:ram::1:role/x"}), "Resource"),
    (trust({**TRUST, "condition": {"Bool": {"a": "true"}}}), "condition"),
    (trust({**TRUST, "Principal": "*"}), "Principal"),
    (trust({**TRUST, "Principal": {"Service": "*"}}), "Principal"),
    (trust({**TRUST, "Principal": {"Service": ["ecs.aliyuncs.com", "*.aliyuncs.com"]}}), "Principal"),
    (trust({**TRUST, "Principal": {"Service": "eas.???.aliyuncs.com"}}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": "*"}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": SERVICE}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": ["*"]}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": {}}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": {"Services": [SERVICE]}}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": {"RAM": ["*"]}}), "Principal"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": {"Service": [7]}}), "Service"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Principal": {"Service": []}}), "Service"),
    (trust(TRUST, {**TRUST, "Effect": "Deny", "Condition": ["x"]}), "Condition"),
    (
        text(
            '"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x", "Service": "' + SERVICE + '"}'
        ),
        "Service twice",
    ),
]


@pytest.mark.parametrize(("document", "what"), TRUSTS, ids=lambda value: value[-60:])
def test_a_trust_document_that_is_not_understood_is_not_guessed_at(document: str, what: str) -> None:
    with pytest.raises(UnreadableDocument) as unreadable:
        read_trust(document, SERVICE)
    assert str(unreadable.value) == what
