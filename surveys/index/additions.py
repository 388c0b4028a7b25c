"""What apps above add to the desk's page of a round: papers that can be made of it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.permissions import Right
from complaints.registry import Registry


@dataclass(frozen=True)
class ResultPaper:
    """A button that makes a paper of a round: POST to `url_name` with the code of the round."""

    url_name: str
    label: str | Promise
    right: Right

    @property
    def code(self) -> str:
        return self.url_name


RESULT_PAPERS: Registry[ResultPaper] = Registry()
