"""The workspaces and projects as a newcomer finds them, and who is a member already."""

from __future__ import annotations

from bot.sandbox.products.members import SeededPlace, playable
from bot.sandbox.products.places import Place, PlaceKey, Places, join
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.identity import BOT_USER_ID

AGE_DAYS = 400
_DAY = 86400.0


def seeded_places(account: CloudAccount) -> Places:
    """Dated back from the account's domain time."""
    now, users = account.now(), account.read().users
    made = now - AGE_DAYS * _DAY
    seeds = {PlaceKey(product, seed.id): seed for product, each in playable().items() for seed in each.places}
    # All of them before anybody joins one: what is handed on goes to places of other products.
    places: Places = {key: _empty(key, seed, made) for key, seed in seeds.items()}
    for key, seed in seeds.items():
        if seed.owner_role:
            places = join(places, key, account.account_id, account.alias, [seed.owner_role], made)
        if seed.bot_role:
            places = join(places, key, BOT_USER_ID, "pairec-access", [seed.bot_role], made)
        for member in seed.members:
            user = users[member.user]
            places = join(places, key, user.user_id, user.name, [member.role], now - member.days * _DAY)
    return places


def _empty(key: PlaceKey, seed: SeededPlace, made: float) -> Place:
    return Place(key, seed.name, seed.title, seed.roles, made, seed.hands_on, seed.standard, seed.one_role)
