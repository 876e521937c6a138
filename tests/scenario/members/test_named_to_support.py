"""Where something failed in the cloud, every place that says so names its code and its id of the call."""

from __future__ import annotations

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, ENGINE, AppHarness
from tests.harness.boards import row, status, whole
from tests.harness.products.case import ProductCase
from tests.harness.waiting import in_time, time_is_up
from tests.scenario.members.asking import gets
from tests.scenario.members.test_who import who

TENANT = "Tenant role for training"
ODD = {"fault": "error", "status": 403, "code": "OutOfMood"}


def newest(app: AppHarness, text: str) -> SeenMessage:
    """In the approvals channel."""
    found = in_time(app, lambda: [m for m in app.bob.messages(APPROVALS) if text in m.plain], text)
    return found[-1]


def test_the_card_the_alarm_and_the_list_name_it(app: AppHarness, case: ProductCase) -> None:
    ref = gets(app, case.item)
    app.people.inject_ram_fault({"action": case.leaves, "product": case.product, **ODD})
    time_is_up(app)
    named = f"{case.title} answered `{case.leaves}` with `OutOfMood`, request id `"
    app.card(ref, named)
    app.people.advance(5 * 60 + 1)
    assert named in newest(app, "access is not revoked yet").plain
    app.carol.type("/pairec-access list")
    app.carol.ephemeral_with(named)


def test_who_says_what_a_product_answered(app: AppHarness, case: ProductCase) -> None:
    for fault, code in (({"fault": "no_permission"}, "NoPermission"), (ODD | {"status": 400}, "OutOfMood")):
        app.people.inject_ram_fault({"action": "reads", "product": case.product, **fault})
        assert f"with `{code}`, request id `" in who(app.bob, "@carol").plain
        app.people.clear_faults()


def test_a_board_names_the_call_of_each_row_that_it_does_not_know(app: AppHarness) -> None:
    rows = {
        "The engine's role": "GetRole",
        "OSS": "CheckInstanceResources",
        "Engine": "ListEntitiesForPolicy",
        TENANT: "RunSecurityQuery",
        "Task owner of the MaxCompute projects": "GetProject",
    }
    for fault, code in (
        ({"fault": "error"}, "InternalError"),
        ({"fault": "no_permission"}, "NoPermission"),
        ({"fault": "error", "status": 400, "code": "OutOfMood"}, "OutOfMood"),
        ({"fault": "throttle", "seconds": 5}, "Throttling.User"),
    ):
        for action in rows.values():
            app.people.inject_ram_fault({"action": action, **fault})
        shown = whole(app.carol, status(app, app.carol))
        for title in rows:
            told = "ODPS-0420095" if (title, code) == (TENANT, "NoPermission") else code
            assert f"`{told}`, request id `" in row(shown, title), (title, row(shown, title))
        app.people.clear_faults()


def test_whoever_is_refused_because_of_an_answer_hears_it(app: AppHarness) -> None:
    for fault, code in (
        ({"fault": "error"}, "InternalError"),
        ({"fault": "throttle", "seconds": 5}, "Throttling.User"),
    ):
        app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", **fault})
        app.carol.type(f"/pairec-access request {ENGINE} 1h rollout")
        app.carol.ephemeral_with(f"RAM answered `ListEntitiesForPolicy` with `{code}`, request id `")
        app.people.clear_faults()
