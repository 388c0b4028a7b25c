"""The signed history in public, and the proof on the page of a case."""

import json

import pytest
from django.test import Client

from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.signing import verifier
from complaints.models import Complaint, Head
from complaints.services import handling
from tests import factories
from tests.browser import check_page
from tests.factories import FRIDAY, HOUR
from tests.ledger.strangers import DOES_NOT_FIT, FITS, SCRIPT, verify
from tests.tracking.mine import citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def heads() -> list[Head]:
    found = []
    for hour in range(3):
        factories.in_progress()
        found.append(make_checkpoint(FRIDAY + hour * HOUR))
    return found


def read(client: Client, path: str, status: int = 200) -> str:
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_shows_the_latest_head_the_key_and_the_way_to_check(
    client: Client, heads: list[Head]
) -> None:
    text = read(client, "/ledger/")
    assert heads[-1].root_base64.replace("+", "&#x2B;") in text or heads[-1].root_base64 in text
    assert str(verifier()).split("+")[1] in text
    assert "/ledger/tuntas_verify.py" in text
    assert [f"/ledger/heads/{head.size}/" in text for head in heads] == [True] * 3
    assert f"?first={heads[0].size}&amp;second={heads[-1].size}" in text


@pytest.mark.parametrize("addresses", [[], ["ombudsman@example.org"]])
def test_it_says_whether_anybody_else_is_sent_the_heads(client: Client, settings, addresses) -> None:
    settings.LEDGER_MAIL_TO = addresses
    assert ("sent to others" in read(client, "/ledger/")) == bool(addresses)


def test_it_is_there_before_anything_was_signed(client: Client) -> None:
    assert "Nothing has been signed yet" in read(client, "/ledger/")
    assert read(client, "/ledger/heads.txt") == ""


def test_it_is_found_from_every_public_page(client: Client) -> None:
    factories.make_city()
    assert 'href="/ledger/"' in read(client, "/")


PATHS = ["", "heads.txt", "key.txt", "tuntas_verify.py", "heads/3/", "consistency/?first=3&second=6"]


def test_it_sets_no_cookie_and_only_answers_reading(heads: list[Head], subtests: pytest.Subtests) -> None:
    assert [head.size for head in heads] == [3, 6, 9]
    for path in PATHS:
        with subtests.test(path=path):
            client = Client()
            answer = client.get(f"/ledger/{path}")
            assert answer.status_code == 200 and not answer.cookies
            assert client.post(f"/ledger/{path}").status_code == 405


WRONG_PATHS = [
    ("heads/4/", 404),
    ("heads/99999999999999999999999999/", 404),
    ("heads/-1/", 404),
    ("heads.txt?below=x", 400),
    ("heads.txt?below=" + "9" * 40, 400),
    ("consistency/", 400),
    ("consistency/?first=1&second=x", 400),
    ("consistency/?first=6&second=3", 400),
    ("consistency/?first=0&second=3", 404),
    ("consistency/?first=3&second=7", 404),
    ("?page=nonsense", 404),
]


@pytest.mark.usefixtures("heads")
def test_what_is_not_there_is_said_so(client: Client, subtests: pytest.Subtests) -> None:
    for path, status in WRONG_PATHS:
        with subtests.test(path=path):
            assert client.get(f"/ledger/{path}").status_code == status


def test_a_stranger_checks_what_is_published(client: Client, heads: list[Head], tmp_path) -> None:
    files = {}
    for name in ("key.txt", "heads.txt", f"consistency/?first={heads[0].size}&second={heads[-1].size}"):
        files[name] = tmp_path / name.partition("/")[0]
        files[name].write_bytes(client.get(f"/ledger/{name}").content)
    key, all_heads, consistency = files.values()
    assert verify("consistency", consistency, key=str(key))[0] == FITS
    assert verify("consistency", all_heads, all_heads, consistency, key=str(key))[0] == FITS
    assert client.get("/ledger/tuntas_verify.py").content == SCRIPT.read_bytes()


def test_the_text_file_goes_on_before_a_head(client: Client, heads: list[Head]) -> None:
    assert read(client, "/ledger/heads.txt") == "\n".join(head.note for head in reversed(heads))
    assert read(client, f"/ledger/heads.txt?below={heads[1].size}") == heads[0].note


