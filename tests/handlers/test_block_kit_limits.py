"""Whatever the record holds, Slack takes what is drawn from it, and what somebody typed stays text."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from approvals.access_review import AccessReview, ReviewItem, Unreviewed
from approvals.by_hand import TASKS, ByHand
from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.catalog.resources import products
from approvals.drift import KeptRow
from approvals.errors import CloudErrorKind
from approvals.evidence import RamUser, UnreadSource
from approvals.findings import CheckResult
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import MessageKind, NoticeKind, NoticeOutcome
from approvals.notice import Notice
from approvals.onboarding import (
    NewUser,
    OnboardingNews,
    OnboardingProblem,
    OnboardingState,
    as_details,
)
from approvals.operations.leavers import Presence
from approvals.people import Link, Person, Principal
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource
from approvals.queries.access_reviews import ReviewPart
from approvals.queries.attention import ALARMING, Attention
from approvals.queries.drift import DriftReport
from approvals.queries.overview import MOST_RUNNING, Overview
from approvals.queries.request_view import RequestView
from approvals.refusals.cloud import RamSilent
from approvals.status.checks.engine_role import ENGINE_ROLE
from approvals.status.checks.registry import results
from approvals.status.checks.service_role import SERVICE_ROLE
from approvals.status.plan import StatusPlan, load_plan
from bot.check.samples import boards
from bot.check.samples.notices import ONBOARDING, drift_samples, review_samples
from bot.check.samples.records import APPROVERS, EVIL, LONG, NOW, TRACKER, USER, grant, records, request, trail
from bot.check.samples.views import all_samples
from bot.sandbox.slack.blocks import accepted_message_blocks
from bot.sandbox.slack.mentions import mentions_of
from bot.sandbox.slack.view_bodies import accepted_view
from bot.worker.reminders import MAX_REMINDED
from handlers.commands.registry import help_lines
from handlers.commands.status.registry import help_lines as status_lines
from handlers.refusals.sentences import sentence
from handlers.translations import load_translations, locales
from handlers.views import (
    access_review,
    alarm,
    approve_form,
    board,
    card,
    confirmation,
    details,
    drift_list,
    help,
    home,
    lists,
    onboarding_form,
    reminder,
    request_form,
    status_changes,
    status_details,
    who,
)
from handlers.views.attention import CONDITIONS, HomeAttention
from handlers.views.blocks import Message, note
from handlers.views.direct_messages import direct_message
from handlers.views.direct_replies import direct_reply
from handlers.views.notices import notice_message
from handlers.views.onboarding import onboarding_message
from handlers.views.repair_form import repair_form
from handlers.views.status_help import status_help
from tests.harness.extremes import catalog_of_projects, large_catalog, widest_catalog

pytestmark = pytest.mark.slow

IN_EVERY_LANGUAGE = {locale: load_translations(locale) for locale in locales()}
WORDS = IN_EVERY_LANGUAGE["en"]
OTHERWISE = AccessSource.OTHERWISE
MENDS = (SERVICE_ROLE, ENGINE_ROLE)
STATES = sorted(records(load_catalog(), "algorithm-engineer"))
TOLD = [kind for kind in MessageKind if kind not in (MessageKind.ALARM, MessageKind.ALARM_OVER)]


@pytest.fixture(params=IN_EVERY_LANGUAGE, autouse=True)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here is about each of the languages."""
    monkeypatch.setattr(sys.modules[__name__], "WORDS", IN_EVERY_LANGUAGE[request.param])


