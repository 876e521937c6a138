"""Measure what is said of speed, each figure over what it is compared with in the same run.

    python -m benchmarks [name …] [--write]

Without names, everything. With `--write` the lines of what was measured are renewed in docs/performance.md. Exit status
1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from rich.console import Console

from benchmarks.figures import Figure, as_table, write_into

NAMES = (
    "acknowledged",
    "at_start",
    "audit_verify",
    "click_to_active",
    "command_line",
    "filled",
    "idle",
    "large_account",
    "large_report",
    "ledger_writers",
    "pressure",
    "status_board",
)
"""Each is a module with a function `measure`."""
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main() -> int:
    """Measure, and print the figures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--write", action="store_true", help="renew the lines in docs/performance.md")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    # A program that is installed has been compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    console, found = Console(highlight=False), list[Figure]()
    for name in chosen.names or NAMES:
        measure: Callable[[], list[Figure]] = import_module(f"benchmarks.{name}").measure
        figures = measure()
        console.print(as_table(figures))
        found += figures
        if chosen.write:
            write_into(PAGE, figures)
    return int(not all(figure.is_met for figure in found))


if __name__ == "__main__":
    sys.exit(main())
