"""What people do on the pages, and what the pages must not show."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.files.storage import collect_garbage
from complaints.history.timeline import timeline_for
from complaints.models import Attachment, Complaint
from complaints.models.catalogue import Kind
from complaints.services.change import NotPossible
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation, Verdict
from escalation.promises.services import commitments, recommendations
from escalation.promises.views.board import _conditions
from escalation.promises.words import commitment_standing
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.files.samples import sample
from tests.promises.people import TODAY, head, kept, promise, promised, recommended, supervisor
from tests.soundness import what_is_broken

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(f"escalation:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def once_in(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="(\w+)"', html)
    assert found
    return found[1]


def ahead() -> str:
    """A day that the pages, which look at the real clock, take."""
    return (day_of(timezone.now()) + timedelta(days=60)).isoformat()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.jpg", sample("jpg"), "image/jpeg")


def test_a_supervisor_recommends_from_ticked_cases(client: Client) -> None:
    first, second = factories.assigned(subject="Loket tutup"), factories.assigned(subject="Loket kosong")
    head()
    client.force_login(supervisor())
    html = page(client, "recommendation-new", case=[first.number, second.number])
    assert "Loket tutup" in html
    assert "Loket kosong" in html
    data = {
        "idempotency_key": once_in(html),
        "case": [first.number],
        "agency": "PUPR",
        "subject": "Loket",
        "findings": "Tutup.",
        "maladministration": "delay",
        "recommended": "Buka.",
        "due_on": ahead(),
    }
    url = reverse("escalation:recommendation-new")
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302  # sent twice
    row = Recommendation.objects.get()
    assert [link.complaint for link in row.links.all()] == [first]


def test_a_day_that_is_past_is_refused_and_nothing_typed_is_lost(client: Client) -> None:
    factories.make_city()
    head()
    client.force_login(supervisor())
    data = {
        "idempotency_key": "a" * 32,
        "agency": "PUPR",
        "subject": "Loket",
        "findings": "Sangat panjang.",
        "maladministration": "delay",
        "recommended": "Buka.",
        "due_on": "2020-01-01",
    }
    response = client.post(reverse("escalation:recommendation-new"), data)
    assert response.status_code == 409
    assert "Sangat panjang." in response.content.decode()


def test_the_agency_answers_with_a_photo_that_only_its_readers_open(client: Client) -> None:
    row = recommended()
    client.force_login(head())
    url = reverse("escalation:recommendation-answer", args=[row.number])
    response = client.post(url, {"accepts": "yes", "words": "Sudah dibuka.", "attachments": photo()})
    assert response.status_code == 302
    file = Attachment.objects.get()
    link = reverse("escalation:evidence", args=[file.key])
    assert link in page(client, "recommendation-detail", row.number)
    opened = client.get(link)
    assert (opened.status_code, opened["Content-Type"]) == (200, "image/jpeg")
    assert opened["Content-Disposition"].startswith("attachment")
    for role, status in ((Role.SUPERVISOR, 200), (Role.VERIFIER, 403), (Role.CLERK, 403)):
        client.force_login(factories.make_user(role))
        assert client.get(link).status_code == status
    client.force_login(head("DINKES"))
    assert client.get(link).status_code == 404
    client.logout()
    assert client.get(link).status_code == 302
    assert client.get(reverse("complaints:file", args=[file.key])).status_code == 404


def test_evidence_is_kept_when_drafts_are_tidied_away(client: Client) -> None:
    row = promised()
    client.force_login(head())
    url = reverse("escalation:commitment-report", args=[row.number])
    assert client.post(url, {"words": "Sudah.", "attachments": photo()}).status_code == 302
    assert collect_garbage(FRIDAY + 2000 * DAY) == 0
    assert Attachment.objects.count() == 1
    assert not what_is_broken()


def test_a_draft_cannot_be_read_as_evidence(client: Client) -> None:
    draft = Attachment.objects.create(
        key="d" * 32, name="x.jpg", content_type="image/jpeg", size=1, sha256="", added_at=FRIDAY
    )
    client.force_login(supervisor())
    assert client.get(reverse("escalation:evidence", args=[draft.key])).status_code == 404


def test_the_agency_does_not_see_an_oversight_case_behind_a_recommendation(client: Client) -> None:
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    hidden = factories.assigned(agency=inspectorate, kind=Kind.OVERSIGHT, subject="Minta uang")
    seen = factories.assigned(subject="Loket tutup")
    row = recommended(cases=(hidden, seen))
    client.force_login(head())
    html = page(client, "recommendation-detail", row.number)
    assert seen.number in html
    assert hidden.number not in html
    assert "Minta uang" not in html
    client.force_login(supervisor())
    assert hidden.number in page(client, "recommendation-detail", row.number)


def test_what_is_owed_is_listed_with_the_overdue_first(client: Client) -> None:
    later, sooner = promised(days=80), promised(days=20)
    row = recommended()
    client.force_login(head())
    html = page(client, "obligations")
    assert html.index(sooner.number) < html.index(later.number)
    assert row.number in html


def test_a_head_promises_from_a_pattern_of_cases(client: Client) -> None:
    category = factories.make_category()
    now = timezone.now()
    cases = [factories.assigned(now, category=category) for _ in range(3)]
    other = factories.assigned(now, agency=factories.make_agency("DINKES"), category=category)
    client.force_login(head())
    client.cookies["django_language"] = "en"
    html = page(client, "case-pattern", category=category.code, days=365)
    assert "365 days" in html  # said in the reader's language, not in that of the start
    for case in cases:
        assert case.number in html
    assert other.number not in html
    numbers = [case.number for case in cases]
    form = page(client, "commitment-new", case=numbers)
    data = {
        "idempotency_key": once_in(form),
        "case": numbers,
        "agency": "PUPR",
        "kind": "hours",
        "title": "Buka sampai pukul 16",
        "owner": str(head().pk),
        "due_on": ahead(),
    }
    assert client.post(reverse("escalation:commitment-new"), data).status_code == 302
    assert Commitment.objects.get().sources.count() == 3


def test_a_case_out_of_scope_cannot_be_slipped_in(client: Client) -> None:
    theirs = factories.assigned(agency=factories.make_agency("DINKES"), subject="Rahasia dinkes")
    client.force_login(head())
    assert "Rahasia dinkes" not in page(client, "commitment-new", case=theirs.number)


def test_the_case_page_shows_what_it_led_to_and_where_to_begin(client: Client) -> None:
    case = factories.assigned()
    url = reverse("complaints:case-detail", args=[case.number])
    client.force_login(head())
    start = reverse("escalation:commitment-new") + f"?case={case.number}"
    assert start in client.get(url).content.decode()
    row, source = promised(cases=(case,)), recommended(cases=(case,))
    for user in (head(), supervisor(), factories.officer_of(case)):
        client.force_login(user)
        html = client.get(url).content.decode()
        assert reverse("escalation:commitment-detail", args=[row.number]) in html
        assert reverse("escalation:recommendation-detail", args=[source.number]) in html


def test_the_supervisors_first_page_says_what_waits(client: Client) -> None:
    answered, reported = recommended(), promised()
    recommendations.answer(answered.pk, actor=head(), now=FRIDAY, accepts=True, words="Ya.")
    commitments.report(reported.pk, actor=head(), now=FRIDAY, words="Sudah.")
    Commitment.objects.filter(pk=promised().pk).update(due_on=TODAY - timedelta(days=2000))
    client.force_login(supervisor())
    html = page(client, "oversight-home")
    for number in (answered.number, reported.number):
        assert number in html
    assert "days late" in html


def test_everybody_reads_what_was_kept_and_broken_without_cases_or_names(client: Client) -> None:
    case = factories.assigned(subject="RAHASIA-1")
    row = promised(cases=(case,))
    commitments.report(row.pk, actor=head(), now=FRIDAY, words="RAHASIA-2")
    done = commitments.Finding.KEPT
    commitments.judge(row.pk, actor=supervisor(), now=FRIDAY, finding=done, words="Loket terlihat buka.")
    board, one = page(client, "commitment-board"), page(client, "commitment-public", row.number)
    assert row.title in board
    assert "from 1 report" in board
    assert f'href="?agency={row.agency.code}">{row.agency.name}' in board
    assert "1 kept in time" in board
    assert "kept in time" in one
    assert "Loket terlihat buka." in one
    for html in (board, one):
        for secret in ("RAHASIA", case.number, head().name, head().email, supervisor().email):
            assert secret not in html
    assert not client.cookies


def test_findings_from_an_oversight_complaint_are_for_the_head_and_not_for_the_officers(
    client: Client,
) -> None:
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    oversight = factories.assigned(agency=inspectorate, kind=Kind.OVERSIGHT)
    both = (oversight, factories.assigned())
    secret, open_ = (
        recommended(cases=both, findings="RAHASIA"),
        recommended(cases=both[1:], findings="TERBUKA"),
    )
    sees = {
        factories.make_user(Role.OFFICER, secret.agency): False,
        head(): True,
        supervisor(): True,
    }
    for person, reads in sees.items():
        client.force_login(person)
        assert ("RAHASIA" in page(client, "recommendation-detail", secret.number)) is reads
        assert "TERBUKA" in page(client, "recommendation-detail", open_.number)


def test_an_ignored_recommendation_is_published_without_its_findings(client: Client) -> None:
    row, open_row = recommended(subject="Loket tutup", findings="RAHASIA"), recommended(subject="Belum jelas")
    verdict = recommendations.Judgement(Verdict.NOT_COMPLIED, "RAHASIA")
    recommendations.judge(row.pk, actor=supervisor(), now=FRIDAY, judgement=verdict)
    html = page(client, "commitment-board")
    assert row.number in html
    assert "RAHASIA" not in html
    assert open_row.number not in html


def some_of_each() -> list[Commitment]:
    in_time, late, broken, reported = promised(10), promised(1), promised(10), promised(10)
    kept(in_time), kept(late, FRIDAY + 5 * DAY)
    broken_by = commitments.Finding.BROKEN
    commitments.judge(broken.pk, actor=supervisor(), now=FRIDAY, finding=broken_by, words="Batal.")
    commitments.report(reported.pk, actor=head(), now=FRIDAY, words="Sudah.")
    return [in_time, late, broken, reported, promised(1), promised(100)]


def test_each_promise_is_counted_under_what_its_own_page_says() -> None:
    rows = some_of_each()
    on = day_of(FRIDAY + 5 * DAY)
    for row in rows:
        row.refresh_from_db()
        found = [
            code
            for code, rule in _conditions(on).items()
            if Commitment.objects.filter(rule, pk=row.pk).exists()
        ]
        assert found == [commitment_standing(row, on).code]


def test_the_list_narrows_by_agency_and_standing(client: Client) -> None:
    here = promised(title="Loket buka")
    other = commitments.make(
        promise(agency=factories.make_agency("DINKES"), owner=head("DINKES"), title="Puskesmas buka"),
        actor=head("DINKES"),
        now=FRIDAY,
    )
    narrowed = page(client, "commitment-board", agency="DINKES")
    assert other.title in narrowed
    assert here.title not in narrowed
    assert other.title not in page(client, "commitment-board", standing="kept")
    assert client.get(reverse("escalation:commitment-board"), {"agency": "NIX"}).status_code == 404
    assert client.get(reverse("escalation:commitment-board"), {"after": "x"}).status_code == 404


def test_a_stale_form_is_told_so_and_keeps_its_words(client: Client) -> None:
    row = recommended()
    recommendations.withdraw(row.pk, actor=supervisor(), now=FRIDAY, words="Salah.")
    client.force_login(head())
    url = reverse("escalation:recommendation-answer", args=[row.number])
    response = client.post(url, {"accepts": "yes", "words": "Sudah lama ditulis."})
    assert response.status_code == 409
    assert "Sudah lama ditulis." in response.content.decode()
    with pytest.raises(NotPossible):
        recommendations.answer(row.pk, actor=head(), now=FRIDAY, accepts=True, words="Ya.")


def test_the_citizen_sees_the_promise_on_their_own_page(client: Client) -> None:
    case: Complaint = factories.assigned()
    row = promised(cases=(case,))
    kept(row)
    titles = [item.title for item in timeline_for(case, Citizen(case.pk))]
    assert any("promised a change by" in title and row.number in title for title in titles)
    assert any("kept its promise" in title for title in titles)


def test_the_way_back_leads_supervisors_to_all_and_agencies_to_what_they_owe(client: Client) -> None:
    for name, row in (("recommendation", recommended()), ("commitment", promised())):
        for person, back in ((supervisor(), f"{name}-list"), (head(), "obligations")):
            client.force_login(person)
            above = page(client, f"{name}-detail", row.number).split("<h1>")[0]
            assert f'muted small"><a href="{reverse(f"escalation:{back}")}">' in above
