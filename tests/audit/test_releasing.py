"""A case whose other reviewer cannot review it any more counts with the one review it has, and that is said."""

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, Event
from complaints.models.party import ReportedParty
from complaints.services.change import NotAllowed, NotPossible
from escalation.audits.events import AuditEvent
from escalation.audits.models import AuditItem, AuditReview, AuditSample
from escalation.audits.reading import complete_cases, rows_of, waiting_for
from escalation.audits.seen import samples_for, seen_by
from escalation.audits.services import finish_review, item_for, release
from tests import factories
from tests.audit.people import NOW, drawn, file_cases, numbers, review, says, supervisor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def sample() -> AuditSample:
    file_cases(7)
    return drawn(7)


@pytest.fixture
def twice(sample: AuditSample) -> str:
    return numbers(sample, twice=True)[0]


def block(number: str, who: str) -> None:
    case = Complaint.objects.get(number=number)
    ReportedParty.objects.create(complaint=case, user=supervisor(who), named_at=NOW)


def unblock() -> None:
    ReportedParty.objects.all().delete()


def close(number: str, who: str) -> None:
    supervisor(who).close()


def let_go(sample: AuditSample, number: str, who: str) -> None:
    release(sample.pk, number, actor=supervisor(who), now=NOW)


def told(number: str) -> list[Event]:
    found = Event.objects.filter(complaint__number=number, kind=AuditEvent.AUDITED).order_by("seq")
    return list(found.select_related("content"))


@pytest.mark.parametrize("go", [block, close])
@pytest.mark.parametrize(("stays", "goes", "place"), [("Sari", "Lena", 1), ("Lena", "Sari", 2)])
def test_what_one_found_is_told_and_counts_alone(sample, twice, go, stays, goes, place) -> None:
    review(sample, twice, stays, says(polite="no", severity="minor", words="Kenari satu"))
    go(twice, goes)
    assert complete_cases(sample, supervisor("Tiga")) == []
    let_go(sample, twice, stays)
    (case,) = complete_cases(sample, supervisor("Tiga"))
    assert (case.figures.counted("polite"), case.figures.second) == ("no", None)
    _held, why, found = told(twice)
    assert (why.actor, why.data["released"]) == (supervisor(stays), 3 - place)
    assert (found.data["place"], found.data["reviewer"]) == (place, supervisor(stays).pk)
    assert found.content.words == {"text": "Kenari satu"}
    assert not AuditReview.objects.filter(finding__contains="Kenari").exists()
    (counted,) = seen_by(supervisor(stays), samples_for(supervisor(stays)))
    assert (counted.wanted, counted.final, counted.released) == (11, 1, 1)


def test_while_both_can_review_nothing_is_released(sample, twice) -> None:
    for who in ("Sari", "Lena"):
        with pytest.raises(NotPossible):  # nobody has reviewed, then one has, then both
            let_go(sample, twice, who)
        review(sample, twice, who, says())
    block(twice, "Lena")
    with pytest.raises(NotPossible):
        let_go(sample, twice, "Sari")
    assert item_for(sample.pk, twice, supervisor("Sari")).is_twice


def test_another_supervisor_releases_only_once_the_reviewer_is_gone_too(sample, twice) -> None:
    review(sample, twice, "Sari", says())
    block(twice, "Lena")
    with pytest.raises(NotAllowed):
        let_go(sample, twice, "Tiga")
    supervisor("Sari").close()
    officer = factories.make_user(Role.OFFICER, agency=factories.make_agency("PUPR"))
    with pytest.raises((NotAllowed, AuditItem.DoesNotExist)):
        release(sample.pk, twice, actor=officer, now=NOW)
    let_go(sample, twice, "Tiga")
    assert len(complete_cases(sample, supervisor("Tiga"))) == 1
    with pytest.raises(NotPossible):
        let_go(sample, twice, "Tiga")
    assert len(told(twice)) == 3


@pytest.mark.parametrize(("stays", "goes"), [("Sari", "Lena"), ("Lena", "Sari")])
def test_whoever_comes_back_finds_it_done(sample, twice, stays, goes) -> None:
    review(sample, twice, stays, says())
    block(twice, goes)
    let_go(sample, twice, stays)
    unblock()
    back: User = supervisor(goes)
    assert twice not in waiting_for(back).values_list("complaint__number", flat=True)
    (row,) = [row for row in rows_of(sample, back) if row.item.complaint.number == twice]
    assert (row.mine, row.is_complete) == ("", True)
    with pytest.raises((NotAllowed, NotPossible)):
        finish_review(sample.pk, twice, actor=back, now=NOW, opinion=says(polite="no"))
    assert len(complete_cases(sample, supervisor("Tiga"))) == 1
    client = Client()
    client.force_login(back)
    page = client.get(reverse("escalation:audit-review", args=[sample.pk, twice])).content.decode()
    assert "Make final" not in page and "has not finished" not in page


def test_the_pages_offer_it_and_say_that_it_was_not_reviewed_twice(sample, twice) -> None:
    path = reverse("escalation:audit-release", args=[sample.pk, twice])
    shown = reverse("escalation:audit-review", args=[sample.pk, twice])
    review(sample, twice, "Sari", says())
    client, other = Client(), Client()
    client.force_login(supervisor("Sari"))
    other.force_login(supervisor("Tiga"))
    assert path not in client.get(shown).content.decode()
    assert client.post(path).status_code == 409
    block(twice, "Lena")
    assert path in client.get(shown).content.decode() and path not in other.get(shown).content.decode()
    assert other.post(path).status_code == 403
    assert client.post(path)["Location"] == shown
    assert path not in client.get(shown).content.decode()
    results = client.get(reverse("escalation:audit-results", args=[sample.pk])).content.decode()
    assert "1 case that was drawn for two reviewers was not reviewed twice" in results
    file = client.get(reverse("escalation:audit-results-csv", args=[sample.pk])).content.decode()
    assert {row["not_reviewed_twice"] for row in csv.DictReader(StringIO(file, newline=""))} == {"1"}
    blocked = Client()
    blocked.force_login(supervisor("Lena"))
    assert blocked.post(path).status_code == 404
    titles = [item.title for item in timeline_for(Complaint.objects.get(number=twice), supervisor("Tiga"))]
    assert f"Audit {sample.pk}: counts with one review, as the other can no longer be made" in titles
