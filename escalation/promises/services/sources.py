"""What led to a promise: checked, stored, and whom to tell of its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.models import Service
from complaints.services.change import NotPossible
from escalation.promises import people
from escalation.promises.models.commitment import Commitment, CommitmentSource, SourceKind
from escalation.promises.models.obligation import parties_against
from escalation.promises.models.recommendation import Recommendation, RecommendationCase
from escalation.promises.services import obligations
from surveys.forums.models import Finding
from surveys.questionnaires.models import Element
from surveys.rounds.models import Round, RoundState


@dataclass(frozen=True)
class Sources:
    """Cases by their keys; elements of rounds, of which what people answered is the source; findings of forums."""

    cases: tuple[int, ...] = ()
    recommendation: Recommendation | None = None
    elements: tuple[tuple[Round, str], ...] = ()
    findings: tuple[Finding, ...] = ()


def check(sources: Sources, agency: Agency, person: User) -> None:
    """DoesNotExist for what this person does not reach, NotPossible for what is of another agency or of no use."""
    _check_recommendation(sources.recommendation, agency, person)
    for row, element in sources.elements:
        if not Round.objects.visible_to(person).filter(pk=row.pk).exists():
            raise Round.DoesNotExist
        if row.state != RoundState.CLOSED or element not in Element.values:
            raise NotPossible(_("Only a closed round of a survey can lead to a promise."))
        _check_line(row.agency, agency)
    for finding in sources.findings:
        if not Finding.objects.visible_to(person).filter(pk=finding.pk).exists():
            raise Finding.DoesNotExist
        _check_line(finding.agency, agency)


def _check_recommendation(source: Recommendation | None, agency: Agency, person: User) -> None:
    if source is None:
        return
    if not Recommendation.objects.visible_to(person).filter(pk=source.pk).exists():
        raise Recommendation.DoesNotExist
    if not _one_line(source.agency, agency):
        raise NotPossible(_("The recommendation is to another agency."))


def _check_line(one: Agency, other: Agency) -> None:
    if not _one_line(one, other):
        raise NotPossible(_("This is about another agency."))


def _one_line(one: Agency, other: Agency) -> bool:
    return one.pk in other.with_descendants() or other.pk in one.with_descendants()


def check_service(service: Service | None, agency: Agency) -> None:
    if service is not None and service.agency_id not in agency.with_descendants():
        raise NotPossible(_("This service is of another agency."))


def owner_stands_aside(owner: User, cases: list[int], sources: Sources) -> bool:
    """Whether something behind the promise is about its owner or their line."""
    if sources.recommendation is not None and not people.readers_among([owner], sources.recommendation):
        return True
    if _speaks_of(owner, [finding.pk for finding in sources.findings]):
        return True
    return parties_against(owner).filter(complaint__in=cases).exists()


def _speaks_of(owner: User, findings: list[int]) -> bool:
    """A finding of their own line that they do not see speaks of them."""
    of_line = Finding.objects.filter(pk__in=findings, agency__in=owner.agency_scope)
    seen = Finding.objects.visible_to(owner).filter(pk__in=findings)
    return bool(set(of_line.values_list("pk", flat=True)) - set(seen.values_list("pk", flat=True)))


def store(row: Commitment, cases: Iterable[int], sources: Sources) -> list[CommitmentSource]:
    rows = [CommitmentSource(commitment=row, kind=SourceKind.CASE, complaint_id=case) for case in cases]
    if sources.recommendation is not None:
        kind = SourceKind.RECOMMENDATION
        rows.append(CommitmentSource(commitment=row, kind=kind, recommendation=sources.recommendation))
    rows += [
        CommitmentSource(
            commitment=row, kind=SourceKind.SURVEY_ELEMENT, survey_round=survey_round, element=element
        )
        for survey_round, element in sources.elements
    ]
    rows += [
        CommitmentSource(commitment=row, kind=SourceKind.FINDING, finding=finding)
        for finding in sources.findings
    ]
    return CommitmentSource.objects.bulk_create(rows)


def led_to(row: Commitment) -> list[int]:
    """Keys of the cases whose citizens led to this: its own and those of its recommendation. Who spoke at a forum
    hears by `surveys.forums`, who answered a survey is not known."""
    sources = CommitmentSource.objects.filter(commitment=row)
    cases = set(sources.filter(kind=SourceKind.CASE).values_list("complaint_id", flat=True))
    recommended = sources.filter(kind=SourceKind.RECOMMENDATION).values("recommendation")
    links = RecommendationCase.objects.filter(recommendation__in=recommended)
    return obligations.with_wholes(
        pk for pk in cases | set(links.values_list("complaint_id", flat=True)) if pk
    )
