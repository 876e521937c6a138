"""A fresh RAM site on a free loopback port for each test, and clients that reach it as they would reach RAM."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.ram.control import control_routes
from bot.sandbox.ram.endpoint import SiteEndpoint
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.seed import seeded_account
from bot.sandbox.ram.site import ram_site
from tests.bot.sandbox.ram.ram_world import SECRET, World


@pytest.fixture(scope="session", autouse=True)
def _no_proxy_and_no_metadata() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        patch.setitem(os.environ, "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def on_loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="ram-site")
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    return runner, f"{host}:{port}"


async def _behind_a_door(app: web.Application, faults: RamFaults) -> tuple[web.AppRunner, SiteEndpoint, str]:
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    door, loop = SiteEndpoint(runner), asyncio.get_running_loop()

    def shut(seconds: float) -> None:
        loop.call_soon_threadsafe(door.shut, seconds)

    def reopen() -> None:
        loop.call_soon_threadsafe(door.reopen)

    faults.set_endpoint(shut, reopen)
    return runner, door, f"127.0.0.1:{await door.open('127.0.0.1', 0)}"


@pytest.fixture
def world(on_loop: Callable[[Coroutine[Any, Any, Any]], Any]) -> Iterator[World]:
    account, faults = seeded_account(SECRET), RamFaults()

    async def start() -> tuple[tuple[web.AppRunner, SiteEndpoint, str], tuple[web.AppRunner, str]]:
        control = web.Application()
        control.router.add_routes(control_routes(faults))
        return await _behind_a_door(ram_site(account, faults), faults), await _serve(control)

    async def shut_for_good() -> None:
        door.close()

    (ram, door, address), (control, control_address) = on_loop(start())
    yield World(account, faults, address, control_address)
    on_loop(shut_for_good())
    on_loop(ram.cleanup())
    on_loop(control.cleanup())
