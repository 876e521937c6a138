"""Which scope a bot token needs for methods that Slack has and this stand-in has not.

Source: `scope.bot` of each method's reference at docs.slack.dev/reference/methods, as of 2026-08. Any one of several
scopes serves, by the kind of conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_METHODS = """
assistant:write: assistant.threads.setSuggestedPrompts assistant.threads.setTitle
bookmarks:read: bookmarks.list workflows.featured.list
bookmarks:write: bookmarks.add bookmarks.edit bookmarks.remove workflows.featured.add workflows.featured.remove
    workflows.featured.set
calls:read: calls.info
calls:write: calls.add calls.end calls.participants.add calls.participants.remove calls.update
canvases:read: canvases.sections.lookup
canvases:write: canvases.access.delete canvases.access.set canvases.create canvases.delete canvases.edit
    conversations.canvases.create
channels:join: conversations.join
channels:manage channels:write groups:write im:write mpim:write: conversations.archive conversations.close
    conversations.create conversations.leave conversations.mark conversations.rename conversations.unarchive
channels:manage channels:write.invites groups:write groups:write.invites im:write mpim:write:
    conversations.invite
channels:manage channels:write.topic groups:write groups:write.topic im:write im:write.topic mpim:write
    mpim:write.topic: conversations.setPurpose conversations.setTopic
channels:manage groups:write: conversations.kick
channels:read groups:read im:read mpim:read: users.conversations
chat:write: agents.sessions.rename agents.sessions.setStatus assistant.threads.setStatus chat.appendStream
    chat.deleteScheduledMessage chat.meMessage chat.scheduleMessage chat.startStream chat.stopStream
conversations.connect:manage: conversations.approveSharedInvite conversations.declineSharedInvite
    conversations.externalInvitePermissions.set conversations.listConnectInvites
    conversations.requestSharedInvite.approve conversations.requestSharedInvite.deny
    conversations.requestSharedInvite.list team.externalTeams.disconnect
conversations.connect:manage team:read: team.externalTeams.list users.discoverableContacts.lookup
conversations.connect:write: conversations.acceptSharedInvite conversations.inviteShared
datastore:read: apps.datastore.bulkGet apps.datastore.count apps.datastore.get apps.datastore.query
datastore:write: apps.datastore.bulkDelete apps.datastore.bulkPut apps.datastore.delete apps.datastore.put
    apps.datastore.update
dnd:read: dnd.info dnd.teamInfo
emoji:read: emoji.list
files:read: files.info files.list
files:write: files.comments.delete files.completeUploadExternal files.delete files.getUploadURLExternal
    files.revokePublicURL files.upload
links:write: chat.unfurl
lists:read: slackLists.download.get slackLists.download.start slackLists.items.info slackLists.items.list
lists:write: slackLists.access.delete slackLists.access.set slackLists.create slackLists.items.create
    slackLists.items.delete slackLists.items.deleteMultiple slackLists.items.update slackLists.update
pins:read: pins.list
pins:write: pins.add pins.remove
reactions:read: reactions.get reactions.list
reactions:write: reactions.add reactions.remove
remote_files:read: files.remote.info files.remote.list
remote_files:share: files.remote.share
remote_files:write: files.remote.add files.remote.remove files.remote.update
search:read.files search:read.public search:read.users: assistant.search.context
search:read.public: assistant.search.info
team.billing:read: team.billing.info
team.preferences:read: team.preferences.list
team:read: team.info
tokens.basic: migration.exchange
triggers:read: workflows.triggers.permissions.list
triggers:write: workflows.triggers.permissions.add workflows.triggers.permissions.remove
    workflows.triggers.permissions.set
usergroups:read: usergroups.list
usergroups:write: usergroups.create usergroups.disable usergroups.enable usergroups.update
    usergroups.users.update
users.profile:read: team.profile.get users.profile.get
users:read: users.getPresence
users:write: users.setActive users.setPresence
user: dnd.endDnd dnd.endSnooze dnd.setSnooze files.sharedPublicURL reminders.add reminders.complete
    reminders.delete reminders.info reminders.list search.all search.files search.messages stars.add stars.list
    stars.remove team.accessLogs team.billableInfo team.integrationLogs users.deletePhoto users.identity
    users.profile.set users.setPhoto
"""

USER_ALONE = frozenset({"user"})
"""In the place of scopes: for a person's own token, never for a bot's."""


def _read(table: str) -> Mapping[str, frozenset[str]]:
    needed: dict[str, frozenset[str]] = {}
    for line in table.strip().replace("\n    ", " ").splitlines():
        scopes, _, methods = line.partition(": ")
        needed |= dict.fromkeys(methods.split(), frozenset(scopes.split()))
    return MappingProxyType(needed)


SCOPES = _read(_METHODS)
"""By method."""