@pytest.fixture(
    scope="module",
    params=[
        "the built-in catalogue",
        "many projects",
        "hundreds of projects",
        "the largest catalogue",
        "hundreds of policies",
        "the widest bundle",
        "a catalogue that lost it",
    ],
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Catalog, dict[str, RequestView]]]:
    """A catalogue, and every kind of record on its largest item."""
    tmp_path = tmp_path_factory.mktemp("catalogue")
    if request.param == "the built-in catalogue":
        catalog = load_catalog()
        yield catalog, records(catalog, "algorithm-engineer")
    elif "widest" in request.param:
        catalog = widest_catalog(tmp_path)
        yield catalog, records(catalog, next(iter(catalog.choices["big"].items.values())).name)
    elif "projects" in request.param:
        catalog = catalog_of_projects(tmp_path, 700 if "hundreds" in request.param else 120)
        yield catalog, records(catalog, next(iter(catalog.choices["algorithm-engineer"].items.values())).name)
    else:
        large = large_catalog(tmp_path, 300 if "hundreds" in request.param else 40)
        yield (load_catalog() if "lost" in request.param else large), records(large, "big")


World = tuple[Catalog, dict[str, RequestView]]


@pytest.fixture(scope="module")
def plan() -> StatusPlan:
    """What is looked at, which the catalogue has no part in but for what a repair may ask for."""
    return load_plan(load_catalog())


def taken(message: Message) -> None:
    """Slack would take this message, and it says something without its blocks, too."""
    assert message.text.strip()
    assert len(message.text) <= 4_000
    same_in_the_sdk(message.blocks)
    accepted_message_blocks(message.blocks)
    assert len(message.blocks) <= 50


def view_taken(view: dict[str, Any]) -> None:
    same_in_the_sdk(view["blocks"])
    View(**view).validate_json()
    accepted_view(view, view["type"])
    assert len(view["blocks"]) <= 100


def same_in_the_sdk(blocks: list[dict[str, Any]]) -> None:
    """The SDK's own models read the blocks, check their limits and mean the same by them."""
    read = Block.parse_all(blocks)
    assert [type(block).__name__ for block in read].count("Block") == 0
    assert [block.to_dict() for block in read] == blocks


def shows_typed_text_only_as_text(message: Message) -> None:
    assert set(mentions_of(message.text, message.blocks)).isdisjoint({"channel", "here", "everyone"})
    for block in message.blocks:
        for text in _mrkdwn(block):
            assert "<https://evil" not in text
            assert "*bold*" not in re.sub(r"`[^`]*`", "", text)


