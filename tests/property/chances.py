"""What there is to choose from."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.harness.app import ADMIN, DATA, ENGINE, MONITOR

ANYBODY = st.sampled_from(["alice", "bob", "judy", "carol", "dave", "frank"])
APPROVERS = st.sampled_from(["alice", "bob", "judy"])
POLICIES = st.sampled_from([ENGINE, MONITOR, DATA, ADMIN])
ITEMS = st.sampled_from([ENGINE, MONITOR, DATA, ADMIN, "algorithm-engineer", "business-analyst"])
DURATIONS = st.sampled_from(["30m", "1h", "8h", "until-revoked"])
WHICH = st.integers(0, 5)
"""Which request, the newest first."""
RAM_CALLS = st.sampled_from(
    ["writes", "reads", "AttachPolicyToUser", "DetachPolicyFromUser", "ListPoliciesForUser", "ListEntitiesForPolicy"]
)
RAM_FAULTS = st.sampled_from(["throttle", "error", "no_permission", "html", "reset", "drop_answer"])
SLACK_CALLS = st.sampled_from(["chat.postMessage", "chat.update", "users.info", "*"])
SLACK_FAULTS = st.sampled_from(["ratelimited", "error", "http_500", "drop_answer"])
TIMES = st.integers(1, 4)
