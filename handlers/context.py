"""What every surface works with, handed to it once; and how a piece of work is done for a person and answered."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from approvals.catalog.model import Catalog
from approvals.errors import CommitUnknown, Refusal
from approvals.ids import SlackUserId
from approvals.millis import SECOND
from approvals.operations import other_ledger
from approvals.operations.note_refusal import note_refusal
from approvals.outbox import enqueue
from approvals.ports import Clock, Directory, Inventory, Policies
from approvals.refusals.message import OldMessage, OtherRecord
from approvals.refusals.service import LedgerSilent, LedgerUnsure, TooBusy
from approvals.rules import Act
from approvals.status.plan import StatusPlan
from approvals.transaction import Ledger
from approvals.working_hours import WorkingHours
from handlers.executor import Busy, Executor
from handlers.interaction import Interaction
from handlers.languages import Languages
from handlers.refusals.sentences import sentence
from handlers.slack import SlackSurface
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.tracker import Tracker

log = logging.getLogger(__name__)

EVIDENCE_MAX_AGE_MS = 10 * SECOND
BEFORE_ACK_SECONDS = 1.0
"""Seconds that the ledger gets for what has to be known before Slack's 3 s are over."""
LIST_SECONDS = 1.0
"""Seconds that somebody waits for the list of RAM users, where nobody has wanted it lately: a form opens within 3 s."""


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """The parts that surfaces work with, in one workspace."""

    ledger: Ledger
    languages: Languages
    plan: StatusPlan
    directory: Directory
    policies: Policies
    inventory: Inventory
    clock: Clock
    executor: Executor
    slack: SlackSurface
    tracker: Tracker
    team_id: str
    wake: Callable[[], None]
    """Tell the worker that something may be due."""
    evidence_holds: int = EVIDENCE_MAX_AGE_MS
    """Milliseconds of real time for which what was read from Slack and RAM may be acted on."""
    working_hours: WorkingHours = field(default_factory=WorkingHours)
    """What a day without an hour ends with, where somebody asks for something until then."""
    most_open: int | None = None
    """How many requests of one person may wait for a decision at a time."""
    review_required: bool = False
    """Whether no policy is given that was not reviewed."""

    conditions: Callable[[], Mapping[str, int]] = dict
    """What keeps the program from doing its work right now: since when, in milliseconds of real time, by name."""

    reader: SlackUserId | None = None
    """Who reads what is shown; None where several do, as in a channel."""

    @property
    def translations(self) -> Translations:
        """The texts in the language of whoever reads, as Slack said it last."""
        return self.languages.of(self.reader).translations

    @property
    def catalog(self) -> Catalog:
        """What can be asked for, with titles in that language."""
        return self.languages.of(self.reader).catalog

    def read_by(self, reader: SlackUserId) -> HandlerContext:
        """The same for what one person reads."""
        return replace(self, reader=reader)

    def meet(self) -> HandlerContext:
        """Ask Slack which language its reader chose, where it never said that: after the acknowledgement, and once."""
        if self.reader and self.directory.locale(self.reader) is None:
            with suppress(Refusal):
                self.directory.person(self.reader)
        return self

    def serve(
        self,
        interaction: Interaction,
        work: Callable[[], Message | None],
        act: Act,
        about: int | str | None = None,
        *,
        in_place: bool = False,
    ) -> None:
        """Do `work` for the person in `interaction`, off Bolt's thread, and answer them privately with what it returns.

        `about` is a request's number, where somebody typed that, or what a button or a form named. `in_place`: the
        answer takes the place of the private message that was clicked.

        A Refusal becomes its sentence and an entry in the audit trail; a ledger that does not do what it is told, and
        anything unforeseen, becomes a sentence with a reference that is in the log as well.
        """

        def run() -> None:
            replaces = in_place
            try:
                answer = work()
            except Refusal as refusal:
                self._note(act, interaction, about, refusal)
                answer = note(sentence(refusal, self.meet().translations))
                # A private message whose buttons will never work goes; one that may work in a minute stays.
                replaces = isinstance(refusal, (OtherRecord, OldMessage))
            except self.ledger.engine_errors as error:
                # Without the ledger, which would only be waited for once more.
                message = note(sentence(self.ledger_refusal(error, interaction), self.translations))
                if not self._answer_in_place(interaction, message):
                    self._answer_once(interaction, message)
                return
            except Exception:
                replaces = False
                answer, reference = apology(self.translations)
                log.exception("unforeseen", extra={"reference": reference, "slack_user": interaction.user})
            self.wake()
            if answer is not None:
                self.answer(interaction, answer, in_place=replaces)

        try:
            self.executor.submit(run)
        except Busy:
            self.executor.excuse(lambda: self.answer(interaction, note(sentence(TooBusy(), self.translations))))

    def ledger_refusal(self, error: Exception, interaction: Interaction) -> Refusal:
        """What a person is told, with a reference that is in the log. The trail has nothing of it: it is the trail that
        cannot be written to.
        """
        reference = new_reference()
        refusal = LedgerUnsure(reference) if isinstance(error, CommitUnknown) else LedgerSilent(reference)
        log.error(
            "the ledger did not do it",
            extra={"reference": reference, "why": refusal.reason, "slack_user": interaction.user},
            exc_info=error,
        )
        return refusal

    def note_refusals(self, act: Act, interaction: Interaction, refusals: Sequence[Refusal]) -> None:
        """For what was refused under the fields of a form: the trail has it like every other attempt."""

        def run() -> None:
            for refusal in refusals:
                self._note(act, interaction, None, refusal)

        try:
            if refusals:
                self.executor.submit(run)
        except Busy:
            log.warning("refusals are not in the audit trail", extra={"slack_user": interaction.user})

    def apologise(self, error: Exception, interaction: Interaction) -> None:
        """For what failed before it was handed to `serve`."""
        answer, reference = apology(self.translations)
        log.error("unforeseen", extra={"reference": reference, "slack_user": interaction.user}, exc_info=error)
        self.executor.excuse(lambda: self.answer(interaction, answer))

    def answer(self, interaction: Interaction, message: Message, *, in_place: bool = False) -> None:
        """Privately: where they are, if Slack gave an address for it, else by direct message. That one is work in the
        ledger like any other message, so that it outlives Slack's pauses and our own end. `in_place`: instead of the
        private message that was clicked, if it was one.
        """
        if self._answer_in_place(interaction, message, replace=in_place and interaction.is_private):
            return
        try:
            with self.ledger.write() as tx:
                enqueue.answer(tx, self.clock.now(), interaction.user, message.text, message.blocks)
        except self.ledger.engine_errors:
            log.exception("an answer is not in the ledger", extra={"slack_user": interaction.user})
            self._answer_once(interaction, message)
        self.wake()

    def _answer_once(self, interaction: Interaction, message: Message) -> None:
        """One attempt is all there is where nothing can be postponed."""
        self.slack.post(interaction.user, message.text, message.blocks)

    def _answer_in_place(self, interaction: Interaction, message: Message, *, replace: bool = False) -> bool:
        url = interaction.response_url
        return url is not None and self.slack.reply(url, message.text, message.blocks, replace=replace)

    def _note(self, act: Act, interaction: Interaction, about: int | str | None, refusal: Refusal) -> None:
        told = {"act": act.value, "why": refusal.reason, "slack_user": interaction.user, "request": about}
        if act is Act.LOOK:
            log.info("refused", extra=told)
        try:
            if isinstance(refusal, OtherRecord) and other_ledger.record_foreign_click(self.ledger, self.clock.now()):
                log.warning("somebody clicked on a request of another ledger", extra={"request": about})
            if act is not Act.LOOK:
                note_refusal(self.ledger, self.clock.now(), act, interaction.user, about, refusal)
        except self.ledger.engine_errors:
            # The person gets the answer all the same.
            log.exception("a refusal is not in the audit trail", extra=told)


def apology(translations: Translations) -> tuple[Message, str]:
    """What a person is told when something failed in a way that nobody foresaw, and the reference in it."""
    reference = new_reference()
    message = translations.gettext(
        "Something went wrong, and nothing was decided. Tell your administrator: reference {ref}."
    )
    return note(message.format(ref=f"`{reference}`")), reference


def new_reference() -> str:
    """What a person is shown and the log has as well."""
    return secrets.token_hex(4)
