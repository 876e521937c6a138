"""The one place where a refusal becomes a sentence: what is the matter, and what the person can do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from approvals.catalog.resources import products
from approvals.durations import format_duration
from approvals.errors import Refusal, RefusalReason
from approvals.model import ADMIN_POLICY, CloseReason
from handlers.refusals_about_others import about_others
from handlers.refusals_about_status import about_status, unknown_service
from handlers.translations import Translations
from handlers.views.cloud_errors import called
from handlers.views.parts import product_title
from handlers.views.text import first_of, literal, moment, person
from handlers.views.unwell import unwell, who_helps


def sentence(refusal: Refusal, translations: Translations) -> str:
    """In mrkdwn; whatever somebody typed is shown as code."""
    details = refusal.details
    special = _SPECIAL.get(refusal.reason)
    if special is not None:
        return special(details, translations)
    about = (_about_people, _about_asking, _about_deciding, about_status, _about_the_world)
    templates = {reason: text for each in about for reason, text in each(translations).items()}
    if "subject" in details:
        templates |= about_others(translations)
    told = templates[refusal.reason].format_map(_shown(details, translations))
    if not details.get("request_id"):
        return told
    # Whatever was not done because of an answer of the cloud names it: its support asks for that.
    call = (details["action"], details["code"], details["request_id"])
    return f"{told} {called(product_title(None), *call, translations, sentence=True)}"


def plain_sentence(refusal: Refusal, translations: Translations) -> str:
    """For a form's field or a terminal, where nothing is formatted: a person is an id there."""
    return plain(sentence(refusal, translations))


