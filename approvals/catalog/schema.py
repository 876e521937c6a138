"""What the catalogue file looks like: its tables, and what each line of them may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from approvals.catalog.titled import Titled
from approvals.catalog.toml_file import Duration, Line, Name, Strict
from approvals.millis import DAY, HOUR

APPROVERS = "approvers"
MAX_DOERS = 10
RoleAt = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,128}(@[A-Za-z0-9_-]{1,40})?$")]


Place = Annotated[str, Field(pattern=r"^[CGS][A-Z0-9]{2,20}$")]
"""The id of a channel of Slack's, or of a user group."""
UserGroup = Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,20}$")]
MAX_ON_CALL = 5
"""Each is a call of Slack's for a request, of about 20 a minute (docs.slack.dev, usergroups.users.list: tier 2)."""


class ItemTerms(Titled):
    """What is said of a policy and of a role alike: on which terms it may be asked for."""

    default: Duration
    longest: Duration
    until_revoked: bool
    approvals: Annotated[int, Field(ge=1, le=5)]
    reason: bool
    ticket: bool
    expires_after: Duration
    escalate_after: Duration | None = None
    escalate_to: Place | None = None
    approval_note: bool = False
    """Whether whoever approves it has to write why."""


class PolicyTerms(ItemTerms):
    """A table under `policies`, named like the RAM policy. `type` is found out where it is left out."""

    type: Literal["Custom", "System"] | None = None


class RoleTerms(ItemTerms):
    """A table under `roles`. `code` is what the product itself calls the role."""

    product: str
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    comes_with: Name | None = None
    needs: Name | None = None
    """A role that comes first: whoever asks for this one asks for that one too."""
    granted: bool = True
    """False where it is not given: the status page shows who should have it and does not."""


def _done_by(value: Any) -> tuple[str, ...]:
    if value == APPROVERS:
        return ()
    fit = isinstance(value, list) and 1 <= len(value) <= MAX_DOERS
    if not fit or not all(isinstance(each, str) and re.fullmatch(r"[UW][A-Z0-9]{2,20}", each) for each in value):
        raise ValueError(f'"{APPROVERS}", or a list of 1 to {MAX_DOERS} Slack user ids such as "U0JUDY"')
    return tuple(dict.fromkeys(value))


Steps = Annotated[list[Line], Field(min_length=1, max_length=10)]


class ManualTerms(ItemTerms):
    """A table under `manual`: what people give and take by hand, by these steps. `done_by` are Slack user ids, or the
    approvers.
    """

    give: Steps
    take: Steps
    done_by: Annotated[tuple[str, ...], BeforeValidator(_done_by)]


class BundleTerms(Titled):
    """A table under `bundles`. Its terms are the strictest of what is in it."""

    policies: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)
    roles: Annotated[list[RoleAt], Field(max_length=10)] = Field(default_factory=list)
    roles_if_there: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)
    """Roles that are left out in a project without a place in their product."""
    manual: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)


class RuleTerms(Strict):
    """A table of the list `rules`: a condition in CEL, and what follows where it holds. `deny` is what people are told,
    `require` how many approvals it takes at least, `auto_approve` for how long at most it is given without any.
    """

    name: Annotated[Line, Field(max_length=60)]
    when: str
    deny: Line | None = None
    require: Annotated[int, Field(ge=2, le=5)] | None = None
    auto_approve: Duration | None = None


class BreakGlassTerms(Strict):
    """The table `break_glass`: what members of a RAM group, or of a user group that is on call, get at once in an
    emergency, and is reviewed afterwards.
    """

    items: Annotated[list[Name], Field(min_length=1, max_length=50)]
    groups: Annotated[list[Line], Field(max_length=10)] = Field(default_factory=list)
    on_call: Annotated[list[Name], Field(max_length=MAX_ON_CALL)] = Field(default_factory=list)
    """Names of the table `on_call`."""
    longest: Duration = HOUR
    barred_for: Duration = 30 * DAY
    """For how long whoever took it without need takes nothing so."""


class AccessReviewTerms(Strict):
    """The table `access_review`: what becomes in the end of what nobody reviewed, how long after the start of a review
    the next one starts by itself, and by when that one is over.
    """

    unreviewed: Literal["escalate", "revoke"] = "escalate"
    every: Duration | None = None
    by: Duration | None = None


class CatalogFile(Strict):
    """The tables of the file, and what holds for all items that say nothing else."""

    policies: Annotated[dict[Name, PolicyTerms], Field(min_length=1)]
    roles: dict[Name, RoleTerms] = Field(default_factory=dict)
    bundles: dict[Name, BundleTerms] = Field(default_factory=dict)
    manual: dict[Name, ManualTerms] = Field(default_factory=dict)
    rules: Annotated[list[RuleTerms], Field(max_length=100)] = Field(default_factory=list)
    on_call: Annotated[dict[Name, UserGroup], Field(max_length=MAX_ON_CALL)] = Field(default_factory=dict)
    """Ids of Slack user groups, by the names that the catalogue calls them."""
    break_glass: BreakGlassTerms | None = None
    access_review: AccessReviewTerms = Field(default_factory=AccessReviewTerms)
    escalate_after: Duration | None = None
    escalate_to: Place | None = None

    def in_language(self, language: str) -> CatalogFile:
        """A copy whose titles are in that language, as Slack names it, where the file has them."""
        tables: dict[str, Mapping[str, Titled]] = {
            "policies": self.policies,
            "roles": self.roles,
            "bundles": self.bundles,
            "manual": self.manual,
        }
        said = {
            table: {name: terms.in_language(language) for name, terms in all_of_it.items()}
            for table, all_of_it in tables.items()
        }
        return self.model_copy(update=said)
