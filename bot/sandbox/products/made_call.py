"""One call about members that somebody made: carried out as often as the wire has it, and noted each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.products.member_call import Answer, MemberCall, Service
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places import PlaceKey, PlaceRefused
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.permission import authorise
from bot.sandbox.ram.wire import RpcRequest, WireAnswer, refusal, success


class MadeCall:
    """Safe to be carried out on any thread."""

    def __init__(
        self,
        membership: Membership,
        service: Service,
        action: str,
        params: Mapping[str, Any],
        rpc: RpcRequest,
        key: str,
    ) -> None:
        """`key`: the access key that signed it."""
        account = membership.account
        session = account.sessions.find(key)
        role_id = session.role_id if session else ""
        self.call = MemberCall(membership, service.product, params, account.user_id_of(key), role_id)
        self.writes = service.operations[action].writes
        self._membership = membership
        self._service = service
        self._action = action
        self._rpc = rpc
        self._key = key
        self._about = service.about(self.call)
        self._product = self._about.product or service.product

    def named(self) -> Mapping[str, str]:
        """What an order to misbehave may go by."""
        return {"UserName": self._names(), "Place": self._about.place, "Product": self._product}

    def note(self, result: str, rpc: RpcRequest | None = None) -> None:
        """`result`: ok, or the code of a refusal or a fault. `rpc`: the delivery that it came of."""
        by, about = (rpc or self._rpc).caller_with(self._key), self._about
        self._membership.note_call(self._product, self._action, self.call.params, result, by)
        if self.writes:
            at = PlaceKey(self._product, about.place)
            self._membership.note_write(self._action, at, self._names(), about.roles, result, by, sent=self.call.params)

    def carry_out(self, seconds_ago: float) -> WireAnswer:
        """The product's answer, also where it refuses. `seconds_ago`: how far a read lags."""
        delivery = self._rpc.new_delivery()
        # Whoever sees what came of a call finds the call itself as well.
        if self._service.observed is None:
            with self._membership.locked():
                result, answer = self._done(delivery, seconds_ago)
                self.note(result, delivery)
            return answer
        # Nobody else is to wait for a database.
        result, answer = self._done(delivery, seconds_ago)
        change = self._service.observed(self.call)
        with self._membership.locked():
            self._membership.observed(change)
            self.note(result, delivery)
        return answer

    def _done(self, delivery: RpcRequest, seconds_ago: float) -> tuple[str, WireAnswer]:
        """What is noted of it, and what goes back."""
        service = self._service
        try:
            self._authorise()
            done = service.run(self._action, replace(self.call, seconds_ago=seconds_ago))
        except PlaceRefused as error:
            return self._said(delivery, service.refusal(error))
        except RamError as error:
            return self._said(delivery, error)
        return "ok", self._written(delivery, done)

    def _authorise(self) -> None:
        account, about = self._membership.account, self._about
        arn = self._service.arn.format(account=account.account_id, place=about.resource or about.place or "*")
        authorise(account, self._key, f"{self._service.prefix}:{self._action}", (arn,))

    def _said(self, delivery: RpcRequest, refused: RamError) -> tuple[str, WireAnswer]:
        if self._service.refused is not None and refused.status == 200:
            return refused.code, self._written(delivery, self._service.refused(self._action, refused))
        return refused.code, written(self._service, self._action, refusal(delivery, refused, self._service.name))

    def _written(self, delivery: RpcRequest, answer: Answer) -> WireAnswer:
        return written(self._service, self._action, success(delivery, answer))

    def _names(self) -> str:
        return ", ".join(self._membership.name_of(user) for user in self._about.users)


def written(service: Service | None, action: str, answer: WireAnswer) -> WireAnswer:
    """With the names in the product's own spelling."""
    lower = service is not None and (service.lower_case or (action in service.in_lower_case and answer.status == 200))
    if not lower or "json" not in answer.headers["Content-Type"]:
        return answer
    fields = {name[:1].lower() + name[1:]: value for name, value in json.loads(answer.body).items()}
    return replace(answer, body=json.dumps(fields, ensure_ascii=False).encode())
