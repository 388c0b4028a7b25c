"""Handing out files: through the scope, as a download, and never wrong bytes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.files import storage
from complaints.files.views import as_download
from complaints.models import Attachment, Complaint
from complaints.services import handling, verification
from tests.factories import FRIDAY, file_complaint, in_progress, make_agency, make_user, officer_of
from tests.files.samples import upload
from tests.shared import path_of
from tests.tracking.mine import citizen_of

pytestmark = pytest.mark.django_db


def with_file(case: Complaint, *, is_public: bool = True) -> Attachment:
    officer = officer_of(case)
    draft = storage.receive(upload("jpg", "bukti.jpg"), digest="d", now=FRIDAY, added_by=officer)
    handling.add_files(case.pk, actor=officer, now=FRIDAY, files=[draft], is_public=is_public)
    draft.refresh_from_db()
    return draft


def status(file: Attachment, user: User | None = None, client: Client | None = None) -> int:
    client = client or Client()
    if user is not None:
        client.force_login(user)
    return client.get(f"/files/{file.key}/").status_code


def test_the_citizen_and_those_with_the_case_in_scope_may_read_it() -> None:
    case = in_progress()
    file = with_file(case)
    other = in_progress(agency=make_agency("DISHUB"))
    assert status(file, client=citizen_of(case)) == 200
    assert status(file, officer_of(case)) == 200
    assert status(file, make_user(Role.SUPERVISOR)) == 200
    assert status(file) == 404
    assert status(file, client=citizen_of(other)) == 404
    assert status(file, officer_of(other)) == 404
    assert status(file, make_user(Role.ADMINISTRATOR)) == 404
    # In scope for its heading only, once the case is assigned.
    assert status(file, User.objects.get(role=Role.VERIFIER)) == 404


def test_an_internal_file_is_for_staff_only() -> None:
    case = in_progress()
    file = with_file(case, is_public=False)
    assert status(file, client=citizen_of(case)) == 404
    assert status(file, officer_of(case)) == 200


def test_the_citizen_of_a_joined_report_reads_what_the_city_added_and_not_what_the_other_sent() -> None:
    main, mine = in_progress(), file_complaint()
    verifier = User.objects.get(role=Role.VERIFIER)
    verification.merge(mine.pk, actor=verifier, now=FRIDAY, into=main.pk)
    added = with_file(main)
    theirs = storage.receive(upload("png"), digest="e", now=FRIDAY)
    handling.add_files(main.pk, actor=Citizen(main.pk), now=FRIDAY, files=[theirs])
    assert status(added, client=citizen_of(mine)) == 200
    assert status(theirs, client=citizen_of(mine)) == 404


def test_no_browser_runs_what_is_handed_out() -> None:
    case = in_progress()
    answer = citizen_of(case).get(f"/files/{with_file(case).key}/", headers={"accept": "text/html"})
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bukti.jpg"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a";filename="b.html.jpg', 'attachment; filename="a\\";filename=\\"b.html.jpg"'),
        ("jalan é.jpg", "attachment; filename*=utf-8''jalan%20%C3%A9.jpg"),
    ],
)
def test_any_name_is_written_so_that_it_stays_a_name(name: str, header: str) -> None:
    answer = as_download(b"x", Attachment(name=name, content_type="image/jpeg"))
    assert answer.headers["Content-Disposition"] == header


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_damaged_file_is_never_handed_out(harm: str, caplog: pytest.LogCaptureFixture) -> None:
    case = in_progress()
    file = with_file(case)
    path = path_of(file.key)
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-5] if harm == "cut" else bytes([data[0] ^ 1]) + data[1:])
    client = citizen_of(case)
    client.raise_request_exception = False
    answer = client.get(f"/files/{file.key}/")
    assert answer.status_code == 500
    assert data[:100] not in answer.content
    assert f"file {file.pk}" in caplog.text
    assert "bukti" not in caplog.text
    assert client.get("/complaints/mine/").status_code == 200


def test_the_media_folder_has_no_address_of_its_own(client: Client) -> None:
    file = with_file(in_progress())
    for path in (f"/no-direct-media/{file.key[:2]}/{file.key}", f"/media/{file.key}", f"/static/{file.key}"):
        assert client.get(path).status_code == 404


def test_other_methods_are_refused(client: Client) -> None:
    file = with_file(in_progress())
    assert client.post(f"/files/{file.key}/", {"a": SimpleUploadedFile("x", b"y")}).status_code == 405
