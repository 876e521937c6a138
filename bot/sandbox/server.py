"""The running sandbox: four sites on loopback, on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import importlib.resources
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.clock import SandboxClock, clock_routes
from bot.sandbox.events import Changes, event_routes
from bot.sandbox.products import maxcompute, pairec
from bot.sandbox.products.members import stand_ins
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places_seed import seeded_places
from bot.sandbox.products.resources import resources_toml
from bot.sandbox.products.site import ODPS, products_site
from bot.sandbox.products.state import INSTANCE, PROJECT, TUNNEL_GROUP, SandboxProducts
from bot.sandbox.ram import cluster
from bot.sandbox.ram.control import control_routes as ram_control_routes
from bot.sandbox.ram.endpoint import SiteEndpoint
from bot.sandbox.ram.faults import RamFaults as RamFaults
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID, other_account, seeded_account
from bot.sandbox.ram.site import ram_site
from bot.sandbox.seed import APPROVALS_CHANNEL, default_app_config, seeded_workspace
from bot.sandbox.slack.app_config import AppConfig, Timing, Tokens
from bot.sandbox.slack.control import control_routes as slack_control_routes
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.page_guard import add_page_headers, page_guard
from bot.sandbox.slack.people_api import people_routes
from bot.sandbox.slack.site import SlackSite
from bot.sandbox.switches import Switches, switch_routes

T = TypeVar("T")

LOOPBACK = "127.0.0.1"
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
        self._ports = (0, 0, 0, 0)
        self._tokens = tokens or Tokens()
        self.clock = SandboxClock()
        self.changes = Changes()
        self.account = seeded_account(access_key_secret, self.clock.now)
        self.account.access_keys[OWNER_KEY_ID] = access_key_secret or secrets.token_urlsafe(24)
        self.account.identities[ACCESS_KEY_ID] = bot_identity()
        self.other_account = other_account(self.clock.now)
        of_members = {action for each in stand_ins().values() for action in each.service.operations}
        self.ram_faults = RamFaults(pairec.ACTIONS | maxcompute.ACTIONS | of_members)
        self.products = SandboxProducts()
        self.membership = Membership(self.account, seeded_places(self.account))
        self.switches = Switches(self.account, self.products, lambda: self.changes.bump("ram"))
        self.workspace = seeded_workspace(app_config or default_app_config(), self.clock, self.changes)
        self.slack = SlackSite(self.workspace, self._tokens, timing or Timing(), limits or RateLimits())
        self.account.on_change(lambda: self.changes.bump("ram"))
        self.clock.listen(lambda: self.changes.bump("clock"))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._runners: list[web.AppRunner] = []
        self._door: SiteEndpoint | None = None

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
        return f"http://{LOOPBACK}:{self._ports[2]}/"

    def env(self) -> dict[str, str]:
        """What the bot needs to know to find this sandbox, as environment variables."""
        slack, ram, page, products = (f"http://{LOOPBACK}:{port}" for port in self._ports)
        return {
            "SLACK_BOT_TOKEN": self._tokens.bot,
            "SLACK_APP_TOKEN": self._tokens.app,
            "SLACK_SIGNING_SECRET": self._tokens.signing_secret,
            "PAIREC_SLACK_API_URL": f"{slack}/api/",
            "PAIREC_RAM_ENDPOINT": ram,
            "PAIREC_IMS_ENDPOINT": ram,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.account.access_keys[ACCESS_KEY_ID],
            "PAIREC_APPROVALS_CHANNEL": APPROVALS_CHANNEL,
            "PAIREC_INSTANCES": INSTANCE,
            "PAIREC_SERVICE_ENDPOINT": products,
            "PAIREC_TRAINING_PROJECT": PROJECT,
            "PAIREC_TUNNEL_GROUP": TUNNEL_GROUP,
            "PAIREC_MAXCOMPUTE_ENDPOINT": f"{products}{ODPS}",
            "PAIREC_CLOCK_URL": f"{page}/clock",
            # Several bots may be tried on one machine.
            "PAIREC_ADMIN_LISTEN": f"{LOOPBACK}:0",
            "SANDBOX_PAGE_URL": f"{page}/",
        }

    def _owner(self) -> dict[str, str]:
        """For other clients: the bot's own key may do what the bot needs, and no more."""
        return {"access_key_id": OWNER_KEY_ID, "access_key_secret": self.account.access_keys[OWNER_KEY_ID]}

    def rrsa(self, folder: Path) -> dict[str, str]:
        """What a pod of a cluster of this account has instead of an access key, with its token in a folder that there
        is. To be called once.
        """
        provider = cluster.add_cluster(self.account)
        path = folder / "oidc-token"
        path.write_text(provider.token(cluster.SUBJECT, self.account.sessions.real()), encoding="ascii")
        return {
            "ALIBABA_CLOUD_ROLE_ARN": cluster.role_arn(self.account),
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider.arn,
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(path),
        }

    def resources_file(self, folder: Path) -> Path:
        """Write the file that tells the bot of the workspaces and projects here, into a folder that there is."""
        path = folder / "resources.toml"
        products = f"http://{LOOPBACK}:{self._ports[3]}"
        path.write_text(resources_toml(self.account, products), encoding="utf-8")
        return path

    async def _listen(self) -> None:
        slack_port, ram_port, page_port = self._wanted_ports
        slack = await self._serve(self.slack.application(), slack_port)
        self.slack.listen_at(f"http://{LOOPBACK}:{slack}")
        site = ram_site(self.account, self.ram_faults, others=[self.other_account])
        ram = await self._serve_refusable(site, ram_port)
        products = await self._serve(self._products_site(), 0)
        page = await self._serve(self._page(), page_port)
        self._ports = (slack, ram, page, products)

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
        self._door = door = SiteEndpoint(runner)

        def shut(seconds: float) -> None:
            self._loop.call_soon_threadsafe(door.shut, seconds)

        def reopen() -> None:
            self._loop.call_soon_threadsafe(door.reopen)

        self.ram_faults.set_endpoint(shut, reopen)
        return await door.open(LOOPBACK, port)

    def _products_site(self) -> web.Application:
        return products_site(self.account, self.products, self.membership, self.ram_faults)

    def _page(self) -> web.Application:
        application = web.Application(middlewares=[page_guard])
        application.on_response_prepare.append(add_page_headers)
        application.add_routes(clock_routes(self.clock))
        application.add_routes(event_routes(self.changes))
        application.add_routes(people_routes(self.slack))
        application.add_routes(slack_control_routes(self.slack))
        application.add_routes(ram_control_routes(self.ram_faults, self._owner()))
        application.add_routes(switch_routes(self.switches))

        async def account(_: web.Request) -> web.Response:
            shown = self.account.view() | self.membership.view()
            return web.json_response(shown | {"switches": self.switches.listed()})

        async def index(_: web.Request) -> web.FileResponse:
            return web.FileResponse(folder / "index.html")

        folder = Path(str(importlib.resources.files("bot.sandbox"))) / "page"
        application.add_routes([web.get("/account", account), web.get("/", index), web.static("/", folder)])
        return application

    async def _close_all(self) -> None:
        await self.slack.stop()
        if self._door is not None:
            self._door.close()
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
