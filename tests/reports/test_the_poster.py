"""The poster of a survey round: made by the worker, one page, leads to the form, for those who run the round."""

import re
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone
from pikepdf import Dictionary
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from accounts.models import Agency
from accounts.roles import Role
from complaints.models import Service
from complaints.services.change import NotAllowed, NotPossible
from reports.documents.models import Document, DocumentState
from reports.documents.posters import ask_counter_poster
from reports.documents.services import ask_poster, build_documents, fetch
from reports.pages.qr import qr_svg
from surveys.rounds import services
from surveys.rounds.models import Round
from surveys.standards.models import Counter
from tests import factories
from tests.reports.printed import words_of
from tests.shared import NOON
from tests.surveys.rounds.people import head, made, opened

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_a_unit_asks_for_its_poster_and_the_worker_makes_one_page_in_both_languages(client: Client) -> None:
    row = made()
    name = f"{row.agency.name} \U0010fffd {'panjang ' * 20}".strip()  # in no font, and of four lines
    Agency.objects.filter(pk=row.agency_id).update(name=name)
    client.force_login(head())
    page = client.get(f"/staff/surveys/rounds/{row.code}/").content.decode()
    assert f"/staff/surveys/rounds/{row.code}/poster/" in page
    waiting = client.post(f"/staff/surveys/rounds/{row.code}/poster/")
    assert waiting.status_code == 302
    assert client.get(waiting["Location"]).status_code == 200  # nothing is printed within a request
    assert Document.objects.get().state == DocumentState.WAITING
    assert build_documents(timezone.now()) == 1
    answer = client.get(waiting["Location"])
    content = answer.getvalue()
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        said = [str(each.Lang) for each in pdf.objects if isinstance(each, Dictionary) and "/Lang" in each]
        assert sorted({*said}) == ["en", "id"] and said.count("id") == 1, "its second language says so"
    text = words_of(content)
    for words in (
        f"/s/{row.code}/",
        f"{row.agency.name} □",
        "□ menggantikan tanda",
        "Bagaimana Anda dilayani?",
        "How were you served?",
    ):
        assert words.replace(" ", "") in text
    assert not row.annulled_because


def test_the_picture_leads_to_the_poster_s_own_address() -> None:

    text = "http://127.0.0.1:8000/s/BCDFGH/qr/"
    code = QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    dark = sum(map(sum, code.get_matrix()))
    svg = qr_svg(text)
    assert len(re.findall(r"M\d+ \d+h1v1h-1z", svg)) == dark and text in svg


def test_a_poster_is_for_who_runs_the_round_while_anybody_may_come_by_it(client: Client) -> None:
    row = opened()
    with pytest.raises(NotAllowed):
        ask_poster(row, actor=factories.make_user(Role.SUPERVISOR), now=NOON, language="id")
    with pytest.raises(NotPossible):
        ask_poster(opened(needs_token=True), actor=head(), now=NOON, language="id")
    client.force_login(head("DINKES"))
    assert client.post(f"/staff/surveys/rounds/{row.code}/poster/").status_code == 404
    document = ask_poster(row, actor=head(), now=NOON, language="id")
    services.close_round(row.pk, actor=head(), now=NOON)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404
    client.force_login(head())
    done = client.post(f"/staff/surveys/rounds/{row.code}/poster/")
    assert done["Location"].endswith(f"/{row.code}/")
    build_documents(NOON)
    document.refresh_from_db()
    assert fetch(document)
    assert Round.objects.count() == 2


# The poster of a counter


def counter() -> tuple[Service, Counter]:
    agency = factories.make_agency("DUKCAPIL", name="Dinas Kependudukan")
    service = Service.objects.create(code="ktp-el", name_id="KTP elektronik", agency=agency)
    row = Counter.objects.create(code="loket-ktp", name_id="Loket KTP", agency=agency, place="Lantai 1, kiri")
    row.services.add(service)
    return service, row


def test_a_counter_has_a_poster_whose_picture_leads_to_the_form_with_service_and_place(
    client: Client,
) -> None:
    factories.make_city()
    counter()
    client.force_login(head("DUKCAPIL"))
    asking = "/staff/standards/ktp-el/poster/loket-ktp/"
    assert asking in client.get("/staff/standards/ktp-el/").content.decode()
    waiting = client.post(asking)
    assert client.post(asking)["Location"] == waiting["Location"]  # one paper while it waits
    build_documents(timezone.now())
    content = client.get(waiting["Location"]).getvalue()
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
    text = words_of(content)
    for words in (
        "/c/loket-ktp/ktp-el/",
        "KTP elektronik",
        "Loket KTP, Lantai 1, kiri",
        "Something wrong here?",
    ):
        assert words.replace(" ", "") in text
    form = Client().get("/c/loket-ktp/ktp-el/", follow=True).content.decode()
    assert re.search(r'<option value="ktp-el" selected', form)
    assert 'value="Loket KTP, Lantai 1, kiri"' in form


def test_a_poster_that_hangs_on_leads_to_a_form_and_a_new_one_is_not_made(client: Client) -> None:
    factories.make_city()
    service, row = counter()
    client.force_login(head("DINKES"))
    assert client.post("/staff/standards/ktp-el/poster/loket-ktp/").status_code == 404
    owner = head("DUKCAPIL")
    client.force_login(owner)
    document = ask_counter_poster(service, row, actor=owner, now=NOON, language="id")
    Counter.objects.update(is_active=False)
    refused = client.post("/staff/standards/ktp-el/poster/loket-ktp/")
    assert refused["Location"] == "/staff/standards/ktp-el/"
    build_documents(NOON)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404
    Service.objects.update(is_active=False)
    form = Client().get("/c/loket-ktp/ktp-el/", follow=True)
    assert form.status_code == 200
    assert 'value="ktp-el" selected' not in form.content.decode()
    assert Client().get("/c/keiner/keiner/").status_code == 404
