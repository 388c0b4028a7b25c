"""The administration says what a setting would do, in the reader's language."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from complaints.clock.city_time import day_of, year_of
from complaints.clock.samples import promises
from complaints.models import Holiday, OfficeCalendar, ServiceLevel
from tests import factories
from tests.factories import FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def calendar(client):
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    return factories.make_city()


def test_a_service_level_says_what_it_would_promise_before_it_is_saved(client, calendar, in_english):
    Holiday.objects.create(calendar=calendar, on=day_of(timezone.now()) + timedelta(days=10), name_id="Libur")
    Holiday.objects.create(calendar=calendar, on=day_of(timezone.now()) + timedelta(days=13), name_id="Libur")
    old = ServiceLevel.objects.filter(category=None, kind="complaint").earliest("pk")
    fields = [field.name for field in ServiceLevel._meta.fields if field.name not in ("id", "category")]
    typed = {name: getattr(old, name) for name in fields if getattr(old, name) is not False}
    typed |= {"valid_from": day_of(timezone.now()) + timedelta(days=3), "resolution_amount": 2}
    known = ServiceLevel.objects.count()
    answer = client.post(reverse("admin:complaints_servicelevel_add"), typed | {"_preview": "Preview"})
    shown = answer.context["adminform"].form.promises
    assert "Not saved yet" in answer.content.decode() and len(shown) == 4
    assert ServiceLevel.objects.count() == known and all(promise.due[2] > promise.at for promise in shown)
    page = reverse("admin:complaints_servicelevel_change", args=[old.pk])
    assert "Settled by" in client.get(page).content.decode()


def test_what_it_promises_is_what_the_clock_counts(calendar):
    """Filed on the Friday of the tests at 11:00; a holiday on the Monday moves what is counted in working days."""
    level = ServiceLevel.objects.earliest("pk")
    level.resolution_amount, level.resolution_unit = 2, "working_days"
    before = promises(level, FRIDAY)[0].due[2]
    monday = day_of(FRIDAY) + timedelta(days=3)
    Holiday.objects.create(calendar=calendar, on=monday, name_id="Libur")
    shown = promises(level, FRIDAY)
    assert shown[0].due[2] == before + timedelta(days=1)
    assert [promise.at.astimezone(timezone.get_default_timezone()).weekday() for promise in shown] == [
        4,
        4,
        5,
        4,
    ]


def test_days_off_are_shown_by_year_with_the_new_one_on_top(client, calendar):
    this = year_of(timezone.now())
    for year in (this - 1, this):
        Holiday.objects.create(calendar=calendar, on=date(year, 8, 17), name_id=f"Kemerdekaan {year}")
    page = reverse("admin:complaints_officecalendar_change", args=[calendar.pk])
    answer = client.get(page)
    html = answer.content.decode()
    assert f"Kemerdekaan {this}" in html and f"Kemerdekaan {this - 1}" not in html
    assert f"Kemerdekaan {this - 1}" in client.get(f"{page}?year={this - 1}").content.decode()
    assert html.index('name="holidays-1-on"') < html.index('name="holidays-0-on"')
    formsets = [each.formset for each in answer.context["inline_admin_formsets"]]
    data: dict[str, object] = {"name": calendar.name, "agency": ""}
    for formset in formsets:
        data |= {f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()}
        for form in formset.initial_forms:
            data |= {
                form.add_prefix(name): form[name].value()
                for name in form.fields
                if form[name].value() is not None
            }
            data[form.add_prefix("id")] = form.instance.pk
            data.pop(form.add_prefix("DELETE"), None)
    data |= {
        "holidays-1-on": f"{this + 1}-08-17",
        "holidays-1-name_id": "Merdeka",
        "holidays-1-source": "local",
    }
    answer = client.post(page, data)
    assert answer.status_code == 302, [
        each.formset.errors for each in answer.context["inline_admin_formsets"]
    ]
    days = Holiday.objects.filter(calendar=OfficeCalendar.objects.get()).values_list("on__year", flat=True)
    assert sorted(days) == [this - 1, this, this + 1]


def test_the_administration_speaks_the_language_of_its_reader(client, calendar):
    html = client.get(reverse("admin:index")).content.decode()
    assert str(apps.get_app_config("reports").verbose_name) in html and "Reports" not in html
