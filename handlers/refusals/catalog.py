"""Sentences about what can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.catalog import (
    AmbiguousType,
    DeniedByRule,
    InNoProject,
    ItemGone,
    NoProject,
    NotInitialised,
    NotThere,
    OnCallUnknown,
    PlaceGone,
    ProjectMissing,
    RuleFails,
    SdkNotInstalled,
    UnknownItem,
    UnknownProject,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations

SENTENCES: Mapping[type[Refusal], str] = {
    ItemGone: N_("{item}, or a part of it, is no longer in the catalog. Leave that part out, or deny the request."),
    InNoProject: N_("{item} is not in any project. Leave out the @ and what follows."),
    ProjectMissing: N_("Name a project after an @: {item} is available in {projects}."),
    UnknownProject: N_("There is no project {project}. {item} is available in {projects}."),
    NoProject: N_(
        "No project has {product}, which {item} needs: an administrator puts it right in the file that PAIREC_RESOURCES"
        " names."
    ),
    NotThere: N_("{project} has no {product}, which {item} needs. Choose another project."),
    PlaceGone: N_(
        "{product} no longer has {place}, so nobody can have a role there. An administrator corrects"
        " the file that PAIREC_RESOURCES names; then request it again."
    ),
    SdkNotInstalled: N_(
        "The SDK of {product} is not installed, so no roles can be granted there. An administrator"
        " runs `pip install 'pairec-access[members]'` and restarts the app; then request it again."
    ),
    NotInitialised: N_(
        "{policies}: not initialized in this account. The account's owner creates it on the"
        " permission page of the PAI-Rec console; then request it again."
    ),
    DeniedByRule: N_("The rule {rule} does not allow it: {says}."),
    RuleFails: N_(
        "The rule {rule} comes to no answer ({why}), so nothing can be asked for that it may be about. An administrator"
        " corrects it in the catalogue."
    ),
    OnCallUnknown: N_(
        "The rule {rule} asks who is on call, and Slack does not say. Try again in a minute; if it stays so, an"
        " administrator runs `pairec-access check`."
    ),
    AmbiguousType: N_(
        "{policies}: both a custom and a system policy have this name. An administrator names the"
        " type in the catalog, or deletes the custom one."
    ),
}


def unknown_item(refusal: UnknownItem, translations: Translations) -> str:
    """With the name that was most likely meant, where one is like it."""
    text = filled(N_("There is no policy, bundle or role called {item}."), refusal, translations)
    if refusal.nearest:
        text += " " + filled(N_("Did you mean {nearest}?"), refusal, translations)
    return text + " " + translations.gettext("`/pairec-access help` lists them.")
