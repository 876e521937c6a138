"""The watchdog built from the settings, once it is known that it looks at the right account by a right clock."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from approvals.errors import CloudError, CloudErrorKind, LedgerError, OlderLedger
from approvals.ledger import Ledger, identity, open_ledger
from approvals.millis import MINUTE
from approvals.operations import belonging
from bot.app.cloud_access import account_clients, find_credentials
from bot.app.opening import asking_ledger, clock_of, egress_of, naming_setting
from bot.clock import SleepingClock
from bot.cloud.account import OwnAccount
from bot.cloud.clients import asking_sts, quiet_sdk
from bot.cloud.credential_errors import ForeignAccount
from bot.cloud.errors import translated
from bot.cloud.ram import Ram
from bot.egress import Egress
from bot.monitor.other_clocks import cloud_time
from bot.redaction import Redaction
from bot.settings import Settings, SettingsError
from bot.worker.watchdog import Watchdog

MAX_CLOCK_DIFFERENCE_MS = MINUTE
"""Between RAM's clock and the one that says what is overdue."""


class WatchdogParts(NamedTuple):
    """What a run of it needs."""

    ledger: Ledger
    clock: SleepingClock
    watchdog: Watchdog


def open_current_ledger(settings: Settings) -> Ledger:
    """The ledger as this program's bots have it. It is neither made nor brought up to date here: a bot of the version
    before would not start any more.

    Raises:
        SettingsError: it cannot be used.
    """
    with naming_setting("PAIREC_DATABASE_URL"):
        try:
            ledger = open_ledger(settings.database_url, make=False, upgrade=False)
            ledger.check_place()
        except OlderLedger as older:
            raise LedgerError(
                f"{older}; start the bot of this version first, or run `pairec-access ledger upgrade`"
            ) from None
    return ledger


def make_watchdog(settings: Settings, ledger: Ledger, redaction: Redaction) -> WatchdogParts:
    """Over a ledger that is open.

    Raises:
        SettingsError: it is not to act, with the reason.
        CloudError: nobody says whose the key is.
    """
    quiet_sdk()
    egress, clock = egress_of(settings), clock_of(settings, ledger)
    with asking_ledger(ledger):
        ours = belonging.owner(ledger, identity.ACCOUNT)
    if not ours:
        raise SettingsError(
            "PAIREC_DATABASE_URL: the ledger does not say which account it belongs to; a bot that starts says so"
        )
    ask = asking_sts(settings.sts_address, settings.region, egress)
    account = OwnAccount(find_credentials(settings, redaction, egress), ask, ours)
    check_account(account)
    check_clock(settings.ram_endpoint, egress, clock)
    ram = Ram(*account_clients(settings, account, egress))
    return WatchdogParts(ledger, clock, Watchdog(ledger, ram, clock, Random()))


def check_account(account: OwnAccount) -> None:
    """Whether the key is one of the ledger's account.

    Raises:
        SettingsError: it is another account's.
        CloudError: nobody says.
    """
    try:
        with translated("GetCallerIdentity", "sts"):
            account.get_credential()
    except CloudError as error:
        if error.kind is CloudErrorKind.WRONG_ACCOUNT and isinstance(error.__cause__, ForeignAccount):
            raise SettingsError(f"ALIBABA_CLOUD_ACCESS_KEY_ID: {error.__cause__}; nothing was done") from None
        raise


def check_clock(endpoint: str, egress: Egress, clock: SleepingClock) -> None:
    """Whether RAM's clock goes as the one by which something is overdue.

    Raises:
        SettingsError: it does not, or RAM does not say.
    """
    theirs = cloud_time(endpoint, egress)
    if theirs is None:
        raise SettingsError(f"PAIREC_RAM_ENDPOINT: {endpoint} does not say what time it is; nothing was done")
    ahead = clock.now() - theirs
    if abs(ahead) > MAX_CLOCK_DIFFERENCE_MS:
        way = "ahead of" if ahead > 0 else "behind"
        raise SettingsError(f"the clock is {abs(ahead) // 1_000} s {way} RAM's; set it right. Nothing was done")
