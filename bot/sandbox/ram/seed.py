"""The account as a newcomer finds it: seven users, six policies, and what some of them hold already."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.roles import SERVICE_ROLES, add_service_role, trust_of
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyTarget, PolicyVersion, Role, User

ACCESS_KEY_ID = "LTAI0SANDBOXBOTKEY"
WATCHDOG_KEY_ID = "LTAI0SANDBOXWATCHDOGKEY"
OWNER_KEY_ID = "LTAI0SANDBOXOWNERKEY"
OTHER_KEY_ID, OTHER_ACCOUNT_ID = "LTAI0SANDBOXOTHERKEY", "1000000000000002"
ACCOUNT_ID = "1000000000000001"
ALIAS = "pairec-workshop"

ENGINE_ROLE, ENGINE_SERVICE = "AliyunPAIRecEASRole", "eas.pai.aliyuncs.com"
ENGINE_POLICY = "PaiRecDataManagementAccess"
SERVICE_POLICY = PolicyKey("System", "AliyunServiceRolePolicyForPaiRec")
SERVICE_ACTIONS: dict[str, tuple[str, ...]] = {
    "oss": ("oss:ListBuckets", "oss:ListObjects", "oss:GetObject", "oss:PutObject"),
    "container-registry": ("cr:List*", "cr:Get*", "cr:PullRepository", "cr:PushRepository"),
    "datahub": ("dhs:ListProject", "dhs:GetProject", "dhs:ListTopic", "dhs:GetTopic", "dhs:CreateTopic"),
    "maxcompute": ("odps:ListProjects", "odps:GetProject"),
    "console": ("pairec:List*", "pairec:Get*"),
    "featurestore": ("featurestore:List*", "featurestore:Get*"),
    "eas": ("eas:ListServices", "eas:DescribeService", "eas:CreateService", "eas:UpdateService", "eas:StartService"),
    "hologres": ("hologram:ListInstances", "hologram:GetInstance"),
    "flink": ("stream:ListDeployments", "stream:GetDeployment"),
    "sls": ("log:ListProject", "log:ListLogStores", "log:GetConfig", "log:UpdateConfig", "log:ApplyConfigToGroup"),
}
"""What the policy of PAI-Rec's own role allows here, by the service's name on the status board."""
_DAY = 86400.0
_PEOPLE = (
    ("alice", "Alice Chen"),
    ("bob", "Bob Ortiz"),
    ("judy", "Judy Novak"),
    ("carol", "Carol Diaz"),
    ("dave", "Dave Kim"),
    ("erin", "Erin Sato"),
    ("frank", "Frank Weber"),
)
_HELD_SINCE_DAYS = (
    ("alice", "PaiRecRamAdminAccess", 300),
    ("bob", "PaiRecRamAdminAccess", 300),
    ("judy", "PaiRecRamAdminAccess", 210),
    ("dave", "PaiRecMonitorAccess", 150),
    ("erin", "PaiRecEngineAccess", 120),
    ("frank", "PaiRecMonitorAccess", 95),
)
_GRANTABLE = ("PaiRecDataManagementAccess", "PaiRecEngineAccess", "PaiRecMonitorAccess", "PaiRecRamAdminAccess")

# policy type, name, description, and the actions that it allows on everything (the admin policy is written below)
_POLICIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Custom", "PaiRecRamAdminAccess", "Attach and detach the PAI-Rec policies of RAM users", ()),
    (
        "Custom",
        "PaiRecDataManagementAccess",
        "Manage the data of PAI-Rec: OSS, images, DataHub, MaxCompute, FeatureStore",
        ("pairec:*", "featurestore:*", "oss:Get*", "oss:List*", "oss:PutObject", "cr:*", "dhs:*", "odps:*"),
    ),
    (
        "Custom",
        "PaiRecEngineAccess",
        "Run the PAI-Rec engine: PAI-EAS services and Hologres",
        ("pairec:Get*", "pairec:List*", "eas:*", "hologram:*"),
    ),
    (
        "Custom",
        "PaiRecMonitorAccess",
        "Watch PAI-Rec: Flink jobs and Simple Log Service",
        ("pairec:Get*", "pairec:List*", "pairec:Report*", "stream:Get*", "stream:List*", "log:Get*", "log:List*"),
    ),
    ("System", SERVICE_POLICY.name, "What PAI-Rec itself may do", ()),
    ("System", "AliyunPAIRecFullAccess", "Full access to PAI-Rec", ("pairec:*",)),
    (
        "System",
        "AliyunPAIRecReadOnlyAccess",
        "Read-only access to PAI-Rec",
        ("pairec:Get*", "pairec:List*", "pairec:Describe*", "pairec:Report*"),
    ),
)


def seeded_account(access_key_secret: str | None = None, now: Callable[[], float] = time.time) -> CloudAccount:
    """A fresh account with the bot's access key; its secret is random unless given. `now`: domain time, epoch s."""
    secret = access_key_secret or secrets.token_urlsafe(24)
    keys = {ACCESS_KEY_ID: secret, WATCHDOG_KEY_ID: secrets.token_urlsafe(24)}
    return CloudAccount(seeded_state(now()), account_id=ACCOUNT_ID, alias=ALIAS, access_keys=keys, now=now)


