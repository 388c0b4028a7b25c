"""What a form said, as rows of a summary."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from complaints.clock.dates import day_words
from complaints.models import Attachment
from complaints.public.forms.filing import PERSONAL, FilingForm

Row = dict[str, Any]


def summary_rows(cleaned: dict[str, Any], files: list[Attachment]) -> list[Row]:
    """`{term, value}` for the component summary_list; what was left empty is left out."""
    labels = {name: str(field.label) for name, field in FilingForm.base_fields.items()}
    values: dict[str, Any] = {
        name: cleaned[name]
        for name in ("subject", "description", "category", "service", "area", "location")
        if cleaned[name]
    }
    if cleaned["happened_on"]:
        values["happened_on"] = day_words(cleaned["happened_on"])
    if files:
        values["attachments"] = "\n".join(f"{file.name} ({filesizeformat(file.size)})" for file in files)
        if cleaned["personal_files"]:
            values["attachments"] += f"\n{labels['personal_files']}"
    rows = [{"term": labels[name], "value": str(value)} for name, value in values.items()]
    return [*rows, {"term": _("From"), "value": _sender(cleaned)}]


def _sender(cleaned: dict[str, Any]) -> str:
    """Who will be known as the sender, in words."""
    if cleaned["anonymous"]:
        words = [_("Nobody: you send without your name.")]
        if any(cleaned[name] for name in PERSONAL):
            words.append(_("What you entered about yourself is not kept."))
        return " ".join(words)
    lines = [cleaned[name] for name in PERSONAL if cleaned[name]] or [_("No name and no contact given.")]
    if cleaned["email"] and cleaned["recovery"]:
        lines.append(_("If the code is lost, a one-time code goes to this e-mail address."))
    if cleaned["email"] and cleaned["few_mails"]:
        lines.append(_("Mail only when it matters: questions, decisions and the answer."))
    if cleaned["confidential"]:
        lines.append(_("Your name and contact are kept from the agency."))
    return "\n".join(lines)
