"""By what name a file goes: of who sent it without theirs by a neutral one, everywhere; and every system unpacks it."""

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.files.storage import clean_name
from complaints.mail.outbox import send_due
from complaints.models import Attachment, Complaint
from complaints.services import handling, verification
from reports.documents.models import Purpose
from reports.documents.services import ask_case_file, ask_sealed_file, make_document
from reports.sealed.bundle import plain_name
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.files.samples import upload
from tests.filing.form import PATH, minimal, open_city
from tests.reports.printed import words_of

NAME = "KTP Ani Tamelan 相片.jpg"
TELLING = re.compile("Tamelan|相片|KTP")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("foto lubang.jpg", "foto_lubang.jpg"),
        ("相片.jpg", "file.jpg"),
        ("صورة.pdf", "file.pdf"),
        ("Ảnh đường.png", "nh_ng.png"),
        ("क.webp", "file.webp"),
        ("no ending", "no_ending"),
    ],
)
def test_the_ending_survives_in_a_sealed_file_whatever_the_script_of_the_name(name: str, plain: str) -> None:
    assert plain_name(clean_name(name)) == plain


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("switch", ["anonymous", "confidential"])
def test_the_name_that_its_sender_gave_a_file_is_nowhere(client: Client, switch: str) -> None:
    open_city()
    Client().post(PATH, minimal(attachments=[upload("jpg", NAME)], **{switch: "on"}))
    case = Complaint.objects.get()
    later = [Attachment.objects.create(**_draft())]
    handling.add_files(case.pk, actor=Citizen(case.pk), now=case.received_at + HOUR, files=later)
    verifier, routing = factories.make_user(Role.VERIFIER), verification.Routing([factories.make_agency()])
    verification.assign(case.pk, actor=verifier, now=case.received_at + DAY, routing=routing)
    officer, supervisor = factories.officer_of(Complaint.objects.get()), factories.make_user(Role.SUPERVISOR)
    told = []
    for person, path in (
        (officer, f"/staff/cases/{case.number}/"),
        (officer, f"/staff/cases/{case.number}/field/"),
        (officer, f"/staff/cases/{case.number}/print/"),
        (supervisor, f"/oversight/cases/{case.number}/"),
    ):
        client.force_login(person)
        page = client.get(path)
        assert page.status_code == 200, path
        told.append(page.content.decode())
    now = case.received_at + 2 * DAY
    paper = ask_case_file(Complaint.objects.get(), actor=officer, now=now, language="id")
    told.append(words_of(make_document(paper, now).content))
    asked: dict[str, Any] = {
        "words": "Untuk ombudsman.",
        "is_for_citizen": False,
        "actor": supervisor,
        "now": now,
    }
    sealed = ask_sealed_file(Complaint.objects.get(), Purpose.OMBUDSMAN, language="id", **asked)
    with ZipFile(BytesIO(make_document(sealed, now).content)) as members:
        told += members.namelist()
        told.append(json.dumps(json.loads(members.read("case.json")), ensure_ascii=False))
        told.append(words_of(members.read("case.pdf")))
        assert any(re.fullmatch(r"files/01-.*\.jpg", name) for name in members.namelist())
    send_due(now)
    told += [str(letter.body) for letter in mail.outbox]
    assert not any(map(TELLING.search, told))
    assert any("berkas-" in each for each in told)


def _draft() -> dict[str, object]:
    """As `receive` keeps it; its bytes are those of the first."""
    first = Attachment.objects.get()
    kept = {name: getattr(first, name) for name in ("content_type", "size", "sha256")}
    return kept | {"key": first.key[::-1], "name": NAME, "draft_digest": "d" * 64, "added_at": FRIDAY}
