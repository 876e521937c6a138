"""Sentences about a RAM user that somebody was to get."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.onboarding import (
    BadDisplayName,
    BadEmail,
    BadUserName,
    HasRamUser,
    LoginNameTooLong,
    NameNeeded,
    NameRecycled,
    NameTaken,
    NoBundle,
    NoOnboarding,
    NotYourOnboarding,
    OnboardingDecided,
    OnboardingPending,
    OwnOnboarding,
    SeveralBundles,
    UserLimit,
    UsersProvided,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations

SENTENCES: Mapping[type[Refusal], str] = {
    UsersProvided: N_(
        "The RAM users of this account come from another directory, by {how}, so none is created here. Add {subject}"
        " there: once the RAM user has come, `/pairec-access request` finds it."
    ),
    LoginNameTooLong: N_("They would log in as {login}, which has {count} characters; it may have up to 128."),
    HasRamUser: N_(
        "{subject} has a RAM user already, {ram_user}, by the e-mail address. Ask for what they need with"
        " `/pairec-access request`; whoever approves confirms who they are."
    ),
    NameNeeded: N_(
        "Slack shows no e-mail address of {subject} to make a name of. Type one behind the person: `/pairec-access"
        " onboard @person name`."
    ),
    BadUserName: N_(
        "{name} cannot be the name of a RAM user: up to 64 letters of a-z, digits and . _ - are, and no - in front; it"
        " has {count} characters."
    ),
    BadDisplayName: N_("A display name has from 1 to 24 characters; this one has {count}."),
    BadEmail: N_("{text} is no e-mail address."),
    NameTaken: N_(
        "There is a RAM user {name} already, or about to be. If that is the same person, ask with `/pairec-access"
        " request` and choose it. If not, the next free name is {free}."
    ),
    NameRecycled: N_(
        "A deleted RAM user {name} is in the recycle bin until {until}. If that is the same person, an administrator"
        " restores it in the RAM console. If not, the next free name is {free}."
    ),
    UserLimit: N_(
        "The account has {count} RAM users, as many as it may have. Delete some, or have the quota raised, and ask"
        " again."
    ),
    NoBundle: N_(
        "{item} is no bundle. With somebody new, one of {bundles} is asked for; the rest they ask for themselves."
    ),
    SeveralBundles: N_(
        "One bundle is asked for with somebody new, and not {bundles}. Ask for the rest once the RAM user is there."
    ),
    OnboardingPending: N_("Somebody has asked for a RAM user for {subject} already. It waits, or is being created."),
    OnboardingDecided: N_("There is nothing to decide about the RAM user for {subject} any more."),
    NoOnboarding: N_("No RAM user for {subject} waits for a decision."),
    NotYourOnboarding: N_("Only whoever asked for the RAM user for {subject}, or gets it, cancels it."),
    OwnOnboarding: N_("You asked for the RAM user for {subject}, or it is your own, so somebody else decides on it."),
}

PROVIDED: Mapping[str, str] = {
    "SCIM": N_(
        "The RAM users of this account come from another directory, by {how}, so none is created here. Whoever looks"
        " after your company's identity provider assigns {subject} to its application for Alibaba Cloud: once the RAM"
        " user has come, `/pairec-access request` finds it."
    ),
    "CloudSSO": N_(
        "The RAM users of this account come from another directory, by {how}, so none is created here. Whoever looks"
        " after CloudSSO adds {subject} to the users that it provisions to this account: once the RAM user has come,"
        " `/pairec-access request` finds it."
    ),
}
"""Where somebody is added, by how the users come."""


def users_provided(refusal: UsersProvided, translations: Translations) -> str:
    """With where they have to be added, as far as that is known."""
    return filled(PROVIDED.get(refusal.how, SENTENCES[UsersProvided]), refusal, translations)
