"""One call about members: its parameters, read as strictly as RAM reads them, and what a product has to say for itself.

A parameter that the stand-in does not know is refused, where the cloud would ignore it: a filter that is quietly
without effect would make a client look right that is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from bot.sandbox.products.membership import Change, Membership
from bot.sandbox.products.places import Place, PlaceKey, PlaceRefusalReason, PlaceRefused
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.throttle import Limits
from bot.sandbox.ram.wire import ApiName

T = TypeVar("T")
Answer = dict[str, Any]
Codes = Mapping[PlaceRefusalReason, tuple[int, str, str]]
"""Of each refusal: HTTP status, code, and the sentence for people, in which {} is what stood in the way."""


@dataclass(frozen=True, slots=True)
class MemberCall:
    """`seconds_ago`: how far a read lags, in real seconds."""

    membership: Membership
    product: str
    params: Mapping[str, Any]
    caller: str = ""
    """The UserId that the key belongs to: a RAM user's, or the account's own."""
    role_id: str = ""
    """Of the role that was assumed, where the key is such a session's."""
    seconds_ago: float = 0.0

    def text(self, name: str) -> str:
        """The value, or an empty string."""
        value = self.params.get(name, "")
        if not isinstance(value, str):
            raise invalid(name, "must be a text")
        return value

    def required(self, name: str) -> str:
        """The value; raises `RamError` 400 where it is missing or empty."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when absent."""
        value = self.params.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise invalid(name, "must be a list of texts")
        return value

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number that came as text; `default` when absent. Raises `RamError` 400 outside of its limits."""
        value = self.text(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high):
            raise invalid(name, f"must be a number from {low} to {high}")
        return int(value)

    def flag(self, name: str) -> bool:
        """True or false, as JSON has them; false when absent."""
        value = self.params.get(name, False)
        if not isinstance(value, bool):
            raise invalid(name, "must be true or false")
        return value

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number, as JSON has it; `default` when absent. Raises `RamError` 400 outside of its limits."""
        value = self.params.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise invalid(name, f"must be a number from {low} to {high}")
        return value

    def page(self, items: Sequence[T], size: int) -> tuple[list[T], Answer]:
        """The page that is asked for, of `size` unless said, and the fields that tell where it is."""
        number = self.whole("PageNumber", 1, 1_000_000, 1)
        size = self.whole("PageSize", 1, 100, size)
        shown = list(items[(number - 1) * size : number * size])
        return shown, {"PageNumber": number, "PageSize": size, "TotalCount": len(items)}

    def key(self, id_: str) -> PlaceKey:
        """Of one of the product's places."""
        return PlaceKey(self.product, id_)

    def places(self) -> list[Place]:
        """The product's places, as the read sees them."""
        return [place for key, place in self.membership.read(self.seconds_ago).items() if key.product == self.product]

    def place(self, id_: str) -> Place:
        """One place, as the read sees it; raises `PlaceRefused` where it does not exist."""
        place = self.membership.read(self.seconds_ago).get(self.key(id_))
        if place is None:
            raise PlaceRefused(PlaceRefusalReason.NO_PLACE, id_)
        return place


class About(NamedTuple):
    """What a call names, for orders to misbehave and for the log: as much of it as can be told."""

    place: str = ""
    users: tuple[str, ...] = ()
    """The UserIds, or the names where there is none of that name."""
    roles: tuple[str, ...] = ()
    product: str = ""
    """Whose place it is, of an API that serves several products; empty for the service's own."""
    resource: str = ""
    """What a policy's Resource names, where that is not the place."""


Route = tuple[str, str, str]
"""An action in ROA style: its method, its path, and what it is called."""


class Operation(NamedTuple):
    """One action: what it does, and the parameters that it takes."""

    run: Callable[[MemberCall], Answer]
    params: frozenset[str]
    writes: bool


@dataclass(frozen=True, slots=True)
class Service:
    """One product's API. `prefix` begins its actions in policies, such as dataworks:CreateProjectMember."""

    product: str
    version: str
    name: ApiName
    prefix: str
    operations: Mapping[str, Operation]
    codes: Codes
    about: Callable[[MemberCall], About]
    routes: tuple[Route, ...] = ()
    """In ROA style; none for an API in RPC style, of which every call is made to `/`."""
    read_params: Callable[[Mapping[str, str]], dict[str, Any]] = dict
    """In RPC style: the parameters in a form's fields. Raises `RamError`."""
    arn: str = "*"
    """How a policy's Resource names a place; `*` for a product whose actions cannot be limited to any."""
    limits: Limits | None = None
    """None where the product does not say how many calls it takes."""
    lower_case: bool = False
    """Whether the fields of answers begin in lower case, requestId and code."""
    headers: tuple[str, ...] = ()
    """Names of headers that are parameters."""
    refused: Callable[[str, RamError], Answer] | None = None
    """Of an API that answers its own refusals with the status of a success: what such an answer to an action says."""
    in_lower_case: frozenset[str] = frozenset()
    """The actions whose answers alone begin their fields in lower case."""
    reachable: Callable[[MemberCall], bool] = lambda _: True
    """False where nothing answers for it on this machine."""
    observed: Callable[[MemberCall], Change | None] | None = None
    """Of a product that keeps its members in a database: how the places change, now that this was looked at after a
    call. Such calls may wait, and are made on threads of their own.
    """

    def run(self, action: str, call: MemberCall) -> Answer:
        """The answer without a RequestId. Raises `PlaceRefused`, and `RamError` for a malformed call."""
        operation = self.operations[action]
        for name in sorted(call.params.keys() - operation.params):
            raise invalid(name, "is not known to the stand-in")
        return operation.run(call)

    def refusal(self, refused: PlaceRefused) -> RamError:
        """As the product puts it."""
        status, code, message = self.codes[refused.reason]
        return RamError(status, code, message.format(refused.what))


def reads(run: Callable[[MemberCall], Answer], *params: str) -> Operation:
    """An action that changes nothing; `params` are those that it takes."""
    return Operation(run, frozenset(params), writes=False)


def writes(run: Callable[[MemberCall], Answer], *params: str) -> Operation:
    """An action that changes something; `params` are those that it takes."""
    return Operation(run, frozenset(params), writes=True)


def decoded(name: str, value: str) -> Any:
    """A parameter that is JSON."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise invalid(name, "must be JSON") from error


def missing(name: str) -> RamError:
    """400: a parameter that has to be there is not."""
    return RamError(400, f"Missing{name}", f"{name} is mandatory for this action.")


def invalid(name: str, what: str) -> RamError:
    """400: a parameter is not as it has to be; `what` goes on after its name."""
    return RamError(400, "InvalidParameter", f"The parameter {name} {what}.")


def stamp(epoch: float) -> str:
    """Epoch seconds as these products write dates: UTC, milliseconds."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
