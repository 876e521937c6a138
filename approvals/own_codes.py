"""What this program itself says of why something was not done, in the place of a code of the cloud's."""

from __future__ import annotations

from enum import StrEnum


class OwnCode(StrEnum):
    """Each has a sentence on every surface; the ledger keeps it like a code of the cloud's."""

    SDK_TOO_OLD = "SdkTooOld"
    """The action is the package and the version that is needed."""
    NO_PSYCOPG = "NoPsycopg"
    INSTANCE_STOPPED = "InstanceStopped"
    SQL_NOT_ENABLED = "SqlNotEnabled"
    """Who is there can be read in neither of the two ways."""
    NO_LOGIN = "NoLogin"
    """The bot's own key does not open the database."""
    POLICY_CHANGED = "PolicyChanged"
    """It is not the one that was reviewed."""
    POLICY_NOT_REVIEWED = "PolicyNotReviewed"
    POLICY_UNREADABLE = "PolicyUnreadable"
    """Nobody can say what it allows."""
    NEEDS_ACCESS_KEY = "NeedsAccessKey"
    """The bot's key is a role's, with which nobody logs in."""
    NEEDS_USER = "NeedsUser"
    """Whoever is to have it has to be a user there first."""
    NOT_SIMPLE_MODEL = "NotSimpleModel"
    """The database has its permissions by another model."""
    HAS_PERMISSIONS = "HasPermissions"
    """Somebody else gave them something, which would go as well."""
