"""Groups of commands: one that imports each of its own only when it is wanted, since what one of them needs takes
longer to load than their help does to read; and below it one that says why a command is not there.
"""

from __future__ import annotations

import difflib
import gc
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem


class LazyCommand(NamedTuple):
    """Where a command is, and what the group's help says of it."""

    target: str
    """A module and a name in it, with a colon between them."""
    summary: str
    """The first sentence of the command's own help."""

    def load(self) -> click.Command:
        """The command itself."""
        module, _, name = self.target.partition(":")
        # What is imported stays: to look through it for garbage takes a fifth of the time.
        gc.disable()
        try:
            command: click.Command = getattr(import_module(module), name)
        finally:
            gc.enable()
        return command


class ExplainingGroup(click.Group):
    """Says why a command is not there on purpose, and which one is called much like what was typed."""

    def __init__(self, *args: Any, absent: Mapping[str, str] | None = None, **more: Any) -> None:
        """`absent`: by the names of commands that are not there, a sentence that says why."""
        super().__init__(*args, **more)
        self.absent = dict(absent or {})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Of what was typed, the command and its arguments.

        Raises:
            click.UsageError: there is none of that name.
        """
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            if name in self.absent:
                ctx.fail(f"there is no command {name!r}, on purpose. {self.absent[name]}")
            if near := difflib.get_close_matches(name, self.list_commands(ctx), 1):
                ctx.fail(f"No such command {name!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


class LazyGroup(ExplainingGroup):
    """Its own help imports none of its commands."""

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **more: Any) -> None:
        """`lazy`: the commands by name."""
        super().__init__(*args, **more)
        self.lazy = dict(lazy)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What may follow, for a shell; a person waits for it while they type."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self.lazy[name].summary) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of the alphabet."""
        return sorted(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, imported; None where there is none of that name."""
        found = self.lazy.get(cmd_name)
        return found.load() if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.lazy[name].summary) for name in self.list_commands(ctx)])
