"""Who hears of a drawn audit when its announcer or its second reviewer is gone or away by then."""

from datetime import date

import pytest

from accounts.models import Absence, User
from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Message
from tests.audit.people import NOW, drawn, file_cases, supervisor
from tests.factories import DAY, make_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(autouse=True)
def sample():
    make_city()
    file_cases(8)
    return drawn()


def told(template: str) -> set[str]:
    send_due(NOW + DAY)
    rows = Message.objects.filter(template=template, sent_at__isnull=False, user__isnull=False)
    return {row.user.name for row in rows if row.user}


def test_whoever_was_asked_hears():
    assert (told("audit_request"), told("audit_drawn")) == ({"Lena"}, {"Sari"})


def test_of_a_second_reviewer_who_is_gone_the_announcer_hears_that_another_is_needed(mailoutbox):
    User.objects.filter(name="Lena").update(is_active=False)
    User.objects.filter(name="Sari").update(language="en")
    assert told("audit_request") == {"Sari"}
    words = " ".join(str(mail.body) for mail in mailoutbox)
    assert "cannot review it now" in words and "You are asked for a second review" not in words


def test_of_an_announcer_who_is_no_supervisor_any_more_the_second_reviewer_hears(mailoutbox):
    User.objects.filter(name="Sari").update(role=Role.VERIFIER, seat="")
    assert told("audit_drawn") == {"Lena"}


def test_where_both_are_gone_the_other_supervisors_hear():
    umar = supervisor("Umar")
    User.objects.filter(name__in=["Sari", "Lena"]).update(is_active=False)
    assert (told("audit_request"), told("audit_drawn")) == ({umar.name}, {umar.name})


def test_whoever_is_away_is_told_and_so_is_the_other():
    lena = supervisor("Lena")
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 12, 24)}
    Absence.objects.create(user=lena, set_at=NOW, **days)
    assert told("audit_request") == {"Lena", "Sari"}
