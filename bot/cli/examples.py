"""Examples below the help of a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

C = TypeVar("C", bound=click.Command)


def examples(*lines: str) -> Callable[[C], C]:
    """Shows these lines below the command's help, as somebody types them."""

    def add(command: C) -> C:
        # Click fills paragraphs, but for those that begin with this character.
        command.epilog = "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
        return command

    return add
