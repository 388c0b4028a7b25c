"""Somebody answers by the short link: without an account, a cookie or JavaScript, once a form, whatever happens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from surveys.questionnaires.models import Question, Section, SurveyVersion
from surveys.rounds import handing_out, services
from surveys.rounds.models import Channel, Response, ResponseWords, Round, Token
from surveys.rounds.tokens import new_form_token, show_code
from tests.factories import DAY, FRIDAY, HOUR
from tests.shared import NOON
from tests.surveys.questions import STEPS, make_version
from tests.surveys.rounds.people import head, made, opened, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def fresh(row: Round, **fields: Any) -> dict[str, Any]:
    """A form that was open for some minutes."""
    return {"form_token": new_form_token(row, NOON - HOUR), "go": "send"} | fields


def send(row: Round, client: Client | None = None, path: str = "", **fields: Any) -> Any:
    return (client or Client()).post(f"/s/{row.code}/{path}", fresh(row, **fields))


def test_the_answers_arrive_and_the_thanks_say_what_happens_with_them() -> None:
    row, client = opened(), Client()
    page = client.get(f"/s/{row.code.lower()}/")  # as people type it
    assert page.status_code == 200 and "form_token" in page.content.decode()
    done = client.post(f"/s/{row.code}/", fresh(row, **steps(3, time=1)), follow=True)
    assert "What happens with it" in done.content.decode()
    answer = Response.objects.get()
    assert answer.answers == steps(3, time=1) and answer.channel == Channel.LINK
    assert answer.day == NOON.date() and answer.flags == []
    assert not client.cookies


def test_the_same_form_sent_again_gives_the_thanks_and_no_second_answer() -> None:
    row, client = opened(), Client()
    form = fresh(row, **steps())
    for _ in range(3):
        assert client.post(f"/s/{row.code}/", form).status_code == 302
    assert Client().post(f"/s/{row.code}/", form).status_code == 302  # another browser is no way round
    assert Response.objects.count() == Token.objects.count() == 1


def test_who_opens_the_form_anew_may_answer_too_as_a_family_on_one_phone_does() -> None:
    row, client = opened(), Client()
    for value in (1, 2, 3):
        assert send(row, client, **steps(value)).status_code == 302
    assert Response.objects.count() == 3


def test_a_form_of_another_round_or_a_made_up_one_is_not_taken_and_what_was_typed_stays() -> None:
    row, other = opened(), opened()
    for token in (new_form_token(other, NOON), "x.1:y", "", new_form_token(row, NOON - 2 * DAY)):
        page = send(row, form_token=token, **steps(2))
        assert page.status_code == 409 and "once more" in page.content.decode()
        assert page.context["form"]["time"].value() == "2"
        assert page.context["form_token"] != token
    assert not Response.objects.exists()


def test_nothing_and_nonsense_is_refused_in_words_and_kept_on_the_page() -> None:
    row = opened()
    assert send(row).status_code == 422
    page = send(row, **steps(3, time=5))
    assert page.status_code == 422 and "none of the answers offered" in page.content.decode()
    assert page.context["form"]["cost"].value() == "3"
    assert send(row, **steps(0)).status_code == 422  # nought is no answer
    assert not Response.objects.exists() and not Token.objects.exists()


def test_what_nobody_asked_is_not_stored() -> None:
    row = opened()
    send(row, **steps(3), id="5", day="2020-01-01", channel="import", slip="9", flags="fast", round="1")
    answer = Response.objects.get()
    assert answer.answers == steps(3) and answer.slip == "" and answer.channel == Channel.LINK


def test_another_site_cannot_send_the_form_for_its_visitors() -> None:
    row = opened()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert Client(headers=headers).post(f"/s/{row.code}/", fresh(row, **steps())).status_code == 403
    own = Client(headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"})
    assert own.post(f"/s/{row.code}/", fresh(row, **steps())).status_code == 302


def test_the_poster_is_a_channel_of_its_own() -> None:
    row = opened()
    send(row, path="qr/", **steps())
    assert Response.objects.get().channel == Channel.QR


def test_a_round_that_does_not_ask_says_so() -> None:
    coming = made(opens_on=NOON.date() + timedelta(days=5), closes_on=NOON.date() + timedelta(days=9))
    assert Client().get(f"/s/{coming.code}/").status_code == 404  # in preparation: nobody's business
    row = opened(closes_on=FRIDAY.date() + timedelta(days=2))
    assert "takes no answers" in Client().get(f"/s/{row.code}/").content.decode()
    assert send(row, **steps()).status_code == 409
    services.annul_round(row.pk, actor=head(), now=FRIDAY, reason="Petugas mengisi sendiri.")
    assert "Petugas mengisi sendiri." in Client().get(f"/s/{row.code}/").content.decode()
    assert Client().get("/s/ZZZZZZ/").status_code == 404
    assert not Response.objects.exists()


def test_the_list_shows_what_asks_what_closed_and_what_was_annulled_with_the_reason() -> None:
    asking, closed, gone = opened(), opened(), opened()
    services.close_round(closed.pk, actor=head(), now=FRIDAY)
    services.annul_round(gone.pk, actor=head(), now=FRIDAY, reason="Salah pertanyaan.")
    page = Client().get("/surveys/").content.decode()
    assert f"/s/{asking.code}/" in page and closed.code in page and "Salah pertanyaan." in page
    assert f"/s/{asking.code}/" in Client().get("/take-part/").content.decode()


def test_a_personal_code_is_good_for_one_answer_and_a_wrong_one_for_none() -> None:
    row = opened(needs_token=True)
    (code,) = handing_out.issue_codes(row.pk, actor=head(), now=FRIDAY, count=1)
    assert not Token.objects.filter(digest__contains=code).exists()
    assert send(row, **steps()).status_code == 422
    wrong = send(row, personal_code="2222-2222-2222", **steps())
    assert wrong.status_code == 422 and "not known here" in wrong.content.decode()
    assert send(row, personal_code="12", **steps()).status_code == 422
    for typed in (show_code(code).lower(), code, f" {code} "):
        assert send(row, personal_code=typed, **steps()).status_code == 302
    assert Response.objects.count() == 1
    assert Token.objects.get().used_on == NOON.date()


def stepped() -> Round:
    """Two sections; the third question is asked only of who was unhappy."""
    version = make_version({"key": "time", "type": "scale", "options": STEPS, "is_required": True})
    second = Section.objects.create(version=version, position=2, name_id="Alasan", name_en="Why")
    rule = {"show_if_key": "time", "show_if_values": ["1", "2"]}
    Question.objects.create(section=second, position=1, key="why", type="text", text_id="Mengapa?", **rule)
    third = Section.objects.create(version=version, position=3, name_id="Anda", name_en="You")
    Question.objects.create(section=third, position=1, key="age", type="number", text_id="Umur?", minimum=1)
    SurveyVersion.objects.filter(pk=version.pk).update(published_at=FRIDAY)
    version.refresh_from_db()
    return opened(version=version, in_steps=True)


def test_section_by_section_what_was_answered_goes_along_and_a_section_without_questions_is_passed_over() -> (
    None
):
    row = stepped()
    assert "Part 1 of 3" in Client().get(f"/s/{row.code}/").content.decode()
    assert send(row, step="0", go="next").status_code == 422  # has to be answered
    assert "Part 3 of 3" in send(row, step="0", go="next", time="4").content.decode()
    page = send(row, step="0", go="next", time="1").content.decode()
    assert "Part 2 of 3" in page and 'name="time" value="1"' in page
    page = send(row, step="2", go="back", time="1", why="Antre lama").content.decode()
    assert "Part 2 of 3" in page and "Antre lama" in page
    assert not Response.objects.exists()
    assert send(row, step="2", time="1", why="Antre lama", age="34").status_code == 302
    assert Response.objects.get().answers == {"time": 1, "age": 34}
    assert ResponseWords.objects.get().words == {"why": "Antre lama"}


def test_ballot_stuffing_is_flagged_and_slowed_and_a_counters_wifi_is_not_shut_out() -> None:
    row = opened()
    for n in range(60):
        assert send(row, **steps(3, time=n % 4 + 1, cost=n // 4 % 4 + 1)).status_code == 302
    late = send(row, **steps(2))
    assert late.status_code == 429 and int(late["Retry-After"]) <= 2
    other = Client(REMOTE_ADDR="203.0.113.9").post(f"/s/{row.code}/", fresh(row, **steps(3, time=2)))
    assert other.status_code == 302
    flagged = Response.objects.exclude(flags=[])
    assert {flag for each in flagged for flag in each.flags} == {"burst", "straight"}
    assert 40 <= sum("burst" in each.flags for each in flagged) <= 50


def test_many_alike_in_a_row_from_one_network_are_flagged_and_all_counted() -> None:
    row = opened()
    for _ in range(7):
        send(row, **steps(3, time=4))
    assert sum("alike" in each.flags for each in Response.objects.all()) == 3
    assert Response.objects.count() == 7


def test_what_was_sent_before_it_could_be_read_and_one_step_for_all_is_flagged() -> None:
    row = opened()
    Client().post(f"/s/{row.code}/", {"form_token": new_form_token(row, NOON), "go": "send"} | steps(4))
    assert Response.objects.get().flags == ["fast", "straight"]


def test_no_network_no_browser_and_no_moment_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    row = opened()
    client = Client(REMOTE_ADDR="203.0.113.77", headers={"User-Agent": "Peramban-Ani"})
    send(row, client, **steps())
    told = caplog.text + str(list(Response.objects.values())) + str(list(Token.objects.values()))
    assert "203.0.113" not in told and "Peramban-Ani" not in told and ":00" not in told
