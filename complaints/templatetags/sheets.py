"""The addresses of style sheets and scripts, and small pictures inside a page (complaints/sheets.py)."""

from django import template

from complaints import sheets

register = template.Library()


@register.simple_tag
def sheet(name: str) -> str:
    return sheets.address(name)


@register.simple_tag
def picture(path: str) -> str:
    """Of `static/`, for a `src`: one request less than its address."""
    return sheets.picture(path)
