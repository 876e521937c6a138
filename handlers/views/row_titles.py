"""What a row of the status board is called. Titles come from the file of the checks and from the catalogue, in English;
those that come along are translated here, and those of a file of somebody's own are shown as they are.
"""

from __future__ import annotations

from handlers.translations import N_, Translations

OF_THIS_APP = ": this app"
"""Behind the title of a product in which the app itself has to have a role."""
TITLES = (
    N_("PAI-Rec's own role"),
    N_("Container Registry"),
    N_("PAI-Rec console"),
    N_("Simple Log Service"),
    N_("The engine's role"),
    N_("Tenant role for training"),
    N_("Routing of training reads"),
    N_("Task owner of the MaxCompute projects"),
    N_("Access administrator"),
    N_("Data management"),
    N_("Engine"),
    N_("Monitoring"),
    N_("PAI-Rec, read only"),
    N_("PAI-Rec, full access"),
    N_("Flink Editor"),
)
"""All that are more than the name of a product."""


def row_title(title: str, translations: Translations) -> str:
    """A row's title in the language of whoever reads."""
    if title.endswith(OF_THIS_APP):
        return translations.gettext("{product}: this app").format(product=title.removesuffix(OF_THIS_APP))
    return translations.gettext(title)
