"""The parameters of one call, read the way RAM reads them: what is missing, too long or misspelt has a code."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.sandbox.ram.errors import RamError, invalid
from bot.sandbox.ram.state import PolicyKey

_USER_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+")
_ROLE_NAME = re.compile(r"[A-Za-z0-9.-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\d{1,4}-\d{4,20}")


class Params:
    """Access to a call's parameters; every method raises `RamError` 400 for what RAM would refuse."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> str:
        """The value, or an empty string: RAM treats an empty parameter as one that was not sent."""
        return self._values.get(name, "")

    def has(self, name: str) -> bool:
        """Whether it was sent, perhaps empty: an update may empty a field."""
        return name in self._values

    def required(self, name: str) -> str:
        """The value; refused where it is missing or empty."""
        value = self.get(name)
        if not value:
            raise RamError(400, f"Missing{name}", f"{name} is mandatory for this action.")
        return value

    def user_name(self, name: str = "UserName") -> str:
        """A user's name: up to 64 letters, digits, `.`, `_` and `-`."""
        return self._named(name, _USER_NAME, 64)

    def principal_name(self, domain: str) -> str:
        """The user's name out of `name@domain`, up to 128 characters; another domain is refused."""
        value = self.required("UserPrincipalName")
        if len(value) > 128:
            raise _too_long("UserPrincipalName", 128)
        name, _, of_domain = value.partition("@")
        if not _USER_NAME.fullmatch(name) or of_domain != domain:
            message = 'The parameter - "UserPrincipalName" contains invalid chars.'
            raise invalid("UserPrincipalName.InvalidChars", message)
        if len(name) > 64:
            raise _too_long("UserPrincipalName", 64)
        return name

    def group_name(self) -> str:
        """A group's name: up to 64 letters, digits and `-`."""
        return self._named("GroupName", _PLAIN_NAME, 64)

    def role_name(self) -> str:
        """A role's name: up to 64 letters, digits, `.` and `-`."""
        return self._named("RoleName", _ROLE_NAME, 64)

    def policy_name(self) -> str:
        """A policy's name: up to 128 letters, digits and `-`."""
        return self._named("PolicyName", _PLAIN_NAME, 128)

    def policy_type(self) -> str:
        """`Custom` or `System`."""
        value = self.required("PolicyType")
        if value not in ("Custom", "System"):
            raise invalid("PolicyType", 'The parameter - "PolicyType" must be Custom or System.')
        return value

    def policy(self) -> PolicyKey:
        """The policy that the call names, by type and name; whether it exists is not looked at."""
        return PolicyKey(self.policy_type(), self.policy_name())

    def text(self, name: str, longest: int) -> str:
        """Free text of up to `longest` characters; empty when absent."""
        value = self.get(name)
        if len(value) > longest:
            raise _too_long(name, longest)
        return value

    def email(self, name: str = "Email") -> str:
        """An e-mail address; empty when absent."""
        return self._formatted(name, _EMAIL)

    def phone(self, name: str = "MobilePhone") -> str:
        """A phone number, with the country before a hyphen; empty when absent."""
        return self._formatted(name, _PHONE)

    def integer(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number within its limits; `default` when absent."""
        value = self.get(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high):
            raise invalid(name, f'The parameter - "{name}" must be a number from {low} to {high}.')
        return int(value)

    def _named(self, name: str, allowed: re.Pattern[str], longest: int) -> str:
        value = self.required(name)
        if len(value) > longest:
            raise _too_long(name, longest)
        if not allowed.fullmatch(value):
            raise invalid(f"{name}.InvalidChars", f'The parameter - "{name}" contains invalid chars.')
        return value

    def _formatted(self, name: str, shape: re.Pattern[str]) -> str:
        value = self.get(name)
        if value and not shape.fullmatch(value):
            raise invalid(f"{name}.Format", f'The format of the parameter - "{name}" is incorrect.')
        return value


def _too_long(name: str, longest: int) -> RamError:
    return invalid(f"{name}.Length", f'The parameter - "{name}" is longer than {longest} characters.')
