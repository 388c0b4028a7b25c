"""A slip that was mistyped: the new answer counts, the old one stays, and everybody sees that it happened."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from surveys.index.services import refresh_results
from surveys.index.shown import shown, with_result
from surveys.rounds import services
from surveys.rounds.correcting import answer_of, correct, slip_number
from surveys.rounds.models import Channel, Response, Round
from surveys.rounds.progress import progress_of
from surveys.rounds.sealing import seal_days
from surveys.rounds.storing import Given, Stored, store_many
from tests import factories
from tests.factories import FRIDAY
from tests.surveys.rounds.people import TODAY, answer, head, opened, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> Round:
    # Digits alone, as chance may have it: a code that looks like a number is still a text.
    monkeypatch.setattr(services, "draw_code", lambda length: "2" * length)
    row = opened(enter_until=TODAY + timedelta(days=25))
    slips = [Given(steps(2), slip=str(number)) for number in range(1, 12)]
    store_many(row, slips, Channel.PAPER, now=FRIDAY)
    return row


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(head())
    return client


def post(desk: Client, row: Round, slip: str, step: int, **fields: Any) -> Any:
    data = {"slip_number": slip} | {key: str(value) for key, value in steps(step).items()} | fields
    return desk.post(f"/staff/surveys/rounds/{row.code}/paper/", data)


def again(row: Round, slip: str = "7", step: int = 4) -> Stored:
    of = answer_of(row, slip)
    assert of is not None
    return correct(row, of, Given(steps(step), slip=slip), actor=head(), now=FRIDAY + DAY)


def test_the_page_shows_what_was_typed_and_saves_what_should_have_been(desk: Client, row: Round) -> None:
    page = desk.get(f"/staff/surveys/rounds/{row.code}/paper/", {"correct": "007"})
    assert page.context["form"]["time"].value() == 2 and "Correct a slip" in page.content.decode()
    key = page.context["instead_of"]["key"]
    assert post(desk, row, "7", 4, instead_of=key).status_code == 302
    assert post(desk, row, "7", 4, instead_of=key).status_code == 302  # pressed twice
    assert post(desk, row, "7", 3, instead_of=key).status_code == 409  # what was seen counts no more
    first = Response.objects.get(pk=key)
    assert first.answers == steps(2) and first.replaced_by.answers == steps(4)
    assert (first.replaced_by.slip, first.replaced_by.channel) == ("7", Channel.PAPER)
    assert desk.get(f"/staff/surveys/rounds/{row.code}/paper/", {"correct": "99"}).status_code == 302


def test_a_slip_typed_twice_otherwise_is_corrected_by_its_button_and_by_nothing_else(
    desk: Client, row: Round
) -> None:
    page = post(desk, row, "7", 4)
    assert page.status_code == 409 and "Save the correction" in page.content.decode()
    assert 'type="hidden" name="instead_of"' not in page.content.decode()  # Enter is no correction
    assert answer_of(row, "7").answers == steps(2)
    other = answer_of(row, "8")
    assert other is not None
    assert post(desk, row, "7", 4, instead_of=str(other.pk)).status_code == 409  # of another slip
    assert post(desk, row, "7", 4, instead_of=page.context["instead_of"]["key"]).status_code == 302
    assert answer_of(row, "7").answers == steps(4)


def test_what_was_corrected_counts_once_and_is_said_beside_every_count(desk: Client, row: Round) -> None:
    assert again(row) is Stored.NEW
    progress = progress_of(row)
    assert (progress.answers, progress.typed, progress.corrected) == (11, 11, 1)
    assert "1 slip was corrected" in desk.get(f"/staff/surveys/rounds/{row.code}/").content.decode()
    services.close_round(row.pk, actor=head(), now=FRIDAY + DAY)
    refresh_results(FRIDAY + DAY)
    found = with_result(row.code, Round.objects.all())
    assert found is not None
    result = shown(found)
    assert (result.responses, result.typed, result.corrected) == (11, 11, 1)
    assert result.index is not None and result.index.value == Fraction(25 * (10 * 2 + 4), 11)
    desk.logout()
    page = desk.get(f"/surveys/rounds/{row.code}/").content.decode()
    assert "1 of these slips was typed a second time to correct it" in page
    assert "corrected,,1," in desk.get(f"/surveys/rounds/{row.code}/figures.csv").content.decode()


def test_it_is_on_record_who_corrected_and_another_way_is_found_out(row: Round) -> None:
    seal_days(FRIDAY + DAY)
    again(row)
    entry = LedgerEntry.objects.get(kind="survey_corrected")
    assert (entry.actor, entry.data) == (head(), {"round": row.code})
    seal_days(FRIDAY + 2 * DAY)
    assert verify_ledger(files=False).ok
    first = answer_of(row, "8")
    answer(row, FRIDAY + 2 * DAY, answers=steps(4), slip="8", channel=Channel.PAPER)
    assert first == answer_of(row, "8")  # a slip has one answer without it
    Response.objects.create(
        round=row, day=TODAY + 2 * DAY, channel=Channel.PAPER, answers=steps(4), slip="8", replaces=first
    )
    bad = verify_ledger(files=False).first_bad
    assert bad is not None and bad.why == "survey_correction_differs"


def test_of_two_who_correct_one_slip_the_second_is_told_and_a_correction_can_be_corrected(row: Round) -> None:
    of = answer_of(row, "7")
    assert of is not None
    assert again(row) is Stored.NEW
    assert correct(row, of, Given(steps(1), slip="7"), actor=head(), now=FRIDAY + DAY) is Stored.NOT_LAST
    assert again(row, step=3) is Stored.NEW
    assert answer_of(row, "7").answers == steps(3)
    assert Response.objects.filter(slip="7").count() == 3 and progress_of(row).answers == 11


def test_a_closed_round_another_unit_and_what_is_no_slip_are_not_corrected(row: Round) -> None:
    of = answer_of(row, "7")
    assert of is not None and answer_of(row, "") is None
    other = head("DINKES")
    with pytest.raises(Round.DoesNotExist):
        correct(row, of, Given(steps(4), slip="7"), actor=other, now=FRIDAY)
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    assert correct(row, of, Given(steps(4), slip="7"), actor=head(), now=FRIDAY) is Stored.OVER
    answer(row)
    with pytest.raises(IntegrityError, match="response_replaces_with_slip"), transaction.atomic():
        Response.objects.create(round=row, day=TODAY, channel=Channel.LINK, replaces=of)
    assert not LedgerEntry.objects.filter(kind="survey_corrected").exists()


def test_the_same_file_again_brings_nothing_after_a_correction(desk: Client, row: Round) -> None:
    again(row)
    lines = "slip,time,procedure\n" + "".join(f"{n:03},2,2\n" for n in range(1, 12))
    sent = {"text": lines, "order": "regulation", "go": "look"}
    taken = desk.post(f"/staff/surveys/rounds/{row.code}/import/", sent).context["taken"]
    assert not taken.lines and len(taken.problems) == 11  # two columns are not the nine answers
    head_line = ",".join(["slip", *steps()])
    lines = head_line + "\n" + "".join(f"{n:03}{',2' * 9}\n" for n in range(1, 12))
    taken = desk.post(f"/staff/surveys/rounds/{row.code}/import/", sent | {"text": lines}).context["taken"]
    assert (taken.known, taken.lines, taken.problems) == (11, [], [])


@pytest.mark.parametrize(
    ("typed", "number"),
    [(" 007", "7"), ("a-009", "A-9"), ("10", "10"), ("0", "0"), ("B  07", "B 7"), ("", "")],
)
def test_one_sheet_of_paper_has_one_number_however_it_is_typed(typed: str, number: str) -> None:
    assert slip_number(typed) == number


def test_in_a_round_with_personal_codes_a_slip_is_known_by_its_code_and_no_file_is_taken(
    desk: Client,
) -> None:
    row = opened(needs_token=True, agency=factories.make_agency())
    page = desk.post(f"/staff/surveys/rounds/{row.code}/codes/", {"count": "1", "as_file": "page"})
    (code,) = page.context["codes"]
    assert post(desk, row, "BCDF-GHJK-MNPQ", 3).status_code == 409  # a code that nobody was given
    assert post(desk, row, code, 3).status_code == 302
    assert post(desk, row, code.lower(), 4).status_code == 409  # it was good for one answer
    assert Response.objects.get().slip == ""  # which code it came with nobody sees
    assert desk.get(f"/staff/surveys/rounds/{row.code}/import/").status_code == 404
