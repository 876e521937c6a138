"""The running sandbox: six sites on loopback, on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.actiontrail import site as actiontrail
from bot.sandbox.actiontrail.events import TrailEvents
from bot.sandbox.bot_environment import LOOPBACK, Ports, bot_environment, rrsa_environment, site_url, write_resources
from bot.sandbox.call_log import CallLog
from bot.sandbox.clock import SandboxClock, clock_routes
from bot.sandbox.events import Changes, event_routes
from bot.sandbox.oss.buckets import Buckets
from bot.sandbox.oss.site import oss_site
from bot.sandbox.page_site import page_site
from bot.sandbox.products import maxcompute, pairec
from bot.sandbox.products.database_entrances import DatabaseEntrances
from bot.sandbox.products.hologres.instances import HologresInstances
from bot.sandbox.products.members import left_out, stand_ins
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places_seed import seeded_places
from bot.sandbox.products.site import products_site
from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.control import control_routes as ram_control_routes
from bot.sandbox.ram.endpoint import SiteEndpoint
from bot.sandbox.ram.faults import RamFaults as RamFaults
from bot.sandbox.ram.identity import bot_identity, watchdog_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID, WATCHDOG_KEY_ID, other_account, seeded_account
from bot.sandbox.ram.site import ram_site
from bot.sandbox.seed import default_app_config, seeded_workspace
from bot.sandbox.slack.app_config import AppConfig, Timing, Tokens
from bot.sandbox.slack.control import control_routes as slack_control_routes
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.people_api import people_routes
from bot.sandbox.slack.site import SlackSite
from bot.sandbox.slack.wire import Json
from bot.sandbox.switches.databases import DatabaseSwitches
from bot.sandbox.switches.registry import Switches, switch_routes

T = TypeVar("T")

HOLOGRES = "hologres"
START_SECONDS = 20.0
STOP_SECONDS = 5.0


class Sandbox:
    """A Slack workspace, a cloud account and the page to use them.

    `start` returns once all of its sites answer; `stop` once they no longer do. Ports are free ones unless given.
    `workspace` belongs to the event loop: from another thread, look at it inside `call`.
    """

    def __init__(
        self,
        app_config: AppConfig | None = None,
        *,
        slack_port: int = 0,
        ram_port: int = 0,
        page_port: int = 0,
        access_key_secret: str | None = None,
        tokens: Tokens | None = None,
        timing: Timing | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        self._wanted_ports = (slack_port, ram_port, page_port)
        self._ports = Ports()
        self._tokens = tokens or Tokens()
        self.clock = SandboxClock()
        self.changes = Changes()
        self.account = seeded_account(access_key_secret, self.clock.now)
        self.account.access_keys[OWNER_KEY_ID] = access_key_secret or secrets.token_urlsafe(24)
        self.account.identities |= {ACCESS_KEY_ID: bot_identity(), WATCHDOG_KEY_ID: watchdog_identity()}
        self.other_account = other_account(self.clock.now)
        of_members = {action for each in stand_ins().values() for action in each.service.operations}
        self.ram_faults = RamFaults(pairec.ACTIONS | maxcompute.ACTIONS | actiontrail.ACTIONS | of_members)
        self.trail = TrailEvents(self.account)
        self.ram_calls = CallLog()
        self.products = SandboxProducts()
        self.buckets = Buckets(time.time)
        self.hologres = HologresInstances(self.account.account_id)
        self.membership = Membership(self.account, seeded_places(self.account), hologres=self.hologres)
        self.membership.on_observed(lambda: self.changes.bump("ram"))
        self.databases = DatabaseEntrances(self.membership)
        self.switches = Switches(
            self.account,
            self.products,
            lambda: self.changes.bump("ram"),
            DatabaseSwitches(self.membership).all(),
        )
        self.workspace = seeded_workspace(app_config or default_app_config(), self.clock, self.changes)
        self.slack = SlackSite(self.workspace, self._tokens, timing or Timing(), limits or RateLimits())
        self.account.on_change(lambda: self.changes.bump("ram"))
        self.clock.listen(lambda: self.changes.bump("clock"))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._runners: list[web.AppRunner] = []
        self._ram_endpoint: SiteEndpoint | None = None

    def start(self) -> Self:
        """Begin to listen. OSError when a given port is taken."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(START_SECONDS)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close everything, whoever is still connected. Safe to call twice."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close_all(), self._loop).result(STOP_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS)
        self._loop.close()
        self.hologres.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def call(self, function: Callable[[], T]) -> T:
        """Run `function` on the event loop and return what it returns; for looking into the workspace.

        RuntimeError when the sandbox does not run.
        """
        if not self._loop.is_running():
            raise RuntimeError("the sandbox does not run")

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(STOP_SECONDS)

    @property
    def page_url(self) -> str:
        """Where the page is, and the addresses that headless people use; port 0 before `start`."""
        return f"{site_url(self._ports.page)}/"

    def env(self) -> dict[str, str]:
        """What the bot needs to know to find this sandbox, as environment variables."""
        return bot_environment(self._ports, self._tokens, self.account)

    def _owner(self) -> dict[str, str]:
        """For other clients: the bot's own key may do what the bot needs, and no more."""
        return {"access_key_id": OWNER_KEY_ID, "access_key_secret": self.account.access_keys[OWNER_KEY_ID]}

    def rrsa(self, folder: Path) -> dict[str, str]:
        """What a pod of a cluster of this account has instead of an access key, with its token in a folder that there
        is. To be called once.
        """
        return rrsa_environment(self.account, folder)

    def resources_file(self, folder: Path) -> Path:
        """Write the file that tells the bot of the workspaces and projects here, into a folder that there is."""
        return write_resources(self._ports, self.account, folder)

    def start_databases(self) -> None:
        """Those that would else start with the first call to each, which waits for it."""
        if self.hologres.installed:
            places = self.membership.read()
            for instance in {key.id for key in places if key.product == HOLOGRES}:
                self.hologres.started(instance, places)

    async def _listen(self) -> None:
        slack_port, ram_port, page_port = self._wanted_ports
        slack = await self._serve(self.slack.application(), slack_port)
        self.slack.listen_at(site_url(slack))
        site = ram_site(self.account, self.ram_faults, others=[self.other_account], calls=self.ram_calls)
        ram = await self._serve_refusable(site, ram_port)
        products = await self._serve(self._products_site(), 0)
        throttle = actiontrail.throttle()
        trail, products_trail = [
            await self._serve(
                actiontrail.actiontrail_site(self.account, self.trail, self.ram_faults, throttle, of_region=of_region),
                0,
            )
            for of_region in (False, True)
        ]
        await self.databases.open(LOOPBACK)
        page = await self._serve(self._page_site(), page_port)
        oss = await self._serve(oss_site(self.account, self.buckets), 0)
        self._ports = Ports(slack, ram, page, products, oss, trail, products_trail)

    async def _serve(self, application: web.Application, port: int) -> int:
        """Serve on a port (0: any free one) and return it."""
        # A short time-out: long polls, event streams and sockets never end by themselves.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, LOOPBACK, port).start()
        bound: int = runner.addresses[0][1]
        return bound

    async def _serve_refusable(self, application: web.Application, port: int) -> int:
        """The same, and it can be told to refuse connections for a while."""
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        self._ram_endpoint = endpoint = SiteEndpoint(runner)

        def shut(seconds: float) -> None:
            self._loop.call_soon_threadsafe(endpoint.shut, seconds)

        def reopen() -> None:
            self._loop.call_soon_threadsafe(endpoint.reopen)

        self.ram_faults.set_endpoint(shut, reopen)
        return await endpoint.open(LOOPBACK, port)

    def _products_site(self) -> web.Application:
        return products_site(self.account, self.products, self.membership, self.ram_faults)

    def _page_site(self) -> web.Application:
        routes = (
            *clock_routes(self.clock),
            *event_routes(self.changes),
            *people_routes(self.slack),
            *slack_control_routes(self.slack),
            *ram_control_routes(self.ram_faults, self._owner()),
            *switch_routes(self.switches),
        )
        return page_site(self.view_account, routes)

    def view_account(self) -> Json:
        """What the page shows of the cloud account and of what can be broken."""
        return (
            self.account.view()
            | self.membership.view()
            | {
                "switches": self.switches.listed(),
                "left_out": left_out(),
            }
        )

    async def _close_all(self) -> None:
        await self.slack.stop()
        self.databases.close()
        if self._ram_endpoint is not None:
            self._ram_endpoint.close()
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
