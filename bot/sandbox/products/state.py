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


class Resource(NamedTuple):
    """One resource that an instance is configured with."""

    type: str
    uri: str
    category: str
    group: str


RESOURCES = (
    Resource("OSS", "oss://pairec-workshop-models", "DataManagement", "storage"),
    Resource("ACR", "registry.cn-hangzhou.cr.aliyuncs.com/pairec-workshop", "Engine", "recengine"),
    Resource("DataHub", "dhs://pairec_workshop/exposures", "Monitor", "logsback"),
    Resource("MaxCompute", f"odps://{PROJECT}", "DataManagement", "datastorage"),
    Resource("Rec", INSTANCE, "Engine", "recengine"),
    Resource("EAS", "eas://pairec_home_feed", "Engine", "predict"),
    Resource("Hologres", "hologres://hgpostcn-cn-workshop/features", "Engine", "feature"),
    Resource("Flinkvvp", "flink://workshop-default", "Monitor", "logs"),
    Resource("SLS", "sls://pairec-workshop/engine", "Monitor", "logs"),
)


@dataclass
class Products:
    instances: dict[str, tuple[Resource, ...]] = field(default_factory=lambda: {INSTANCE: RESOURCES})
    unreachable: set[str] = field(default_factory=set)
    """Types of resources of which PAI-Rec says Failure."""
    tenant_roles: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {TENANT_ROLE: {QUOTA: ("odps:List", "odps:Usage")}}
    )
    """Tenant role -> object -> actions."""
    properties: dict[str, dict[str, str]] = field(default_factory=lambda: {PROJECT: {ROUTE: "true"}})
    """Project -> its properties."""
