"""Where the databases of the Hologres instances are reached directly, past the API."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from bot.sandbox.products.hologres.certificate import LoopbackCertificate
from bot.sandbox.products.hologres.contents import INSTANCES
from bot.sandbox.products.hologres.direct import Entrance, serve_database
from bot.sandbox.products.hologres.instances import RUNNING
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places import PlaceKey


class DatabaseEntrances:
    """One for each instance, all with the same certificate."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership
        self._certificate = LoopbackCertificate()
        self._servers: list[asyncio.Server] = []

    async def open(self, host: str) -> None:
        """Listen at free ports, and have the API name them."""
        hologres = self._membership.hologres
        if not hologres.installed:
            return
        for key in self._membership.read():
            if key.product == INSTANCES:
                server = await serve_database(self._entrance(key.id), host)
                self._servers.append(server)
                hologres.addresses[key.id] = f"{host}:{server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Nobody is let in any more."""
        for server in self._servers:
            server.close()
        self._certificate.close()

    @property
    def certificate(self) -> Path:
        """The file that whoever checks the certificate has to be told to trust."""
        return self._certificate.path

    def _entrance(self, instance: str) -> Entrance:
        account = self._membership.account
        return Entrance(
            secret_of=lambda key: account.secret_of(key, ""),
            user_of=self._user,
            open=partial(self._open, instance),
            left=partial(self._left, instance),
            tls=lambda: self._certificate.context,
        )

    def _user(self, key: str) -> str:
        return self._membership.hologres.name_of(self._membership.account.user_id_of(key))

    def _open(self, instance: str, key: str) -> str | None:
        hologres, places = self._membership.hologres, self._membership.read()
        if PlaceKey(INSTANCES, instance) not in places or hologres.status(instance) != RUNNING:
            return None
        running = hologres.started(instance, places)
        if not hologres.hangs(instance) and self._user(key) not in running.look().users:
            raise LookupError(key)
        return running.server.address

    def _left(self, instance: str) -> None:
        """They may have changed who is there."""
        self._membership.observed(self._membership.hologres.observed(instance, self._membership.name_of))
