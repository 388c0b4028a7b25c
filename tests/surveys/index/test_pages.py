"""What came of a round, as everybody and as staff see it; published indices are typed in and counted again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Agency, User
from accounts.roles import Role
from surveys.index.columns import ELEMENTS
from surveys.index.models import PublishedIndex
from surveys.index.services import refresh_results
from surveys.index.shown import shown
from surveys.rounds.models import Channel, Round, RoundState
from tests import factories
from tests.module_rows import ModuleRows
from tests.surveys.index.rounds import SEXES, give, make_round, some_answers
from tests.surveys.index.test_recount import published
from tests.surveys.questions import national

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]
Ask = Callable[..., Any]


def make_rows() -> None:
    version = national()
    agency, other = factories.make_agency("DUKCAPIL", name="Dinas Dukcapil"), factories.make_agency("DLHK")
    first = {"opens_on": date(2025, 1, 1), "closes_on": date(2025, 6, 30)}
    make_round(some_answers(60, 1), code="AAAA1111", agency=agency, version=version, population=100, **first)
    spoilt = {"opens_on": date(2025, 7, 1), "closes_on": date(2025, 9, 30)}
    make_round(
        some_answers(60, 1, (1,)),
        code="BBBB1111",
        agency=agency,
        version=version,
        state=RoundState.ANNULLED,
        annulled_because="Petugas mengisi sendiri",
        **spoilt,
    )
    make_round(
        some_answers(120, 2),
        code="CCCC1111",
        agency=agency,
        version=version,
        population=500,
        target=217,
        channels=[Channel.QR, Channel.QR, Channel.PAPER],
        flags=[["burst"]] * 12,
    )
    make_round(some_answers(8), code="DDDD1111", agency=other, version=version)
    make_round(some_answers(40), code="EEEE1111", agency=other, version=version, state=RoundState.OPEN)
    make_round(some_answers(40), code="FFFF1111", agency=other, version=version, state=RoundState.DRAFT)
    refresh_results(NOW)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> None:
    module_rows.make(make_rows)


@pytest.fixture
def ask(client: Client) -> Ask:
    def get(path: str, status: int = 200) -> str:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = client.get(path)
        assert answer.status_code == status, path
        return answer.content.decode().replace("\xa0", " ") if status == 200 else ""

    return get


def person(role: Role, code: str | None = "DUKCAPIL") -> User:
    agency = Agency.objects.get(code=code) if code else None
    return factories.make_user(role, agency)


def test_everybody_reads_the_result_with_how_sure_it_is(ask: Ask) -> None:
    page = ask("/surveys/rounds/CCCC1111/")
    for words in (
        "Satisfaction index",
        "The sample is too small",
        "120 answered; 217 were asked for.",
        "67 % of 120 answered by poster, link or mail",
        "no random sample",
        "33 % of 120 were on paper or in a file, and typed in by staff",
        "10.0 % of 120 look as if somebody should look at them",
        "Without them the index would be",
        "at 95 % between",
        "From round to round",
        "By group of respondents",
        "<svg",
    ):
        assert words in page, words


def test_an_annulled_round_says_why_and_is_in_no_trend(ask: Ask) -> None:
    page = ask("/surveys/rounds/BBBB1111/")
    assert "This round was annulled" in page
    assert "Petugas mengisi sendiri" in page
    assert "Satisfaction index" not in page
    trend = ask("/surveys/rounds/CCCC1111/").partition('id="trend"')[2]
    assert "AAAA1111" in trend
    assert "BBBB1111" not in trend


def test_of_fewer_than_ten_the_public_sees_nothing_and_staff_the_whole(ask: Ask, client: Client) -> None:
    assert "Too few answers to show" in ask("/surveys/rounds/DDDD1111/")
    client.force_login(person(Role.OFFICER, "DLHK"))
    page = ask("/staff/surveys/rounds/DDDD1111/results/")
    assert "The sample is too small" in page
    groups = page.partition('id="groups"')[2].partition("</section>")[0]
    assert ">*</td>" in groups
    assert "–" not in groups  # no interval of any group


def test_an_open_round_shows_no_figure_to_anybody(ask: Ask, client: Client) -> None:
    assert "No result yet" in ask("/surveys/rounds/EEEE1111/")
    ask("/surveys/rounds/EEEE1111/answers.csv", 404)
    client.force_login(person(Role.OFFICER, "DLHK"))
    assert "No result yet" in ask("/staff/surveys/rounds/EEEE1111/results/")


def test_a_figure_that_was_public_is_not_annulled_away(ask: Ask) -> None:
    row = Round.objects.get(code="CCCC1111")
    index = str(shown(row).index.rounded)
    Round.objects.filter(pk=row.pk).update(state=RoundState.ANNULLED, annulled_because="Tidak bagus")
    page = ask("/surveys/rounds/CCCC1111/")
    assert f"its index was public: {index}, from 120 people" in page and "Satisfaction index" not in page
    assert "its index was public" not in ask("/surveys/rounds/BBBB1111/")  # it had none


def test_a_sample_that_was_set_by_hand_is_called_so(ask: Ask) -> None:
    Round.objects.filter(code="CCCC1111").update(target=50, target_is_own=True)
    page = ask("/surveys/rounds/CCCC1111/")
    assert "The sample was set by hand" in page and "it would be 217 of so many users" in page


def test_a_round_in_preparation_is_nobodys(ask: Ask) -> None:
    ask("/surveys/rounds/FFFF1111/", 404)
    ask("/surveys/rounds/ZZZZ1111/", 404)
    ask("/surveys/rounds/FFFF1111/figures.csv", 404)


def test_the_page_asks_few_questions_however_many_answered(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get("/surveys/rounds/CCCC1111/")  # what a process asks once
    with django_assert_max_num_queries(3):
        client.get("/surveys/rounds/CCCC1111/")
    client.force_login(person(Role.SUPERVISOR, None))
    with django_assert_max_num_queries(10):
        client.get("/staff/surveys/rounds/CCCC1111/results/")


def test_no_page_of_results_loads_pandas(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise AssertionError("counted in a request")

    monkeypatch.setattr("surveys.index.counting.given_in", refuse)
    monkeypatch.setattr("surveys.index.counting.answers_frame", refuse)
    for path in ("", "figures.csv", "answers.csv"):
        ask(f"/surveys/rounds/CCCC1111/{path}")
    ask("/surveys/results/")


def test_the_file_of_figures_says_what_the_page_says(ask: Ask) -> None:
    lines = [line.split(",") for line in ask("/surveys/rounds/AAAA1111/figures.csv").splitlines()]
    index = next(line for line in lines if line[0] == "index")
    assert index[5] == "60"
    assert f"{Decimal(index[2]):.2f}" in ask("/surveys/rounds/AAAA1111/").replace(",", ".")
    assert sum(line[0].startswith("element:") for line in lines) == 9


def test_the_file_of_answers_holds_no_word_about_anybody(ask: Ask) -> None:
    lines = ask("/surveys/rounds/AAAA1111/answers.csv").splitlines()
    assert lines[0].split(",") == list(ELEMENTS)
    assert len(lines) == 61
    assert lines[1:] == sorted(lines[1:])
    assert not any(word in "".join(lines[1:]) for word in SEXES)
    for code in ("BBBB1111", "DDDD1111", "EEEE1111"):
        ask(f"/surveys/rounds/{code}/answers.csv", 404)


def test_units_stand_side_by_side_without_what_is_too_small(ask: Ask) -> None:
    page = ask("/surveys/results/")
    assert "Dinas Dukcapil" in page
    assert "1 round with fewer than ten answers is left out too." in page
    assert "AAAA1111" not in page
    assert "AAAA1111" in ask("/surveys/results/?year=2025")
    for odd in ("1999x", "²", "9" * 5000):
        assert "CCCC1111" in ask(f"/surveys/results/?year={odd}")


def test_rounds_of_a_unit_are_put_together_to_the_last_digit(ask: Ask) -> None:
    row = Round.objects.get(code="AAAA1111")
    again = make_round(some_answers(30, 9), code="GGGG1111", agency=row.agency, version=row.version)
    refresh_results(NOW)
    assert "all rounds of the year together" in ask("/surveys/results/")
    Round.objects.filter(pk=again.pk).update(state=RoundState.ANNULLED, annulled_because="Salah")
    assert "all rounds of the year together" not in ask("/surveys/results/")


@pytest.mark.parametrize(
    ("role", "code", "list_status", "own", "of_others", "recount"),
    [
        (Role.OFFICER, "DUKCAPIL", 200, 200, 404, 403),
        (Role.AGENCY_HEAD, "DUKCAPIL", 200, 200, 404, 200),
        (Role.SUPERVISOR, None, 200, 200, 200, 200),
        (Role.CLERK, None, 403, 403, 403, 403),
        (Role.VERIFIER, None, 403, 403, 403, 403),
        (Role.ADMINISTRATOR, None, 403, 403, 403, 403),
    ],
)
def test_who_reaches_what(
    role: Role,
    code: str | None,
    list_status: int,
    own: int,
    of_others: int,
    recount: int,
    ask: Ask,
    client: Client,
) -> None:
    client.force_login(person(role, code))
    ask("/staff/surveys/results/", list_status)
    ask("/staff/surveys/rounds/CCCC1111/results/", own)
    ask("/staff/surveys/rounds/EEEE1111/results/", of_others)
    ask("/staff/surveys/results/published/", recount)


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    for path in ("results/", "rounds/CCCC1111/results/", "results/published/", "results/published/IKM-1/"):
        assert client.get(f"/staff/surveys/{path}").status_code == 302


def typed(name: str = "Bantul") -> dict[str, str]:
    row = published(name)
    means = {f"mean_{key}": str(mean) for key, mean in zip(ELEMENTS, row["nrr"], strict=True)}
    return means | {
        "name": row["name"],
        "period": "2023",
        "source": row["source"],
        "index": str(row["published_ikm"]).replace(".", ","),
    }


def test_an_index_that_comes_out_is_shown_to_everybody_as_such(ask: Ask, client: Client) -> None:
    client.force_login(person(Role.SUPERVISOR, None))
    assert client.post("/staff/surveys/results/published/", typed()).status_code == 302
    client.logout()
    page = ask("/surveys/published/")
    assert "It comes out from its own element means, with the exact weight of 1/9 each." in page
    assert "87.28" in page


def test_an_index_that_does_not_come_out_is_shown_with_what_does(ask: Ask, client: Client) -> None:
    client.force_login(person(Role.SUPERVISOR, None))
    assert client.post("/staff/surveys/results/published/", typed("Sumatera Barat")).status_code == 302
    page = ask("/surveys/published/")
    assert "It does not come out" in page
    assert "Its own element means give 82.70, and no usual weights give 81.71." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("index", "101"), ("index", ""), ("index", "x"), ("mean_time", "4.1"), ("mean_time", ""), ("name", "")],
)
def test_what_cannot_be_an_index_is_refused_and_nothing_is_kept(
    field: str, value: str, client: Client
) -> None:
    client.force_login(person(Role.SUPERVISOR, None))
    assert client.post("/staff/surveys/results/published/", typed() | {field: value}).status_code == 422
    assert not PublishedIndex.objects.exists()


def test_a_head_types_in_for_their_own_line_only(client: Client) -> None:
    client.force_login(person(Role.AGENCY_HEAD))
    own, other = (str(Round.objects.get(code=code).agency_id) for code in ("CCCC1111", "EEEE1111"))
    assert client.post("/staff/surveys/results/published/", typed()).status_code == 422
    assert client.post("/staff/surveys/results/published/", typed() | {"agency": other}).status_code == 422
    assert client.post("/staff/surveys/results/published/", typed() | {"agency": own}).status_code == 302


def test_what_was_typed_in_wrongly_is_taken_back_and_stays(ask: Ask, client: Client) -> None:
    client.force_login(person(Role.SUPERVISOR, None))
    client.post("/staff/surveys/results/published/", typed())
    row = PublishedIndex.objects.get()
    path = f"/staff/surveys/results/published/{row.number}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"why": " "}).status_code == 422
    assert client.post(path, {"why": "Salah ketik"}).status_code == 302
    assert client.post(path, {"why": "Lagi"}).status_code == 409
    page = ask("/surveys/published/")
    assert "Taken back: it was typed in wrongly" in page
    assert "Salah ketik" in page
    client.force_login(person(Role.AGENCY_HEAD))
    assert client.get(path).status_code == 404  # of no agency of this line


def test_nothing_moves_in_an_open_round_before_ten_more_have_answered(ask: Ask) -> None:
    before = ask("/surveys/rounds/EEEE1111/")
    give(Round.objects.get(code="EEEE1111"), some_answers(9, 5, (1,)))
    refresh_results(NOW)
    assert ask("/surveys/rounds/EEEE1111/") == before
