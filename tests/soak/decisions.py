"""Requests decided by several replicas of which one is killed every few seconds, on PostgreSQL.

    python -m tests.soak.decisions --requests 2000 --replicas 4

Two approvers click opposite buttons on each request at the same moment; whoever hears nothing clicks again. In the end
each request has one outcome, RAM has done what the ledger says and nothing twice, and the trail tells it. Exit status
1 says that something did not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random, SystemRandom
from time import monotonic, sleep

from bot.sandbox.server import Sandbox
from bot.sandbox.slack.limits import RateLimits
from tests.harness.app import AppHarness
from tests.harness.databases import Databases
from tests.soak.deciding import DURATION, ask, decide, pairs
from tests.soak.outcomes import Outcomes
from tests.soak.progress import Progress
from tests.soak.replicas import Replicas

HURRY = 25.0
"""How fast the bots' real time passes while cards are posted and redrawn: a second's pause between two of them would
be most of this."""
LOOKED_EVERY = 0.2
STUCK_AFTER = 150.0
"""Seconds without any progress. A lock that a dead bot left runs out after 60."""


def decide_under_kill(
    folder: Path,
    address: str,
    progress: Progress,
    *,
    number: int,
    replicas: int,
    approving: int = 6,
    every: float = 4.0,
    most: int | None = None,
    times: float = 1.0,
    seed: int = 0,
) -> None:
    """
    Args:
        number: of requests.
        approving: pairs of approvers.
        every: about so many seconds one replica is killed.
        most: replicas that are killed before the last grant stands, and again before the last one has ended.
        times: as fast as ours passes the bots' real time meanwhile; if that is fast at all, then always.

    Raises:
        AssertionError: something did not hold.
    """
    chance, fast = Random(seed), HURRY if times == 1.0 else times
    app = AppHarness(folder, ledger_address=address)
    app.sandbox = Sandbox(limits=RateLimits(enabled=False))
    with app:
        app.stop_bot()
        progress.trying = "asking"
        by = pairs(app, approving)
        asked = ask(app, number, by)
        outcomes = Outcomes(app, asked, progress.counted)
        with Replicas(app.sandbox, address, folder, replicas, chance, progress.counted) as bots:
            bots.live_at(fast)
            _until(lambda: outcomes.due() == 0, progress, "posting cards")
            bots.live_at(times)
            with bots.dying(every, most):
                progress.trying = "deciding"
                decide(app, asked, by, chance, progress.counted)
                approved = outcomes.approved()
                assert 0 < len(approved) < number, f"{len(approved)} of {number} were approved: nobody competed"
                _until(lambda: outcomes.grants("active") == len(approved), progress, "granting")
            outcomes.held_is_what_was_approved(approved)
            with bots.dying(every, most):
                app.people.advance(DURATION / 1_000 + 1)
                _until(lambda: outcomes.grants("ended") == len(approved), progress, "taking back")
            _until(lambda: outcomes.unsettled() == 0, progress, "looking once more where a bot died")
            bots.live_at(fast)
            _until(lambda: outcomes.due() == 0, progress, "redrawing cards")
        outcomes.all_is_over(approved)
        outcomes.the_trail_tells_it_once(approved)
        outcomes.every_card_shows_it(approved)


def _until(look: Callable[[], bool], progress: Progress, doing: str) -> None:
    """Wait, for as long as there is any progress."""
    progress.trying = doing
    seen, since = dict(progress.counted), monotonic()
    while not look():
        sleep(LOOKED_EVERY)
        if progress.counted != seen:
            seen, since = dict(progress.counted), monotonic()
        assert monotonic() - since < STUCK_AFTER, f"nothing has happened for {STUCK_AFTER:.0f} s while {doing}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Requests decided by replicas that are killed again and again.")
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--replicas", type=int, default=4)
    parser.add_argument("--kill-every", type=float, default=4.0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    told = parser.parse_args()
    os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
    for name in [name for name in os.environ if name.casefold().endswith("_proxy")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        databases = Databases(Path(folder) / "server")
        try:
            decide_under_kill(
                Path(folder),
                databases.new(),
                progress,
                number=told.requests,
                replicas=told.replicas,
                every=told.kill_every,
                seed=told.seed,
            )
        except AssertionError as error:
            sys.stderr.write(f"It did not hold, with --seed {told.seed}: {error}\n")
            sys.exit(1)
        finally:
            sys.stderr.write(progress.line() + "\n")
            databases.close()
    sys.stderr.write("All of it held.\n")


if __name__ == "__main__":
    main()
