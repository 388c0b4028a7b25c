"""What apps add to the desk: entries of its navigation, panels and links of the case page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from accounts.roles import Role
from complaints.models import Complaint
from complaints.permissions import Right, may, role_may
from complaints.registry import Registry


@dataclass(frozen=True)
class NavEntry:
    """A page of the desk for those with `right`; who has `unless` finds it elsewhere."""

    url_name: str
    label: str | Promise
    right: Right
    unless: Right | None = None

    @property
    def code(self) -> str:
        return self.url_name

    def is_for(self, role: Role) -> bool:
        return role_may(role, self.right) and not (self.unless and role_may(role, self.unless))


@dataclass(frozen=True)
class OwnLink:
    """A page of what is a person's own, whatever their role is now. It is linked where they write down that they are
    away: asking whether there is anything on each page would cost each page a query."""

    url_name: str
    label: str | Promise
    is_for: Callable[[User], bool]

    @property
    def code(self) -> str:
        return self.url_name


@dataclass(frozen=True)
class CasePanel:
    """A template put into the case page; it finds `case`, `timeline` and `request` there, and gives its links the keys
    that no action has. One with `rows` is left out
    where none of them is about the case: the page's first query asks, and not one of the panel's own."""

    template: str
    in_file: bool = True  # also in the supervisors' complete file
    rows: Exists | None = None  # of OuterRef("pk"), the case

    @property
    def code(self) -> str:
        return self.template

    @property
    def mark(self) -> str:
        """What the answer is called on the case."""
        return f"has_{re.sub(r'[^a-z]+', '_', self.template)}"

    def is_about(self, case: Complaint) -> bool:
        return self.rows is None or bool(getattr(case, self.mark, True))


@dataclass(frozen=True)
class CaseLink:
    """A page about a case, linked at the head of the case page for those who have `right` over the case."""

    url_name: str
    label: str | Promise
    icon: str
    right: Right
    is_post: bool = False  # a button: it makes something
    back: str = ""  # by this name, sent with an action, its reader comes back to this page

    @property
    def code(self) -> str:
        return self.url_name

    def url(self, case: Complaint) -> str:
        return reverse(self.url_name, args=[case.number])


@dataclass(frozen=True)
class DeskLine:
    """A sentence under the heading of the queue; what it says is kept, so that the queue asks nothing more."""

    code: str
    words: Callable[[datetime], str]


NAVIGATION: Registry[NavEntry] = Registry()
OWN_LINKS: Registry[OwnLink] = Registry()
DESK_LINES: Registry[DeskLine] = Registry()
CASE_PANELS: Registry[CasePanel] = Registry()
CASE_LINKS: Registry[CaseLink] = Registry()


def links_of(case: Complaint, actor: User) -> list[dict[str, object]]:
    """The links of the case page that this person may follow, ready to show; `key` is the digit that follows one."""
    links = [link for link in CASE_LINKS if may(actor, link.right, case)]
    return [
        {
            "url": link.url(case),
            "label": link.label,
            "icon": link.icon,
            "is_post": link.is_post,
            "key": str(nth),
        }
        for nth, link in enumerate(links, start=1)
    ]
