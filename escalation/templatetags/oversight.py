"""The tabs of the supervisors' desk. A page of it extends oversight/base.html and gets them."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy

register = template.Library()

# Path name and label.
TABS = (
    ("escalation:oversight-home", gettext_lazy("Overview")),
    ("escalation:oversight-escalations", gettext_lazy("Escalations")),
    ("escalation:oversight-ignored", gettext_lazy("Not followed")),
    ("escalation:oversight-referred", gettext_lazy("Referred")),
    ("escalation:oversight-soon", gettext_lazy("Due soon")),
    ("escalation:oversight-oldest", gettext_lazy("Oldest")),
    ("escalation:oversight-inputs", gettext_lazy("What people said")),
    ("escalation:oversight-agencies", gettext_lazy("Agencies")),
    ("escalation:oversight-search", gettext_lazy("Search")),
    ("escalation:recommendation-list", gettext_lazy("Recommendations")),
    ("escalation:commitment-list", gettext_lazy("Commitments")),
    ("escalation:audit-list", gettext_lazy("Audits")),
    ("escalation:call-backs", gettext_lazy("Was it done?")),
    ("escalation:signals", gettext_lazy("Signs")),
    ("escalation:what-if", gettext_lazy("What if")),
    ("escalation:oversight-identity", gettext_lazy("Identities opened")),
)


@register.simple_tag(takes_context=True)
def oversight_tabs(context: Context) -> list[dict[str, Any]]:
    """As the component tabs takes them; a page below one of them marks it as well."""
    path, found = context["request"].path, []
    for name, label in TABS:
        url, is_home = reverse(name), name == "escalation:oversight-home"
        is_current = path == url or (not is_home and path.startswith(url))
        found.append({"url": url, "label": label, "is_current": is_current})
    return found
