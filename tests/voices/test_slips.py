"""A pile of slips from the suggestion box is typed in by keyboard: as inputs or reports, each once."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from complaints.integrity import files
from complaints.models import Attachment, Complainant, Complaint
from complaints.models.complaint import Channel
from surveys.forums.inputs.batch_forms import next_number
from surveys.forums.inputs.models import Slip
from surveys.forums.models import ForumInput
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "s" * 32


@pytest.fixture
def clerk(client: Client) -> User:
    factories.make_city()
    user = factories.make_user(Role.CLERK)
    client.force_login(user)
    return user


def send(client: Client, secret: str = SECRET, **fields: Any) -> Any:
    first = {
        "secret": secret,
        "came": "box",
        "box": "Loket 3",
        "batch": "2026-11-20",
        "number": "007",
        "received_on": "2026-11-20",
        "as_what": "input",
        "text": "Kursi tunggu kurang",
    }
    return client.post("/staff/inputs/batch/", first | fields)


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("slip.jpg", out.getvalue(), "image/jpeg")


def test_a_slip_becomes_an_input_and_the_next_form_counts_on(client: Client, clerk: User) -> None:
    page = send(client)
    row = ForumInput.objects.get()
    assert (row.source, row.entered_by, row.agency) == ("box", clerk, None)
    slip = Slip.objects.get()
    assert (slip.box, slip.batch, slip.number, slip.input) == ("Loket 3", "2026-11-20", "007", row)
    shown = page.content.decode()
    assert row.number in shown and 'value="008"' in shown and 'value="Loket 3"' in shown


@pytest.mark.parametrize(("number", "after"), [("007", "008"), ("A-9", "A-10"), ("99", "100"), ("x", "")])
def test_numbers_count_on(number: str, after: str) -> None:
    assert next_number(number) == after


def test_the_same_form_twice_is_one_and_another_form_of_the_slip_is_refused(
    client: Client, clerk: User
) -> None:
    send(client)
    assert send(client).status_code == 200
    assert ForumInput.objects.count() == Slip.objects.count() == 1
    page = send(client, secret="t" * 32, text="Lain")
    assert page.status_code == 400 and "sudah dicatat" in page.content.decode()
    assert ForumInput.objects.count() == 1


def test_a_slip_becomes_a_report_with_a_receipt(client: Client, clerk: User) -> None:
    page = send(client, as_what="complaint", name="Ani", phone="0812 3456", photo=photo())
    case = Complaint.objects.get()
    assert case.channel == Channel.BOX and case.number in page.content.decode()
    assert Complainant.objects.get().complaint == case
    assert Attachment.objects.get().complaint == case
    assert Slip.objects.get().complaint == case
    send(client, as_what="complaint", name="Ani", phone="0812 3456")
    assert Complaint.objects.count() == 1


def test_its_photo_is_kept_and_read_by_who_may_read_the_input(client: Client, clerk: User) -> None:
    agency = factories.make_agency()
    send(client, photo=photo(), agency=agency.code)
    row, slip = ForumInput.objects.get(), Slip.objects.get()
    assert slip.photo and not slip.photo.draft_digest and not list(files())
    path = f"/staff/inputs/{row.number}/photo/"
    client.force_login(factories.make_user(Role.OFFICER))
    assert client.get(path)["Content-Type"] == "image/jpeg"
    client.force_login(factories.make_user(Role.OFFICER, factories.make_agency("DLHK")))
    assert client.get(path).status_code == 404


def test_an_officer_types_in_inputs_and_no_reports(client: Client) -> None:
    factories.make_city()
    client.force_login(factories.make_user(Role.OFFICER))
    assert send(client).status_code == 200
    assert send(client, secret="t" * 32, number="8", as_what="complaint").status_code == 400
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"received_on": "2999-01-01"}, {"number": ""}, {"email": "x"}]
)
def test_a_wrong_field_is_said_and_nothing_is_kept(
    client: Client, clerk: User, wrong: dict[str, str]
) -> None:
    assert send(client, **wrong).status_code == 400
    assert not ForumInput.objects.exists() and not Slip.objects.exists()