def other_account(now: Callable[[], float] = time.time) -> CloudAccount:
    """Another account with a key of its own, in which all have the same names: users, roles and policies. Whoever has
    one of them there is somebody else.
    """
    keys = {OTHER_KEY_ID: secrets.token_urlsafe(24)}
    state = seeded_state(now(), last_number=500_000)
    state.attachments.clear()
    return CloudAccount(state, account_id=OTHER_ACCOUNT_ID, alias="elsewhere", access_keys=keys, now=now)


def seeded_state(now: float, last_number: int = 0) -> AccountState:
    """Users, policies, PAI-Rec's roles and old attachments, dated back from `now`. There are no groups. Ids follow on
    `last_number`.
    """
    state = AccountState(last_number=last_number)
    made = now - 400 * _DAY
    for type_, name, description, actions in _POLICIES:
        key = PolicyKey(type_, name)
        document = service_document() if key == SERVICE_POLICY else _document(actions)
        version = PolicyVersion("v1", json.dumps(document, indent=2), made)
        state.policies[key] = Policy(key, description, made, made, (version,))
    for name, display_name in _PEOPLE:
        user_id = f"2{state.next_number():017d}"
        state.users[name] = User(user_id, name, made, made, display_name, f"{name}@example.com")
    for name, policy, days in _HELD_SINCE_DAYS:
        holder = PolicyTarget("user", state.users[name].user_id)
        state.attachments[holder, PolicyKey("Custom", policy)] = now - days * _DAY
    for service, (role, policy) in SERVICE_ROLES.items():
        add_service_role(state, role, service, policy, made)
    add_engine_role(state, made)
    return state


def add_engine_role(state: AccountState, now: float) -> Role:
    """The role under which the engine runs, as PAI-Rec's page asks for it; without its policy where there is none."""
    role_id = f"3{state.next_number():017d}"
    role = Role(role_id, ENGINE_ROLE, trust_of(ENGINE_SERVICE), now, now, "The role of the PAI-Rec engine in PAI-EAS")
    state.roles[ENGINE_ROLE] = role
    policy = PolicyKey("Custom", ENGINE_POLICY)
    if policy in state.policies:
        state.attachments[PolicyTarget("role", role_id), policy] = now
    return role


def service_document(without: frozenset[str] = frozenset()) -> dict[str, object]:
    """The policy of PAI-Rec's own role, without what it may do in some of the services."""
    own = {"StringEquals": {"ram:ServiceName": "pairec.pai.aliyuncs.com"}}
    allowed = [_allow(actions, ["*"]) for service, actions in SERVICE_ACTIONS.items() if service not in without]
    return {
        "Version": "1",
        "Statement": [{**_allow(("ram:DeleteServiceLinkedRole",), ["*"]), "Condition": own}, *allowed],
    }


def _document(actions: tuple[str, ...]) -> dict[str, object]:
    if actions:
        return {"Version": "1", "Statement": [_allow(actions, ["*"])]}
    changeable = [f"acs:ram:*:*:policy/{name}" for name in _GRANTABLE]
    return {
        "Version": "1",
        "Statement": [
            _allow(
                (
                    "ram:ListUserBasicInfos",
                    "ram:ListEntitiesForPolicy",
                    "ram:ListPolicies",
                    "ram:ListPolicyAttachments",
                ),
                ["*"],
            ),
            _allow(
                ("ram:AttachPolicyToUser", "ram:DetachPolicyFromUser", "ram:CreatePolicy", "ram:GetPolicy"),
                ["acs:ram:*:*:user/*", "acs:ram:*:system:policy/AliyunPAIRecFullAccess", *changeable],
            ),
        ],
    }


def _allow(actions: tuple[str, ...], resources: list[str]) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resources}
