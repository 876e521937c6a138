"""The one dispatch table: product version and action name -> what to run."""

from __future__ import annotations

from bot.sandbox.ram.actions import attached, attachments, groups, ims, policies, policy_versions, roles, sts, users
from bot.sandbox.ram.actions.call import Action
from bot.sandbox.ram.errors import RamError

RAM = "2015-05-01"
IMS = "2019-08-15"
STS = "2015-04-01"

TABLE: dict[str, dict[str, Action]] = {
    RAM: {
        **users.ACTIONS,
        **groups.ACTIONS,
        **policies.ACTIONS,
        **policy_versions.ACTIONS,
        **roles.ACTIONS,
        **attachments.ACTIONS,
        **attached.ACTIONS,
    },
    IMS: ims.ACTIONS,
    STS: sts.ACTIONS,
}


def find_action(version: str, name: str) -> Action:
    """Raises `RamError`: 400 for a product version that is not served, 404 for an action it does not have."""
    if not name or version not in TABLE:
        raise RamError(400, "InvalidParameter", 'The specified parameter "Action or Version" is not valid.')
    action = TABLE[version].get(name)
    if action is None:
        message = "The specified API is not found, please check the url and method."
        raise RamError(404, "InvalidAction.NotFound", message)
    return action


def action_names() -> set[str]:
    """Every action of every product, for checking orders that name one."""
    return {name for actions in TABLE.values() for name in actions}
