"""The report and the poster of a survey round: asked for on the desk, made of a frozen snapshot by the worker."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.services.change import NotPossible
from escalation.promises.models.commitment import (
    Commitment,
    CommitmentKind,
    CommitmentSource,
    SourceKind,
)
from reports.documents.models import Document, DocumentState
from reports.documents.services import ask_survey_paper, build_documents
from reports.surveys.frozen import NoResult, SurveySnapshot, freeze_round
from reports.surveys.poster import poster_context, survey_poster_pdf
from reports.surveys.report import enclosed, report_context, survey_report_pdf
from surveys.index.course import result_index
from surveys.index.models import RoundResult
from surveys.index.numbers import decimal
from surveys.index.services import refresh_results
from surveys.rounds.models import Round, RoundState
from tests import factories
from tests.module_rows import ModuleRows
from tests.surveys.index.rounds import make_round, some_answers
from tests.surveys.index.test_keeping import NOW
from tests.surveys.questions import national

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "in_english"), pytest.mark.long]


def make_rows() -> None:
    agency, version = factories.make_agency("DUKCAPIL"), national()
    fields: dict[str, Any] = {"agency": agency, "version": version, "population": 500}
    make_round(some_answers(40), code="LARGE111", **fields)
    make_round(some_answers(8), code="SMALL111", **fields)
    make_round(some_answers(310), code="BROAD111", **fields)
    make_round(
        some_answers(40), code="GONE1111", state=RoundState.ANNULLED, annulled_because="Salah", **fields
    )
    refresh_results(NOW)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> None:
    module_rows.make(make_rows)


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def frozen(code: str) -> SurveySnapshot:
    return freeze_round(Round.objects.select_related("agency", "version__survey").get(code=code), now=NOW)


def officer(code: str = "DUKCAPIL") -> User:
    agency, _is_new = Agency.objects.get_or_create(code=code, defaults={"name": code})
    return factories.make_user(Role.OFFICER, agency)


def test_page_and_paper_have_the_same_figure() -> None:
    index = result_index(RoundResult.objects.get(round__code="LARGE111"))
    context = poster_context(frozen("LARGE111"))
    assert context["index"] == decimal(index.value)
    assert decimal(index.value) in report_context(frozen("LARGE111"))["index"]
    assert context["grade"]
    assert (len(context["best"]), len(context["worst"])) == (3, 3)


def test_a_snapshot_is_read_back_and_prints_the_same_bytes() -> None:
    snapshot = frozen("SMALL111")
    again = SurveySnapshot.read(snapshot.content)
    assert again.digest == snapshot.digest
    assert survey_poster_pdf(again, language="id") == survey_poster_pdf(snapshot, language="id")
    with pytest.raises(ValueError, match="not a snapshot"):
        SurveySnapshot.read(b'{"format": 1}')


def test_a_snapshot_needs_no_database_any_more(django_assert_num_queries: Any) -> None:
    snapshot = frozen("LARGE111")
    with django_assert_num_queries(0):
        report_context(snapshot)
        poster_context(snapshot)


def test_the_report_has_the_six_parts_that_offices_know() -> None:
    context = report_context(frozen("LARGE111"))
    titles = [title for _key, title in context["contents"]]
    for part in ("I. ", "II. ", "III. ", "IV. ", "V. ", "VI. ", "Annex A. ", "Annex B. "):
        assert any(title.startswith(part) for title in titles), part
    # After a short part its page would be nearly empty.
    assert [each.key for each in context["sections"] if each.new_page] == ["questions", "answers"]


def test_of_fewer_than_ten_the_poster_shows_no_figure_and_the_report_says_not_for_publication() -> None:
    assert poster_context(frozen("SMALL111"))["index"] is None
    context = report_context(frozen("SMALL111"))
    assert context["not_public"]
    assert not any(
        table.caption == "Respondents and elements" for s in context["sections"] for table in s.tables
    )


def test_answers_are_printed_up_to_three_hundred_and_enclosed_beyond() -> None:
    assert enclosed(frozen("LARGE111")) == ()
    (file,) = enclosed(frozen("BROAD111"))
    assert len(file.text.splitlines()) == 311
    pdf = survey_report_pdf(frozen("BROAD111"), language="en")
    with pikepdf.open(BytesIO(pdf)) as document:
        assert list(document.attachments) == ["BROAD111-answers.csv"]
        assert document.attachments["BROAD111-answers.csv"].get_file().read_bytes().decode() == file.text
        assert len(document.Root.Names.EmbeddedFiles.Names) == 2  # one name and its file


def test_the_poster_is_one_page_in_both_languages() -> None:
    for language in ("id", "en"):
        with pikepdf.open(BytesIO(survey_poster_pdf(frozen("LARGE111"), language=language))) as document:
            assert len(document.pages) == 1
            assert document.Root.MarkInfo.Marked


def test_an_annulled_round_is_not_printed() -> None:
    with pytest.raises(NoResult):
        frozen("GONE1111")
    row = Round.objects.get(code="GONE1111")
    with pytest.raises(NotPossible):
        ask_survey_paper(row, Document.Kind.SURVEY_REPORT, actor=officer(), now=NOW, language="id")


def test_staff_ask_and_the_worker_makes_it(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(officer())
    answer = client.post("/staff/surveys/rounds/LARGE111/results/poster/")
    assert answer.status_code == 302
    row = Document.objects.get()
    assert client.get(answer["Location"]).status_code == 200
    assert build_documents(row.due_at) == 1
    row.refresh_from_db()
    assert row.state == DocumentState.READY
    fetched = client.get(answer["Location"])
    assert fetched["Content-Type"] == "application/pdf"
    client.force_login(officer())
    assert client.get(answer["Location"]).status_code == 404  # another's


def test_who_moves_away_before_it_is_made_does_not_get_it(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    user, row = officer(), Round.objects.get(code="LARGE111")
    document = ask_survey_paper(row, Document.Kind.SURVEY_REPORT, actor=user, now=NOW, language="id")
    User.objects.filter(pk=user.pk).update(agency=officer("DLHK").agency)
    assert build_documents(NOW) == 0
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.OFFICER, "DUKCAPIL", 302),
        (Role.AGENCY_HEAD, "DUKCAPIL", 302),
        (Role.SUPERVISOR, None, 302),
        (Role.OFFICER, "DLHK", 404),
        (Role.CLERK, None, 403),
        (Role.VERIFIER, None, 403),
        (Role.ADMINISTRATOR, None, 403),
    ],
)
def test_who_may_have_it(role: Role, code: str | None, status: int, client: Client) -> None:
    agency = officer(code).agency if code else None
    client.force_login(factories.make_user(role, agency))
    for paper in ("report", "poster"):
        assert client.post(f"/staff/surveys/rounds/LARGE111/results/{paper}/").status_code == status
    assert client.get("/staff/surveys/rounds/LARGE111/results/report/").status_code in (403, 405)


def promise(row: Round, **fields: Any) -> Commitment:
    head = factories.make_user(Role.AGENCY_HEAD, row.agency)
    made = Commitment.objects.create(
        agency=row.agency, owner=head, made_by=head, made_at=NOW, kind=CommitmentKind.HOURS, **fields
    )
    CommitmentSource.objects.create(
        commitment=made, kind=SourceKind.SURVEY_ELEMENT, survey_round=row, element="time"
    )
    return made


def test_what_was_promised_and_what_became_of_it_stands_in_both() -> None:
    row = Round.objects.select_related("agency", "version").get(code="LARGE111")
    days = {"opens_on": date(2026, 1, 1), "closes_on": date(2026, 3, 31)}
    before = make_round(some_answers(20), code="FIRST111", agency=row.agency, version=row.version, **days)
    refresh_results(NOW)
    promise(
        row, number="KOM-1", title="Loket buka sampai pukul 16", due_on=date(2027, 2, 1), idempotency_key="a"
    )
    promise(before, number="KOM-2", title="Nomor antrean", due_on=date(2026, 6, 1), idempotency_key="b")
    snapshot = frozen("LARGE111")
    assert poster_context(snapshot)["promises"] == ["Loket buka sampai pukul 16, by 1 February 2027"]
    cells = [
        cell for s in report_context(snapshot)["sections"] for t in s.tables for r in t.rows for cell in r
    ]
    for words in (
        "KOM-1: Loket buka sampai pukul 16",
        "First quarter of 2027",
        "KOM-2: Nomor antrean",
        "not kept yet, overdue",
    ):
        assert words in cells, words
