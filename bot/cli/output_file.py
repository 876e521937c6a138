"""A file that a command writes for whoever typed it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bot.settings import SettingsError


def check_output(option: str, output: Path) -> None:
    """Before a minute is spent on what cannot be written down.

    Raises:
        SettingsError: so it is.
    """
    if output.exists() and not output.is_file():
        raise SettingsError(f"{option}: {output} is there already, and is no file")
    if not (output.parent.is_dir() and os.access(output.parent, os.W_OK)):
        raise SettingsError(f"{option}: the folder {output.parent} is not there, or nothing can be written to it")


def keep_output(option: str, output: Path, written: str) -> None:
    """A file that nobody else may read, and that is there whole or not at all.

    Raises:
        SettingsError: it cannot be written.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(written)
            stream.flush()
            os.fsync(handle)
        draft.replace(output)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise SettingsError(f"{option}: {output} cannot be written: {error.strerror}") from None
