"""The file in which other programs find the sandbox: NAME=value lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import SettingsError


def remove_environment(path: Path) -> None:
    """Whoever waits for the file must not read the addresses of an earlier run.

    Raises:
        SettingsError: it cannot be written, which is better known before anything is open.
    """
    with _writing(path) as partial:
        if path.exists() and not path.is_file():
            raise SettingsError(f"--env-file: {path} is there, and is not a file")
        partial.touch(mode=0o600)
        partial.unlink()
        path.unlink(missing_ok=True)


def write_environment(path: Path, environment: dict[str, str]) -> None:
    """NAME=value lines, readable by their owner alone, and there only once they are whole.

    Raises:
        SettingsError: it cannot be written.
    """
    with _writing(path) as partial:
        partial.touch(mode=0o600)
        partial.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), "utf-8")
        partial.replace(path)


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Beside it, the file in which it is made."""
    try:
        yield path.with_name(path.name + ".partial")
    except OSError as error:
        raise SettingsError(f"--env-file: {path} cannot be written: {error.strerror}") from None
