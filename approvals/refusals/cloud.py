"""Because RAM did not tell what has to be known."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import CloudErrorKind, Refusal


@dataclass(frozen=True, slots=True)
class RamCall:
    """What RAM was asked and how it answered; its support asks for the id."""

    action: str | None
    code: str | None
    request_id: str | None


@dataclass(eq=False, kw_only=True)
class RamRefusal(Refusal):
    """Because of an answer of RAM's, or because there was none."""

    call: RamCall | None = None


class RamSilent(RamRefusal):
    """It did not answer in time."""

    reason = "ram_silent"


class RamOdd(RamRefusal):
    """It answered with a code that says nothing of what has to be known."""

    reason = "ram_odd"


@dataclass(eq=False, kw_only=True)
class SdkTooOld(RamRefusal):
    """The SDK that is installed lacks an operation."""

    reason = "sdk_too_old"
    needs: str
    """The package and the first version that has it."""


@dataclass(eq=False, kw_only=True)
class RamRefuses(RamRefusal):
    """The bot lacks a permission to look."""

    reason = "ram_refuses"
    permission: str
    """Like ram:GetUser."""


@dataclass(eq=False, kw_only=True)
class BotUnwell(RamRefusal):
    """Because of what is the matter with the bot itself, so that the cloud takes nothing from it."""

    kind: CloudErrorKind
    """One of those that are `is_of_bot`."""

    @property
    def reason(self) -> str:
        """The kind of error."""
        return self.kind.value
