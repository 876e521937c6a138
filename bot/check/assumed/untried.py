"""Assumptions that no read can confirm or refute, and why."""

from __future__ import annotations

from collections.abc import Mapping

_ONLY_A_WRITE = "only a write would tell"
_ONLY_MANY = "only more calls than the limit takes would tell"
_ONLY_A_POLICY = "only a policy written for it would tell"
_ONLY_A_GRANT = "only a grant of that role would tell"
UNTRIED: Mapping[str, str] = {
    **dict.fromkeys(
        ("ram-user-write-rate", "throttling-codes", "throttling-retry-after", "undocumented-read-rates"), _ONLY_MANY
    ),
    "dataworks-reads-in-all": _ONLY_MANY,
    **dict.fromkeys(("policy-role-arn-case", "policy-absent-key-negated", "policy-not-resource"), _ONLY_A_POLICY),
    **dict.fromkeys(
        (
            *("ram-role-policy-missing", "ram-user-names", "ims-create-user", "oss-forbid-overwrite"),
            *("member-duplicate-add", "dataworks-codes", "dataworks-delete-takes-roles", "dataworks-last-role"),
            *("flink-one-role", "flink-success", "flink-permissions"),
            *("hologres-normal", "hologres-success", "hologres-drop-superuser", "hologres-codes"),
            *("hologres-superuser", "hologres-actions", "hologres-reassign"),
            *("maxcompute-principal", "maxcompute-success", "pai-codes", "pai-create-names-member", "pai-delete-code"),
        ),
        _ONLY_A_WRITE,
    ),
    **dict.fromkeys(("hologres-groups", "hologres-group-per-permission"), _ONLY_A_GRANT),
    "ram-no-permission-bursts": "it shows over days alone, if at all",
    "ram-reads-lag": "check --probe-writes USER measures it",
    "pairec-connectivity-identity": "no answer says as whom PAI-Rec looks",
    "member-403": "only a refusal that no permission explains would tell",
    "console-addresses": "only somebody who is logged in to the console can see it",
    "actiontrail-region": "the row ActionTrail says whether anything is shown in the region that is set",
    **dict.fromkeys(("actiontrail-events", "actiontrail-late"), "only a write of the app's, and a quarter of an hour"),
    **dict.fromkeys(
        ("actiontrail-services", "actiontrail-members"), "only what somebody does in the console would tell"
    ),
    "key-of-one-account": "only a key that moved would tell",
    "flink-editor-by-default": "it is looked at by /pairec-status flink-editor, whoever is right",
    "hologres-direct": "the bot logs in so only where PAIREC_RESOURCES names the address",
    "maxcompute-one-account": "the names of one account alone do not show it",
    "maxcompute-whole-list": "only a role with very many members would tell",
    "maxcompute-project-marker": "only an account with more than a page of projects would tell",
    "maxcompute-read-permission": "only an identity without that permission would tell",
}
"""By name."""
