"""What the forms of the desk need to keep what is typed in them."""

from typing import Any

from django import forms, template

from accounts.models import User
from complaints.desk.forms.actions import StaffForm
from complaints.desk.unsent import attach

register = template.Library()


@register.simple_tag(takes_context=True)
def with_draft(context: template.Context, form: forms.Form, action: Any = "") -> str:
    """Fills a form of the desk with its draft, before its fields are shown; nothing for any other form. `action`: the
    path to which it is sent, "" where that is the page's own."""
    request = context.get("request")
    if isinstance(form, StaffForm) and request and isinstance(request.user, User):
        attach(request, form, str(action or ""))
    return ""
