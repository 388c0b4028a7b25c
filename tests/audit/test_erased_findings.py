"""What an audit found goes with a case that is erased with everything, told or not."""

import pytest

from complaints.models import Complaint, Event, EventContent
from complaints.services.erasure import erase_person
from config.worker import JOBS
from escalation.audits.models import AuditReview, AuditSample
from escalation.audits.services import clear_findings, release, save_draft
from tests import factories
from tests.audit.people import NOW, drawn, numbers, review, says, supervisor
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db
FOUND = says(severity="minor", words="Kenari tujuh")


@pytest.fixture
def sample() -> AuditSample:
    """Of cases that are over, the first of which Sari has finished and Lena has begun."""
    for _each in range(2):
        factories.closed(FRIDAY)
    sample = drawn(2, now=FRIDAY + 40 * DAY)
    number = numbers(sample)[0]
    review(sample, number, "Sari", FOUND)
    save_draft(sample.pk, number, actor=supervisor("Lena"), now=NOW, opinion=FOUND)
    save_draft(sample.pk, numbers(sample)[1], actor=supervisor("Sari"), now=NOW, opinion=FOUND)
    return sample


def erase(sample: AuditSample, *, everything: bool, now=NOW + HOUR) -> None:
    case = Complaint.objects.get(number=numbers(sample)[0])
    erase_person(case.pk, by=None, now=now, reason="Atas permintaan", everything=everything)


def test_drafts_and_what_is_held_go_within_the_hour_and_those_of_other_cases_stay(sample) -> None:
    erase(sample, everything=True)
    job = next(job for job in JOBS if job.run == clear_findings)
    assert job.every <= 3600
    assert job.run(NOW + 2 * HOUR) == 2
    (kept,) = AuditReview.objects.exclude(finding="")
    assert kept.item.complaint.number == numbers(sample)[1]
    assert clear_findings(NOW + 3 * HOUR) == 0


def test_what_staff_wrote_stays_where_only_the_citizens_words_were_erased(sample) -> None:
    erase(sample, everything=False)
    assert clear_findings(NOW + 2 * HOUR) == 0


def test_what_is_written_after_the_erasing_stays(sample) -> None:
    erase(sample, everything=True)
    clear_findings(NOW + 2 * HOUR)
    lena = supervisor("Lena")
    save_draft(sample.pk, numbers(sample)[0], actor=lena, now=NOW + 3 * HOUR, opinion=FOUND)
    assert clear_findings(NOW + 4 * HOUR) == 0
    assert AuditReview.objects.get(reviewer=lena).finding == FOUND.words


@pytest.mark.parametrize("second_finishes", [True, False])
def test_what_was_held_is_not_told_after_the_erasing(sample, second_finishes) -> None:
    number = numbers(sample)[0]
    erase(sample, everything=True)
    later = says(polite="no")
    if second_finishes:
        review(sample, number, "Lena", later)
    else:
        supervisor("Lena").close()
        release(sample.pk, number, actor=supervisor("Sari"), now=NOW + 2 * HOUR)
    assert AuditReview.objects.get(item__complaint__number=number, place=1).event is not None
    assert not EventContent.objects.filter(words__icontains="Kenari").exists()
    assert Event.objects.filter(data__everything=True).count() == 1
