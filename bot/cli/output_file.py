"""A file that a command writes for whoever typed it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    with draft_of(option, output) as draft:
        draft.write_text(written, "utf-8", newline="")


@contextmanager
def draft_of(option: str, output: Path) -> Iterator[Path]:
    """An empty file beside it that nobody else may read, to be filled; it becomes the file itself at the end of the
    block, and is gone if that ends with an exception.

    Raises:
        SettingsError: it cannot be written.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
        os.close(handle)
        draft = Path(name)
        yield draft
        with draft.open("rb") as filled:
            os.fsync(filled.fileno())
        draft.replace(output)
    except OSError as error:
        raise SettingsError(f"{option}: {output} cannot be written: {error.strerror}") from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
