"""Texts that people wrote into a survey: read when it is over, erased when somebody asks for it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from complaints.services.change import NotAllowed
from surveys.index.counted import counted
from surveys.questionnaires.models import SurveyVersion
from surveys.rounds import services
from surveys.rounds.erasing import erase_text, texts_of
from surveys.rounds.models import Channel, Response, ResponseWords, Round
from surveys.rounds.sealing import seal_days
from surveys.rounds.storing import Given, store_many
from tests import factories
from tests.factories import FRIDAY
from tests.surveys.questions import STEPS, make_version
from tests.surveys.rounds.people import answer, head, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def version() -> SurveyVersion:
    return make_version(
        {"key": "time", "type": "scale", "options": STEPS, "element": "time"},
        {"key": "why", "type": "text", "text_id": "Mengapa?", "text_en": "Why?"},
        published_at=FRIDAY,
    )


@pytest.fixture
def row() -> Round:
    row = opened(version=version())
    answer(row, answers={"time": 1}, words={"why": "Nama saya Ani Wijaya"})
    for _n in range(9):
        answer(row, answers={"time": 3})
    return row


def url(row: Round, further: str = "") -> str:
    return f"/staff/surveys/rounds/{row.code}/words/{further}"


def test_the_unit_reads_them_once_the_round_is_over_and_only_supervisors_erase(
    client: Client, row: Round
) -> None:
    client.force_login(head())
    assert "Not to be read yet" in client.get(url(row)).content.decode()
    assert "Ani" not in client.get(url(row), {"q": "Wijaya"}).content.decode()  # the search is not for them
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    page = client.get(url(row)).content.decode()
    assert "Ani Wijaya" in page and "Why?" in page and "Erase for good" not in page
    with pytest.raises(NotAllowed):
        erase_text(row, Response.objects.get(answers={"time": 1}).pk, "why", actor=head(), now=FRIDAY)


def test_of_a_round_in_which_few_answered_nobody_reads_a_word(client: Client) -> None:
    row = opened(version=version())
    answer(row, answers={"time": 1}, words={"why": "Nama saya Ani Wijaya"})
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    client.force_login(head())
    assert "Ani" not in client.get(url(row)).content.decode()


def test_a_text_is_erased_also_while_the_round_is_open_and_the_answer_counts_as_before(
    client: Client, row: Round
) -> None:
    seal_days(FRIDAY + timedelta(days=1))
    before = counted(row).data
    client.force_login(factories.make_user(Role.SUPERVISOR))
    assert "Ani" not in client.get(url(row)).content.decode()
    page = client.get(url(row), {"q": "wijaya"})
    (shown,) = page.context["texts"]
    sent = {each["name"]: each["value"] for each in shown["hidden"]}
    assert client.post(url(row, "erase/"), sent).status_code == 302
    assert client.post(url(row, "erase/"), sent).status_code == 302  # pressed twice: on record once
    assert ResponseWords.objects.get().words == {"why": ""}
    assert Response.objects.count() == 10 and counted(row).data == before
    entry = LedgerEntry.objects.get(kind="survey_text_erased")
    assert entry.role == Role.SUPERVISOR and entry.data == {"round": row.code}
    assert verify_ledger(files=False).ok
    services.close_round(row.pk, actor=head(), now=FRIDAY + timedelta(days=1))
    client.force_login(head())
    assert "A text stood here; it was erased." in client.get(url(row)).content.decode()
    assert [text.words for text in texts_of(row, 0, 50)] == [""]


def test_nothing_else_of_an_answer_is_erased(client: Client, row: Round) -> None:
    client.force_login(factories.make_user(Role.SUPERVISOR))
    pk = str(Response.objects.get(answers={"time": 1}).pk)
    for sent in ({"response": pk, "key": "time"}, {"response": "5", "key": "why"}):
        assert client.post(url(row, "erase/"), sent).status_code == 302
    assert client.post(url(row, "erase/"), {"response": "x", "key": "why"}).status_code == 404
    assert ResponseWords.objects.get().words == {"why": "Nama saya Ani Wijaya"}
    assert Response.objects.get(pk=pk).answers == {"time": 1}
    assert not LedgerEntry.objects.filter(kind="survey_text_erased").exists()


def test_many_texts_are_read_page_by_page_without_asking_for_all(client: Client) -> None:
    row = opened(version=version())
    given = [Given({"time": 2}, {"why": f"Tulisan {n}"}) for n in range(70)]
    store_many(row, given, Channel.LINK, now=FRIDAY)
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    client.force_login(head())
    first, second = client.get(url(row)), client.get(url(row), {"page": "1"})
    assert (len(first.context["texts"]), len(second.context["texts"])) == (50, 20)
    assert "?page=1" in first.content.decode() and "?page=0" in second.content.decode()
    assert len({each["text"].words for page in (first, second) for each in page.context["texts"]}) == 70
