"""What citizens see of their case and what they can do with it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import Attachment, Complaint
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from complaints.states import State
from tests.factories import (
    FRIDAY,
    assigned,
    awaiting,
    closed,
    file_complaint,
    in_progress,
    make_reason,
    make_user,
    officer_of,
    resolved,
)
from tests.files.samples import upload
from tests.tracking.mine import MINE, TRACK, citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ACTS = ["answer", "confirm", "dispute", "withdraw", "files", "second", "leave"]


def page(client: Client) -> str:
    client.cookies["django_language"] = "en"
    answer = client.get(MINE)
    assert answer.status_code == 200
    return answer.content.decode()


def shown_acts(text: str) -> set[str]:
    return {act for act in ACTS if f'action="{MINE}{act}/"' in text} - {"leave"}


@pytest.mark.parametrize(
    ("make", "acts", "words"),
    [
        (file_complaint, {"withdraw", "files"}, ["Being checked", "Checked by", "The city&#x27;s verifiers"]),
        (awaiting, {"answer", "withdraw"}, ["Waiting for your answer", "Di mana tepatnya?", "turn: yours"]),
        (assigned, {"withdraw", "files"}, ["Passed to Dinas PUPR", "Answer promised by"]),
        (in_progress, {"withdraw", "files"}, ["Being worked on", "Work has begun"]),
        (resolved, {"confirm", "dispute", "withdraw", "files"}, ["Sudah ditambal.", "is it solved?"]),
        (closed, set(), ["Closed", "rated 4 of 4"]),
    ],
)
def test_the_page_shows_where_it_stands_and_only_what_can_be_done_now(make, acts, words) -> None:
    text = page(citizen_of(make()))
    assert shown_acts(text) == acts
    assert [word for word in words if word not in text] == []


def test_staff_are_shown_by_role_and_agency_and_never_by_name() -> None:
    case = resolved()
    names = [user.name for user in User.objects.all()]
    text = page(citizen_of(case))
    assert "Agency officer, PUPR" in text
    assert names
    assert [name for name in names if f">{name}<" in text or f" {name}," in text] == []


def test_internal_notes_and_remarks_stay_inside() -> None:
    case = file_complaint()
    verifier = make_user(Role.VERIFIER)
    agency = officer_of(assigned()).agency
    assert agency is not None
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing([agency], remark="RAHASIA-1"))
    officer = officer_of(Complaint.objects.get(pk=case.pk))
    handling.add_note(case.pk, actor=officer, now=FRIDAY, text="RAHASIA-2")
    handling.hand_back(case.pk, actor=officer, now=FRIDAY, why="RAHASIA-3")
    assert "RAHASIA" not in page(citizen_of(case))


def test_an_answer_with_words_and_a_file_goes_to_the_city() -> None:
    case = awaiting()
    client = citizen_of(case)
    done = client.post(MINE + "answer/", {"text": "Di depan toko.", "attachments": upload("jpg")})
    assert done.status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert case.state == State.SUBMITTED
    assert case.attachments.count() == 1
    text = page(client)
    assert "Di depan toko." in text
    assert "foto.jpg" in text


def test_an_empty_answer_is_refused_beside_the_field() -> None:
    client = citizen_of(awaiting())
    answer = client.post(MINE + "answer/", {"text": "  "})
    assert answer.status_code == 422
    assert 'id="answer_text_error"' in answer.content.decode()


def test_a_bad_file_keeps_the_words_and_the_good_file() -> None:
    case = awaiting()
    client = citizen_of(case)
    bad = upload("", "x.exe", b"MZ")
    failed = client.post(MINE + "answer/", {"text": "Di depan toko.", "attachments": [upload("jpg"), bad]})
    text = failed.content.decode()
    assert failed.status_code == 422
    assert "Di depan toko." in text
    assert "foto.jpg" in text
    token = text.split('name="form_token" value="')[1].split('"')[0]
    client.post(MINE + "answer/", {"text": "Di depan toko.", "form_token": token})
    assert Attachment.objects.get().complaint_id == case.pk


def test_confirming_with_a_rating_closes_the_case() -> None:
    case = resolved()
    assert citizen_of(case).post(MINE + "confirm/", {"rating": "3", "comment": "Bagus"}).status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert (case.state, case.rating) == (State.CLOSED, 3)


@pytest.mark.parametrize("rating", ["0", "5", "x", "-1"])
def test_a_rating_that_is_not_offered_is_refused(rating: str) -> None:
    case = resolved()
    assert citizen_of(case).post(MINE + "confirm/", {"rating": rating}).status_code == 422
    assert Complaint.objects.get(pk=case.pk).state == State.RESOLVED


def test_nobody_confirms_an_answer_they_have_not_read() -> None:
    case = resolved()
    browser = citizen_of(case)
    assert 'name="cycle" value="1"' in page(browser)
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum")
    handling.resolve(case.pk, actor=officer_of(case), now=FRIDAY, answer="Ditolak")
    refused = browser.post(f"{MINE}confirm/", {"rating": "4", "cycle": "1"})
    assert refused.status_code == 409
    assert "Ditolak" in refused.content.decode() and 'name="cycle" value="2"' in refused.content.decode()
    assert Complaint.objects.get(pk=case.pk).state == State.RESOLVED
    assert browser.post(f"{MINE}confirm/", {"rating": "4", "cycle": "2"}).status_code == 302


def test_disputing_needs_a_reason_and_sends_it_back_to_work() -> None:
    case = resolved()
    client = citizen_of(case)
    assert client.post(MINE + "dispute/", {"why": ""}).status_code == 422
    assert client.post(MINE + "dispute/", {"why": "Masih berlubang."}).status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert (case.state, case.cycle) == (State.IN_PROGRESS, 2)


def test_withdrawing_ends_it() -> None:
    case = file_complaint()
    assert citizen_of(case).post(MINE + "withdraw/", {"why": ""}).status_code == 302
    assert Complaint.objects.get(pk=case.pk).state == State.WITHDRAWN


def test_later_files_reach_the_case() -> None:
    case = in_progress()
    client = citizen_of(case)
    assert client.post(MINE + "files/", {}).status_code == 422
    assert client.post(MINE + "files/", {"attachments": [upload("jpg"), upload("png")]}).status_code == 302
    assert case.attachments.count() == 2
    assert "You added 2 files" in page(client)


def test_what_was_done_meanwhile_is_told_and_the_words_stay() -> None:
    case = awaiting()
    client = citizen_of(case)
    client.cookies["django_language"] = "en"
    client.post(MINE + "withdraw/", {})
    late = client.post(MINE + "files/", {"attachments": upload("jpg")})
    assert late.status_code == 409
    assert "has moved on in the meantime" in late.content.decode()


def test_doing_it_twice_does_it_once() -> None:
    case = resolved()
    client = citizen_of(case)
    first = client.post(MINE + "confirm/", {"rating": "4"})
    second = client.post(MINE + "confirm/", {"rating": "1"})
    assert (first.status_code, second.status_code) == (302, 409)
    assert Complaint.objects.get(pk=case.pk).rating == 4


@pytest.mark.parametrize("act", ACTS)
def test_whatever_changes_something_refuses_get(act: str) -> None:
    case = resolved()
    assert citizen_of(case).get(f"{MINE}{act}/").status_code == 405
    assert Complaint.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("act", ["answer", "confirm", "dispute", "withdraw", "files", "second"])
def test_without_a_code_nothing_can_be_done(client: Client, act: str) -> None:
    case = resolved()
    answer = client.post(f"{MINE}{act}/", {"why": "x", "case": case.pk, "id": case.pk})
    assert answer.status_code == 302
    assert Complaint.objects.get(pk=case.pk).version == case.version


def test_a_referred_report_names_the_body_and_its_reference() -> None:
    case = file_complaint()
    body = Agency.objects.create(code="LAPOR", name="SP4N-LAPOR!", short_name="LAPOR!", is_external=True)
    verification.refer(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, body=body, reference="TIK-88172")
    text = page(citizen_of(case))
    assert "SP4N-LAPOR!" in text
    assert "TIK-88172" in text


def test_a_rejected_report_gives_the_reason_and_the_words() -> None:
    case, verifier = file_complaint(), make_user(Role.VERIFIER)
    verification.reject(case.pk, actor=verifier, now=FRIDAY, reason=make_reason(), words="Mohon lengkapi.")
    text = page(citizen_of(case))
    assert "Not taken up: No content" in text
    assert "Mohon lengkapi." in text


@pytest.fixture
def joined() -> tuple[Complaint, Complaint]:
    """A case of Ani's that was answered, and Budi's, which was joined with it."""
    main, mine = in_progress(description="KATA-ORANG-LAIN"), file_complaint()
    verifier = User.objects.get(role=Role.VERIFIER)
    verification.merge(mine.pk, actor=verifier, now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=officer_of(main), now=FRIDAY, answer="Sudah ditambal.")
    return main, mine


def test_the_citizen_of_a_joined_report_follows_the_other_without_its_words(joined) -> None:
    main, mine = joined
    text = page(citizen_of(mine))
    assert main.number in text
    assert "Sudah ditambal." in text
    assert "KATA-ORANG-LAIN" not in text
    assert shown_acts(text) == {"second", "withdraw"}


def test_agreeing_is_kept_and_leaves_the_other_case_alone(joined) -> None:
    main, mine = joined
    client = citizen_of(mine)
    assert client.post(MINE + "second/", {"agrees": "yes"}).status_code == 302
    assert Complaint.objects.get(pk=main.pk).state == State.RESOLVED
    assert "You agreed with the answer" in page(client)
    assert shown_acts(page(client)) == set()


def test_dissent_needs_words_and_reopens_the_other_case(joined) -> None:
    main, mine = joined
    client = citizen_of(mine)
    assert client.post(MINE + "second/", {"agrees": "no"}).status_code == 422
    assert client.post(MINE + "second/", {"agrees": "no", "words": "Masih rusak."}).status_code == 302
    assert Complaint.objects.get(pk=main.pk).state == State.IN_PROGRESS


def test_every_page_of_a_case_is_private(client: Client) -> None:
    answer = citizen_of(file_complaint()).get(MINE)
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))


def test_a_staff_session_outlives_the_citizens() -> None:
    case = file_complaint()
    client = citizen_of(case)
    officer = make_user(Role.OFFICER)
    client.force_login(officer)
    client.post(MINE + "leave/")
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_what_cannot_be_taken_leads_to_a_page_that_can_be_asked_for_again() -> None:
    case = awaiting()
    client = citizen_of(case)
    bad = SimpleUploadedFile("catatan.txt", b"words")
    data = {"step": "page", "form_token": "t" * 30}
    answer = client.post(f"{MINE}answer/", data | {"text": "", "attachments": [upload("jpg"), bad]})
    assert (answer.status_code, answer["Location"]) == (302, MINE)
    for _reload in range(2):
        page = client.get(MINE).content.decode()
        assert "catatan.txt" in page
        assert "foto.jpg" in page
    # The file that was taken is enough of an answer.
    assert client.post(f"{MINE}answer/", data | {"text": ""}).status_code == 302
    case.refresh_from_db()
    assert case.attachments.get().name == "foto.jpg"
    assert "catatan.txt" not in client.get(MINE).content.decode()


def test_a_code_that_fits_nothing_is_shown_once_and_is_in_no_address(client: Client) -> None:
    answer = client.post(TRACK, {"receipt": "ABCD", "step": "page"})
    assert (answer.status_code, answer["Location"]) == (302, TRACK)
    assert 'value="ABCD"' in client.get(TRACK).content.decode()
    assert "ABCD" not in client.get(TRACK).content.decode()


def test_what_is_asked_stands_first_with_its_day_and_what_silence_causes() -> None:
    question = page(citizen_of(awaiting()))
    assert question.index("Please answer by ") < question.index("Where it stands</h2>")
    assert "If no answer has come by then, the report ends" in question
    answered = page(citizen_of(resolved()))
    assert answered.index("Please tell us by ") < answered.index("Where it stands</h2>")
    assert "does not count as your agreement" in answered
    assert "Please answer by" not in page(citizen_of(in_progress()))
