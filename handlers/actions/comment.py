"""The Comment button of whoever is concerned by a request that waits."""

from __future__ import annotations

from slack_bolt import Ack

from approvals.comments import Addressee, Comment
from approvals.evidence import Holders
from approvals.model import AccessRequest
from approvals.operations.close_request import already_closed
from approvals.operations.comment import against_comment, comment
from approvals.people import Person
from approvals.rules import Act
from handlers.actions.concerned import check_before_window, is_concerned
from handlers.actions.named import form_names, request_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.refusals.sentences import plain_sentence
from handlers.views.blocks import Message, note
from handlers.views.comment import TEXT, TO, comment_form
from handlers.windows import open_window


def comment_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A form opens for approvers, and for whoever asked or gets it."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open(context, interaction, public_id), Act.COMMENT, public_id)


def comment_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the text is said under its field; the rest is judged after the form closed."""
    text = interaction.written_in(TEXT)
    refused = against_comment(text)
    if refused:
        ack(response_action="errors", errors={TEXT: plain_sentence(refused[0], context.translations)})
        return
    record = form_names(ack, context, interaction, TEXT, Act.COMMENT)
    if record is None:
        return
    ack()
    to = Addressee.REQUESTER if interaction.chosen_in(TO) == Addressee.REQUESTER else Addressee.APPROVERS
    said = Comment(f"view:{interaction.form['id']}", interaction.user, to, text)
    request = record.request
    context.serve(interaction, lambda: _say(context, request, said), Act.COMMENT, request.public_id)


def _open(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = request_named(context, interaction, public_id)
    request = record.request
    actor = check_before_window(context, interaction.user, Act.COMMENT, request)
    if not record.pending:
        raise already_closed(request)
    asked = request.requester in actor.ids
    offered = (Addressee.APPROVERS,) if asked else (Addressee.REQUESTER, Addressee.APPROVERS)
    return open_window(context, interaction, comment_form(record, offered, context.translations))


def _say(context: HandlerContext, request: AccessRequest, said: Comment) -> Message:
    concerned = is_concerned(context, said.by, request)

    def read() -> tuple[Person, Holders | None]:
        return context.directory.person(said.by), None if concerned else context.directory.admins()

    act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: comment(ledger, context.team_id, request.id, said, *evidence, context.clock.now()),
    )
    text = context.translations.gettext("Your comment on *{ref}* was sent to its requester.")
    if said.to is Addressee.APPROVERS:
        text = context.translations.gettext("Your comment on *{ref}* was sent to its approvers.")
    return note(text.format(ref=request.ref))
