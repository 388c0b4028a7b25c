"""What the mails say, to whom, in which language, and what they must never say."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils.translation import override

from accounts.roles import Role
from complaints.identity import Identity
from complaints.mail.outbox import send_due
from complaints.models import EventContent, Message
from complaints.services import handling, intake, system, verification
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.readers import staff_messages

pytestmark = pytest.mark.django_db
ANI = "ani@tuntas.test"


def text_and_html(letter):
    return letter.body, letter.alternatives[0][0]


def words_of(letter):
    return f"{letter.subject}\n{letter.body}\n{letter.alternatives[0][0]}"


def test_a_citizen_gets_a_receipt_in_their_language_with_dates_but_without_the_code(letters):
    factories.make_city()
    filing = intake.Filing("Jalan berlubang", "Lubang besar.", identity=Identity("Ani", ANI), language="en")
    receipt = intake.submit(filing, actor=None, now=FRIDAY)
    assert send_due(FRIDAY) == 1
    (letter,) = letters
    assert letter.to == [ANI]
    assert letter.subject == f"We have received your report {receipt.case.number}"
    text, html = text_and_html(letter)
    for part in (text, html):
        assert "Wednesday, 25 November 2026, 16:00 WITA" in part  # checked within three working days
        assert "/complaints/track/" in part
    bare = re.sub(r"[^0-9A-Z]", "", words_of(letter).upper())
    assert receipt.code.replace("-", "") not in bare
    assert "Lubang besar" not in words_of(letter)


def test_the_same_mail_is_indonesian_for_an_indonesian(letters):
    factories.file_complaint(email=ANI)
    send_due(FRIDAY)
    with override("id"):
        assert letters[0].extra_headers["Content-Language"] == "id"
        assert "Rabu, 25 November 2026" in letters[0].body


def test_a_question_carries_its_words_and_the_last_moment_for_an_answer(letters):
    case = factories.awaiting(email=ANI, language="en")
    send_due(FRIDAY)
    letter = letters[-1]
    assert case.number in letter.subject
    assert "Di mana tepatnya?" in letter.body
    assert "Please answer by Sunday, 20 December 2026" in letter.body


@pytest.mark.parametrize("protected", [{"is_confidential": True}, {"kind": "oversight"}])
def test_the_words_of_a_protected_case_stay_on_its_page(letters, protected):
    factories.awaiting(email=ANI, **protected)
    send_due(FRIDAY)
    assert len(letters) == 2
    assert all("Di mana tepatnya" not in words_of(letter) for letter in letters)


def test_erased_words_leave_a_mail_that_still_makes_sense(letters):
    factories.awaiting(email=ANI, language="en")
    EventContent.objects.filter(event__kind="question_asked").delete()
    send_due(FRIDAY)
    assert "For your protection it is not in this mail" in letters[-1].body


def test_an_answer_invites_to_confirm_until_a_date(letters):
    factories.resolved(email=ANI, language="en")
    send_due(FRIDAY)
    letter = [each for each in letters if each.to == [ANI]][-1]
    assert "Sudah ditambal." in letter.body
    assert "You can do so until Friday, 4 December 2026" in letter.body


def test_a_rejection_says_which_reason_and_why(letters):
    case = factories.file_complaint(email=ANI, language="en")
    reason, verifier = factories.make_reason(), factories.make_user(Role.VERIFIER)
    verification.reject(case.pk, actor=verifier, now=FRIDAY, reason=reason, words="Tidak ada alamat.")
    send_due(FRIDAY)
    assert "No content" in letters[-1].body
    assert "Tidak ada alamat." in letters[-1].body


def test_a_lapsed_case_is_told_from_a_closed_one(letters):
    lapsing = factories.awaiting(email=ANI, language="en")
    system.lapse(lapsing.pk, actor=None, now=FRIDAY + 40 * DAY)
    closing = factories.resolved(email=ANI, language="en")
    system.auto_close(closing.pk, actor=None, now=FRIDAY + 40 * DAY)
    send_due(FRIDAY + 40 * DAY)
    of_lapsed, of_closed = letters[-2:]
    assert "did not hear from you in time" in of_lapsed.body
    assert "We do not count that as agreement" in of_closed.body


def test_a_merger_and_a_referral_say_where_the_matter_went(letters):
    main = factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    merged = factories.file_complaint(email=ANI, language="en")
    verification.merge(merged.pk, actor=verifier, now=FRIDAY, into=main.pk)
    referred = factories.file_complaint(email=ANI, language="en")
    body = factories.make_agency("POLRI", name="Kepolisian", is_external=True)
    verification.refer(referred.pk, actor=verifier, now=FRIDAY, body=body, reference="LP-77")
    send_due(FRIDAY)
    texts = [letter.body for letter in letters]
    assert any(f"together with report {main.number}" in text for text in texts)
    assert any("Kepolisian" in text and "LP-77" in text for text in texts)


def test_staff_read_number_kind_category_and_due_date_and_nothing_that_the_citizen_wrote(letters):
    agency = factories.make_agency()
    officer = factories.make_user(Role.OFFICER, agency, language="en")
    case = factories.assigned(email=ANI, category=factories.make_category(), is_confidential=True)
    send_due(FRIDAY)
    letter = next(letter for letter in letters if letter.to == [officer.email])
    for part in text_and_html(letter):
        assert case.number in part
        assert "Damaged road" in part
        assert "27 November 2026" in part  # five working days to a first answer
    for secret in ("Jalan berlubang", "Lubang besar", "Ani", ANI):
        assert secret not in words_of(letter)


def test_every_template_has_its_three_parts_and_they_render(letters):
    """Whatever can be queued can be sent, to a person of staff as to a citizen. A head of the history goes to
    neither (tests/ledger/test_checkpoints.py)."""
    officer = factories.make_user(Role.OFFICER)
    case = factories.in_progress(email=ANI)
    for number, template in enumerate(sorted(set(Message.Template.values) - {"tree_head"})):
        about = None if template in ("invitation", "password_reset") else case
        Message.objects.create(
            dedupe_key=f"every:{number}", template=template, complaint=about, user=officer, due_at=FRIDAY
        )
    send_due(FRIDAY)
    failed = Message.objects.exclude(last_error="").exclude(last_error="overtaken by events")
    assert not failed.exists(), list(failed.values_list("template", "last_error"))
    for letter in letters:
        assert letter.subject
        assert "\n" not in letter.subject
        assert "{{" not in words_of(letter)


def test_markup_in_an_answer_is_shown_and_not_obeyed(letters):
    case = factories.in_progress(email=ANI)
    officer = factories.officer_of(case)
    handling.resolve(case.pk, actor=officer, now=FRIDAY, answer='<img src=x onerror=alert(1)> & "selesai"')
    send_due(FRIDAY)
    text, html = text_and_html([each for each in letters if each.to == [ANI]][-1])
    assert '<img src=x onerror=alert(1)> & "selesai"' in text
    assert "&lt;img src=x" in html
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    "name",
    ["Dinas\r\nBcc: x@evil.example", "Dinas\u2028Bcc: x@evil.example", "Dinas\nSubject: evil"],
)
def test_no_name_can_add_a_header(letters, name):
    verifier = factories.make_user(Role.VERIFIER)
    case = factories.file_complaint(email=ANI)
    body = factories.make_agency("LUAR", name=name, is_external=True)
    verification.refer(case.pk, actor=verifier, now=FRIDAY, body=body, reference="1\r\nBcc: y@evil.example")
    send_due(FRIDAY)
    for letter in letters:
        sent = message_from_bytes(letter.message().as_bytes(), policy=default)
        assert sent["To"] == ANI
        assert sent["Bcc"] is None
        assert "evil" not in str(sent["Subject"])
        assert letter.recipients() == [ANI]


@pytest.mark.parametrize(
    "address",
    ["a@tuntas.test, b@evil.example", '"a" <b@tuntas.test>, c@evil.example', "a@t.test\r\nBcc: b@evil"],
)
def test_what_is_not_one_address_gets_no_mail(letters, address):
    factories.file_complaint(email=address)
    assert send_due(FRIDAY) == 0
    assert letters == []
    assert Message.objects.get().last_error == "what was left is no address"


def test_an_anonymous_case_and_one_without_address_have_nobody_to_write_to(letters):
    factories.awaiting(is_anonymous=True)
    factories.awaiting()
    assert send_due(FRIDAY) == 0
    assert letters == []
    assert Message.objects.get().last_error == "no address was left"


def test_mails_say_that_no_person_sent_them(letters, settings):
    settings.DEFAULT_FROM_EMAIL = "Kota <lapor@kota.example>"
    factories.file_complaint(email=ANI)
    send_due(FRIDAY)
    message = letters[0].message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Kota <lapor@kota.example>"


def test_a_closed_account_gets_no_mail(letters):
    officer = factories.make_user(Role.OFFICER)
    factories.assigned()
    row = staff_messages().get(user=officer)
    Message.objects.filter(pk=row.pk).update(reader="")  # for this person, whoever works on the case
    officer.close()
    assert send_due(FRIDAY) == 0
    assert Message.objects.get(user=officer).last_error == "the account is closed"
