"""Who hears of what an agency owes when the one to whom it was written is gone or away."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import Absence, User
from complaints.mail.outbox import send_due
from complaints.models import Message
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, assigned, make_city
from tests.promises.people import recommended

pytestmark = pytest.mark.django_db
MONDAY = FRIDAY + 3 * DAY


@pytest.fixture
def city() -> City:
    make_city()
    return City()


def away(user: User) -> None:
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 12, 24)}
    Absence.objects.create(user=user, set_at=FRIDAY, **days)


def told(template: str = "recommendation") -> set[str]:
    rows = Message.objects.filter(template=template, sent_at__isnull=False)
    return {row.user.name for row in rows if row.user}


def test_of_two_recommendations_to_a_head_who_leaves_the_next_hears_of_both(city, mailoutbox):
    for _round in range(2):
        recommended(agency=city.pupr)
    User.objects.filter(pk=city.hana.pk).update(is_active=False)
    send_due(MONDAY)
    assert told() == {"Sekar"}
    assert Message.objects.filter(user=city.sekda, sent_at__isnull=False).count() == 2


def test_a_head_who_moved_does_not_hear_and_their_successor_does(city, mailoutbox):
    recommended(agency=city.pupr)
    User.objects.filter(pk=city.hana.pk).update(agency=city.dinkes)
    User.objects.filter(pk=city.olga.pk).update(role="agency_head")
    send_due(MONDAY)
    assert told() == {"Olga"}


def test_where_the_head_is_away_the_next_above_hears_too(city, mailoutbox):
    away(city.hana)
    recommended(agency=city.pupr)
    send_due(MONDAY)
    assert told() == {"Hana", "Sekar"}


def test_who_goes_away_after_it_was_written_is_not_the_only_one_to_hear(city, mailoutbox):
    recommended(agency=city.pupr)
    away(city.hana)
    send_due(MONDAY)
    assert told() == {"Hana", "Sekar"}


def test_where_no_head_is_left_the_supervisors_hear(city, mailoutbox):
    recommended(agency=city.dinkes)
    User.objects.filter(role="agency_head").update(is_active=False)
    recommended(agency=city.pupr)
    send_due(MONDAY)
    assert not told()  # there was nobody to write to; the sweep raises it when it is due


def test_whoever_is_named_does_not_hear_in_anybody_s_place(city, mailoutbox):
    case = assigned(agency=city.dinkes)
    recommended(agency=city.pupr, cases=(case,))
    city.name(case, city.sekda)
    User.objects.filter(pk=city.hana.pk).update(is_active=False)
    send_due(MONDAY)
    assert "Sekar" not in told()


def test_the_page_says_that_the_agency_is_told_only_where_it_is_so(city, client: Client, in_english):
    row = recommended(agency=city.pupr)
    client.force_login(city.sari)
    address = f"/staff/recommendations/{row.number}/withdraw/"
    User.objects.filter(pk=city.hana.pk).update(is_active=False)
    page = client.post(address, {"words": "Tidak perlu lagi."}, follow=True).content.decode()
    assert "The recommendation was withdrawn. At the agency nobody is there" in page