def plain(told: str) -> str:
    """Something in mrkdwn, where nothing is formatted."""
    told = re.sub(r"<@(\w+)>", r"\1", told)
    return told.replace("`", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(details: Mapping[str, Any], translations: Translations) -> dict[str, Any]:
    """Details as they stand in a sentence."""
    shown: dict[str, Any] = {"admin": f"`{ADMIN_POLICY}`", "slack_id": details.get("subject", "")}
    for name, value in details.items():
        if name in ("subject", "by", "account"):
            shown[name] = person(str(value))
        elif name == "since":
            shown[name] = moment(value)
        elif name in ("longest", "shortest"):
            shown[name] = format_duration(value)
        elif name in ("policies", "projects"):
            shown[name] = first_of([literal(str(each)) for each in value], translations)
        elif name == "product":
            shown[name] = products()[value].title if value in products() else value
        elif isinstance(value, str) and name != "request":
            shown[name] = literal(value)
        else:
            shown[name] = value
    return shown


def _about_people(translations: Translations) -> dict[RefusalReason, str]:
    return {
        RefusalReason.STRANGER: translations.gettext(
            "Only members of this workspace can do this; your account belongs to another one."
        ),
        RefusalReason.GUEST: translations.gettext(
            "Guests cannot ask for access or decide on it. Ask a full member of this workspace."
        ),
        RefusalReason.BOT: translations.gettext("Bots cannot ask for access or decide on it."),
        RefusalReason.DELETED: translations.gettext("This Slack account is deactivated."),
        RefusalReason.EMAIL_UNCONFIRMED: translations.gettext(
            "Slack has not confirmed the e-mail address of {subject}, so it does not tell which RAM user they are. Type"
            " `/pairec-access request` without anything after it, and choose the RAM user in the form: whoever approves"
            " confirms it. Or an administrator links them with `pairec-access link`."
        ),
        RefusalReason.NOT_LINKED: translations.gettext(
            "You are not linked to a RAM user, so nobody can tell what you may decide. Type `/pairec-access link` to"
            " see how to be linked."
        ),
        RefusalReason.LINK_STALE: translations.gettext(
            "{subject} is no longer linked to RAM user {ram_user}, so this request cannot be approved. They should"
            " ask again."
        ),
        RefusalReason.UNKNOWN_PERSON: translations.gettext(
            "There is nobody called {text} here. Choose the person from the list that @ opens."
        ),
        RefusalReason.CLAIM_MISSING: translations.gettext(
            "Nobody has confirmed yet which RAM user {subject} is. Type `/pairec-access request` without anything"
            " after it, and choose the RAM user in the form."
        ),
        RefusalReason.CLAIM_UNKNOWN: translations.gettext(
            "RAM has no user {ram_user} any more. Choose another one in the form."
        ),
        RefusalReason.EMAIL_AMBIGUOUS: translations.gettext(
            "{count} RAM users have the e-mail address of {subject}, so it does not tell which one they are. An"
            " administrator links them with `pairec-access link`."
        ),
        RefusalReason.ALREADY_LINKED: translations.gettext(
            "{subject} is linked to RAM user {ram_user} already; `pairec-access unlink {slack_id}` undoes that."
        ),
        RefusalReason.REQUESTER_NOT_LINKED: translations.gettext(
            "To ask for more than your own access you must be linked to a RAM user yourself. Type `/pairec-access link`"
            " to see how."
        ),
        RefusalReason.USER_GONE: translations.gettext(
            "RAM user {ram_user} of {subject} does not exist any more, or its name belongs to another user now. An"
            " administrator runs `pairec-access unlink {slack_id}` and links them anew."
        ),
    }


def _about_asking(translations: Translations) -> dict[RefusalReason, str]:
    return {
        RefusalReason.BAD_DURATION: translations.gettext(
            "{text} is not a duration. Write it like 30m, 8h, 7d or 1h30m, or until-revoked."
        ),
        RefusalReason.TOO_LONG: translations.gettext("{item} can be had for {longest} at most."),
        RefusalReason.UNTIL_REVOKED_NOT_OFFERED: translations.gettext(
            "{item} cannot be had until revoked; {longest} is the longest."
        ),
        RefusalReason.REASON_MISSING: translations.gettext("Say in a few words why; it is what others decide on."),
        RefusalReason.TICKET_MISSING: translations.gettext("{item} needs a ticket; write it as ticket:ABC-1."),
        RefusalReason.BAD_TICKET: translations.gettext(
            "A ticket is a reference like ABC-1: letters, digits and . _ # / - , at most 40 of them."
        ),
        RefusalReason.NOT_INITIALISED: translations.gettext(
            "{policies}: not initialised in this account. The account's owner creates it on the permission page of"
            " the PAI-Rec console; then ask again."
        ),
        RefusalReason.AMBIGUOUS_TYPE: translations.gettext(
            "{policies}: this account has a custom and a system policy of that name, so it is not clear which is"
            " meant. An administrator names its type in the catalogue, or deletes the custom one."
        ),
        RefusalReason.ITEM_GONE: translations.gettext(
            "{item}, or a part of it, is no longer in the catalogue, so this request cannot be approved as it is. Leave"
            " that part out, or deny it, please."
        ),
        RefusalReason.IN_NO_PROJECT: translations.gettext(
            "{item} is not in any project; ask for it without the @ and what follows."
        ),
        RefusalReason.PROJECT_MISSING: translations.gettext(
            "Say in which project, behind an @: {item} can be asked for in {projects}."
        ),
        RefusalReason.UNKNOWN_PROJECT: translations.gettext(
            "There is no project {project} here. {item} can be asked for in {projects}."
        ),
        RefusalReason.NOT_THERE: translations.gettext(
            "{project} has no place in {product}, which {item} needs. Choose another project."
        ),
        RefusalReason.PLACE_GONE: translations.gettext(
            "{product} has no {place} any more, so nobody can have a role there. An administrator puts it right in"
            " the file that PAIREC_RESOURCES names; then ask again."
        ),
        RefusalReason.NOT_INSTALLED: translations.gettext(
            "The SDK of {product} is not installed, so the bot can give no roles there. An administrator installs it"
            " with `pip install 'pairec-access[members]'` and starts the bot again; then ask again."
        ),
    }


def _about_deciding(translations: Translations) -> dict[RefusalReason, str]:
    return {
        RefusalReason.UNKNOWN_REQUEST: translations.gettext(
            "There is no such request. Name one like `R-1042`; `/pairec-access list` shows yours."
        ),
        RefusalReason.NOT_APPROVER: translations.gettext(
            "RAM user {ram_user} does not hold {admin} at this moment, so you cannot decide. Nothing was changed."
        ),
        RefusalReason.UNCONFIRMED_ADMIN: translations.gettext(
            "RAM user {ram_user} was given {admin} lately, and not through this app. Before you can decide, somebody"
            " who approves here already confirms you: the button for that is where cards are posted."
        ),
        RefusalReason.NO_LONGER_ADMIN: translations.gettext(
            "They do not hold {admin} any more, so there is nobody to confirm."
        ),
        RefusalReason.UNKNOWN_NOTICE: translations.gettext(
            "This message is from another record of this app, so nothing was changed."
        ),
        RefusalReason.NOTICE_SETTLED: translations.gettext("That is dealt with already; nothing was changed."),
        RefusalReason.TIMED_ADMIN: translations.gettext(
            "RAM user {ram_user} holds {admin} for a limited time only, and whoever has it that way does not decide."
        ),
        RefusalReason.OWN_ACCESS: translations.gettext(
            "Some of this is your own access, so what becomes of it is for another approver to say. Nothing was"
            " changed; you may give it back."
        ),
        RefusalReason.OWN_REQUEST: translations.gettext(
            "{request} is your own, as requester or as the one who gets the access. Somebody else decides."
        ),
        RefusalReason.ALREADY_APPROVED: translations.gettext(
            "You have approved {request} already. It needs another administrator's word."
        ),
        RefusalReason.NO_PARTS: translations.gettext("Tick at least one part. To refuse all of {request}, deny it."),
        RefusalReason.LONGER_THAN_ASKED: translations.gettext(
            "{request} was asked for {longest}; it can be approved for that or less."
        ),
        RefusalReason.NOTHING_COMMON: translations.gettext(
            "What you ticked and what was approved of {request} before have nothing in common, so nothing would be"
            " given. Nothing was changed; agree on a part, or deny it."
        ),
        RefusalReason.OTHER_RECORD: translations.gettext(
            "This is from another record of this app than the one it works with now, so nothing was changed."
            " `/pairec-access list` shows what is in this one."
        ),
        RefusalReason.OUTDATED: translations.gettext(
            "This was drawn by an earlier version of the app, so nothing was changed. It is drawn anew now; look at it"
            " and click again."
        ),
        RefusalReason.OLD_MESSAGE: translations.gettext(
            "This is from before the app was upgraded, or from another record, so nothing was changed."
            " `/pairec-access list` shows what there is, with buttons that work."
        ),
        RefusalReason.WRONG_CARD: translations.gettext(
            "This button does not belong to the request on this card. Nothing was changed."
        ),
        RefusalReason.NOT_YOURS: translations.gettext("{request} is not yours, so you cannot cancel it."),
        RefusalReason.STILL_PENDING: translations.gettext(
            "{request} is still waiting for a decision. `/pairec-access cancel {request}` withdraws it."
        ),
        RefusalReason.BEING_TAKEN_AWAY: translations.gettext(
            "{request} is being taken away since {since}; that is not confirmed yet. It is tried again now."
        ),
        RefusalReason.NOTHING_TO_REVOKE: translations.gettext(
            "{request} gives no access at the moment, so there is nothing to take back."
        ),
        RefusalReason.HELD: translations.gettext(
            "What {request} asked for was given to {ram_user} before, by somebody else, so it is not ours to take"
            " away. An administrator can take it away in the console."
        ),
        RefusalReason.NOTHING_TO_RETRY: translations.gettext("Nothing of {request} can be tried again."),
    }


def _about_the_world(translations: Translations) -> dict[RefusalReason, str]:
    return {
        RefusalReason.RAM_SILENT: translations.gettext(
            "RAM did not answer in time, so nothing was decided or changed. Try again in a minute."
        ),
        RefusalReason.RAM_REFUSES: translations.gettext(
            "RAM did not let the bot look, so nothing was decided or changed. An administrator can give the bot the"
            " permission {permission}."
        ),
        RefusalReason.RAM_ODD: translations.gettext(
            "RAM refused to tell, so nothing was decided or changed. Try again in a minute; if it goes on, tell your"
            " administrator."
        ),
        **_about_the_bot(translations),
        RefusalReason.SLACK_SILENT: translations.gettext(
            "Slack did not say who you are, so nothing was decided or changed. Try again in a minute."
        ),
        RefusalReason.SLACK_BUSY: translations.gettext(
            "Slack has a lot to do at the moment and did not take this. Nothing was decided or changed. Try again in a"
            " minute."
        ),
        RefusalReason.LEDGER_SILENT: translations.gettext(
            "The bot cannot write to its record at the moment, so nothing was decided or changed. Try again in a"
            " minute; if it goes on, tell your administrator: reference {reference}."
        ),
        RefusalReason.LEDGER_UNSURE: translations.gettext(
            "The bot's record broke off while this was written, so it is not certain whether it counts. Look at the"
            " card or at `/pairec-access list` before you try again. Reference {reference}."
        ),
        RefusalReason.BUSY: translations.gettext(
            "There is a lot to do at the moment, and this was not taken up. Try again in a minute."
        ),
    }


def _about_the_bot(translations: Translations) -> dict[RefusalReason, str]:
    """What is the matter with the bot itself, by the same names as its troubles."""
    nothing = translations.gettext("Nothing was decided or changed.")
    own = (
        *(
            RefusalReason.CLOCK_WRONG,
            RefusalReason.KEY_REJECTED,
            RefusalReason.TOKEN_EXPIRED,
            RefusalReason.NO_CREDENTIALS,
            RefusalReason.TLS_FAILED,
        ),
        *(RefusalReason.WRONG_ACCOUNT, RefusalReason.ACCOUNT_UNKNOWN),
    )
    return {
        reason: f"{unwell(reason.value, translations)} {nothing} {who_helps(reason.value, translations)}"
        for reason in own
    }


def _unknown_item(details: Mapping[str, Any], translations: Translations) -> str:
    told = translations.gettext("There is no policy, bundle or role called {item}.").format(
        item=literal(details["item"])
    )
    if details.get("nearest"):
        told += " " + translations.gettext("Did you mean {nearest}?").format(nearest=literal(details["nearest"]))
    return told + " " + translations.gettext("`/pairec-access help` names them all.")


def _duration_missing(details: Mapping[str, Any], translations: Translations) -> str:
    """In a line, with the line that was begun as it could go on."""
    told = translations.gettext("A duration is missing. Write it like 30m, 8h, 7d or 1h30m, or until-revoked.")
    if not details.get("item"):
        return told
    example = literal(f"/pairec-access request {details['item']} 8h rolling out ranker v3", 200)
    return told + " " + translations.gettext("For example {example}.").format(example=example)


def _unfit_character(details: Mapping[str, Any], translations: Translations) -> str:
    told = translations.gettext(
        "There is a character at the beginning that cannot be kept or shown ({code}). Write it again without it."
    )
    if details["before"]:
        told = translations.gettext(
            "There is a character after {before} that cannot be kept or shown ({code}). Write it again without it."
        )
    return told.format(before=literal(details["before"]), code=details["code"])


def _already_pending(details: Mapping[str, Any], translations: Translations) -> str:
    """By the name that the pending request has; it may be a bundle that has what is wanted in it, or the other way."""
    told = translations.gettext("{request} asks for {item} already and waits for a decision.")
    if details["item"] != details["wanted"]:
        told = translations.gettext(
            "{request} asks for {item} already, which gives all that {wanted} gives, and waits for a decision."
        )
    return (
        told.format_map(_shown(details, translations)) + " " + translations.gettext("`/pairec-access list` shows it.")
    )


def _already_held(details: Mapping[str, Any], translations: Translations) -> str:
    shown = _shown(details, translations)
    if details.get("until") is None:
        return translations.gettext(
            "RAM user {ram_user} has {item} already, without an end. There is nothing to ask for."
        ).format_map(shown)
    shown["until"] = moment(details["until"])
    return translations.gettext(
        "RAM user {ram_user} has {item} already until {until}. Ask for longer than that."
    ).format_map(shown)


def _too_few(details: Mapping[str, Any], translations: Translations) -> str:
    missing = details["needed"] - details["found"]
    told = translations.ngettext(
        "This needs {needed} approval, and there is nobody who could give it:",
        "This needs {needed} approvals, and too few people can give them:",
        details["needed"],
    ).format(needed=details["needed"])
    told += " " + translations.ngettext(
        "{missing} approver is missing.", "{missing} approvers are missing.", missing
    ).format(missing=missing)
    told += " " + translations.gettext(
        "Whoever asks or gets the access does not count, nor who has {admin} only for a time."
    ).format(admin=f"`{ADMIN_POLICY}`")
    if details["unlinked"] > 0:
        told += " " + translations.ngettext(
            "{count} more RAM user holds it but is not linked to a Slack account here; `pairec-access link` does that.",
            "{count} more RAM users hold it but are not linked to Slack accounts here; `pairec-access link` does that.",
            details["unlinked"],
        ).format(count=details["unlinked"])
    if details["barred"] > 0:
        told += " " + translations.ngettext(
            "{count} more RAM user holds it, but their Slack account may not decide: deactivated, a guest's, or an"
            " outsider's.",
            "{count} more RAM users hold it, but their Slack accounts may not decide: deactivated, guests', or"
            " outsiders'.",
            details["barred"],
        ).format(count=details["barred"])
    return (
        told
        + " "
        + translations.gettext(
            "The owner of the account can attach {admin} to another RAM user: RAM console > Identities > Users >"
            " the user > Permissions > Grant Permission."
        ).format(admin=f"`{ADMIN_POLICY}`")
    )


def _closed(details: Mapping[str, Any], translations: Translations) -> str:
    shown = _shown(details, translations)
    shown["when"] = moment(details["at"])
    if details.get("by"):
        by_person = {
            "approved": translations.gettext("{request} was approved by {by}, {when}. Nothing was changed now."),
            "denied": translations.gettext("{request} was denied by {by}, {when}. Nothing was changed now."),
            "cancelled": translations.gettext("{request} was cancelled by {by}, {when}. Nothing was changed now."),
        }
        return by_person[details["state"]].format_map(shown)
    if details["state"] == "expired":
        return translations.gettext(
            "{request} expired {when}, since nobody had decided. Ask again if it is still needed."
        ).format_map(shown)
    if details.get("reason") == CloseReason.LEFT:
        return translations.gettext("{request} was cancelled {when}: all access of its RAM user was ended.").format_map(
            shown
        )
    if details.get("reason") == CloseReason.OTHER_CLAIM:
        closed = translations.gettext(
            "{request} was closed {when}, since its subject was confirmed to be another RAM user."
        )
        return closed.format_map(shown)
    return translations.gettext(
        "{request} was closed {when}, since its RAM user was confirmed to be somebody else's."
    ).format_map(shown)


def _claim_taken(details: Mapping[str, Any], translations: Translations) -> str:
    """Who the other one is, is no secret here: `who` shows every member who has what, by both names."""
    shown = _shown(details, translations)
    shown["command"] = literal(f"pairec-access link --move {details['subject']} {details['ram_user']}", 200)
    told = translations.gettext("RAM user {ram_user} is linked to {account} already.")
    if details["elsewhere"]:
        shown["account"] = literal(details["account"])
        told = translations.gettext(
            "RAM user {ram_user} is linked to the Slack account {account} of another workspace, {elsewhere}."
        )
    told += " " + translations.gettext("If it is {subject} from now on, an administrator runs {command}.")
    return told.format_map(shown)


def _several_people(details: Mapping[str, Any], translations: Translations) -> str:
    people = ", ".join(
        translations.gettext("{name} (RAM UserId {user_id})").format(
            name=literal(each.name), user_id=literal(each.user_id)
        )
        for each in details["people"]
    )
    told = translations.gettext(
        "{text} fits several people, so nothing was done: {people}. Name one of them by the RAM UserId."
    )
    return told.format(text=literal(details["text"]), people=people)


def _claim_command(
    details: Mapping[str, Any], translations: Translations, reason: RefusalReason = RefusalReason.CLAIM_ADMIN
) -> str:
    shown = _shown(details, translations)
    shown["command"] = literal(f"pairec-access link {details['subject']} {details['ram_user']}", 200)
    if "match" in details:
        return translations.gettext(
            "The e-mail address of {subject} belongs to RAM user {match}, not to {ram_user}. If {ram_user} is right all"
            " the same, an administrator runs {command}; then ask again."
        ).format_map(shown)
    if reason is RefusalReason.CLAIM_OF_ANOTHER:
        return translations.gettext(
            "RAM user {ram_user} has an e-mail address, and Slack does not show the same one for {subject}, so a click"
            " does not confirm that they are one. If they are, an administrator runs {command}; then ask again."
        ).format_map(shown)
    return translations.gettext(
        "RAM user {ram_user} holds {admin}. Who that is cannot be confirmed with a click: an administrator runs"
        " {command}; then ask again."
    ).format_map(shown)


_SPECIAL: dict[RefusalReason, Callable[[Mapping[str, Any], Translations], str]] = {
    RefusalReason.UNKNOWN_ITEM: _unknown_item,
    RefusalReason.UNKNOWN_SERVICE: unknown_service,
    RefusalReason.DURATION_MISSING: _duration_missing,
    RefusalReason.UNFIT_CHARACTER: _unfit_character,
    RefusalReason.ALREADY_PENDING: _already_pending,
    RefusalReason.ALREADY_HELD: _already_held,
    RefusalReason.TOO_FEW_APPROVERS: _too_few,
    RefusalReason.ALREADY_CLOSED: _closed,
    RefusalReason.SEVERAL_PEOPLE: _several_people,
    RefusalReason.CLAIM_TAKEN: _claim_taken,
    RefusalReason.CLAIM_ADMIN: _claim_command,
    RefusalReason.CLAIM_DIFFERS: _claim_command,
    RefusalReason.CLAIM_OF_ANOTHER: partial(_claim_command, reason=RefusalReason.CLAIM_OF_ANOTHER),
}
