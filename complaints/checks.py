"""`manage.py check`: whatever is registered (complaints/registry.py) leads somewhere."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

from complaints.desk.additions import CASE_LINKS, CASE_PANELS, NAVIGATION, OWN_LINKS
from complaints.mail.media import MEDIA
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Message
from complaints.permissions import RIGHTS
from complaints.public.additions import CHECK_LINKS, MINE_PANELS, PUBLIC_LINKS

MAIL_FILES = ("subject.txt", "txt", "html")


def check_registrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [Error(text, hint=hint, id=code) for code, text, hint in _problems()]


def _problems() -> Iterator[tuple[str, str, str]]:
    for link in (*NAVIGATION, *OWN_LINKS, *CASE_LINKS, *PUBLIC_LINKS, *CHECK_LINKS):
        if not _is_path(link.url_name):
            yield "complaints.E001", f"no path is called {link.url_name!r}", "Name a path of urls.py."
    for entry in (*NAVIGATION, *CASE_LINKS):
        if entry.right not in RIGHTS:
            yield "complaints.E002", f"nobody is granted {entry.right!r}", "Grant it in registrations.py."
    panels = [panel.template for panel in (*CASE_PANELS, *MINE_PANELS)]
    for template in [*panels, *_mail_files()]:
        if not _is_template(template):
            yield "complaints.E003", f"there is no template {template!r}", "Write it below templates/."
    if Message.Medium.EMAIL not in MEDIA:
        yield "complaints.E004", "no medium carries e-mail", "Register complaints.mail.email.EmailAdapter."


def _mail_files() -> Iterator[str]:
    for each in MESSAGE_TYPES:
        yield from (f"mail/{each.file_name}.{kind}" for kind in MAIL_FILES)


def _is_path(name: str) -> bool:
    *spaces, last = name.split(":")
    resolver = get_resolver()
    for space in spaces:
        if space not in resolver.namespace_dict:
            return False
        resolver = resolver.namespace_dict[space][1]
    return last in resolver.reverse_dict


def _is_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
