"""What rooms and apps add to the two doors of the citizens' voice: tabs of the desk's, parts of the public page."""

from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.permissions import Right
from complaints.registry import Registry


@dataclass(frozen=True)
class VoiceTab:
    """A page of the desk under "Citizens' voice", for those with `right`. Its pages extend surveys/desk_base.html."""

    url_name: str
    label: str | Promise
    right: Right
    position: int = 100  # in the order of the day's work

    @property
    def code(self) -> str:
        return self.url_name


@dataclass(frozen=True)
class TakePartPanel:
    """A template put into the public page /take-part/; it finds `request` there and asks for its rows by a tag of
    its own."""

    template: str
    position: int = 100

    @property
    def code(self) -> str:
        return self.template


VOICE_TABS: Registry[VoiceTab] = Registry()
TAKE_PART: Registry[TakePartPanel] = Registry()
