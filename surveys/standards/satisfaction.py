"""The satisfaction index of a service, as the last closed round of the national survey found it."""

from dataclasses import dataclass

from complaints.models import Service
from surveys.index.course import final_results, result_index
from surveys.index.figures import Index
from surveys.index.suppression import SMALL
from surveys.questionnaires.models import Survey
from surveys.rounds.models import Round


@dataclass(frozen=True)
class Satisfaction:
    """`of_service`: people were asked about this service; else about all of the unit's."""

    round: Round
    index: Index

    @property
    def of_service(self) -> bool:
        return self.round.service_id is not None

    @property
    def is_shown(self) -> bool:
        return self.index.respondents >= SMALL


def satisfaction_of(service: Service) -> Satisfaction | None:
    """Of the service itself where it was asked about, else of its unit; None where neither was."""
    rows = final_results().filter(
        round__agency=service.agency_id, round__version__survey__purpose=Survey.Purpose.NATIONAL
    )
    for asked in ({"round__service": service}, {"round__service__isnull": True}):
        found = rows.filter(**asked).order_by("-round__closes_on", "-round_id").first()
        if found is not None:
            return Satisfaction(found.round, result_index(found))
    return None
