"""Because of what can be asked for, and of what the account has of it. `item` is a name in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


@dataclass(eq=False)
class UnknownItem(Refusal):
    """The catalogue has nothing of that name; `nearest` is the name that is most like it."""

    reason = "unknown_item"
    item: str
    nearest: str | None


@dataclass(eq=False)
class ItemGone(Refusal):
    """It, or a part of it, is no longer in the catalogue."""

    reason = "item_gone"
    item: str


@dataclass(eq=False)
class InNoProject(Refusal):
    """It is asked for in a project, and is not in any."""

    reason = "in_no_project"
    item: str


@dataclass(eq=False)
class ProjectMissing(Refusal):
    """It is asked for in a project, none was named, and several are possible."""

    reason = "project_missing"
    item: str
    projects: tuple[str, ...]


@dataclass(eq=False)
class UnknownProject(Refusal):
    """There is no project of that alias; those that there are begin with the ones most like it."""

    reason = "unknown_project"
    item: str
    project: str
    projects: tuple[str, ...]


@dataclass(eq=False)
class NotThere(Refusal):
    """The project has no place in a product that the item needs."""

    reason = "not_there"
    item: str
    project: str
    product: str
    """The name of a product, here as below."""


@dataclass(eq=False)
class NoProject(Refusal):
    """No project has, or none has any more, a place in a product that the item needs."""

    reason = "no_project"
    item: str
    product: str
    """The name of a product."""


@dataclass(eq=False)
class PlaceGone(Refusal):
    """The product does not have the workspace or project any more."""

    reason = "place_gone"
    product: str
    place: str


@dataclass(eq=False)
class SdkNotInstalled(Refusal):
    """The product's SDK is not there."""

    reason = "not_installed"
    product: str


@dataclass(eq=False)
class NotInitialised(Refusal):
    """The account does not have the policies yet."""

    reason = "not_initialised"
    policies: tuple[str, ...]


@dataclass(eq=False)
class DeniedByRule(Refusal):
    """A standing rule of the catalogue refuses it."""

    reason = "denied_by_rule"
    rule: str
    says: str
    """What the rule tells people."""


@dataclass(eq=False)
class RuleUnanswered(Refusal):
    """Nobody knows whether a standing rule would refuse it."""

    rule: str
    why: str


@dataclass(eq=False)
class RuleFails(RuleUnanswered):
    """A standing rule comes to no answer."""

    reason = "rule_fails"


@dataclass(eq=False)
class OnCallUnknown(RuleUnanswered):
    """A standing rule depends on who is on call, and Slack does not say it."""

    reason = "on_call_unknown"


@dataclass(eq=False)
class AmbiguousType(Refusal):
    """The account has both a custom and a system policy of each name."""

    reason = "ambiguous_type"
    policies: tuple[str, ...]
