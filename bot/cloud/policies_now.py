"""A policy of the account as it is now, by its name alone."""

from __future__ import annotations

from approvals.errors import CloudError, CloudErrorKind
from approvals.policies.reviewed import PolicyNow
from bot.cloud.policy_texts import PolicyTexts
from bot.cloud.policy_types import PolicyTypes


class CurrentPolicies:
    """Safe to share between threads."""

    def __init__(self, types: PolicyTypes, texts: PolicyTexts) -> None:
        self._types = types
        self._texts = texts

    def read(self, name: str, policy_type: str | None = None) -> PolicyNow | None:
        """Its default version; None where the account has none of that name, and of that type where it is given.

        Raises:
            CloudError: RAM does not say it, or has two of that name.
        """
        try:
            text = self._texts.text(name, policy_type or self._types.of(name))
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_POLICY:
                return None
            raise
        return PolicyNow.of(text.name, text.type, text.version, text.document)
