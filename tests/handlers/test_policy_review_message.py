"""Whoever reviews a policy sees all of it: what a message does not show has no button."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from approvals.catalog.load import load_catalog
from approvals.kinds import NoticeKind
from approvals.notice import Notice
from approvals.policies.normalised import normalised
from bot.check.samples.records import NOW
from bot.sandbox.slack.blocks import accepted_message_blocks
from handlers.translations import load_translations, locales
from handlers.views.blocks import Message
from handlers.views.policy_review import is_shown_whole, policy_review

LONGEST = 6_144
"""Characters of a custom policy's document that RAM takes (help/ram/product-overview/limits)."""
EVERY_LANGUAGE = [load_translations(locale) for locale in locales()]
CONDITION = {"StringEquals": {"acs:SourceIp": ["10.0.0.1", "a, `b`, c", "<https://evil|&>", "x | y"]}}


def allow(actions: list[str], resources: list[str], condition: dict[str, Any] | None = None) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    more = {"Condition": condition} if condition else {}
    return json.dumps({"Version": "1", "Statement": [{**statement, **more}]}, separators=(",", ":"))


def as_long_as_ram_takes(make: Any) -> str:
    """What `make` makes of the highest number that fits."""
    count = 1
    while len(make(count + 1)) <= LONGEST:
        count += 1
    return str(make(count))


HOSTILE = {
    "one action after the other": lambda n: allow([f"svc{i}:Delete*" for i in range(n)], ["*"]),
    "many resources": lambda n: allow(["oss:*"], [f"acs:oss:*:*:bucket-{i}/*" for i in range(n)], CONDITION),
    "many actions on many resources": lambda n: allow(
        [f"oss:Put{i}" for i in range(n)], [f"acs:oss:*:*:{i}" for i in range(n)], CONDITION
    ),
    "many values of a condition": lambda n: allow(
        ["ram:*"], ["acs:ram:*:*:user/a"], {"StringLike": {"acs:tag": [f"&<{i}>`, `" for i in range(n)]}}
    ),
    "what is longer in Slack than in RAM": lambda n: allow(
        ["ram:*"], [f"acs:ram:*:*:{'&' * 100}{i}" for i in range(n)]
    ),
    "one value that is as long as all of it": lambda n: allow(["ram:*"], [f"acs:ram:*:*:{'x' * n}"]),
    "one value that is full of &": lambda n: allow(["ram:*"], [f"acs:ram:*:*:{'&' * n}"]),
    "a name that begins like the next one": lambda n: allow(
        ["ram:*"], ["*:a"], {"StringLike": {"acs:tag": [f", {i}" for i in range(n)]}}
    ),
}
SHOWN = {name for name in HOSTILE if not name.startswith("one value")}


def notice(document: str, before: str | None) -> Notice:
    details = {
        "policy": "P" * 128,
        "type": "Custom",
        "version": "v2",
        "hash": "a" * 64,
        "document": normalised(document),
        "before": before and normalised(before),
        "before_version": "v1",
        "reviewed_by": [{"slack": "U0BOB", "ram_user": "bob", "ram_user_id": "21"}],
    }
    return Notice("0" * 32, NoticeKind.POLICY_REVIEW, "P" * 128, details, None, NOW)


def text_of(message: Message) -> str:
    return html.unescape("\n".join(block["text"]["text"] for block in message.blocks if block["type"] == "section"))


def names_in(document: str) -> list[str]:
    """Every action without its service, every resource and every value, as they are in code."""
    (statement,) = json.loads(document)["Statement"]
    conditions = [value for keys in statement.get("Condition", {}).values() for value in keys.values()]
    names = [action.partition(":")[2] for action in statement["Action"] if not action.endswith(":*")]
    names += [each for each in statement["Resource"] if each != "*"] + [each for some in conditions for each in some]
    return ["`" + name.replace("`", "\\u0060") + "`" for name in names]


@pytest.mark.parametrize("before", [None, allow(["oss:Get*"], ["*"]), "the longest"])
@pytest.mark.parametrize("what", HOSTILE)
def test_all_of_it_is_shown_or_there_is_no_button(what: str, before: str | None) -> None:
    document = as_long_as_ram_takes(HOSTILE[what])
    if before == "the longest":
        before = as_long_as_ram_takes(lambda n: allow([f"was{i}:Put*" for i in range(n)], ["acs:oss:*:*:a"], CONDITION))
    asked = notice(document, before)
    for translations in EVERY_LANGUAGE:
        message = policy_review(asked, load_catalog(), translations)
        accepted_message_blocks(message.blocks)
        has_button = any(block["type"] == "actions" for block in message.blocks)
        assert has_button is is_shown_whole(asked, translations) is (what in SHOWN)
        assert not has_button or [name for name in names_in(document) if name not in text_of(message)] == []


def test_what_does_not_fit_is_said_to_be_read_in_the_console() -> None:
    document = as_long_as_ram_takes(HOSTILE["one value that is as long as all of it"])
    message = policy_review(notice(document, None), load_catalog(), load_translations("en"))
    assert "*Cannot be reviewed here:*" in text_of(message)
    assert "RAM console > Permissions > Policies" in text_of(message)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a b", "a  b"), ("a`b", "a'b"), ("ab", "a\u200bb"), ("a\u200bb", "a\\u200bb"), ("a", "a "), ("é", "e\u0301")],
)
def test_no_two_values_look_alike(one: str, other: str) -> None:
    first, second = (
        text_of(policy_review(notice(document, None), load_catalog(), load_translations("en")))
        for document in (allow(["ram:*"], ["*"], {"StringLike": {"acs:tag": [each]}}) for each in (one, other))
    )
    assert first != second
    assert " ".join(first.split()) != " ".join(second.split())


def test_only_other_conditions_are_called_so() -> None:
    before, after = (allow(["ram:*"], ["*"], {"StringLike": {"acs:tag": values}}) for values in (["* | a"], ["*", "a"]))
    said = text_of(policy_review(notice(after, before), load_catalog(), load_translations("en")))
    assert "*Other conditions*\n➕ `ram:*`, only if `StringLike acs:tag` = `*`, `a`" in said
    assert "➖ `ram:*`, only if `StringLike acs:tag` = `* | a`" in said
    assert "another order" not in said and "*Added*" not in said
