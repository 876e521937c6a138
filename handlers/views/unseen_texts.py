"""What is said where a check could not look, whatever its kind."""

from __future__ import annotations

from approvals.catalog.resources import products
from approvals.findings import CheckResult, Finding
from approvals.status.checks import unseen
from handlers.translations import N_, Translations
from handlers.views.finding_values import FindingText, filled
from handlers.views.own_codes import own_sentence
from handlers.views.unwell import bot_error_text, remedy_text


def _unwell(finding: Finding, translations: Translations) -> str:
    return translations.gettext("unknown. {why}").format(why=bot_error_text(finding.facts["trouble"], translations))


def _unwell_advice(finding: Finding, translations: Translations) -> str | None:
    return remedy_text(finding.facts["trouble"], translations)


def _refused(finding: Finding, translations: Translations) -> str:
    return _own(finding, translations) or filled(N_("unknown, {action} was refused"), finding, translations)


def _not_installed(finding: Finding, translations: Translations) -> str:
    """A finding of an older program does not say where it looked: at MaxCompute alone."""
    said = translations.gettext("unknown, {product}'s SDK is not installed")
    return _own(finding, translations) or said.format(product=_product(finding) or "MaxCompute")


def _own(finding: Finding, translations: Translations) -> str | None:
    """Where this program itself says why, what it says."""
    action = str(finding.facts.get("action", ""))
    own = own_sentence(finding.facts.get("code"), _product(finding), action, translations)
    return None if own is None else translations.gettext("unknown. {why}").format(why=own)


def _product(finding: Finding) -> str:
    """The title of the product that was asked, by how the names of its actions begin; empty for none."""
    code = str(finding.facts.get("action", "")).partition(":")[0]
    return next((product.title for product in products().values() if product.ram_code == code), "")


UNSEEN: dict[CheckResult, FindingText] = {
    unseen.NO_ANSWER: FindingText(N_("no answer in {seconds} s")),
    unseen.MAY_NOT_LOOK: FindingText(
        N_("unknown, the app lacks the permission {permission}"),
        N_("An administrator adds {permission} to the policy of the app's RAM identity."),
    ),
    unseen.BOT_UNWELL: FindingText(_unwell, _unwell_advice),
    unseen.REFUSED: FindingText(_refused),
    unseen.NOT_INSTALLED: FindingText(
        N_("unknown, PyODPS is not installed"), N_("Where the app runs: `pip install 'pairec-access[training]'`")
    ),
    unseen.SDK_NOT_INSTALLED: FindingText(
        _not_installed,
        N_("Where the app runs: `pip install 'pairec-access[members]'`"),
    ),
    unseen.UNREADABLE: FindingText(
        N_("unknown, {policy} cannot be read: {what}"),
        N_("Check it in its console; it cannot be judged from here."),
    ),
}
UNHEARD_OF = FindingText(
    N_("unknown, checked by a newer version of this app"),
    N_("Update the app where it runs; this version cannot tell what was found."),
)
"""Of a result that another replica recorded, and that is not known here."""
