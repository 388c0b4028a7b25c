"""The links of the public pages and the panels of the citizen's page, as apps have registered them."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from complaints.public.additions import CHECK_LINKS, MINE_PANELS, PUBLIC_LINKS, PublicLink
from complaints.templatetags.ui import nav_lines

register = template.Library()


@register.simple_tag
def public_links(*, is_main: bool = False) -> list[dict[str, str | Promise]]:
    """Those of the navigation, or those at the foot: {url, label}."""
    return _named([link for link in PUBLIC_LINKS if link.is_main == is_main])


@register.simple_tag(takes_context=True)
def public_nav_lines(context: Context) -> SafeString:
    """The lines of the navigation, that of this page marked."""
    here = getattr(context.get("request"), "path", "")
    return nav_lines({**link, "is_current": link["url"] == here} for link in _main(get_language()))


@cache
def _main(_language: str | None) -> list[dict[str, str]]:
    return [{"url": str(link["url"]), "label": str(link["label"])} for link in public_links(is_main=True)]


@register.simple_tag
def check_links() -> list[dict[str, str | Promise]]:
    """Pages on which something else is checked: {url, label}."""
    return _named(CHECK_LINKS)


def _named(links: Iterable[PublicLink]) -> list[dict[str, str | Promise]]:
    return [{"url": reverse(link.url_name), "label": link.label} for link in links]


@register.simple_tag
def mine_panels() -> list[str]:
    """The templates that apps put into the citizen's page."""
    return [panel.template for panel in MINE_PANELS]
