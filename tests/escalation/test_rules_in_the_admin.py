"""The administrator writes a rule: told what a trigger needs, shown it in words before it is saved."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Message
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import RULED, EscalationRule, Trigger
from escalation.ladder.rules import rules_in_force
from escalation.ladder.words import in_words
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LADDER_MAIL = MESSAGE_TYPES[LadderMessage.ESCALATION]
ADD = "admin:escalation_escalationrule_add"


def typed(**values: object) -> dict[str, object]:
    day = timezone.now().date() + timedelta(days=3)
    return {
        "trigger": "overdue",
        "kind": "complaint",
        "stage": "resolution",
        "amount": 5,
        "unit": "working_days",
        "within_days": 0,
        "level": 2,
        "acknowledge_amount": 3,
        "acknowledge_unit": "working_days",
        "valid_from": day.isoformat(),
        "is_active": "on",
    } | values


@pytest.fixture
def admin(client: Client) -> User:
    user = factories.make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_the_preview_says_the_rule_in_words_and_saves_nothing(client: Client, admin: User) -> None:
    page = client.post(reverse(ADD), typed(_preview="1")).content.decode()
    assert "When a case is 5 working days late, counted for: Resolution" in page
    assert "to Inspectorate or city secretary, who has 3 working days to answer." in page
    assert not EscalationRule.objects.exists()
    assert client.post(reverse(ADD), typed(_save="1")).status_code == 302
    assert EscalationRule.objects.get().amount == 5


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"trigger": "share", "amount": 100}, "from 1 to 99"),
        ({"trigger": "overdue", "amount": 0}, "at least 1"),
        ({"trigger": "handed_back", "amount": 0, "stage": ""}, "how many times"),
        ({"trigger": "repeated", "amount": 1, "within_days": 30, "stage": ""}, "at least 2"),
        ({"trigger": "repeated", "amount": 5, "within_days": 0, "stage": ""}, "within how many days"),
        ({"trigger": "breach", "amount": 4, "stage": ""}, "counts nothing"),
        ({"trigger": "breach", "amount": 0}, "leave it empty"),
        ({"trigger": "disputed", "amount": 0, "stage": "", "within_days": 3}, "Only repeated complaints"),
        ({"trigger": "unacknowledged", "amount": 0, "stage": "", "level": 1}, "above the first"),
        ({"trigger": "oversight_kind", "amount": 0, "stage": ""}, "oversight complaints only"),
    ],
)
def test_each_trigger_says_what_it_needs(
    client: Client, admin: User, values: dict[str, object], words: str
) -> None:
    response = client.post(reverse(ADD), typed(**values))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not EscalationRule.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"trigger": "share", "amount": 1},
        {"trigger": "share", "amount": 99},
        {"trigger": "overdue", "amount": 1},
        {"trigger": "handed_back", "amount": 1, "stage": ""},
        {"trigger": "repeated", "amount": 2, "within_days": 1, "stage": ""},
        {"trigger": "breach", "amount": 0, "stage": "", "level": 1},
        {"trigger": "unacknowledged", "amount": 0, "stage": "", "level": 2},
        {"trigger": "oversight_kind", "amount": 0, "stage": "", "kind": ""},
        {"trigger": "oversight_kind", "amount": 0, "stage": "", "kind": "oversight"},
    ],
)
def test_a_rule_that_has_what_its_trigger_needs_is_saved(
    client: Client, admin: User, values: dict[str, object]
) -> None:
    assert client.post(reverse(ADD), typed(**values)).status_code == 302
    assert EscalationRule.objects.get().trigger == values["trigger"]


def test_the_whole_ladder_can_be_read_kind_by_kind(client: Client, admin: User) -> None:
    EscalationRule.objects.create(trigger="breach", level=1, valid_from=date(2018, 1, 1))
    EscalationRule.objects.create(
        trigger="repeated", level=2, kind="complaint", amount=5, within_days=30, valid_from=date(2018, 1, 1)
    )
    later = timezone.now().date() + timedelta(days=9)
    EscalationRule.objects.create(trigger="share", level=1, amount=80, valid_from=later)
    page = client.get(reverse("admin:escalation_escalationrule_ladder")).content.decode()
    assert page.count("When a deadline has passed") == 4
    assert page.count("When 5 complaints about one agency and one matter arrive within 30 days") == 1
    assert "From a later day" in page and "When 80 per cent of the time is used" in page
    client.force_login(factories.make_user(Role.SUPERVISOR))
    assert client.get(reverse("admin:escalation_escalationrule_ladder")).status_code in (302, 403)


def test_a_later_row_takes_the_place_of_the_earlier_one_on_its_day() -> None:
    common = {"trigger": Trigger.OVERDUE, "level": 2, "stage": "resolution"}
    old = EscalationRule.objects.create(**common, amount=10, valid_from=date(2018, 1, 1))
    new = EscalationRule.objects.create(**common, amount=5, valid_from=date(2026, 12, 1))
    assert rules_in_force(date(2026, 11, 30)) == [old]
    assert rules_in_force(date(2026, 12, 1)) == [new]


@pytest.mark.parametrize("trigger", Trigger)
def test_every_trigger_is_told_as_a_rule_and_by_mail(trigger: Trigger) -> None:
    told = LADDER_MAIL.context(Message(template=LADDER_MAIL.code, data={"trigger": str(trigger)}))
    assert told["why"]
    if trigger in dict(RULED):
        assert in_words(EscalationRule(trigger=trigger, amount=3, within_days=30, level=1)).startswith(
            "When "
        )
