"""What goes along to the place carries nobody's identity, nor a picture of theirs."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.files import storage
from complaints.identity import Identity
from complaints.ledger.verifying.stored_files import check_files
from complaints.models import Area, Attachment, Complaint, EventKind
from complaints.services import citizen, handling, intake, verification
from complaints.services.verification import Routing
from tests.factories import DAY, FRIDAY, file_complaint, make_agency, make_category, make_city, make_user
from tests.files.samples import upload
from tests.filing.form import PATH, minimal

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]
ANI = Identity(name="Ani Tamelan", email="ani@warga.test", phone="0812 3456 789")
WORDS = "Lubang di depan rumah. Hubungi Tamelan, WA 0812-3456-789, ani@warga.test, NIK 5371012304850002. Sejak 2 hari."


@pytest.fixture
def oka() -> User:
    return make_user(Role.OFFICER, make_agency("PUPR"))


@pytest.fixture
def vera() -> User:
    return make_user(Role.VERIFIER)


def sent(name: str = "KTP Ani.jpg", kind: str = "jpg", digest: str = "d") -> Attachment:
    return storage.receive(upload(kind, name), digest=digest, now=FRIDAY)


def at_work(oka: User, vera: User, remark: str = "", **fields) -> Complaint:
    make_city()
    area, _new = Area.objects.get_or_create(code="W1", defaults={"level": "ward", "name": "Oesapa"})
    filing: dict[str, Any] = {
        "subject": "Jalan rusak",
        "description": WORDS,
        "location": "Jl. Timor Raya 5",
        "area": area,
    }
    case = intake.submit(intake.Filing(**filing | {"identity": ANI} | fields), actor=None, now=FRIDAY).case
    routing = Routing([make_agency("PUPR")], remark=remark)
    verification.assign(case.pk, actor=vera, now=FRIDAY, routing=routing)
    return handling.accept(case.pk, actor=oka, now=FRIDAY, handler=oka)


def add(case: Complaint, *files: Attachment, who=None, **more) -> None:
    handling.add_files(case.pk, actor=who or Citizen(case.pk), now=FRIDAY, files=files, **more)


def page(client: Client, case: Complaint, who: User) -> str:
    client.force_login(who)
    answer = client.get(f"/staff/cases/{case.number}/field/")
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, case: Complaint, who: User, *files: Attachment) -> list[bool]:
    words = page(client, case, who)
    return [f"/files/{file.key}/" in words for file in files]


def test_it_has_the_place_the_words_and_the_day_but_nobodys_identity(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    words = page(client, case, oka)
    assert (
        "Jl. Timor Raya 5, Oesapa" in words and "Lubang di depan rumah" in words and "Sejak 2 hari" in words
    )
    assert "geo:0,0?q=Jl.%20Timor%20Raya%205%2C%20Oesapa" in words and "Due" in words
    for theirs in ("Tamelan", "Ani", "0812", "3456", "ani@", "warga.test", "5371012304850002"):
        assert theirs not in words, theirs
    assert f"/staff/cases/{case.number}/field/" in client.get(f"/staff/cases/{case.number}/").content.decode()


def test_a_place_with_coordinates_opens_there(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    Complaint.objects.filter(pk=case.pk).update(latitude=-10.1583, longitude=123.6106)
    assert "geo:-10.158300,123.610600?q=-10.158300,123.610600" in page(client, case, oka)


def test_only_pictures_of_the_place_come_along(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    place, selfie, paper = sent("lubang.jpg"), sent("saya.png", "png", "e"), sent("surat.pdf", "pdf", "f")
    add(case, place)
    add(case, selfie, is_personal=True)
    add(case, paper)
    assert shown(client, case, oka, place, selfie, paper) == [True, False, False]
    assert "lubang" not in page(client, case, oka)  # a name of a file is the sender's
    event = case.events.filter(kind=EventKind.FILES_ADDED).order_by("seq")[1]
    assert event.data["personal"] == [selfie.sha256]


def test_staff_mark_a_picture_and_it_stays_at_home(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    one, two = sent("a.jpg"), sent("b.png", "png", "e")
    add(case, one, two)
    client.force_login(oka)
    version = Complaint.objects.get(pk=case.pk).version
    path = f"/staff/cases/{case.number}/mark-files/"
    assert client.post(path, {"version": version, "personal": [two.key]}).status_code == 302
    assert shown(client, case, oka, one, two) == [True, False]
    event = case.events.order_by("seq").last()
    assert (event.kind, event.data) == (EventKind.FILES_MARKED, {"personal": [two.sha256]})
    assert client.post(path, {"version": version + 1}).status_code == 302
    assert shown(client, case, oka, one, two) == [True, True]


def test_of_a_confidential_case_there_is_the_verifiers_remark_and_what_staff_took(
    client, oka: User, vera: User
) -> None:
    case = at_work(oka, vera, remark="Lubang di seberang pasar, hubungi Tamelan", is_confidential=True)
    theirs, ours = sent(), sent("kantor.png", "png", "e")
    add(case, theirs)
    add(case, ours, who=oka)
    verification.ask_citizen(case.pk, actor=oka, now=FRIDAY, question="Di sisi mana?")
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, text="Di depan kios saya")
    words = page(client, case, oka)
    assert "seberang pasar" in words and "Di sisi mana?" in words and "Jl. Timor Raya 5" in words
    for word in ("Lubang di depan rumah", "Jalan rusak", "Tamelan", "kios saya"):
        assert word not in words, word
    assert shown(client, case, oka, theirs, ours) == [False, True]


@pytest.mark.parametrize("switch", ["is_confidential", "is_anonymous"])
def test_files_of_a_protected_sender_lose_their_names(client, oka: User, vera: User, switch: str) -> None:
    identity: dict[str, Any] = {} if switch == "is_confidential" else {"identity": Identity()}
    case = at_work(oka, vera, **identity | {switch: True})
    file = sent("KTP Ani Tamelan.jpg")
    add(case, file)
    file.refresh_from_db()
    assert file.name == f"file-{file.pk}.jpg"
    client.force_login(oka)
    assert "KTP" not in client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "Ani" not in client.get(f"/files/{file.key}/")["Content-Disposition"]
    taken = sent("kantor.png", "png", "e")
    add(case, taken, who=oka)
    taken.refresh_from_db()
    assert taken.name == "kantor.png"


def test_files_of_the_form_are_named_plainly_and_marked_by_its_box(client) -> None:
    make_city()
    make_category()
    sent = minimal(attachments=[upload("jpg", "KTP Ani.jpg")], confidential="on", personal_files="on")
    assert client.post(PATH, sent).status_code in (200, 201, 302)
    file = Attachment.objects.get()
    assert file.is_personal and file.name == f"file-{file.pk}.jpg"
    case = file.complaint
    assert case is not None
    assert case.events.get(seq=1).data["personal"] == [file.sha256]


def test_a_photo_taken_there_is_added_and_leads_back_there(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    client.force_login(oka)
    version = Complaint.objects.get(pk=case.pk).version
    data = {"version": version, "attachments": upload("jpg", "IMG_1.jpg"), "is_public": "on", "back": "spot"}
    answer = client.post(f"/staff/cases/{case.number}/files/", data)
    assert answer.status_code == 302 and answer["Location"] == f"/staff/cases/{case.number}/field/"
    assert shown(client, case, oka, Attachment.objects.get()) == [True]


def test_who_sees_the_heading_only_does_not_get_it(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    client.force_login(vera)
    assert client.get(f"/staff/cases/{case.number}/field/").status_code == 403
    client.force_login(make_user(Role.OFFICER, make_agency("DINKES")))
    assert client.get(f"/staff/cases/{case.number}/field/").status_code == 404


def test_earlier_answers_are_there(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    handling.resolve(case.pk, actor=oka, now=FRIDAY, answer="Sudah ditambal, Bu Tamelan.")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Berlubang lagi")
    words = page(client, case, oka)
    assert "Sudah ditambal" in words and "Berlubang lagi" in words and "Tamelan" not in words


def test_no_photo_of_it_is_asked_of_a_case_without_place(client, oka: User, vera: User) -> None:
    case = at_work(oka, vera, location="", area=None)
    words = page(client, case, oka)
    assert "geo:" not in words and "No place was given" in words
    assert file_complaint().location == ""


def test_a_mark_that_no_event_tells_of_is_noticed(oka: User, vera: User) -> None:
    case = at_work(oka, vera)
    one, two = sent("a.jpg"), sent("b.png", "png", "e")
    add(case, one, is_personal=True)
    add(case, two)
    handling.mark_files(case.pk, actor=oka, now=FRIDAY, personal=[two.key])
    assert check_files() is None
    for file in (one, two):
        file.refresh_from_db()
        Attachment.objects.filter(pk=file.pk).update(is_personal=not file.is_personal)
        bad = check_files()
        assert bad is not None and (bad.number, bad.why) == (case.number, "file_shown")
        file.save()


def test_who_works_on_a_part_sees_the_place_that_the_citizen_photographed_and_not_who_they_are(
    client: Client, vera: User
) -> None:
    place, papers = sent("halaman.jpg"), sent(digest="e")
    case = at_work_on_two(vera, place, papers)
    Attachment.objects.filter(pk=papers.pk).update(is_personal=True)
    part = case.children.get()
    officer = make_user(Role.OFFICER, part.agency)
    assert shown(client, part, officer, place, papers) == [True, False]
    words = page(client, part, officer)
    assert "Lubang di depan rumah" in words and "Ani" not in words and "Tamelan" not in words


def at_work_on_two(vera: User, *files: Attachment) -> Complaint:
    make_city()
    filing = intake.Filing(subject="Jalan rusak", description=WORDS, location="Jl. Timor", identity=ANI)
    case = intake.submit(filing, actor=None, now=FRIDAY).case
    add(case, *files)
    routing = Routing([make_agency("PUPR"), make_agency("DLHK")])
    return verification.assign(case.pk, actor=vera, now=FRIDAY, routing=routing)
