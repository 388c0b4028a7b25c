"""A case's complete file, and the looks at protected identities."""

import pytest
import time_machine

from accounts.roles import Role
from complaints.identity import Identity
from complaints.models import EventKind, Message
from complaints.services import handling
from complaints.services.change import NotPossible
from complaints.services.system import open_identity
from complaints.services.verification import ask_citizen
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.models import Decision, Escalation
from tests.factories import DAY, FRIDAY, HOUR, file_complaint, in_progress, make_agency, make_user, officer_of
from tests.oversight.test_home import raise_to
from tests.readers import staff_messages

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]
ANI = Identity(name="Ani", email="ani@warga.test", phone="0812 000 111")


def words_of(response):
    return " ".join(response.content.decode().split())


def test_the_file_holds_words_clocks_with_their_reasons_and_internal_notes(open_page):
    case = in_progress(FRIDAY - 10 * DAY, location="Depan pasar")
    officer = officer_of(case)
    ask_citizen(case.pk, actor=officer, now=FRIDAY - 4 * DAY, question="Di mana tepatnya?")
    handling.add_note(case.pk, actor=officer, now=FRIDAY - 3 * DAY, text="Kontraktor lambat")
    body = words_of(open_page(f"cases/{case.number}/", now=FRIDAY))
    for words in (
        "Lubang besar di depan pasar.",
        "Depan pasar",
        "14 working days, counted from",
        "Day of arrival, not counted",
        "The clock stood still: waiting for the citizen",
        "Di mana tepatnya?",
        "Kontraktor lambat",
    ):
        assert words in body, words


def test_each_mail_stands_there_by_role_or_name_and_never_by_address(open_page):
    officer = make_user(Role.OFFICER)
    case = in_progress(identity=ANI)
    Message.objects.filter(template="receipt").update(sent_at=FRIDAY + HOUR)
    staff_messages(template="assignment", user=officer).update(
        dropped_at=FRIDAY + HOUR, last_error=f"550 {officer.email} unknown"
    )
    page = open_page(f"cases/{case.number}/")
    letters = {letter.what: (letter.to, letter.outcome) for letter in page.context["letters"]}
    assert letters["Receipt"] == ("Citizen", "sent")
    assert letters["Assignment"] == ("Oka · Agency officer · PUPR", "not sent")
    assert officer.email not in page.content.decode()


def test_mails_of_other_cases_are_not_in_the_file(open_page):
    case = file_complaint(email="ani@warga.test")
    file_complaint(email="budi@warga.test")
    assert len(open_page(f"cases/{case.number}/").context["letters"]) == 1


def test_escalations_stand_there_with_who_decided_what_and_why(open_page, sari):
    case = in_progress()
    first, second = raise_to(case, 2), raise_to(case, 3, due=FRIDAY + 2 * DAY)
    acknowledge(first.pk, actor=sari, now=FRIDAY + HOUR)
    ruling = Ruling(Decision.INSTRUCT, "Kirim regu besok pagi", days=5)
    decide(first.pk, actor=sari, now=FRIDAY + 2 * HOUR, ruling=ruling)
    page = open_page(f"cases/{case.number}/", now=FRIDAY + 3 * HOUR)
    raised = {each.row.pk: (each.words, each.may_decide) for each in page.context["raised"]}
    assert raised[first.pk] == ("Kirim regu besok pagi", False)
    assert raised[second.pk] == ("", Escalation.objects.get(pk=second.pk).is_open)
    assert "instruct the agency, 20 Nov 2026, Sari" in words_of(page)


def test_a_protected_identity_is_not_in_the_file_but_each_look_at_it_is(open_page, sari):
    case = in_progress(identity=ANI, is_confidential=True)
    open_identity(case.pk, actor=sari, now=FRIDAY, motive="Panggilan polisi 12/XI")
    page = open_page(f"cases/{case.number}/")
    assert "0812 000 111" not in page.content.decode()
    assert [look.words for look in page.context["accesses"]] == ["Panggilan polisi 12/XI"]


