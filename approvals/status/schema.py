"""What status.toml may say, read strictly: a key that is not known here ends the start."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from approvals.catalog.toml_file import Duration, Line, Name, Strict

Action = Annotated[str, Field(pattern=r"^[a-z-]{1,40}:[A-Za-z]{1,80}$")]
Service = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
RowName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class RepairTable(Strict):
    """What an Authorize button asks approval for."""

    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    approvals: Annotated[int, Field(ge=1, le=5)]
    expires_after: Duration


class ServiceRoleTable(Strict):
    """The role that PAI-Rec assumes."""

    name: Name
    service: Service
    title: Line
    mend: RepairTable


class EngineRoleTable(Strict):
    """The role under which the engine runs."""

    name: Name
    trusts: Service
    policy: Name
    title: Line
    also: list[RowName] = Field(default_factory=list)
    mend: RepairTable


class ServiceTable(Strict):
    """What counts for one service."""

    title: Annotated[Line, Field(max_length=60)]
    also: list[RowName] = Field(default_factory=list)
    actions: Annotated[list[Action], Field(min_length=1, max_length=30)]
    resources: list[Annotated[str, Field(pattern=r"^[A-Za-z]{1,40}$")]]


class TrainingTable(Strict):
    """What training needs of MaxCompute."""

    title: Line
    route_title: Line
    owner_title: Line = "Task owner of the MaxCompute projects"
    tenant_role: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
    subscription_tenant_role: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}\{quota\}[A-Za-z0-9_-]{0,64}$")]
    grants: Annotated[list[Action], Field(min_length=1)]
    route: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,128}$")]


class StatusFile(Strict):
    """The whole file."""

    service_role: ServiceRoleTable
    services: Annotated[dict[RowName, ServiceTable], Field(min_length=1, max_length=20)]
    engine_role: EngineRoleTable
    training: TrainingTable
