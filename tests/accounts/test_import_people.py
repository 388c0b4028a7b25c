"""Accounts from a table: all of them or nobody, each with an invitation."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from complaints.mail.invitations import invite_waiting
from complaints.models import LedgerEntry, Message
from tests import factories
from tests.shared import NOON

pytestmark = pytest.mark.django_db
HEAD = "Nama;Surel;Peran;Instansi;Jenjang\n"
GOOD = (
    HEAD
    + "Ani;Ani@kupang.example;Verifikator;;\n"
    + "Budi;budi@kupang.example;officer;pupr;\n"
    + "\n"
    + "Cici;cici@kupang.example;supervisor;;ombudsman\n"
)


@pytest.fixture(autouse=True)
def agency() -> None:
    factories.make_agency("PUPR")


def file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "people.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    return str(path)


def test_everybody_gets_an_account_and_a_mail(tmp_path: Path) -> None:
    admin = factories.make_user(Role.ADMINISTRATOR)
    call_command("import_people", file(tmp_path, GOOD), "--by", admin.email)
    ani, budi, cici = (User.objects.get(email=f"{name}@kupang.example") for name in ("ani", "budi", "cici"))
    assert (ani.role, budi.role, cici.role) == (Role.VERIFIER, Role.OFFICER, Role.SUPERVISOR)
    assert budi.agency is not None
    assert (budi.agency.code, cici.seat, ani.has_usable_password()) == ("PUPR", "ombudsman", False)
    entry = LedgerEntry.objects.latest("seq")
    assert entry.actor == admin
    assert len(entry.data["rows"]["+user"]) >= 3
    assert invite_waiting(NOON) == 3
    assert Message.objects.filter(template=Message.Template.INVITATION).count() == 3


def test_again_it_makes_nobody_and_changes_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_people", file(tmp_path, GOOD))
    User.objects.filter(email="ani@kupang.example").update(name="Ani K")
    capsys.readouterr()
    call_command("import_people", file(tmp_path, GOOD), "--json")
    assert '"read": 3, "made": 0, "known": 3' in capsys.readouterr().out
    assert User.objects.get(email="ani@kupang.example").name == "Ani K"


def test_a_preview_makes_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_people", file(tmp_path, GOOD), "--preview")
    assert "+ Budi <budi@kupang.example> officer, PUPR" in capsys.readouterr().out
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Dodi;dodi@kupang.example;boss;;", "line 3: no role: “boss”"),
        ("Dodi;dodi@kupang.example;officer;DISHUB;", "line 3: no agency, or several of this name: “DISHUB”"),
        ("Dodi;dodi@kupang.example;officer;;", "line 3: Officers and agency heads need an agency"),
        ("Dodi;dodi@kupang.example;verifier;PUPR;", "line 3: Officers and agency heads need an agency"),
        ("Dodi;dodi at kupang;verifier;;", "line 3: Enter a valid email"),
        (";dodi@kupang.example;verifier;;", "line 3: This field cannot be blank"),
        ("Dodi;ani@kupang.example;verifier;;", "line 3: ani@kupang.example stands in the file twice"),
        ("Dodi;dodi@kupang.example;verifier;;ombudsman", "line 3: Only a supervisor"),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_one_fault_and_nobody_is_added(
    line: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + "Ani;ani@kupang.example;verifier;;\n" + line + "\n"
    with pytest.raises(CommandError, match="Nobody was added"):
        call_command("import_people", file(tmp_path, text))
    assert said in capsys.readouterr().out
    assert not User.objects.exists()


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Nama;Surel\nAni;a@b.example\n", "needs the columns role"),
        ("", "needs the columns"),
        (GOOD.replace("Budi", "Bu\0di"), "not text in UTF-8"),
    ],
)
def test_what_is_no_table_of_people_is_said(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("import_people", file(tmp_path, text))
