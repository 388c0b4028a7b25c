"""The tabs of the citizens' voice. A page of it extends surveys/desk_base.html and gets them."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from accounts.actors import role_of
from complaints.permissions import role_may
from surveys.voice.additions import VOICE_TABS

register = template.Library()


@register.simple_tag(takes_context=True)
def voice_tabs(context: Context) -> list[dict[str, Any]]:
    """Those the reader may open, as the component tabs takes them; a page below one of them marks it as well, the
    longest path first."""
    request = context["request"]
    role = role_of(request.user)
    tabs = sorted((tab for tab in VOICE_TABS if role_may(role, tab.right)), key=lambda tab: tab.position)
    found = [{"url": reverse(tab.url_name), "label": tab.label, "is_current": False} for tab in tabs]
    here = [item for item in found if request.path.startswith(str(item["url"]))]
    if here:
        max(here, key=lambda item: len(str(item["url"])))["is_current"] = True
    return found
