"""Make a run of status checks: everything at once, each recorded as soon as it is known, nothing waited for longer than
ten seconds.

Here are only the looks; what they mean is judged by `approvals.status.judging`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from approvals.errors import CloudError
from approvals.findings import CheckResult, Finding
from approvals.ledger import Ledger, jobs
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.policies.document import UnreadableDocument
from approvals.ports import Clock
from approvals.status import judging, plan, runs, watches
from approvals.status.plan import StatusPlan
from approvals.status.seen import RoleSeen
from bot.cloud.log_lines import log_cloud_error
from bot.cloud.pairec import PaiRec
from bot.cloud.ram import Ram
from bot.cloud.roles import Roles
from bot.cloud.tenant import NotInstalled, Tenant

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_SECONDS = 10
"""Seconds."""
READ_THREADS = 64
"""More than a run has looks, so that none waits for another one's turn. They last as long as the run."""
_PRODUCT = {plan.CONNECTION: "pairec", plan.TENANT: "odps", plan.ROUTE: "odps", plan.OWNER: "odps"}
"""Whose permission a look needs; RAM's own where nothing is said."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look. Without instances or a training project, there is nothing to see there."""

    ram: Ram
    roles: Roles
    pairec: PaiRec
    instances: tuple[str, ...] = ()
    tenant: Tenant | None = None
    quota: str | None = None
    """The MaxCompute quota of a subscription; None for pay-as-you-go."""
    tunnel_group: str | None = None
    """The Data Transmission Service group that the training project has to itself."""
    owner: Callable[[str], str | None] | None = None
    """Whom a MaxCompute project belongs to; None for one that does not exist."""


@dataclass(frozen=True, slots=True)
class CheckTask:
    """One look at the cloud, and the checks that it settles."""

    checks: tuple[str, ...]
    look: Callable[[], Sequence[Finding]]


