"""What apps add to the public pages: entries of the navigation, links at the foot, panels of the citizen's page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from complaints.registry import Registry


@dataclass(frozen=True)
class PublicLink:
    url_name: str
    label: str | Promise
    is_main: bool = False  # in the navigation; the others stand at the foot of each page

    @property
    def code(self) -> str:
        return self.url_name


@dataclass(frozen=True)
class MinePanel:
    """A template put into the citizen's page below whose turn it is; it finds `case` and `now` there."""

    template: str

    @property
    def code(self) -> str:
        return self.template


@dataclass(frozen=True)
class HomeFigure:
    """A figure of the front page, beside the open reports that nobody watches. The worker counts it."""

    code: str
    label: str | Promise
    note: str | Promise
    count: Callable[[datetime], int]


HOME_FIGURES: Registry[HomeFigure] = Registry()
PUBLIC_LINKS: Registry[PublicLink] = Registry()
# What else can be checked, named on the page of the signed history.
CHECK_LINKS: Registry[PublicLink] = Registry()
MINE_PANELS: Registry[MinePanel] = Registry()
