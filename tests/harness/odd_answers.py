"""Answers to a write that do not prove that nothing was done, after it was done and after it was not."""

from __future__ import annotations

from typing import Any

OPEN: dict[str, dict[str, Any]] = {
    "a timeout": {"fault": "error", "status": 400, "code": "RequestTimeout"},
    "a conflict that nobody knows": {"fault": "error", "status": 409, "code": "Conflict.Concurrent"},
    "a code of a firewall": {"fault": "error", "status": 403, "code": "WAF.Blocked"},
    "a page of a firewall": {"fault": "html", "status": 403},
    "a page of a portal": {"fault": "html", "status": 200},
    "a page of a gateway": {"fault": "html", "status": 502},
    "an empty body": {"fault": "empty", "status": 200},
    "an empty refusal": {"fault": "empty", "status": 403},
    "somebody else's JSON": {"fault": "no_code", "status": 403},
    "somebody else's JSON that looks like a success": {"fault": "no_code", "status": 200},
    "a success that says it is none": {"fault": "unsuccessful", "status": 200},
    "a refusal in the form of a success": {"fault": "error", "status": 200, "code": "Conflict.Concurrent"},
    "a known refusal in the form of a success": {"fault": "error", "status": 200, "code": "NoPermission"},
}
"""What is no answer of the cloud's, or has a code of which nothing is known."""
DONE_ALL_THE_SAME: dict[str, dict[str, Any]] = {
    "its nonce was used": {"fault": "twice"},
    "it is so already": {"fault": "repeated"},
    "to go slower": {"fault": "throttle", "seconds": 0.2, "done": True},
    "no permission": {"fault": "no_permission", "done": True},
    "a limit": {"fault": "error", "status": 409, "code": "LimitExceeded.User.Policy", "done": True},
}
"""Something between sent it twice, and this is what the second one was answered."""

BY_ITS_CODE = "it is so already, and done"
"""What a product without dates is believed about: a second delivery is refused for its nonce."""

ODD: dict[str, dict[str, Any]] = {
    **{f"{name}, and not done": order for name, order in OPEN.items()},
    **{f"{name}, and done": {**order, "done": True} for name, order in OPEN.items()},
    **{f"{name}, and done": order for name, order in DONE_ALL_THE_SAME.items()},
}
