"""Whether an approver's click on a notice counts."""

from __future__ import annotations

from approvals import rules
from approvals.evidence import Holders
from approvals.kinds import NoticeKind
from approvals.ledger import Tx
from approvals.notice import Notice
from approvals.outbox.notices import open_notice_by_id
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.refusals.people import NotLinked
from approvals.rules import Act


def judge_click(
    tx: Tx, act: Act, kind: NoticeKind, notice_id: str, team_id: str, actor: Person, admins: Holders
) -> tuple[Principal, Notice]:
    """The RAM user as whom they act, and the notice, which is of the kind `what` and still open.

    Raises:
        Refusal: the actor may not approve; the notice is unknown or resolved.
    """
    principal = rules.authorise(act, actor, standing(tx, team_id, actor, admins))
    if principal is None:
        raise NotLinked()
    return principal, open_notice_by_id(tx, notice_id, kind)
