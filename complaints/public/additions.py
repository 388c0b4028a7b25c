"""What apps add to the public pages: entries of the navigation and links at the foot."""

from dataclasses import dataclass

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


PUBLIC_LINKS: Registry[PublicLink] = Registry()
