"""What hangs on a RAM user besides what was granted here, as the cloud shows it: a checklist for people."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Of one RAM user. What could not be read is named in `unread`, and says nothing."""

    name: str | None = None
    """What the user is called now; None where it is gone."""
    access_keys: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    """Attached to the user directly, by name."""
    groups: tuple[str, ...] = ()
    mfa: bool = False
    """Whether a device is bound."""
    console_login: bool = False
    """Whether there is a password for the console."""
    unread: tuple[str, ...] = field(default=())
    """The permissions without which something could not be read, like ram:ListAccessKeys; or the call that failed."""
