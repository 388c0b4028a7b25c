"""Sample data for /styleguide/: every component in every state. Nothing here reaches a real case."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms, template
from django.utils.translation import gettext as _

from complaints.states import STORED

register = template.Library()
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each sort."""

    subject = forms.CharField(
        label="In a few words", max_length=120, help_text="For example: street lamp broken"
    )
    description = forms.CharField(
        label="What happened?", widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000})
    )
    category = forms.ChoiceField(
        label="What is it about?", choices=[("", "Please choose"), ("road", "Roads"), ("water", "Water")]
    )
    happened_on = forms.DateField(
        label="When?", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        label="How did it reach us?",
        choices=[("phone", "Telephone"), ("counter", "Counter"), ("letter", "Letter")],
        widget=forms.RadioSelect,
    )
    attachments = forms.FileField(
        label="Pictures or papers", required=False, help_text="Up to 5 files, 10 MB each."
    )
    anonymous = forms.BooleanField(
        label="Stay anonymous",
        required=False,
        help_text="We keep no name and no address. You can follow the report only with your receipt code.",
    )


def _dues() -> list[dict[str, Any]]:
    hour = timedelta(hours=1)
    return [
        {"label": "Answer due", "words": "5 working days left", "due_at": NOW + 170 * hour, "share": 30},
        {"label": "Answer due", "words": "4 working hours left", "due_at": NOW + 4 * hour, "share": 88},
        {"label": "Answer due", "words": "2 working days late", "due_at": NOW - 49 * hour, "share": 140},
        {"label": "Clock stands still", "words": "Waiting for the citizen", "share": 55, "paused": True},
        {"label": "Answered", "words": "1 working day early", "due_at": NOW, "done": True},
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"label": "Received", "state": "done", "note": "Tue 3 Nov 2026"},
        {"label": "Checked", "state": "done", "note": "Wed 4 Nov 2026"},
        {"label": "With the agency", "state": "current", "note": "Public Works, answer by Tue 24 Nov 2026"},
        {"label": "Answered", "state": "todo", "note": ""},
        {"label": "Closed", "state": "todo", "note": ""},
    ]


def _timeline() -> list[dict[str, Any]]:
    picture = {"name": "lamp.jpg", "url": "#", "size": 482_113, "is_image": True}
    letter = {"name": "letter-with-a-rather-long-name-from-the-ward.pdf", "url": "#", "size": 1_204_551}
    dark = "The street lamp at the corner has been dark for two weeks.\nChildren walk home there."
    received = {"title": "Report received", "body": dark, "icon": "inbox", "tone": "info"}
    return [
        received | {"at": NOW - timedelta(days=17), "files": [picture, letter]},
        {
            "at": NOW - timedelta(days=16),
            "title": "Given to Public Works",
            "icon": "arrow-right",
            "tone": "info",
        },
        {
            "at": NOW - timedelta(days=14),
            "title": "Note",
            "who": "Officer Maria",
            "body": "Called the contractor.",
            "icon": "edit",
            "tone": "warning",
            "is_internal": True,
        },
        {
            "at": NOW - timedelta(days=2),
            "title": "Escalated to the head of the agency",
            "body": "The answer is late.",
            "icon": "flag",
            "tone": "danger",
        },
        {
            "at": NOW,
            "title": "Answered",
            "body": "The lamp was replaced.",
            "icon": "check",
            "tone": "success",
        },
    ]


TABS = [
    {"url": "#all", "label": "All", "count": 128, "is_current": True},
    {"url": "#late", "label": "Overdue", "count": 4},
    {"url": "#waiting", "label": "Waiting for the citizen", "count": 11},
]
NAV = [
    {"url": "#q", "label": "Queue", "count": 12, "is_current": True},
    {"url": "#i", "label": "Type in", "count": None, "is_current": False},
    {"url": "#e", "label": "Escalations", "count": 2, "is_current": False},
    {"url": "#r", "label": "Reports", "count": None, "is_current": False},
]


@register.simple_tag
def styleguide_samples() -> dict[str, Any]:
    """What styleguide.html shows."""
    rows = [
        [{"text": "KPG-2026-004211-7", "url": "#"}, "Street lamp broken", "Public Works", "14"],
        [{"text": "KPG-2026-004212-5", "url": "#"}, "No water since Monday", "Water company", "2"],
    ]
    return {
        "now": NOW,
        "form": SampleForm(prefix="clean"),
        "filter_form": SampleForm(prefix="filter"),
        "bad_form": SampleForm({"bad-subject": "", "bad-description": "Dark."}, prefix="bad"),
        "dues": _dues(),
        "states": [(str(state), str(state).replace("_", " ").capitalize()) for state in sorted(STORED)],
        "steps": _steps(),
        "timeline": _timeline(),
        "columns": [
            {"label": "Number"},
            {"label": "Subject"},
            {"label": "Agency"},
            {"label": "Days open", "is_number": True},
        ],
        "rows": rows,
        "summary": [
            {"term": "Subject", "value": "Street lamp broken", "url": "#", "url_label": _("Change")},
            {
                "term": "Place",
                "value": "Oesapa, Jalan Timor Raya, in front of the school",
                "url": "#",
                "url_label": _("Change"),
            },
            {"term": "Happened on", "value": "3 November 2026"},
        ],
        "tabs": TABS,
        "nav": NAV,
        "files": list(_timeline()[0]["files"]),
    }
