"""What a typed `cancel` or `revoke` means: whose request it is, what it gives and until when, and the button for it."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.queries.request_view import RequestView
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.access_buttons import role_loss_warning
from handlers.views.blocks import MAX_TEXT_CHARACTERS, Message, button, buttons, section, typed
from handlers.views.cloud_errors import call_context
from handlers.views.grants import grant_lines
from handlers.views.lists import heading
from handlers.views.starts import starts_line
from handlers.views.text import truncated

CONFIRM = "sure"
"""The block of the button: the answer to it takes the place of the message."""
MAX_CARRIED_CHARACTERS = 1_900
"""Characters of a reason; Slack's button carries 2,000, with the request's id."""


def cancel(record: RequestView, catalog: Catalog, translations: Translations) -> Message:
    """The request, and the button that withdraws it."""
    stands = translations.gettext("It is pending.")
    if record.scheduled:
        stands = starts_line(record.request, translations)
    text = f"{heading(record, catalog, translations)}\n{stands}"
    press = button(translations.gettext("Cancel request"), "cancel", record.request.public_id, "danger")
    return Message(truncated(text, MAX_TEXT_CHARACTERS), [section(text), buttons(press, block_id=CONFIRM)])


def revoke(record: RequestView, reason: str, catalog: Catalog, translations: Translations, *, own: bool) -> Message:
    """What ends, and the button for it, which carries the reason as far as it fits. `own`: it is given back, not taken
    back.
    """
    text = "\n".join([heading(record, catalog, translations), *grant_lines(record, catalog, translations)])
    if record.scheduled:
        text += "\n" + starts_line(record.request, translations)
    if record.request.of_account:
        text += "\n" + role_loss_warning(translations)
    kept = truncated(reason.strip(), MAX_CARRIED_CHARACTERS)
    value = f"{record.request.public_id} {kept}".rstrip()
    press = button(
        translations.gettext("End access") if own else translations.gettext("Revoke"), "give_back", value, "danger"
    )
    more = call_context(record.grants, translations)
    more += [section(translations.gettext("*Reason*")), typed(kept)] if kept else []
    return Message(truncated(text, MAX_TEXT_CHARACTERS), [section(text), *more, buttons(press, block_id=CONFIRM)])


def is_confirmation(interaction: Interaction) -> bool:
    """Whether it is such a message's button that was clicked."""
    return interaction.block_id == CONFIRM