class Checker:
    def __init__(self, ledger: Ledger, looked_at: StatusPlan, sources: Sources, clock: Clock) -> None:
        self._ledger = ledger
        self._plan = looked_at
        self._sources = sources
        self._clock = clock

    def performs(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.CHECK: self.check, JobKind.WATCH: self.watch}

    def watch(self, job: Job) -> None:
        watches.look(self._ledger, job, self._clock.now())

    def check(self, job: Job) -> None:
        """
        Raises:
            LostLock: another worker took over; nothing more is recorded here.
        """
        run = runs.run_of(self._ledger, job)
        if run is None:
            with self._ledger.write() as tx:
                jobs.finish(tx, job)
            return
        pool = ThreadPoolExecutor(max_workers=READ_THREADS, thread_name_prefix="look")
        try:
            looks = self._looks(run.scope, pool)
            waiting = {pool.submit(each.look): each for each in looks}
            deadline = time.monotonic() + ANSWER_TIMEOUT_SECONDS
            while waiting:
                done, _ = wait(waiting, max(deadline - time.monotonic(), 0), FIRST_COMPLETED)
                if not done:
                    break
                known = [finding for future in done for finding in _findings(future, waiting.pop(future))]
                runs.found(self._ledger, job, run, known, self._clock.now())
            silent = [
                judging.not_seen(check, None, ANSWER_TIMEOUT_SECONDS)
                for each in waiting.values()
                for check in each.checks
            ]
            if silent:
                runs.found(self._ledger, job, run, silent, self._clock.now())
        finally:
            # What still hangs ends by its own time-outs; nobody waits for it.
            pool.shutdown(wait=False, cancel_futures=True)
        runs.finished(self._ledger, job, run, self._clock.now())

    # -- the looks

    def _looks(self, scope: str, pool: ThreadPoolExecutor) -> list[CheckTask]:
        rows = self._plan.scope(scope or None)
        wanted = {check for row in rows for check in row.checks}
        policies = [row.name for row in rows if plan.POLICY in row.sources]
        return [
            *self._service_role(wanted, pool),
            *(self._connection(name, pool) for name in self._plan.services if f"{name}/{plan.CONNECTION}" in wanted),
            *(self._engine_role(check, pool) for check in wanted if check == f"{plan.ENGINE_ROLE}/{plan.ROLE}"),
            *(self._policy(name) for name in policies),
            *(self._tenant_role(check) for check in wanted if check == f"{plan.TENANT_ROLE}/{plan.TENANT}"),
            *(self._quota_route(check) for check in wanted if check == f"{plan.QUOTA_ROUTE}/{plan.ROUTE}"),
            *(self._task_owner(check, pool) for check in wanted if check == f"{plan.TASK_OWNER}/{plan.OWNER}"),
        ]

    def _service_role(self, wanted: set[str], pool: ThreadPoolExecutor) -> list[CheckTask]:
        """The role itself, and what its policies let it do; it is read once for both."""
        own = f"{plan.SERVICE_ROLE}/{plan.ROLE}"
        permissions = tuple(check for name in self._plan.services if (check := f"{name}/{plan.PERMISSION}") in wanted)
        if own not in wanted and not permissions:
            return []
        name = self._plan.service_role
        role = pool.submit(self._see, name, pool)

        def itself() -> list[Finding]:
            return [judging.service_role(own, name, role.result())]

        def allowed() -> list[Finding]:
            seen = self._with_documents(role.result(), pool)
            now = self._clock.now()
            services = {f"{service.name}/{plan.PERMISSION}": service for service in self._plan.services.values()}
            return [judging.permission(check, services[check], name, seen, now) for check in permissions]

        looks = [CheckTask((own,), itself)] if own in wanted else []
        return looks + ([CheckTask(permissions, allowed)] if permissions else [])

    def _see(self, name: str, pool: ThreadPoolExecutor) -> RoleSeen | None:
        attached = pool.submit(self._sources.roles.policies, name)
        role = self._sources.roles.describe(name)
        return replace(role, policies=attached.result()) if role else None

    def _with_documents(self, role: RoleSeen | None, pool: ThreadPoolExecutor) -> RoleSeen | None:
        if role is None:
            return None
        read = [pool.submit(self._sources.roles.with_document, policy) for policy in role.policies]
        return replace(role, policies=tuple(each.result() for each in read))

    def _engine_role(self, check: str, pool: ThreadPoolExecutor) -> CheckTask:
        wanted = self._plan.engine_role
        return CheckTask((check,), lambda: [judging.engine_role(check, wanted, self._see(wanted.name, pool))])

    def _policy(self, name: str) -> CheckTask:
        check = f"{name}/{plan.POLICY}"
        return CheckTask((check,), lambda: [judging.policy(check, name, self._sources.ram.summary(name))])

    def _connection(self, name: str, pool: ThreadPoolExecutor) -> CheckTask:
        check, service = f"{name}/{plan.CONNECTION}", self._plan.services[name]
        pairec, instances = self._sources.pairec, self._sources.instances

        def look() -> list[Finding]:
            asked = {
                instance: [pool.submit(pairec.resources, instance, kind) for kind in service.resources]
                for instance in instances
            }
            seen = {}
            for instance, each in asked.items():
                found = [future.result() for future in each]
                there = [resources for resources in found if resources is not None]
                seen[instance] = [one for resources in there for one in resources] if len(there) == len(found) else None
            return [judging.connection(check, service, seen)]

        return CheckTask((check,), look)

    def _tenant_role(self, check: str) -> CheckTask:
        tenant, wanted = self._sources.tenant, self._plan.training

        def look() -> list[Finding]:
            if tenant is None:
                return [Finding(check, CheckResult.NO_PROJECT_SET)]
            return [judging.tenant_role(check, wanted, self._sources.quota, tenant.role(wanted.tenant_role))]

        return CheckTask((check,), look)

    def _quota_route(self, check: str) -> CheckTask:
        tenant, group, wanted = self._sources.tenant, self._sources.tunnel_group, self._plan.training

        def look() -> list[Finding]:
            if tenant is None:
                return [Finding(check, CheckResult.NO_PROJECT_SET)]
            value = tenant.property(wanted.route) if group else None
            return [judging.quota_route(check, wanted, tenant.project, group, value)]

        return CheckTask((check,), look)

    def _task_owner(self, check: str, pool: ThreadPoolExecutor) -> CheckTask:
        owner, projects = self._sources.owner, self._plan.projects

        def look() -> list[Finding]:
            if owner is None:
                return [Finding(check, CheckResult.NO_PROJECT_SET)]
            asked = {project: pool.submit(owner, project) for project in projects}
            return [judging.task_owner(check, {project: found.result() for project, found in asked.items()})]

        return CheckTask((check,), look)


def _findings(done: Future[Sequence[Finding]], of: CheckTask) -> Sequence[Finding]:
    """What a look found, or for each of its checks why it found nothing."""
    try:
        return done.result()
    except CloudError as error:
        log_cloud_error(log, error, "a check was not answered", checks=of.checks)
        return [judging.not_seen(check, _named(error, check), ANSWER_TIMEOUT_SECONDS) for check in of.checks]
    except NotInstalled:
        return [Finding(check, CheckResult.NOT_INSTALLED) for check in of.checks]
    except UnreadableDocument as unreadable:
        return [Finding(check, CheckResult.UNREADABLE, {"policy": "", "what": str(unreadable)}) for check in of.checks]
    except Exception:
        log.exception("a check failed in a way that nobody foresaw", extra={"checks": of.checks})
        return [Finding(check, CheckResult.REFUSED, {"code": "unforeseen", "action": "?"}) for check in of.checks]


def _named(error: CloudError, check: str) -> CloudError:
    """The same, with the action written as a policy would name it."""
    product = _PRODUCT.get(check.partition("/")[2], "ram")
    return CloudError(error.trouble, code=error.code, action=f"{product}:{error.action}", request_id=error.request_id)
