"""What is said of a RAM user that somebody was to get, by what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.kinds import NoticeOutcome
from approvals.onboarding import Onboarding, OnboardingProblem, OnboardingState
from handlers.translations import N_

PROBLEMS: Mapping[OnboardingProblem, str] = {
    OnboardingProblem.NAME_TAKEN: N_(
        "The name {name} was taken meanwhile, so nothing was created. Another card asks for the next free name."
    ),
    OnboardingProblem.LIMIT: N_(
        "RAM user {name} for {subject} was not created: the account is at its limit of RAM users."
        " Delete some, or have the quota raised; then request it again."
    ),
    OnboardingProblem.NO_PERMISSION: N_(
        "RAM user {name} for {subject} was not created: the app lacks the permission"
        " `ram:CreateUser`. Whoever manages the app's RAM identity can grant it; then request it"
        " again."
    ),
    OnboardingProblem.REFUSED: N_("RAM user {name} for {subject} was not created: RAM refused it."),
    OnboardingProblem.UNKNOWN: N_(
        "Whether RAM user {name} for {subject} was created is not known. Check the RAM console before"
        " you request it again."
    ),
    OnboardingProblem.NOT_LINKED: N_(
        "RAM user {name} was created, but not linked: {subject} is linked otherwise by now, or no"
        " longer a full member. Nothing was requested."
    ),
    OnboardingProblem.NOT_ASKED: N_(
        "{item} could not be requested. `/pairec-access request` says why, and requests what {subject} needs."
    ),
    OnboardingProblem.NO_BUNDLE: N_("Request what {subject} needs with `/pairec-access request`."),
}
REFUSED: Mapping[str, str] = {
    "InvalidParameter.User": N_(
        "RAM user {name} for {subject} was not created: RAM rejects the name. Request it again with another one."
    ),
    "InvalidParameter.DisplayName": N_(
        "RAM user {name} for {subject} was not created: RAM rejects the display name {display_name}."
        " Request it again; whoever approves changes it."
    ),
    "InvalidParameter.Email": N_(
        "RAM user {name} for {subject} was not created: RAM rejects the email address {email}."
        " Request it again; whoever approves changes it, or leaves it out."
    ),
}
"""By how the code begins that RAM refused with (help/ram, error codes, doc-detail/28754). For the name, they are those
of UserName and of UserPrincipalName.
"""
STEPS: Mapping[OnboardingState, str] = {
    OnboardingState.CREATING: N_("{by} approved RAM user {name} for {subject}. It is being created."),
    OnboardingState.LINKING: N_("RAM user {name} is created, approved by {by}. It is being linked to {subject}."),
    OnboardingState.ASKING: N_("RAM user {name} is created and linked to {subject}. {item} is being requested."),
}
CLOSED: Mapping[str, str] = {
    NoticeOutcome.DENIED: N_("{by} denied RAM user {name} for {subject}. Nothing was created."),
    NoticeOutcome.CANCELLED: N_("{by} cancelled RAM user {name} for {subject}. Nothing was created."),
    NoticeOutcome.EXPIRED: N_("RAM user {name} for {subject} expired without a decision. Nothing was created."),
}
THEN = N_("Once the user exists, {item} is requested, which needs an approval of its own.")
CREATED = N_("RAM user {name} is created and linked to {subject}.")
ASKED_FOR = N_("*{ref}* requests {item}, which needs an approval of its own.")
BY_SSO = N_("{subject} signs in through your company's single sign-on, as {login}.")
BY_PASSWORD = N_(
    "The user has no password. To let them sign in to the console as {login}, whoever manages RAM"
    " users sets one: {console} > Authentication > Enable Console Logon."
)
BY_EITHER = N_(
    "Whether users sign in through single sign-on could not be read. If not, whoever manages RAM"
    " users sets a password: {console} > Authentication > Enable Console Logon."
)


def problem_text(onboarding: Onboarding) -> str:
    """Why it came to nothing, or to less than all; where RAM refused, what it does not take."""
    problem = onboarding.problem or OnboardingProblem.REFUSED
    if problem is OnboardingProblem.REFUSED:
        code = onboarding.error_code or ""
        return next((text for begins, text in REFUSED.items() if code.startswith(begins)), PROBLEMS[problem])
    return PROBLEMS[problem]


def login_text(onboarding: Onboarding) -> str:
    """How the person logs in."""
    if onboarding.sso is None:
        return BY_EITHER
    return BY_SSO if onboarding.sso else BY_PASSWORD
