"""The satisfaction index of a service, as the last closed round of the national survey found it."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Subquery

from complaints.database.kept_statements import rows_of
from complaints.models import Service
from surveys.index.course import final_results, result_index
from surveys.index.figures import Index
from surveys.index.models import RoundResult
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
    found = rows_of("satisfaction with service", service.pk, 0, _results)
    return Satisfaction(found[0].round, result_index(found[0])) if found else None


def _results(service: int) -> QuerySet[RoundResult]:
    """The last about the service comes before the last about its unit."""
    own, unit = Q(round__service=service), Service.objects.filter(pk=service).values("agency")
    rows = final_results().filter(own | Q(round__service__isnull=True), round__agency=Subquery(unit))
    rows = rows.filter(round__version__survey__purpose=Survey.Purpose.NATIONAL)
    rows = rows.select_related(None).select_related("round")  # of which alone something is shown
    return rows.order_by(F("round__service").asc(nulls_last=True), "-round__closes_on", "-round_id")[:1]
