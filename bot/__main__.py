"""`python -m bot` is `pairec-access`.

Before anything else is imported, what the process was told is tidied up, and no secret in it leaves by standard error,
whatever goes wrong from then on.
"""

from __future__ import annotations

import os
import sys

from bot.environment import strip_values
from bot.environment_files import read_environment_files
from bot.redaction import Redaction, clean_stream, secrets_in
from bot.sdk_imports import put_off_imports


def start() -> None:
    """The command `pairec-access`, and `python -m bot`; ends the process with the command's status."""
    redaction = Redaction(secrets_in(os.environ, sys.argv[1:]))
    sys.stderr = clean_stream(sys.stderr, redaction)
    # What is wrong with a file is said by the commands that need settings, with whatever else is.
    read_environment_files(os.environ)
    redaction.learn(*secrets_in(os.environ))
    strip_values(os.environ)
    put_off_imports()
    # Only now, since the SDK reads the access key where it is imported.
    from bot.cli.main import main

    main(obj=redaction)


if __name__ == "__main__":
    start()
