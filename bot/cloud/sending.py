"""What goes along with a write, and what its answer brings back: an id of ours, and one of the cloud's.

Clients are shared between threads, so ours is an option of the one call. User agents are products with their versions
(RFC 9110, 10.1.5), and ActionTrail keeps them as `userAgent`.
"""

from __future__ import annotations

from typing import Any

from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import ExtendsParameters, RuntimeOptions

from approvals.ports import Receipt

PRODUCT = "pairec-access-write"


def write_options(write_id: str) -> Any:
    """The options of one call that carries this id, after what the SDK says of itself."""
    agent = Utils.get_user_agent(f"{PRODUCT}/{write_id}")
    return RuntimeOptions(extends_parameters=ExtendsParameters(headers={"user-agent": agent}))


def receipt(answer: Any) -> Receipt:
    """Of a call that the SDK returned from."""
    return Receipt(answer.body.request_id)
