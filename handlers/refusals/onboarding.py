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
        "RAM users of this account come from another directory, by {how}, so none is created here."
        " Add {subject} there; once the RAM user exists, `/pairec-access request` finds it."
    ),
    LoginNameTooLong: N_("They would sign in as {login}, which has {count} characters; 128 is the most."),
    HasRamUser: N_(
        "{subject} already has RAM user {ram_user}, by the email address. Request what they need with"
        " `/pairec-access request`; approving confirms who they are."
    ),
    NameNeeded: N_(
        "Slack shows no email address of {subject} to make a name from. Add a name: `/pairec-access"
        " onboard @person name`."
    ),
    BadUserName: N_(
        "{name} cannot be the name of a RAM user: use up to 64 letters a-z, digits and . _ -, without"
        " a leading -; it has {count} characters."
    ),
    BadDisplayName: N_("A display name has 1 to 24 characters; this one has {count}."),
    BadEmail: N_("{text} is not an email address."),
    NameTaken: N_(
        "RAM user {name} exists already, or is about to. If that is the same person, choose it in"
        " `/pairec-access request`. If not, the next free name is {free}."
    ),
    NameRecycled: N_(
        "A deleted RAM user {name} is in the recycle bin until {until}. If that is the same person, an administrator"
        " restores it in the RAM console. If not, the next free name is {free}."
    ),
    UserLimit: N_(
        "The account has {count} RAM users, which is its limit. Delete some, or have the quota"
        " raised; then request it again."
    ),
    NoBundle: N_("{item} is not a bundle. Somebody new gets one of {bundles}; the rest they request themselves."),
    SeveralBundles: N_("Somebody new gets one bundle, not {bundles}. Request the rest once the RAM user exists."),
    OnboardingPending: N_("A RAM user for {subject} is requested already: it is pending, or being created."),
    OnboardingDecided: N_("The RAM user for {subject} no longer needs a decision."),
    NoOnboarding: N_("No RAM user for {subject} is pending."),
    NotYourOnboarding: N_("Only whoever requested the RAM user for {subject}, or gets it, can cancel it."),
    OwnOnboarding: N_("You requested the RAM user for {subject}, or it is your own. Somebody else decides."),
}

PROVIDED: Mapping[str, str] = {
    "SCIM": N_(
        "RAM users of this account come from another directory, by {how}, so none is created here."
        " Whoever manages your company's identity provider assigns {subject} to its application for"
        " Alibaba Cloud; once the RAM user exists, `/pairec-access request` finds it."
    ),
    "CloudSSO": N_(
        "RAM users of this account come from another directory, by {how}, so none is created here."
        " Whoever manages CloudSSO adds {subject} to the users that it provisions to this account;"
        " once the RAM user exists, `/pairec-access request` finds it."
    ),
}
"""Where somebody is added, by how the users come."""


def users_provided(refusal: UsersProvided, translations: Translations) -> str:
    """With where they have to be added, as far as that is known."""
    return filled(PROVIDED.get(refusal.how, SENTENCES[UsersProvided]), refusal, translations)
