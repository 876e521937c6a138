"""Conditions of standing rules, in the Common Expression Language (github.com/google/cel-spec): compiled and typed when
the catalogue is loaded, without macros, so that none takes longer than it is long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from approvals.entitlements import Entitlement
from approvals.errors import CatalogError
from approvals.millis import DAY, SECOND, DomainMillis

MAX_CHARACTERS = 2_000
_WITHOUT_MACROS = "stdlib:\n  disable_macros: true\n"
_SAYS_HOURS = "timestamp('2026-01-01T00:00:00Z').getHours('Asia/Shanghai') == 8"
_GROUPS = frozenset(("requester_groups", "subject_groups"))
_ON_CALL = frozenset(("requester_on_call", "subject_on_call"))
_OF_ASKING = _GROUPS | _ON_CALL | {"requester", "had_before"}
"""What a request that waits for a decision is not judged by: it was when it was asked for."""


class ConditionFailed(Exception):
    """A condition came to no answer, such as by a division by zero."""


class NobodySaysOnCall(ConditionFailed):
    """It depends on who is on call, which Slack does not say."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a condition may ask about, each under the name that it has here."""

    item: str
    """As in the catalogue, without a project."""
    project: str
    """Empty where it is asked for in none."""
    entitlements: tuple[str, ...]
    """All that is in it: names of policies, `dataworks:<place>:<role>` and the like."""
    duration: int | None
    """Milliseconds; as long as can be for until revoked."""
    now: DomainMillis
    for_self: bool
    subject: str
    """The RAM user's name."""
    requester: str = ""
    """Likewise; empty for somebody who is not linked yet."""
    had_before: bool = False
    """Whether the subject had all of it through the app before."""
    requester_groups: tuple[str, ...] = ()
    """Names of RAM groups."""
    subject_groups: tuple[str, ...] = ()
    requester_on_call: tuple[str, ...] | None = None
    """Names that the catalogue gives to Slack user groups; None where Slack does not say who is in them: a condition
    that depends on it comes to no answer then.
    """
    subject_on_call: tuple[str, ...] | None = None
    """Likewise."""
    break_glass: bool = False
    """Whether it is taken at once in an emergency."""


def request_facts(item: str, entitlements: Iterable[Entitlement], **facts: Any) -> RequestFacts:
    """Those of a request for `item`, as the catalogue names it, and for what is in it; `facts` are the others."""
    name, _, project = item.partition("@")
    return RequestFacts(name, project, tuple(each.short_name for each in entitlements), **facts)


class RuleCondition:
    """One that was compiled. It may be judged on any thread."""

    def __init__(self, expression: Any, *, of_groups: bool, of_on_call: bool, of_asking: bool) -> None:
        """`of_groups`: it asks for somebody's groups. `of_on_call`: for who is on call. `of_asking`: for these, who
        asks, or what somebody had.
        """
        self._expression = expression
        self.of_groups = of_groups
        self.of_on_call = of_on_call
        self.of_asking = of_asking

    def holds(self, facts: RequestFacts) -> bool:
        """Whether it is so.

        Raises:
            ConditionFailed: it comes to no answer.
        """
        values = {field.name: getattr(facts, field.name) for field in fields(facts)}
        values |= {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
        unsaid = [name for name in _ON_CALL if values[name] is None]
        for name in unsaid:
            # Without a value, what does not depend on it still has its answer (CEL's `&&` and `||`, in either order).
            del values[name]
        values["until_revoked"] = facts.duration is None
        values["duration"] = timedelta(milliseconds=3650 * DAY if facts.duration is None else facts.duration)
        values["now"] = datetime.fromtimestamp(facts.now / SECOND, UTC)
        try:
            answer = self._expression.eval(data=values).plain_value()
        except RuntimeError as error:
            raise ConditionFailed(_short(str(error))) from None
        if any(name in str(answer) for name in unsaid):
            raise NobodySaysOnCall("Slack does not say who is on call")
        if not isinstance(answer, bool):
            raise ConditionFailed(_short(str(answer)))
        return answer


def compile_condition(text: str) -> RuleCondition:
    """A condition as it is written.

    Raises:
        CatalogError: it is none, or it is of more than 2,000 characters, or the library is not there.
    """
    if len(text) > MAX_CHARACTERS:
        raise CatalogError(f"a condition has {MAX_CHARACTERS:,} characters at most")
    try:
        from cel_expr_python import cel  # Of an extra, and of few: a catalogue without rules loads nothing.
    except ImportError:
        raise CatalogError("rules need the extra `rules`: pip install 'pairec-access[rules]'") from None
    types = _types(cel)
    expression = _compiled(cel, text, types)
    if expression.return_type() != cel.Type.BOOL:
        raise CatalogError("a condition is true or false")
    if not _compiled(cel, _SAYS_HOURS, {}).eval(data={}).plain_value():
        raise CatalogError("this machine has no time zone data (install tzdata)")
    return RuleCondition(
        expression,
        of_groups=_uses(cel, text, types, _GROUPS),
        of_on_call=_uses(cel, text, types, _ON_CALL),
        of_asking=_uses(cel, text, types, _OF_ASKING),
    )


def _uses(cel: Any, text: str, types: Mapping[str, Any], names: Collection[str]) -> bool:
    """Whether it means nothing without one of these."""
    try:
        _compiled(cel, text, {name: kind for name, kind in types.items() if name not in names})
    except CatalogError:
        return True
    return False


def _types(cel: Any) -> Mapping[str, Any]:
    kinds = cel.Type
    names = kinds.List(kinds.STRING)
    return {
        "item": kinds.STRING,
        "project": kinds.STRING,
        "entitlements": names,
        "duration": kinds.DURATION,
        "until_revoked": kinds.BOOL,
        "now": kinds.TIMESTAMP,
        "for_self": kinds.BOOL,
        "requester": kinds.STRING,
        "subject": kinds.STRING,
        "had_before": kinds.BOOL,
        "break_glass": kinds.BOOL,
        "requester_groups": names,
        "subject_groups": names,
        "requester_on_call": names,
        "subject_on_call": names,
    }


def _compiled(cel: Any, text: str, variables: Mapping[str, Any]) -> Any:
    config = cel.NewEnvConfigFromYaml(_WITHOUT_MACROS)
    try:
        return cel.NewEnv(config=config, variables=variables).compile(text)
    except RuntimeError as error:
        raise CatalogError(_short(str(error))) from None


def _short(text: str) -> str:
    """The first line, without the library's own codes before and after it."""
    first = next(iter(text.splitlines()), "")
    return re.sub(r"^[A-Z_]+: (ERROR: <input>:)?| \[[A-Z_]+\]$", "", first)[:200] or "it cannot be read"
