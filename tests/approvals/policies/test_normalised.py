"""Which documents are the same policy, and which are not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals.policies.document import UnreadableDocument, read_document
from approvals.policies.normalised import digest, normalised
from approvals.policies.published import PublishedPolicy, published

ONLY = {"StringEquals": {"ram:ServiceName": "pairec.pai.aliyuncs.com"}}
READS = {"Effect": "Allow", "Action": ["oss:Get*", "oss:List*"], "Resource": ["*"]}
WRITES = {"Effect": "Allow", "Action": "oss:PutObject", "Resource": "acs:oss:*:*:models/*", "Condition": ONLY}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


SAME = [
    json.dumps({"Statement": [READS, WRITES], "Version": "1"}, indent=4),
    document({"Resource": "*", "Action": ["oss:List*", "oss:Get*", "oss:Get*"], "Effect": "Allow"}, WRITES),
    document(READS, {**WRITES, "Action": ["oss:PutObject"], "Resource": ["acs:oss:*:*:models/*"]}),
    document(READS, {**WRITES, "Condition": {"StringEquals": {"ram:ServiceName": ["pairec.pai.aliyuncs.com"]}}}),
]
OTHERS = [
    document(READS),
    document(WRITES, READS),
    document(READS, WRITES, READS),
    document({**READS, "Action": ["oss:Get*", "oss:List*", "oss:Put*"]}, WRITES),
    document({**READS, "Effect": "Deny"}, WRITES),
    document({"Effect": "Allow", "NotAction": READS["Action"], "Resource": "*"}, WRITES),
    document(READS, {**WRITES, "Resource": "*"}),
    document(READS, {name: value for name, value in WRITES.items() if name != "Condition"}),
    document(READS, {**WRITES, "Condition": {"StringLike": ONLY["StringEquals"]}}),
]


@pytest.mark.parametrize("written", SAME)
def test_however_it_is_written_it_is_the_same_policy(written: str) -> None:
    assert digest(written) == digest(document(READS, WRITES))


@pytest.mark.parametrize("written", OTHERS)
def test_what_allows_something_else_is_another_one(written: str) -> None:
    assert digest(written) != digest(document(READS, WRITES))


def test_what_it_comes_to_says_the_same_and_comes_to_itself() -> None:
    once = normalised(SAME[0])
    assert normalised(once) == once
    assert read_document(once)[1].conditions == read_document(document(WRITES))[0].conditions


def test_one_as_long_as_ram_takes_is_read_whole() -> None:
    start = document({**READS, "Resource": ["acs:oss:*:*:"]})
    longest = start.replace("*:*:", f"*:*:{'a' * (6_144 - len(start))}")
    assert len(longest) == 6_144
    assert digest(longest) != digest(longest.replace("aaa", "aab"))


@pytest.mark.parametrize("text", ["", "{", document(), document({**READS, "NotResource": "*"}), "{}"])
def test_one_that_cannot_be_judged_comes_to_nothing(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        digest(text)


@pytest.mark.parametrize("policy", published().values(), ids=lambda policy: policy.name)
def test_what_is_published_can_be_judged_and_says_where_it_is(policy: PublishedPolicy) -> None:
    assert policy.source.startswith("https://help.aliyun.com/")
    assert len(digest(policy.document)) == 64


def test_what_is_published_nowhere_is_not_made_up() -> None:
    assert {name for _, name in published()} == {
        "PaiRecRamAdminAccess",
        "AliyunPAIRecFullAccess",
        "AliyunPAIRecReadOnlyAccess",
    }
