"""Answers are the cloud's own, and have in them what was asked for, or they are no answers.

The SDK's models take whatever is missing for an empty list, and a page that a proxy made up for a success.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alibabacloud_tea_openapi.exceptions import ClientException

EACH = "*"
CODE = ("Code", "code", "ErrorCode", "errorCode")
NO_REFUSALS = ("", "0", "200", "ok", "success")
"""What some products write where others write no code."""
REQUEST_ID = ("RequestId", "requestId")
"""What every answer of Alibaba Cloud carries, by whichever product."""


def checked(client: Any, lists: Mapping[str, Sequence[str]], objects: Mapping[str, Sequence[str]] | None = None) -> Any:
    """A client that raises ValueError for an answer without its RequestId, without what has to be in it, or that says
    that it is no success; and what the SDK raises for a refusal, also where that comes with the status of a success.

    Args:
        lists: by action, the names that lead to a list in its answer. After EACH stands what has to be in every entry.
        objects: by action, the names in its answer that stand for objects.
    """
    call_api = client.call_api

    def call(params: Any, request: Any, runtime: Any) -> Any:
        answer = call_api(params, request, runtime)
        body = answer.get("body")
        if not isinstance(body, dict) or not any(body.get(name) for name in REQUEST_ID):
            raise ValueError(f"{params.action}: the answer has no RequestId")
        _check_success(params.action, body)
        missing = [name for name in (objects or {}).get(params.action, ()) if not isinstance(body.get(name), dict)]
        if params.action in lists and not _leads_to_a_list(body, lists[params.action]):
            missing.append(".".join(lists[params.action]))
        if missing:
            raise ValueError(f"{params.action}: the answer has no {', '.join(missing)}")
        return answer

    client.call_api = call
    return client


def _check_success(action: str, body: Mapping[str, Any]) -> None:
    """Also in an answer with the status of a success, a product may say that it refused.

    Raises:
        ClientException: there is the code of a refusal in it.
        ValueError: it says that it is no success, and not why.
    """
    code = next((str(body[name]) for name in CODE if body.get(name) is not None), "")
    if code.casefold() not in NO_REFUSALS:
        request_id = next(str(body[name]) for name in REQUEST_ID if body.get(name))
        status = body.get("HttpCode") or body.get("httpCode")
        raise ClientException(status_code=status, code=code, message=f"{action}: {code}", request_id=request_id)
    if str(body.get("Success", body.get("success", True))).casefold() == "false":
        raise ValueError(f"{action}: the answer says that it is no success")


def _leads_to_a_list(value: Any, names: Sequence[str]) -> bool:
    if not names:
        return isinstance(value, list)
    if names[0] == EACH:
        return isinstance(value, list) and all(_leads_to_a_list(each, names[1:]) for each in value)
    return isinstance(value, dict) and _leads_to_a_list(value.get(names[0]), names[1:])
