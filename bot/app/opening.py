"""What the settings name, opened: each with the setting's name before what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ssl import SSLError

from approvals import ledger as ledgers
from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.catalog.resources import Resources, load_resources, products
from approvals.errors import CatalogError, LedgerError
from approvals.ledger import Ledger
from approvals.ledger.store import complaint
from approvals.status.plan import StatusPlan, load_plan
from bot.clock import ClockError, FollowingClock, SystemClock, wall_clock_ms
from bot.egress import Egress
from bot.far_calls import Told, untold
from bot.settings import Settings, SettingsError
from bot.worker.cloud_reads import MAXCOMPUTE


@contextmanager
def naming_setting(setting: str) -> Iterator[None]:
    """Puts the name of a setting before what is wrong with what it names, which the core cannot know.

    Raises:
        SettingsError: something is.
    """
    try:
        yield
    except (CatalogError, LedgerError) as error:
        raise SettingsError(f"{setting}: {error}") from None


@contextmanager
def asking_ledger(ledger: Ledger) -> Iterator[None]:
    """For whoever waits at a terminal.

    Raises:
        SettingsError: it opened, but does not do what it is told now.
    """
    try:
        yield
    except ledger.engine_errors as error:
        raise SettingsError(
            f"PAIREC_DATABASE_URL: the ledger {ledger.address} does not do it: {complaint(error)}"
        ) from None


def open_ledger(settings: Settings, *, make: bool = True, upgrade_in_use: bool = False) -> Ledger:
    """`make`: one that is not there yet is made. `upgrade_in_use`: one of an older version is brought up to date
    although a bot works from it, which another bot may do, but no command.

    Raises:
        SettingsError: it cannot be used.
    """
    with naming_setting("PAIREC_DATABASE_URL"):
        return ledgers.open_ledger(settings.database_url, make=make, upgrade_in_use=upgrade_in_use)


def clock_of(settings: Settings, ledger: Ledger | None = None) -> SystemClock:
    """The system's clock or, where the settings name one, the sandbox's. Real time is the ledger's, where there is one:
    with PostgreSQL, all replicas go by the server's clock.

    Raises:
        SettingsError: the sandbox's clock is not there.
    """
    real = ledger.real if ledger else wall_clock_ms
    if settings.clock_url is None:
        return SystemClock(real)
    try:
        return FollowingClock(settings.clock_url, real)
    except ClockError as error:
        raise SettingsError(f"PAIREC_CLOCK_URL: {error}") from None


def egress_of(settings: Settings, told: Told = untold) -> Egress:
    """The way out that the settings name, once its certificate authorities were read; `told` hears of each call.

    Raises:
        SettingsError: they cannot be read, or there are none.
    """
    egress = replace(settings.egress, told=told)
    try:
        egress.tls.cert_store_stats()
    except OSError as error:
        why = "there is no certificate in it" if isinstance(error, SSLError) else error.strerror
        raise SettingsError(f"SSL_CERT_FILE: {egress.ca_path} cannot be read: {why}") from None
    return egress


def resources_of(settings: Settings) -> Resources:
    """The projects, and the places in them, of the file that PAIREC_RESOURCES names; none where it names no file.

    Raises:
        SettingsError: the file cannot be read, or has something in it that is not known.
    """
    with naming_setting("PAIREC_RESOURCES"):
        return load_resources(settings.resources)


def catalog_of(settings: Settings, resources: Resources, locale: str = "en") -> Catalog:
    """What can be asked for: the catalogue that comes along, or the one that PAIREC_CATALOG names, with titles in the
    language of that locale where it has them.

    Raises:
        SettingsError: the file cannot be read, or does not fit the resources.
    """
    with naming_setting("PAIREC_CATALOG"):
        return load_catalog(settings.catalog, resources, locale.replace("_", "-"))


def plan_of(settings: Settings, catalog: Catalog, resources: Resources) -> StatusPlan:
    """The checks of `/pairec-status`, as the settings have them.

    Raises:
        SettingsError: the file that PAIREC_STATUS names cannot be read, or does not fit the catalogue.
    """
    projects = [project.main[MAXCOMPUTE] for project in resources.projects.values() if MAXCOMPUTE in project.main]
    with naming_setting("PAIREC_STATUS"):
        return load_plan(
            catalog,
            settings.status,
            engine_role=settings.engine_role,
            quota=settings.training_quota,
            tunnel_group=settings.tunnel_group,
            training_project=settings.training_project,
            instances=settings.instance_ids,
            projects=list(dict.fromkeys(projects)),
            places={product: list(resources.places(product)) for product in products()},
        )
