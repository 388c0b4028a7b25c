"""The administrator's pages: all open for the administrator, none for anybody else, no case among them."""

from datetime import date, time, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import STAFF_ROLES, Role
from complaints.clock.city_time import day_of
from complaints.mail.invitations import invite_waiting
from complaints.models import (
    Area,
    Category,
    ConductPhrase,
    DeadlineMove,
    Holiday,
    ImportRun,
    Message,
    OfficeCalendar,
    OpeningHours,
    RejectReason,
    Service,
    ServiceLevel,
    StandardReply,
)
from escalation.models import EscalationRule, ProposalRule
from reports.publication.models import ReportPolicy
from surveys.models import AfterCaseTerm, Counter, ForumPolicy, InputTerm
from tests import factories
from tests.factories import FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]
OTHERS = [role for role in STAFF_ROLES if role != Role.ADMINISTRATOR]


@pytest.fixture
def rows():
    """One row of everything that is administered."""
    calendar = factories.make_city()
    agency = factories.make_agency()
    return [
        agency,
        factories.make_user(Role.OFFICER, agency),
        factories.make_category(),
        Service.objects.create(code="ktp", name_id="KTP", agency=agency),
        Area.objects.create(code="53.71.01", level="district", name="Alak"),
        factories.make_reason(),
        ConductPhrase.objects.create(
            phrase="pungli", language="id", about="money", valid_from=date(2026, 1, 1)
        ),
        StandardReply.objects.create(code="terima", name_id="Terima", use="ask", text_id="Halo {number}"),
        calendar,
        ServiceLevel.objects.first(),
        EscalationRule.objects.create(trigger="breach", level=1, valid_from=date(2026, 1, 1)),
        ProposalRule.objects.create(valid_from=date(2026, 1, 1)),
        ForumPolicy.objects.create(valid_from=date(2026, 1, 1)),
        ReportPolicy.objects.create(valid_from=date(2026, 1, 1)),
        InputTerm.objects.create(valid_from=date(2026, 1, 1)),
        AfterCaseTerm.objects.create(valid_from=date(2026, 1, 1)),
        Counter.objects.create(code="loket-ktp", name_id="Loket KTP", agency=agency),
        ImportRun.objects.create(
            key="0" * 32,
            asked_by=factories.make_user(Role.ADMINISTRATOR),
            asked_at=FRIDAY,
            state="finished",
            finished_at=FRIDAY,
        ),
    ]


@pytest.fixture
def administrator(client):
    user = factories.make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def pages(rows):
    yield reverse("admin:index")
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        yield reverse(f"{name}_change", args=[row.pk])
        yield reverse(f"{name}_history", args=[row.pk])
    yield reverse("admin:complaints_officecalendar_move", args=[OfficeCalendar.objects.get().pk])


def test_every_registered_table_is_among_the_rows(rows):
    assert set(admin.site._registry) == {type(row) for row in rows}


def test_the_administrator_can_open_every_page(client, rows, administrator):
    for page in pages(rows):
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_can(client, rows, role):
    client.force_login(factories.make_user(role))
    for page in pages(rows):
        assert client.get(page, follow=True).status_code == 403, page
        assert client.post(page, follow=True).status_code == 403, page


def test_a_stranger_is_sent_to_the_one_sign_in_page(client, rows):
    for page in pages(rows):
        final = client.get(page, follow=True)
        assert final.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


def test_no_page_shows_anything_of_a_case(client, rows, administrator):
    # Longer than anything that a token on the page could hold by chance.
    factories.assigned(
        subject="CNRY-subject", description="CNRY-description", email="cnry-citizen@tuntas.test"
    )
    for page in pages(rows):
        assert "cnry-" not in client.get(page).content.decode().lower(), page


@pytest.mark.parametrize(
    "query",
    [
        "?complaints__description__icontains=a",
        "?users__password__startswith=md5",
        "?parent__users__email=a",
        "?o=99",
    ],
)
def test_a_list_cannot_be_asked_about_other_tables(client, administrator, query):
    factories.assigned()
    answer = client.get(reverse("admin:accounts_agency_changelist") + query)
    assert answer.status_code in (400, 200, 302)
    if answer.status_code == 200:
        assert query == "?o=99"


def test_a_password_cannot_be_probed(client, administrator):
    answer = client.get(reverse("admin:accounts_user_changelist") + "?password__startswith=md5")
    assert answer.status_code in (302, 400)


