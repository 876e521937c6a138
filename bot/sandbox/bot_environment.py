"""What a bot needs to know to find a sandbox, as environment variables and files."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bot.sandbox.products.resources import resources_toml
from bot.sandbox.products.site import ODPS
from bot.sandbox.products.state import INSTANCE, PROJECT, TUNNEL_GROUP
from bot.sandbox.ram import cluster
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.seed import APPROVALS_CHANNEL
from bot.sandbox.slack.app_config import Tokens

LOOPBACK = "127.0.0.1"
_PYODPS = "odps"


class Ports(NamedTuple):
    """Where the sites listen; 0 before they do."""

    slack: int = 0
    ram: int = 0
    page: int = 0
    products: int = 0
    oss: int = 0
    trail: int = 0
    products_trail: int = 0


def site_url(port: int) -> str:
    """A site's address, without a slash behind it."""
    return f"http://{LOOPBACK}:{port}"


def bot_environment(ports: Ports, tokens: Tokens, account: CloudAccount) -> dict[str, str]:
    """The settings that differ from a real workspace's and a real account's."""
    slack, ram, page, products, oss, trail, products_trail = map(site_url, ports)
    return {
        "SLACK_BOT_TOKEN": tokens.bot,
        "SLACK_APP_TOKEN": tokens.app,
        "SLACK_SIGNING_SECRET": tokens.signing_secret,
        "PAIREC_SLACK_API_URL": f"{slack}/api/",
        "PAIREC_RAM_ENDPOINT": ram,
        "PAIREC_IMS_ENDPOINT": ram,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": account.access_keys[ACCESS_KEY_ID],
        "PAIREC_APPROVALS_CHANNEL": APPROVALS_CHANNEL,
        "PAIREC_INSTANCES": INSTANCE,
        "PAIREC_SERVICE_ENDPOINT": products,
        **_training(),
        "PAIREC_MAXCOMPUTE_ENDPOINT": f"{products}{ODPS}",
        "PAIREC_OSS_ENDPOINT": oss,
        "PAIREC_ACTIONTRAIL_ENDPOINT": trail,
        "PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT": products_trail,
        "PAIREC_CLOCK_URL": f"{page}/clock",
        # Several bots may be tried on one machine.
        "PAIREC_ADMIN_LISTEN": f"{LOOPBACK}:0",
        "SANDBOX_PAGE_URL": f"{page}/",
    }


def _training() -> dict[str, str]:
    """What the bot looks at by PyODPS; nothing where that is not there."""
    if find_spec(_PYODPS) is None:
        return {}
    return {"PAIREC_TRAINING_PROJECT": PROJECT, "PAIREC_TUNNEL_GROUP": TUNNEL_GROUP}


def rrsa_environment(account: CloudAccount, folder: Path) -> dict[str, str]:
    """What a pod of a cluster of this account has instead of an access key, with its token in a folder that there is.
    To be called once.
    """
    provider = cluster.add_cluster(account)
    path = folder / "oidc-token"
    path.write_text(provider.token(cluster.SUBJECT, account.sessions.real()), encoding="ascii")
    return {
        "ALIBABA_CLOUD_ROLE_ARN": cluster.role_arn(account),
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider.arn,
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(path),
    }


def write_resources(ports: Ports, account: CloudAccount, folder: Path) -> Path:
    """Write the file that tells the bot of the workspaces and projects here, into a folder that there is."""
    path = folder / "resources.toml"
    path.write_text(resources_toml(account, site_url(ports.products)), encoding="utf-8")
    return path