def test_an_audit_note_is_written_from_the_file_and_leads_back_to_it(client, sari):
    case = in_progress()
    client.force_login(sari)
    fields = {"note": "Jawaban tidak menyebut tanggal", "version": case.version, "back": "file"}
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        response = client.post(f"/staff/cases/{case.number}/audit-note/", fields)
    assert response.url == f"/oversight/cases/{case.number}/"
    assert case.events.get(kind=EventKind.NOTE_ADDED).data["audit"]


@pytest.mark.parametrize("back", ["", "https://example.org/", "//example.org", "queue"])
def test_the_way_back_is_never_an_address_of_the_sender(client, sari, back):
    case = in_progress()
    client.force_login(sari)
    fields = {"note": "Catatan", "version": case.version, "back": back}
    response = client.post(f"/staff/cases/{case.number}/audit-note/", fields)
    assert response.url == f"/staff/cases/{case.number}/"


def test_the_case_page_leads_supervisors_to_the_file_and_nobody_else(client, sari):
    case = in_progress()
    for person, offered in ((sari, True), (officer_of(case), False)):
        client.force_login(person)
        body = client.get(f"/staff/cases/{case.number}/").content.decode()
        assert (f"/oversight/cases/{case.number}/" in body) == offered


# Looks at identities


@pytest.mark.parametrize("motive", ["", "   ", "ok", "perlu    "])
def test_a_look_without_a_motive_that_says_something_is_refused(client, sari, motive):
    case = in_progress(identity=ANI, is_confidential=True)
    with pytest.raises(NotPossible):
        open_identity(case.pk, actor=sari, now=FRIDAY, motive=motive)
    client.force_login(sari)
    fields = {"motive": motive, "version": case.version}
    response = client.post(f"/staff/cases/{case.number}/open-identity/", fields)
    assert response.status_code == 400
    assert "0812 000 111" not in response.content.decode()
    assert not case.events.filter(kind=EventKind.IDENTITY_OPENED).exists()


def test_every_supervisor_sees_each_look_the_newest_first(open_page, sari):
    lena = make_user(Role.SUPERVISOR, name="Lena")
    case = in_progress(FRIDAY - 60 * DAY, identity=ANI, is_confidential=True)
    open_identity(case.pk, actor=lena, now=FRIDAY - 50 * DAY, motive="Panggilan polisi")
    open_identity(case.pk, actor=sari, now=FRIDAY, motive="Permintaan jaksa")
    for user in (sari, lena):
        looks = open_page("identity/", user=user).context["accesses"]
        assert [(look.who, look.why, look.number) for look in looks] == [
            ("Sari", "Permintaan jaksa", case.number),
            ("Lena", "Panggilan polisi", case.number),
        ]
        assert [look.is_mine for look in looks] == [user == sari, user == lena]
        assert [look.is_new for look in looks] == [user == lena, False]


def test_an_erased_motive_still_leaves_the_look(open_page, sari):
    case = in_progress(identity=ANI, is_confidential=True)
    open_identity(case.pk, actor=sari, now=FRIDAY, motive="Panggilan polisi")
    case.events.get(kind=EventKind.IDENTITY_OPENED).content.delete()
    page = open_page("identity/")
    assert len(page.context["accesses"]) == 1
    assert "These words were erased." in page.content.decode()


def test_an_action_refused_once_still_leads_back_to_the_file(client, sari):
    case, body = in_progress(), make_agency("PLN", is_external=True)
    client.force_login(sari)
    fields = {"note": "", "version": case.version, "back": "file"}
    refused = client.post(f"/staff/cases/{case.number}/audit-note/", fields)
    assert refused.status_code == 400
    assert 'name="back" value="file"' in refused.content.decode()
    handling.add_note(case.pk, actor=officer_of(case), now=FRIDAY, text="Kontraktor lambat")
    overtaken = client.post(
        f"/staff/cases/{case.number}/refer/",
        fields | {"body": body.code, "reference": "K-1", "words": "Kami teruskan ke PLN."},
    )
    assert overtaken.status_code == 409
    assert 'name="back" value="file"' in overtaken.content.decode()
    unknown = client.post(f"/staff/cases/{case.number}/audit-note/", fields | {"back": "//example.org"})
    assert "example.org" not in unknown.content.decode()
