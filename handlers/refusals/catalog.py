"""Sentences about what can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.catalog import (
    AmbiguousType,
    InNoProject,
    ItemGone,
    NotInitialised,
    NotThere,
    PlaceGone,
    ProjectMissing,
    SdkNotInstalled,
    UnknownItem,
    UnknownProject,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations

SENTENCES: Mapping[type[Refusal], str] = {
    ItemGone: N_(
        "{item}, or a part of it, is no longer in the catalogue, so this request cannot be approved as it is. Leave"
        " that part out, or deny it, please."
    ),
    InNoProject: N_("{item} is not in any project; ask for it without the @ and what follows."),
    ProjectMissing: N_("Say in which project, behind an @: {item} can be asked for in {projects}."),
    UnknownProject: N_("There is no project {project} here. {item} can be asked for in {projects}."),
    NotThere: N_("{project} has no place in {product}, which {item} needs. Choose another project."),
    PlaceGone: N_(
        "{product} has no {place} any more, so nobody can have a role there. An administrator puts it right in the file"
        " that PAIREC_RESOURCES names; then ask again."
    ),
    SdkNotInstalled: N_(
        "The SDK of {product} is not installed, so the bot can give no roles there. An administrator installs it with"
        " `pip install 'pairec-access[members]'` and starts the bot again; then ask again."
    ),
    NotInitialised: N_(
        "{policies}: not initialised in this account. The account's owner creates it on the permission page of the"
        " PAI-Rec console; then ask again."
    ),
    AmbiguousType: N_(
        "{policies}: this account has a custom and a system policy of that name, so it is not clear which is meant. An"
        " administrator names its type in the catalogue, or deletes the custom one."
    ),
}


def unknown_item(refusal: UnknownItem, translations: Translations) -> str:
    """With the name that was most likely meant, where one is like it."""
    text = filled(N_("There is no policy, bundle or role called {item}."), refusal, translations)
    if refusal.nearest:
        text += " " + filled(N_("Did you mean {nearest}?"), refusal, translations)
    return text + " " + translations.gettext("`/pairec-access help` names them all.")