class TestTheCitizensProof:
    @pytest.fixture
    def case(self) -> Complaint:
        case = factories.in_progress()
        handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY, text="CNRY")
        return case

    def test_is_on_their_page_and_checks(self, case: Complaint, tmp_path) -> None:
        make_checkpoint(FRIDAY)
        client = citizen_of(case)
        assert 'href="/complaints/mine/proof/"' in read(client, "/complaints/mine/")
        answer = client.get("/complaints/mine/proof/")
        assert answer["Content-Disposition"] == f'attachment; filename="{case.number}-proof.json"'
        assert "no-store" in answer["Cache-Control"] and answer["Content-Type"] == "application/json"
        assert b"CNRY" not in answer.content
        path = tmp_path / "proof.json"
        path.write_bytes(answer.content)
        assert verify("proof", path)[0] == FITS

    def test_says_in_its_name_that_not_all_is_signed(self, case: Complaint, tmp_path) -> None:
        make_checkpoint(FRIDAY)
        handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY, answer="Sudah.")
        client = citizen_of(case)
        assert "count as not proven" in read(client, "/complaints/mine/")
        answer = client.get("/complaints/mine/proof/")
        name = f"{case.number}-proof-not-all-signed.json"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        path = tmp_path / name
        path.write_bytes(answer.content)
        assert verify("proof", path)[0] == DOES_NOT_FIT
        assert verify("proof", path, more=("--allow-unsigned",))[0] == FITS

    def test_of_a_case_that_no_head_stands_over_waits(self, case: Complaint) -> None:
        make_checkpoint(FRIDAY)
        answer = citizen_of(factories.file_complaint()).get("/complaints/mine/proof/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/complaints/mine/")

    def test_waits_for_the_first_head(self, case: Complaint) -> None:
        answer = citizen_of(case).get("/complaints/mine/proof/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/complaints/mine/")

    def test_is_for_who_showed_the_code(self, case: Complaint, client: Client) -> None:
        other = factories.file_complaint()
        make_checkpoint(FRIDAY)
        assert client.get("/complaints/mine/proof/").headers["Location"] == "/complaints/track/"
        assert client.post("/complaints/mine/proof/").status_code == 405
        answer = citizen_of(other).get("/complaints/mine/proof/")
        assert json.loads(answer.content)["number"] == other.number

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.CLERK, 404),  # not typed in by them
            (Role.VERIFIER, 403),  # heading only
            (Role.OFFICER, 200),
            (Role.AGENCY_HEAD, 200),
            (Role.SUPERVISOR, 200),
            (Role.ADMINISTRATOR, 403),
        ],
    )
    def test_at_the_desk_is_for_who_may_read_the_words(
        self, case: Complaint, client: Client, role, status
    ) -> None:
        make_checkpoint(FRIDAY)
        client.force_login(factories.make_user(role))
        path = f"/staff/cases/{case.number}/proof/"
        assert client.get(path).status_code == status
        assert client.post(path).status_code in (403, 405)
        assert (path in client.get(f"/staff/cases/{case.number}/").content.decode()) == (status == 200)

    def test_of_another_agency_is_not_found(self, case: Complaint, client: Client) -> None:
        client.force_login(factories.make_user(Role.OFFICER, factories.make_agency("DLHK")))
        assert client.get(f"/staff/cases/{case.number}/proof/").status_code == 404

    def test_of_a_clerk_who_typed_it_in_shows_what_the_citizen_sees(self, client: Client) -> None:
        clerk = factories.make_user(Role.CLERK)
        case = factories.in_progress(actor=clerk)
        handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY, text="CNRY")
        make_checkpoint(FRIDAY)
        client.force_login(clerk)
        answer = client.get(f"/staff/cases/{case.number}/proof/")
        assert answer.status_code == 200 and b"CNRY" not in answer.content


@pytest.mark.django_db(transaction=True)
def test_the_page_is_accessible_on_a_phone(browser_page) -> None:
    factories.in_progress()
    make_checkpoint(FRIDAY)
    factories.in_progress()
    make_checkpoint(FRIDAY + HOUR)
    browser_page.goto("/ledger/")
    check_page(browser_page)
