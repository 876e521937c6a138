"""What a run of a reconcile job knows of its key, and of the moment."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from approvals.entitlements import Key
from approvals.errors import CloudError
from approvals.millis import DomainMillis, RealMillis
from approvals.people import Principal
from approvals.reconcile.plan import Write


@dataclass(frozen=True, slots=True)
class Instant:
    """Both times at which something is recorded, and the chance that spreads retries."""

    now: DomainMillis
    real: RealMillis
    chance: Random


@dataclass(frozen=True, slots=True)
class KeyContext:
    """What a worker needs to look at the cloud for a key."""

    key: Key
    principal: Principal
    taken_over: bool
    """The worker that had the job before may be in the middle of a write."""
    repair: bool
    """Late writes have happened by now, if ever: put right what they did."""
    late: frozenset[Write]
    """Writes of which nobody got the answer, so that they may still be carried out."""
    blind: bool
    """All that is left to do is a detach, whatever the cloud shows: there is no need to look first."""
    recent: bool = False
    """What was read of the cloud two seconds ago will do for the first look: nothing of ours changed it since."""
    detached: bool = False
    """This run has made its detach, and looks once more."""
    leave: bool = False
    """The principal is a member of the place by this program alone, and is to go with the last role."""
    restores: str = ""
    """The role that the principal had before one of ours replaced it."""
    implied: bool = False
    """Another role of ours brings it: what is there is ours to take back, and goes with that one otherwise."""
    unsure: bool = False
    """An attach was begun before this run, and what became of it is not recorded."""
    absent_at: int | None = None
    """When the cloud was looked at before the first attach, by its own clock, where that was answered that the key is
    there already, and nobody knows since when."""
    answer: CloudError | None = None
    """What this run's write was answered, where a look has to say what that means."""
    sent: bool = True
    """That write was sent; what was to be read before it did not stand in its way."""
    first: bool = False
    """Of an attach: nothing of ours could have put the key there before it."""
    given_at: DomainMillis | None = None
    """Domain time at which it was given, where it was."""

    @property
    def untyped(self) -> bool:
        """Which of two policies of its name it is has to be found out first."""
        return self.key.entitlement.has_type and self.key.entitlement.policy_type is None
