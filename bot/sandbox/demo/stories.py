"""What people do with the bot, as the demo plays it: access that comes and goes, and a status that is put right."""

from __future__ import annotations

from functools import partial

from bot.sandbox.client import SandboxClient, SandboxPerson
from bot.sandbox.demo.story import Story
from bot.sandbox.slack.snapshot import SeenMessage

POLICY = "PaiRecEngineAccess"
HOURS, MORE_HOURS = 8, 2
ENGINE_ROLE = "AliyunPAIRecEASRole"
ENGINE_POLICY = "PaiRecDataManagementAccess"
JOB = "algorithm-engineer"
ROLES = (
    ("dataworks", "10001", "role_project_dev"),
    ("maxcompute", "ranking_dev", "role_project_dev"),
    ("pai", "20001", "PAI.AlgoDeveloper"),
)
NEWCOMER = {"id": "U0HEIDI", "name": "heidi", "real_name": "Heidi Roth", "email": "heidi@example.com"}
GIVEN = [
    ENGINE_POLICY,
    "DataWorks Developer in Ranking (workspace 10001)",
    "MaxCompute Developer in Ranking (project ranking_dev)",
    "PAI Algorithm Developer in Ranking (workspace 20001)",
]
"""What is ticked in the form that the approver fills in."""


def access_story(story: Story, people: SandboxClient) -> None:
    """One policy for some hours: asked for, approved, given, and taken back when its time is up."""
    carol, bob = people.person("carol"), people.person("bob")
    story.step("Carol, an engineer, types [cyan]/pairec-access request[/cyan] and fills the form.")
    carol.type("/pairec-access request")
    carol.modal("Request access")
    errors = carol.submit({"What": POLICY, "Duration": f"{HOURS}h", "Reason": "rolling out ranker v3"})
    story.check(f"the form was taken: {POLICY} for {HOURS} hours", lambda: not errors)
    card = bob.message_with("needs approval", channel="C0APPROVALS")
    story.check("the approval card is in #pairec-approvals", lambda: "Approve" in card.buttons)

    story.step("Bob, who holds PaiRecRamAdminAccess, clicks Approve.")
    bob.click("Approve", card)
    story.check(f"RAM shows {POLICY} attached to carol", lambda: "carol" in people.holders(POLICY))
    carol.direct_message_with("is active until")
    story.check("Carol is told that it is active", lambda: True)

    _extend(story, carol, bob)
    story.step(f"The clock moves on {HOURS} hours: RAM still shows it. Then {MORE_HOURS} more.")
    people.advance(HOURS * 3600)
    bob.message_with("R-1001 · ended", channel="C0APPROVALS")
    story.check(f"RAM shows {POLICY} still attached to carol", lambda: "carol" in people.holders(POLICY))
    people.advance(MORE_HOURS * 3600)
    story.check(f"RAM shows {POLICY} gone from carol", lambda: "carol" not in people.holders(POLICY))
    carol.direct_message_with("has expired")
    story.check("Carol is told that it has ended", lambda: True)


def _extend(story: Story, carol: SandboxPerson, bob: SandboxPerson) -> None:
    story.step("It takes longer. Carol clicks Extend and says for how long and why; Bob approves.")
    carol.click("Extend", carol.direct_message_with("is active until"))
    carol.modal("Extend R-1001")
    errors = carol.submit({"How much longer": f"{MORE_HOURS}h", "Reason": "the rollout takes longer"})
    story.check("the form was taken", lambda: not errors)
    card = bob.message_with("requests more time for", channel="C0APPROVALS")
    story.check("the card says what is extended, and how long it is in all", lambda: "10h in all" in card.plain)
    bob.click("Approve", card)
    carol.direct_message_with(f"*R-1002*: *Engine* (`{POLICY}`) is active until")
    story.check("Carol is told until when it is active now", lambda: True)


