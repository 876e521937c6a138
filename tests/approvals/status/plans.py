"""A small status plan as a file, and the same after a mistake was made in it."""

from __future__ import annotations

from pathlib import Path

GOOD = """
[service_role]
name = "ServiceRole"
service = "pairec.pai.aliyuncs.com"
title = "Own role"

[service_role.mend]
title = "Own role"
allows = "Create it."
approvals = 1
expires_after = "24h"

[services.oss]
title = "OSS"
also = ["buckets"]
actions = ["oss:GetObject", "oss:PutObject"]
resources = ["OSS"]

[services.sls]
title = "Log Service"
actions = ["log:GetConfig"]
resources = []

[engine_role]
name = "EngineRole"
trusts = "eas.pai.aliyuncs.com"
policy = "PaiRecDataManagementAccess"
title = "Engine's role"
also = ["eas-role"]

[engine_role.mend]
title = "Data for the engine"
allows = "Attach it."
approvals = 2
expires_after = "12h"

[training]
title = "Tenant role"
route_title = "Routing"
tenant_role = "storage_auth"
subscription_tenant_role = "storage_auth_{quota}"
grants = ["odps:List", "odps:Usage"]
route = "odps.route.v2"
"""


def plan_file(folder: Path, text: str = GOOD) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, "utf-8")
    return path


def but(old: str, new: str) -> str:
    """The good plan with something else in one place."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)