def test_whoever_is_added_gets_an_invitation_and_no_password(client, administrator):
    data = {"name": "Vera", "email": "Vera@Kota.example", "role": "verifier", "agency": "", "language": "id"}
    answer = client.post(reverse("admin:accounts_user_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    user = User.objects.get(email="vera@kota.example")
    assert not user.has_usable_password()
    assert invite_waiting(FRIDAY) == 1
    assert invite_waiting(FRIDAY) == 0
    assert Message.objects.get().user == user


@pytest.mark.parametrize(("role", "has_agency"), [("officer", False), ("verifier", True)])
def test_a_role_that_does_not_fit_the_agency_is_refused_with_a_clear_message(
    client, administrator, role, has_agency
):
    agency = factories.make_agency()
    data = {
        "name": "Oka",
        "email": "oka@kota.example",
        "role": role,
        "agency": agency.pk if has_agency else "",
        "language": "en",
    }
    answer = client.post(reverse("admin:accounts_user_add"), data, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Officers and agency heads need an agency" in answer.content.decode()
    assert not User.objects.filter(email="oka@kota.example").exists()


def act(client, name, *users):
    data = {"action": name, "_selected_action": [user.pk for user in users]}
    return client.post(reverse("admin:accounts_user_changelist"), data)


def test_accounts_are_closed_and_opened_but_never_deleted(client, administrator):
    user = factories.make_user(Role.VERIFIER)
    factories.make_user(Role.VERIFIER)  # the last one is asked for (test_leaving.py)
    act(client, "close_accounts", user, administrator)
    user.refresh_from_db()
    administrator.refresh_from_db()
    assert (user.is_active, administrator.is_active) == (False, True)
    act(client, "open_accounts", user)
    user.refresh_from_db()
    assert user.is_active
    assert client.get(reverse("admin:accounts_user_delete", args=[user.pk])).status_code == 403
    act(client, "delete_selected", user)
    assert User.objects.filter(pk=user.pk).exists()


def test_an_administrator_cannot_give_up_the_role(client, administrator):
    data = {"name": "Budi", "email": administrator.email, "role": "clerk", "agency": "", "language": "id"}
    client.post(reverse("admin:accounts_user_change", args=[administrator.pk]), data)
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR


def test_a_lost_phone_is_no_lost_account(client, administrator):
    user = factories.make_user(Role.VERIFIER)
    Authenticator.objects.create(user=user, type="totp", data={})
    act(client, "remove_second_step", user)
    assert not Authenticator.objects.exists()


def test_whoever_has_no_password_yet_can_be_invited_again(client, administrator):
    user = User.objects.create_user("v@kota.example", None, name="Vera", role=Role.VERIFIER)
    invite_waiting(FRIDAY)
    act(client, "invite_again", user)
    assert invite_waiting(FRIDAY + timedelta(minutes=1)) == 1


def test_agencies_cannot_form_a_circle(client, administrator):
    top = factories.make_agency("A")
    below = factories.make_agency("B", parent=top)
    data = {"code": "A", "name": "A", "short_name": "A", "parent": below.pk, "keywords": "jalan, lubang"}
    answer = client.post(reverse("admin:accounts_agency_change", args=[top.pk]), data)
    assert answer.status_code == 200
    data["parent"] = ""
    assert client.post(reverse("admin:accounts_agency_change", args=[top.pk]), data).status_code == 302
    assert Agency.objects.get(code="A").keywords == ["jalan", "lubang"]


def test_a_code_by_which_the_history_names_a_row_stays(client, administrator, rows):
    coded = [row for row in rows if hasattr(row, "code")]
    assert len(coded) == 7
    for row in coded:
        page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        form = client.get(page).context["adminform"].form
        assert "code" not in form.fields
        data = {name: form[name].value() for name in form.fields}
        data |= {"code": "another", "name": "New", "name_id": "New", "name_en": "New"}
        sent = {name: value for name, value in data.items() if value is not None and value is not False}
        answer = client.post(page, sent)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        kept = type(row).objects.get(pk=row.pk)
        assert (kept.code, "New" in str(kept)) == (row.code, True)


def level_data(valid_from, **changed):
    stages = ("verification", "first_response", "resolution", "citizen_answer", "confirmation")
    data = {"kind": "complaint", "category": "", "valid_from": valid_from, "warn_at_percent": 75, "note": ""}
    usual = {field.name: field.default for field in ServiceLevel._meta.concrete_fields if field.has_default()}
    data = usual | data
    for stage in stages:
        data |= {f"{stage}_amount": 3, f"{stage}_unit": "working_days"}
    return data | changed


def test_a_promise_is_changed_for_the_future_only(client, administrator):
    factories.make_city()
    today = day_of(timezone.now())
    past, future = today - timedelta(days=1), today + timedelta(days=1)
    add = reverse("admin:complaints_servicelevel_add")
    assert client.post(add, level_data(past)).status_code == 200
    assert client.post(add, level_data(future)).status_code == 302
    old, new = (
        ServiceLevel.objects.get(valid_from=date(2018, 1, 1), kind="complaint"),
        ServiceLevel.objects.get(valid_from=future),
    )
    change = "admin:complaints_servicelevel_change"
    assert client.post(reverse(change, args=[old.pk]), level_data(future)).status_code == 403
    data = level_data(future, resolution_amount=7)
    assert client.post(reverse(change, args=[new.pk]), data).status_code == 302
    page = client.get(reverse(change, args=[old.pk]), headers={"Accept-Language": "en"}).content.decode()
    assert "settled within 14 working days" in page


def test_a_rule_in_force_can_be_switched_off_but_not_rewritten(client, administrator):
    rule = EscalationRule.objects.create(trigger="breach", level=1, valid_from=date(2026, 1, 1))
    EscalationRule.objects.create(trigger="overdue", amount=1, level=1, valid_from=date(2026, 1, 1))
    url = reverse("admin:escalation_escalationrule_change", args=[rule.pk])
    assert client.post(url, {"level": 3, "trigger": "disputed"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.level, rule.trigger, rule.is_active) == (1, "breach", False)


def calendar_data(calendar, days=(), hours=None):
    data = {"name": calendar.name, "agency": ""}
    parts = list(calendar.hours.all()) if hours is None else hours
    data |= {"hours-TOTAL_FORMS": len(parts), "hours-INITIAL_FORMS": len(parts) if hours is None else 0}
    for number, part in enumerate(parts):
        data |= {
            f"hours-{number}-id": part.pk or "",
            f"hours-{number}-calendar": calendar.pk,
            f"hours-{number}-weekday": part.weekday,
            f"hours-{number}-opens_at": part.opens_at,
            f"hours-{number}-closes_at": part.closes_at,
        }
    data |= {"holidays-TOTAL_FORMS": len(days), "holidays-INITIAL_FORMS": 0}
    for number, day in enumerate(days):
        data |= {
            f"holidays-{number}-calendar": calendar.pk,
            f"holidays-{number}-on": day,
            f"holidays-{number}-name_id": "Libur",
            f"holidays-{number}-source": "local",
        }
    return data


def test_a_new_day_off_says_what_it_would_move_and_moves_nothing_by_itself(client, administrator):
    case = factories.file_complaint()
    calendar = OfficeCalendar.objects.get()
    url = reverse("admin:complaints_officecalendar_change", args=[calendar.pk])
    answer = client.post(
        url, calendar_data(calendar, [date(2026, 11, 25)]), headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert Holiday.objects.count() == 1
    said = [str(message) for message in client.get(url).context["messages"]]
    assert any("deadlines of 1 open cases would change" in words for words in said)
    before = case.due_at
    case.refresh_from_db()
    assert case.due_at == before
    move = reverse("admin:complaints_officecalendar_move", args=[calendar.pk])
    assert client.post(move, {"reason": ""}).status_code == 200
    assert not DeadlineMove.objects.exists()
    assert client.post(move, {"reason": "Libur daerah"}).status_code == 302
    order = DeadlineMove.objects.get()
    assert (order.asked_by, order.agency, order.reason) == (administrator, None, "Libur daerah")


def test_hours_that_overlap_are_refused(client, administrator):
    calendar = factories.make_city()
    OpeningHours.objects.all().delete()
    hours = [
        OpeningHours(weekday=0, opens_at=time(8), closes_at=time(12)),
        OpeningHours(weekday=0, opens_at=time(11), closes_at=time(16)),
    ]
    url = reverse("admin:complaints_officecalendar_change", args=[calendar.pk])
    assert client.post(url, calendar_data(calendar, hours=hours)).status_code == 200
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize(("text", "is_right"), [("Halo {number}", True), ("{password}", False), ("{", False)])
def test_a_standard_reply_has_only_placeholders_that_are_filled_in(client, administrator, text, is_right):
    data = {"code": "x", "name_id": "X", "use": "ask", "text_id": text, "is_active": "on"}
    answer = client.post(reverse("admin:complaints_standardreply_add"), data)
    assert (answer.status_code == 302) is is_right


def test_words_of_a_category_are_typed_as_words(client, administrator):
    data = {
        "name_id": "Jalan",
        "code": "jalan",
        "kind": "complaint",
        "keywords": "jalan,\nlubang",
        "position": 1,
    }
    assert client.post(reverse("admin:complaints_category_add"), data).status_code == 302
    assert Category.objects.get(code="jalan").keywords == ["jalan", "lubang"]
    assert RejectReason.objects.count() == 0