def _mrkdwn(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for part in value.values():
            yield from _mrkdwn(part)
    elif isinstance(value, list):
        for part in value:
            yield from _mrkdwn(part)


@pytest.mark.parametrize("state", STATES)
def test_slack_takes_the_card_of_any_request(world: World, state: str) -> None:
    catalog, known = world
    message = card.card(known[state], catalog, WORDS, TRACKER)
    taken(message)
    shows_typed_text_only_as_text(message)


@pytest.mark.parametrize("called", [0, MAX_REMINDED])
def test_slack_takes_the_reminder_of_any_request(world: World, called: int) -> None:
    catalog, known = world
    message = reminder.reminder(known["pending"], [SlackUserId("U0APPROVER")] * called, catalog, WORDS)
    taken(message)
    shows_typed_text_only_as_text(message)


@pytest.mark.parametrize("state", STATES)
def test_slack_takes_the_details_of_any_request(world: World, state: str) -> None:
    catalog, known = world
    view = details.details(known[state], trail(200), catalog, WORDS, TRACKER)
    view_taken(view)
    shows_typed_text_only_as_text(Message("details", view["blocks"]))


@pytest.mark.parametrize("what", TOLD)
@pytest.mark.parametrize("to", ["U0REQUESTER", "U0SUBJECT"])
def test_slack_takes_every_direct_message_about_any_request(world: World, what: MessageKind, to: str) -> None:
    catalog, known = world
    of_grants = what in (MessageKind.GRANTED, MessageKind.DELAYED, MessageKind.END_BLOCKED)
    for record in [each for each in known.values() if each.grants or not of_grants]:
        message = direct_message(what, SlackUserId(to), record, catalog, WORDS)
        taken(message)
        shows_typed_text_only_as_text(message)
        if what not in (MessageKind.NOT_REMINDED, MessageKind.REVIEWED):
            taken(direct_reply(what, SlackUserId(to), record, catalog, WORDS))


@pytest.mark.parametrize("several", [0, 1, 12, 400])
def test_slack_takes_who_has_what_and_is_told_how_much_there_is_besides(world: World, several: int) -> None:
    catalog, _ = world
    whole = max(catalog.items.values(), key=lambda item: len(item.entitlements))
    item = replace(whole, name="P" * 100)
    ours = (grant(1, item.entitlements[0], GrantState.ACTIVE), grant(2, item.entitlements[0], GrantState.ENDING))
    rows = [
        AccessRow(
            Principal(RamUserId(f"{number}"), f"{EVIL}{number}"),
            part,
            group,
            source,
            () if source is OTHERWISE else ours,
        )
        for part in item.entitlements
        for number in range(several)
        for group, source in ((EVIL, OTHERWISE), (None, AccessSource.BOT), (None, AccessSource.NOT_SHOWN))
    ]
    silent = [
        UnreadSource("dataworks", str(number), trouble, EVIL, EVIL, EVIL)
        for trouble in CloudErrorKind
        for number in range(several)
    ]
    found = AccessReport(tuple(rows), tuple(silent))
    for message in (
        who.holders(item, found, {RamUserId("0"): SlackUserId("U0BOB")}, catalog, WORDS),
        who.holdings(SlackUserId("U0BOB"), Principal(RamUserId("1"), EVIL), found, catalog, WORDS),
    ):
        taken(message)
        assert sum(len(text) for text in _mrkdwn(message.blocks)) < 11_000
        shows_typed_text_only_as_text(message)
        assert set(mentions_of(message.text, message.blocks)) <= {"U0BOB"}
        shown = sum(text.count("• ") for text in _mrkdwn(message.blocks))
        more = re.escape(WORDS.ngettext("and {count} more.", "and {count} more.", 2)).replace(r"\{count\}", r"(\d+)")
        told = re.search(more, "\n".join(_mrkdwn(message.blocks)))
        assert shown + (int(told[1]) if told else 0) == len(rows)


@pytest.mark.parametrize("outcome", [None, "from-tomorrow", *NoticeOutcome])
@pytest.mark.parametrize("several", [1, 10, 400])
def test_slack_takes_what_is_said_of_a_leaver(world: World, several: int, outcome: str | None) -> None:
    catalog, _ = world
    parts = sorted(catalog.entitlements, key=str)
    runs = [
        {"grant": number, "what": str(parts[number % len(parts)]), "request": 1001, "ends_at": None}
        for number in range(several)
    ]
    for why in (Presence.DEACTIVATED, Presence.NO_MEMBER):
        details = {"why": why.value, "slack": "U0DAVE", "ram_user": EVIL * 3, "ram_user_id": "21", "runs": runs}
        notice = Notice("0" * 32, NoticeKind.LEAVER, "U0DAVE|21", details, None, NOW)
        if outcome is not None:
            notice = replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB"))
        message = notice_message(notice, catalog, WORDS)
        taken(message)
        shows_typed_text_only_as_text(message)
        assert len(buttons_in(message)) == (2 if outcome is None else 0)


@pytest.mark.parametrize("outcome", [None, "from-tomorrow", NoticeOutcome.DONE, NoticeOutcome.NO_LONGER_SO])
@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("given", [True, False])
def test_slack_takes_a_task_of_the_most_and_longest_steps(kind: NoticeKind, outcome: str | None, given: bool) -> None:
    steps = [(f"https://x.example/{number}?a&b " + EVIL * 5)[:200] for number in range(10)]
    item = ByHand("&" * 60, tuple(steps), tuple("&" * 200 for _ in range(10)), tuple(APPROVERS))
    details = {
        **item.as_details(),
        "doers": list(APPROVERS),
        "ram_user": EVIL * 3,
        "slack": "U0DAVE",
        "requests": list(range(1_000_000, 1_000_400)),
        "ends_at": NOW,
        "requester": "U0CAROL",
        "approver": "U0BOB",
        "given": given,
    }
    notice = Notice("0" * 32, kind, f"21|manual/{'m' * 128}", details, None, NOW)
    if outcome is not None:
        notice = replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB"))
    message = notice_message(notice, load_catalog(), WORDS)
    taken(message)
    assert set(mentions_of(message.text, message.blocks)).isdisjoint({"channel", "here", "everyone"})
    assert len(buttons_in(message)) == (1 if outcome is None else 0)


@pytest.mark.parametrize("outcome", [None, "from-tomorrow", NoticeOutcome.TRIED_AGAIN, NoticeOutcome.GONE])
def test_slack_takes_an_end_with_the_most_and_longest_in_its_way(outcome: str | None) -> None:
    details = {
        "request": 10**12,
        "ram_user": EVIL * 3,
        "what": ["&" * 400, *(EVIL * 20 for _ in range(9))],
        "remedy": [*("&" * 400 for _ in range(15)), *(EVIL + "```" + "<!channel>" for _ in range(15))],
        "ended": [f"hologres_database/hgprecn-cn-a/{'d' * 50}/viewer" for _ in range(10)],
    }
    notice = Notice("0" * 32, NoticeKind.BLOCKED_END, "21|hologres/hgprecn-cn-a/normal", details, None, NOW)
    if outcome is not None:
        notice = replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB"))
    message = notice_message(notice, load_catalog(), WORDS)
    taken(message)
    assert set(mentions_of(message.text, message.blocks)).isdisjoint({"channel", "here", "everyone"})
    assert len(buttons_in(message)) == (1 if outcome is None else 0)


def buttons_in(message: Message) -> list[dict[str, Any]]:
    return [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]


@pytest.mark.parametrize("several", [0, 1, 12, 60])
@pytest.mark.parametrize("approver", [True, False])
def test_slack_takes_the_list_and_the_home_tab_of_somebody_busy(world: World, several: int, approver: bool) -> None:
    catalog, known = world
    mine = [
        replace(each, request=replace(each.request, subject=SlackUserId("U0ME"))) for each in known.values()
    ] * several
    waits = [known["pending"]] * several
    link = Link("T0PAIREC", SlackUserId("U0ME"), USER, NOW)
    silent = sentence(RamSilent(), WORDS)
    task = Notice(
        "0" * 32, TASKS[0], f"21|manual/{'m' * 128}", {"slack": "U0DAVE", "requests": [10**9] * 400}, None, NOW
    )
    overview = Overview(
        SlackUserId("U0ME"),
        link,
        mine,
        waits if approver else None,
        [task] * several,
        [ONBOARDING] * several,
        [ONBOARDING] * several if approver else [],
        None if approver else silent,
        away_until=NOW,
        running=[known["approved, active"]] * min(several, MOST_RUNNING) if approver else [],
        to_review=[known["break-glass"]] * several if approver else [],
    )
    message = lists.list_message(overview, catalog, WORDS, TRACKER)
    taken(message)
    shows_typed_text_only_as_text(message)
    alarmed = HomeAttention(Attention(7, dict.fromkeys(ALARMING, 7), 7), dict.fromkeys(CONDITIONS, NOW))
    view_taken(home.home(overview, alarmed if approver else None, catalog, WORDS, TRACKER))


def test_a_list_has_room_for_what_each_approval_confirms(world: World) -> None:
    catalog, known = world
    overview = Overview(SlackUserId("U0ME"), None, [], [known["pending"]] * 60)
    for blocks, shown in (
        (lists.list_message(overview, catalog, WORDS, TRACKER).blocks, lists.LISTED),
        (home.home(overview, None, catalog, WORDS, TRACKER)["blocks"], home.MAX_HOME_REQUESTS),
    ):
        whole = [text for block in blocks for text in _mrkdwn(block) if f" `{USER.name}`" in text and "⚠️" in text]
        assert len(whole) == shown


def test_slack_takes_the_request_form_for_anything_that_can_be_asked_for(world: World) -> None:
    catalog, _ = world
    match = RamUser(Principal(RamUserId("2" * 18), "n" * 64), EVIL * 3, "x@example.com")
    nothing_there: dict[str, dict[str, str]] = {product: {} for product in products()}
    for choice in (None, *catalog.choices.values()):
        items = list(choice.items.values()) if choice else []
        for linked, found in ((True, None), (False, None), (False, match)):
            for item, places in ((None, None), (items[-1] if items else None, None), (None, nothing_there)):
                view = request_form.form(
                    catalog,
                    WORDS,
                    opened_for=Person("T1", SlackUserId("U0ME"), time_zone="America/Argentina/ComodRivadavia"),
                    subject=SlackUserId("U0ME"),
                    linked=linked,
                    match=found,
                    choice=choice,
                    item=item,
                    places=places,
                )
                view_taken(view)


def test_slack_takes_the_form_for_an_approval_with_changes(world: World) -> None:
    catalog, known = world
    for state in ("pending", "for oneself", "least"):
        view = approve_form.approve_form(known[state], catalog, WORDS)
        view_taken(view)
        shows_typed_text_only_as_text(Message("approve", view["blocks"]))


@pytest.mark.parametrize("reason", ["", "x", EVIL, "\N{SMILING FACE WITH OPEN MOUTH}" * 4_000])
def test_slack_takes_what_a_typed_cancel_or_revoke_shows(world: World, reason: str) -> None:
    catalog, known = world
    for record in known.values():
        for message in (
            confirmation.cancel(record, catalog, WORDS),
            confirmation.revoke(record, reason, catalog, WORDS, own=True),
            confirmation.revoke(record, reason, catalog, WORDS, own=False),
        ):
            taken(message)
            shows_typed_text_only_as_text(message)


def test_slack_takes_the_form_for_a_denial(world: World) -> None:
    view_taken(details.deny_form(world[1]["pending"], WORDS))


@pytest.mark.parametrize("typed", ["", "x", EVIL, LONG])
@pytest.mark.parametrize("whole", [False, True])
def test_slack_takes_the_help(world: World, typed: str, whole: bool) -> None:
    meant = "/pairec-access request" if typed else None
    message = help.help_message(world[0], WORDS, *help_lines(WORDS), typed=typed, meant=meant, whole=whole)
    taken(message)
    shows_typed_text_only_as_text(message)


@pytest.mark.parametrize("repair", [None, *MENDS])
@pytest.mark.parametrize("result", results(), ids=lambda result: result.word)
def test_slack_takes_a_board_whatever_was_found(plan: StatusPlan, result: CheckResult, repair: str | None) -> None:
    for finished in (True, False):
        for scope in ("", "oss"):
            message = board.board(boards.shown(plan, result, finished=finished, repair=repair, scope=scope), WORDS)
            taken(message)
            shows_typed_text_only_as_text(message)
    view_taken(status_details.status_details(boards.details(plan, result), WORDS))


@pytest.mark.parametrize("result", results(), ids=lambda result: result.word)
def test_slack_takes_the_news_and_the_history_of_the_status(plan: StatusPlan, result: CheckResult) -> None:
    changes = boards.changes(plan, result)
    for message in (
        status_changes.changes_message(changes[:40], plan, WORDS),
        status_changes.history_message(changes[:20], plan, WORDS),
        status_changes.history_message([], plan, WORDS),
        status_help(plan, WORDS, status_lines(WORDS)),
    ):
        taken(message)


def test_slack_takes_the_form_behind_authorize(plan: StatusPlan) -> None:
    for item in plan.repairs.values():
        view_taken(repair_form(item, WORDS))


@pytest.mark.parametrize("kind", [None, CloudErrorKind.NO_PERMISSION, CloudErrorKind.LIMIT, CloudErrorKind.REFUSED])
def test_slack_takes_an_alarm_and_its_end(world: World, kind: CloudErrorKind | None) -> None:
    record = world[1]["approved, ending"]
    late = replace(record.grants[0], error_kind=kind)
    taken(alarm.alarm(late, record, world[0], WORDS))
    taken(alarm.alarm_over(late, record, world[0], WORDS))


@pytest.mark.parametrize("state", list(OnboardingState))
def test_slack_takes_what_is_said_of_somebody_new(state: OnboardingState) -> None:
    catalog = load_catalog()
    so_far = replace(ONBOARDING, state=state)
    for known in (
        *(replace(so_far, problem=problem) for problem in OnboardingProblem),
        *(replace(so_far, sso=sso) for sso in (True, False, None)),
        replace(so_far, item=None, error_request_id=None),
        replace(so_far, reason=EVIL * 100),
    ):
        notice = Notice("0" * 32, NoticeKind.ONBOARDING, known.public_id, as_details(known), None, NOW)
        shown = [notice]
        for outcome in NoticeOutcome:
            shown.append(replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB")))
        for each in shown:
            message = notice_message(each, catalog, WORDS)
            taken(message)
            shows_typed_text_only_as_text(message)
            assert len(buttons_in(message)) == (3 if each.open else 0)
        for kind in OnboardingNews:
            for to in ("U0REQUESTER", "U0SUBJECT"):
                message = onboarding_message(kind, SlackUserId(to), known, catalog, WORDS)
                taken(message)
                shows_typed_text_only_as_text(message)


@pytest.mark.parametrize("several", [0, 1, 12, 400])
@pytest.mark.parametrize("outcome", [None, NoticeOutcome.TAKEN_BACK, NoticeOutcome.KEPT, NoticeOutcome.SAID_AGAIN])
def test_slack_takes_what_is_said_when_somebody_leaves(
    world: World, several: int, outcome: NoticeOutcome | None
) -> None:
    catalog, _ = world
    parts = sorted(catalog.entitlements, key=str)
    roles = [str(part) for part in parts if part.is_member_role] or ["dataworks/10001/role_project_dev"]
    runs = [
        {"grant": number, "what": str(parts[number % len(parts)]), "request": 1001, "ends_at": None}
        for number in range(several)
    ]
    names = [f"{number}{EVIL}" for number in range(several)]
    left = {
        "name": None if several == 1 else EVIL,
        "access_keys": names,
        "policies": names,
        "groups": names,
        "mfa": True,
        "console_login": True,
    }
    details = {
        "by": "U0BOB",
        "slack": "U0DAVE",
        "linked": "U0DAVE",
        "ram_user": EVIL * 3,
        "ram_user_id": "21",
        "runs": runs,
        "waiting": list(range(several)),
        "left": {**left, "unread": names},
        "roles": [roles[number % len(roles)] for number in range(several)],
        "unread_products": ["dataworks", "maxcompute"],
    }
    notice = Notice("0" * 32, NoticeKind.OFFBOARDING, "U0DAVE|21", details, None, NOW)
    if outcome is not None:
        notice = replace(notice, resolved_at=NOW, outcome=outcome, resolved_by=SlackUserId("U0BOB"))
    message = notice_message(notice, catalog, WORDS)
    taken(message)
    shows_typed_text_only_as_text(message)
    assert len(buttons_in(message)) == (2 if outcome is None else 0)


@pytest.mark.parametrize("several", [0, 1, 11, 5_000])
def test_slack_takes_every_page_of_drift(world: World, several: int) -> None:
    catalog, known = world
    kept = [
        KeptRow(f"{number:032x}", row, NOW, told=False)
        for number, row in enumerate(drift_samples(sorted(catalog.entitlements, key=str), several))
    ]
    unread = [UnreadSource("dataworks", "1", trouble, EVIL, EVIL, EVIL) for trouble in CloudErrorKind]
    report = DriftReport(tuple(kept), several, tuple(unread))
    of_requests = {10**11: known["approved, active"]}
    for number in (0, 1, 2, -(-several // 10), 10**6):
        message = drift_list.drift_page(report, number, of_requests, catalog, WORDS)
        taken(message)
        shows_typed_text_only_as_text(message)


@pytest.mark.parametrize("several", [0, 1, 10, 11, 5_000])
def test_slack_takes_a_part_of_an_access_review(world: World, several: int) -> None:
    catalog, _ = world
    accesses = review_samples(sorted(catalog.entitlements, key=str), several)
    items = tuple(
        ReviewItem(f"{number:032x}", "0" * 32, access, True, SlackUserId("U0BOB"))
        for number, access in enumerate(accesses)
    )
    review = AccessReview("0" * 32, NOW, "somebody", NOW)
    for part in (
        ReviewPart(None),
        ReviewPart(review),
        ReviewPart(replace(review, collected_at=NOW, unreviewed=Unreviewed.REVOKE), items, others=several),
    ):
        message = access_review.review_page(part, catalog, WORDS, NOW, access_review.kept_answer(several, WORDS))
        taken(message)
        shows_typed_text_only_as_text(message)


def test_slack_takes_the_forms_of_an_onboarding(world: World) -> None:
    catalog, _ = world
    view_taken(onboarding_form.ask_form(catalog, WORDS, {}))
    view_taken(onboarding_form.denial_form("0" * 32, WORDS))
    for user in (NewUser("n" * 64, "d" * 24, "e" * 116 + "@example.com"), NewUser("n", "d")):
        view_taken(onboarding_form.changes_form("0" * 32, replace(ONBOARDING, user=user), catalog, WORDS, {}))


@pytest.mark.parametrize("length", [1, 2_999, 3_000, 3_001])
def test_slack_takes_a_note_of_any_length(length: int) -> None:
    taken(note("a" * length))


def test_a_card_carries_no_more_of_a_reason_than_can_be_read_at_a_glance() -> None:
    catalog = load_catalog()
    record = records(catalog, "PaiRecEngineAccess")["pending"]
    shown = [
        block["text"]["text"]
        for block in card.card(record, catalog, WORDS, TRACKER).blocks
        if block["type"] == "section" and block.get("text", {}).get("type") == "plain_text"
    ]
    assert [text[-1] for text in shown] == ["…"]
    assert len(shown[0]) <= 300


def test_a_button_carries_the_request_and_nothing_else(world: World) -> None:
    catalog, known = world
    for record in known.values():
        for block in card.card(record, catalog, WORDS, TRACKER).blocks:
            for element in block["elements"] if block["type"] == "actions" else []:
                assert element["value"] == record.request.public_id


def test_the_text_for_notifications_names_the_request_and_what_it_asks(world: World) -> None:
    catalog, known = world
    for record in known.values():
        text = card.card(record, catalog, WORDS, TRACKER).text
        assert text.startswith("R-999999999999")
        assert record.request.item in text or catalog.find(record.request.item) is None


def test_a_grant_that_is_not_ours_says_so(world: World) -> None:
    catalog, known = world
    lines = card.card(known["approved, held"], catalog, WORDS, TRACKER).blocks
    held = WORDS.gettext("held before, and stays when this request ends")
    assert any(held in text for block in lines for text in _mrkdwn(block))


def test_each_entitlement_has_a_line_of_its_own() -> None:
    catalog = load_catalog()
    asked = request(catalog, "algorithm-engineer")
    known = records(catalog, "algorithm-engineer")["approved, active"]
    mixed = replace(
        known,
        grants=(
            grant(1, asked.entitlements[0], known.grants[0].state),
            replace(known.grants[1], state=records(catalog, asked.item)["approved, failed"].grants[1].state),
        ),
    )
    texts = [text for block in card.card(mixed, catalog, WORDS, TRACKER).blocks for text in _mrkdwn(block)]
    lines = [line for text in texts for line in text.splitlines()]
    active, failed = (
        WORDS.gettext(each).partition("{")[0] for each in ("active until {ends}", "could not be attached.")
    )
    assert any("PaiRecDataManagementAccess" in line and active in line for line in lines)
    assert any("PaiRecMonitorAccess" in line and failed in line for line in lines)


def test_slack_takes_all_that_check_asks_it_about(world: World, plan: StatusPlan) -> None:
    samples = all_samples(world[0], plan, WORDS)
    for sample in samples:
        if isinstance(sample.shown, Message):
            taken(sample.shown)
        else:
            view_taken(dict(sample.shown))
    named = " ".join(sample.name for sample in samples)
    assert all(kind in named for kind in (*NoticeKind, *TOLD, *OnboardingNews, *(result.word for result in results())))
