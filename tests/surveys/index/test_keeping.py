"""What came of a round is counted by the worker, kept, and the same wherever it is read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.models import Service
from surveys.index import counted as of_rounds
from surveys.index.columns import ELEMENTS
from surveys.index.counted import moments_of
from surveys.index.course import element_course, result_index
from surveys.index.figures import index_of
from surveys.index.models import RoundResult
from surveys.index.services import refresh_results
from surveys.index.shown import shown, with_result
from surveys.rounds.models import Channel, Round, RoundState
from tests import factories
from tests.surveys.index.rounds import make_round, some_answers
from tests.surveys.index.test_arithmetic import counted
from tests.surveys.questions import after_case, make_version

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def kept(row: Round) -> RoundResult:
    return RoundResult.objects.get(round=row)


def test_a_closed_round_is_counted_once() -> None:
    row = make_round(some_answers(40))
    assert refresh_results(NOW) == 1
    assert (kept(row).is_final, kept(row).responses) == (True, 40)
    assert refresh_results(NOW + timedelta(hours=1)) == 0
    assert kept(row).computed_at == NOW


def test_what_is_kept_is_what_the_answers_give() -> None:
    answers = some_answers(29)
    row = make_round(answers)
    refresh_results(NOW)
    assert result_index(kept(row)).value == index_of(counted(answers)).value


def test_nothing_is_counted_of_a_round_before_it_closes() -> None:
    """Else the difference between two figures is what the few who came meanwhile answered, and a unit closes its round
    on a good day."""
    row = make_round(some_answers(60), state=RoundState.OPEN)
    assert refresh_results(NOW) == 0 and not RoundResult.objects.exists()
    Round.objects.filter(pk=row.pk).update(state=RoundState.CLOSED)
    assert refresh_results(NOW) == 1
    assert {each["key"] for each in kept(row).data["breakdowns"]} >= {"gender", "age"}


def test_rounds_in_preparation_and_annulled_ones_are_not_counted() -> None:
    make_round(some_answers(20), state=RoundState.DRAFT)
    make_round(some_answers(20), state=RoundState.ANNULLED, annulled_because="Salah sasaran")
    assert refresh_results(NOW) == 0


def test_one_round_that_cannot_be_counted_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = (
        make_round(some_answers(12)),
        make_round(some_answers(12), agency=factories.make_agency("DUKCAPIL")),
    )
    plainly = of_rounds.counted

    def counted_or_not(row: Round) -> Any:
        if row.pk == bad.pk:
            raise ValueError("spoilt")
        return plainly(row)

    monkeypatch.setattr("surveys.index.services.counted", counted_or_not)
    assert refresh_results(NOW) == 1
    assert RoundResult.objects.get().round == good


def test_a_small_group_is_kept_without_figures() -> None:
    answers = some_answers(50)
    for n, given in enumerate(answers):
        given["gender"] = "female" if n < 4 else "male"
    row = make_round(answers)
    refresh_results(NOW)
    by_sex = next(each for each in kept(row).data["breakdowns"] if each["key"] == "gender")
    assert all(group["moments"] is None for group in by_sex["groups"])


def test_who_said_nothing_of_the_elements_is_in_no_group() -> None:
    row = make_round([*some_answers(60), *[{"gender": "male"}] * 20])
    refresh_results(NOW)
    data = kept(row).data
    by_sex = next(each for each in data["breakdowns"] if each["key"] == "gender")
    assert sum(group["moments"]["respondents"] for group in by_sex["groups"] if group["moments"]) == 60
    assert moments_of(data).without == 20


def test_channels_typed_and_flagged_answers_are_counted() -> None:
    row = make_round(some_answers(40), channels=[Channel.QR, Channel.PAPER], flags=[["alike"]] * 12)
    refresh_results(NOW)
    data = kept(row).data
    assert data["channels"] == {"qr": 20, "paper": 20}
    assert (data["typed"], data["flagged"]) == (20, 12)
    found = with_result(row.code, Round.objects.all())
    assert found is not None
    unflagged = shown(found).unflagged
    assert unflagged is not None
    assert unflagged.respondents == 28


def test_the_lines_of_a_file_have_nothing_but_the_elements_and_no_order() -> None:
    answers = some_answers(12)
    row = make_round(answers)
    refresh_results(NOW)
    lines = kept(row).lines.splitlines()
    assert lines == sorted("".join(str(given[key]) for key in ELEMENTS) for given in answers)


def test_of_fewer_than_ten_there_are_no_lines() -> None:
    row = make_round(some_answers(9))
    refresh_results(NOW)
    assert kept(row).lines == ""


def test_a_survey_of_the_citys_own_counts_its_questions_on_the_scale() -> None:
    steps = [{"value": str(n), "id": f"Langkah {n}"} for n in range(1, 5)]
    version = make_version(
        {"key": "light", "type": "scale", "options": steps}, {"key": "why", "type": "text"}, published_at=NOW
    )
    row = make_round([{"light": 4}, {"light": 2}] * 10, version=version)
    refresh_results(NOW)
    assert moments_of(kept(row).data).items == ("light",)
    assert result_index(kept(row)).value == 75


def test_what_is_asked_after_a_case_is_in_no_course_of_the_national_survey() -> None:
    agency = factories.make_agency()
    national = make_round(some_answers(20), agency=agency)
    make_round([{"time": 1}] * 20, agency=agency, version=after_case())
    refresh_results(NOW)
    assert [point.round for point in element_course("time", agency)] == [national]


def test_the_course_of_an_element_tells_rounds_apart_by_service_and_leaves_annulled_ones_out() -> None:
    agency = factories.make_agency()
    service = Service.objects.create(code="ktp", agency=agency, name_id="KTP", name_en="Identity card")
    first = make_round(some_answers(20), agency=agency)
    second = make_round(some_answers(30, 2), agency=agency)
    of_service = make_round(some_answers(20), agency=agency, service=service)
    too_few = make_round(some_answers(9), agency=agency)
    annulled = make_round(some_answers(20), agency=agency)
    refresh_results(NOW)
    Round.objects.filter(pk=annulled.pk).update(state=RoundState.ANNULLED, annulled_because="Salah")
    points = element_course("time", agency)
    assert [point.round for point in points] == [first, second]
    assert too_few not in [point.round for point in points]
    assert [point.round for point in element_course("time", agency, service)] == [of_service]
    assert points[0].answered == 20
    assert points[0].low < points[0].mean < points[0].high