def bundle_story(story: Story, people: SandboxClient) -> None:
    """All that a job needs in one request; the approver leaves a part out and shortens the time; then it all goes."""
    carol, bob = people.person("carol"), people.person("bob")
    story.step(f"Carol types [cyan]/pairec-access request {JOB} 90d new in the ranking team[/cyan].")
    carol.type(f"/pairec-access request {JOB} 90d new in the ranking team")
    card = bob.message_with(f"*Algorithm engineer* (`{JOB}@ranking`)", channel="C0APPROVALS")
    for line in card.plain.splitlines():
        if line.startswith("•"):
            story.say(f"   [dim]{line}[/dim]")
    story.check("the card has two policies and roles in each product", lambda: card.plain.count("\n•") >= 5)

    story.step("Bob approves with changes: without PaiRecMonitorAccess, and for 30 days.")
    bob.click("Approve with changes", card)
    bob.modal("What is granted")
    errors = bob.submit({"What is granted": GIVEN, "Duration": "30d"})
    story.check("the form was taken", lambda: not errors)
    for product, place, role in ROLES:
        has = partial(_has_exactly, people, product, place, [role])
        story.check(f"{product} shows carol in {place} with {role}", has)
    story.check(f"RAM shows {ENGINE_POLICY} attached to carol", lambda: "carol" in people.holders(ENGINE_POLICY))
    message = carol.direct_message_with("*Algorithm engineer* (`algorithm-engineer@ranking`) is active until")
    story.check("what was left out is not there, and Carol is told", lambda: "left out" in message.plain)
    story.check("RAM does not show PaiRecMonitorAccess", lambda: "carol" not in people.holders("PaiRecMonitorAccess"))

    story.step("The clock moves on 30 days.")
    people.advance(30 * 86_400)
    for product, place, role in ROLES:
        has = partial(_has_exactly, people, product, place, [])
        story.check(f"{product} shows carol no more with {role} in {place}", has)
    story.check(f"RAM shows {ENGINE_POLICY} gone from carol", lambda: "carol" not in people.holders(ENGINE_POLICY))


def onboarding_story(story: Story, people: SandboxClient) -> None:
    """Somebody new, from a mention to an active bundle: a RAM user, a link, and a request with its own approval."""
    people.inject_slack_fault({"add_person": NEWCOMER})
    heidi, carol, bob, judy = (people.person(name) for name in ("heidi", "carol", "bob", "judy"))
    story.step("Heidi is new. Carol types [cyan]/pairec-access onboard @heidi[/cyan].")
    carol.type("/pairec-access onboard @heidi")
    card = bob.message_with("*New RAM user*", channel="C0APPROVALS")
    story.check("the card says what the RAM user will be called", lambda: "`heidi@pairec-workshop" in card.plain)

    story.step("Bob approves; the app creates the user, links it and requests the bundle.")
    bob.click("Approve", card)
    story.check("RAM shows the user heidi", lambda: "heidi" in _ram_users(people))
    told = heidi.direct_message_with("is created and linked to")
    story.check("Heidi is told so, and how she logs in", lambda: "Enable Console Logon" in told.plain)

    story.step("The bundle waits for an approval of its own; Judy gives it.")
    request = judy.message_with("as RAM user heidi", channel="C0APPROVALS")
    story.check("the approval of the user counts for nothing else", lambda: "needs approval" in request.plain)
    judy.click("Approve", request)
    story.check(f"RAM shows {ENGINE_POLICY} attached to heidi", lambda: "heidi" in people.holders(ENGINE_POLICY))


def _ram_users(people: SandboxClient) -> list[str]:
    return [user["name"] for user in people.account()["users"]]


def _has_exactly(people: SandboxClient, product: str, place: str, roles: list[str]) -> bool:
    return people.roles_of("carol", product, place) == roles


def status_story(story: Story, people: SandboxClient) -> None:
    """The engine's role loses its policy; the board shows it, one asks, another approves, the board turns good."""
    dave, bob = people.person("dave"), people.person("bob")
    story.step(f"In the RAM console somebody detaches {ENGINE_POLICY} from the engine's role.")
    people.turn_switch("engine-role.policy")
    story.check("RAM shows the role without it", lambda: ENGINE_ROLE not in people.roles_with(ENGINE_POLICY))

    story.step("Dave, an engineer, types [cyan]/pairec-status[/cyan].")
    dave.type("/pairec-status")
    board = dave.message_with("🔴 *The engine's role* · Failed", channel="C0GENERAL")
    lines = [line.strip() for line in _lines(board, "The engine's role")]
    for line in lines[1:]:
        story.say(f"   [dim]{line.removesuffix(' [Authorize]')}[/dim]")
    story.check("the board says what is missing, and offers to mend it", lambda: board.buttons[0] == "Authorize")

    story.step("Dave clicks Authorize and says why; Bob approves.")
    dave.click("Authorize", board)
    dave.modal("Authorize")
    errors = dave.submit({"Reason": "the ranking service does not start"})
    story.check("the form was taken", lambda: not errors)
    bob.click("Approve", bob.message_with("R-1003 · needs approval", channel="C0APPROVALS"))
    story.check("RAM shows the role with it again", lambda: ENGINE_ROLE in people.roles_with(ENGINE_POLICY))
    story.check("the same board is good again", lambda: _is_good(dave, board))


def _lines(board: SeenMessage, title: str) -> list[str]:
    lines = board.plain.splitlines()
    first = next(number for number, line in enumerate(lines) if title in line)
    return [lines[first], *[line for line in lines[first + 1 : first + 3] if line.startswith(("•", "→"))]]


def _is_good(person: SandboxPerson, board: SeenMessage) -> bool:
    now = next(message for message in person.messages(board.channel) if message.ts == board.ts)
    return "🟢 *The engine's role*" in now.plain
