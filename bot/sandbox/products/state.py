"""What PAI-Rec and MaxCompute have in this account. It belongs to the sandbox's event loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

INSTANCE = "pairec-cn-workshop1"
PROJECT = "ranking_dev"
TUNNEL_GROUP = "ranking_dts"
ROUTE = "odps.tunnel.enable.quota.route.v2"
TENANT_ROLE = "storage_auth_for_pairec_pay_as_you_go"
QUOTA = "quotas/pay-as-you-go"


class SandboxResource(NamedTuple):
    """One resource that an instance is configured with."""

    type: str
    uri: str
    category: str
    group: str


RESOURCES = (
    SandboxResource("OSS", "oss://pairec-workshop-models", "DataManagement", "storage"),
    SandboxResource("ACR", "registry.cn-hangzhou.cr.aliyuncs.com/pairec-workshop", "Engine", "recengine"),
    SandboxResource("DataHub", "dhs://pairec_workshop/exposures", "Monitor", "logsback"),
    SandboxResource("MaxCompute", f"odps://{PROJECT}", "DataManagement", "datastorage"),
    SandboxResource("Rec", INSTANCE, "Engine", "recengine"),
    SandboxResource("EAS", "eas://pairec_home_feed", "Engine", "predict"),
    SandboxResource("Hologres", "hologres://hgpostcn-cn-workshop/features", "Engine", "feature"),
    SandboxResource("Flinkvvp", "flink://workshop-default", "Monitor", "logs"),
    SandboxResource("SLS", "sls://pairec-workshop/engine", "Monitor", "logs"),
)


@dataclass
class SandboxProducts:
    """PAI-Rec's instances and MaxCompute's projects and tenant. Whoever writes here changes what is answered from then
    on.
    """

    instances: dict[str, tuple[SandboxResource, ...]] = field(default_factory=lambda: {INSTANCE: RESOURCES})
    unreachable: set[str] = field(default_factory=set)
    """Types of resources of which PAI-Rec says Failure."""
    tenant_roles: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {TENANT_ROLE: {QUOTA: ("odps:List", "odps:Usage")}}
    )
    """Tenant role -> object -> actions."""
    properties: dict[str, dict[str, str]] = field(default_factory=lambda: {PROJECT: {ROUTE: "true"}})
    """Project -> its properties."""
