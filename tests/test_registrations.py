"""What an app adds to the one below leads somewhere, or `manage.py check` says so."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models

from accounts.roles import Role
from complaints import permissions
from complaints.desk.additions import CASE_LINKS, CASE_PANELS, NAVIGATION, CaseLink, CasePanel, NavEntry
from complaints.history.events import draft_event
from complaints.history.kinds import EVENT_TYPES
from complaints.mail.drafting import draft_message
from complaints.mail.types import MESSAGE_TYPES, MessageType
from complaints.models import Event, Message
from complaints.permissions import Act, grant
from complaints.public.additions import PUBLIC_LINKS, PublicLink
from complaints.registry import Registry
from escalation.rights import RIGHTS, EscalationAct
from tests import factories
from tests.factories import FRIDAY


class Stray(models.TextChoices):
    LETTER = "no_such_letter", "Stray"


def registered(entry: object, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.entries, entry.code, entry)  # type: ignore[attr-defined]


def complaint_of_check() -> str:
    with pytest.raises(SystemCheckError) as caught:
        call_command("check")
    return str(caught.value)


def test_everything_registered_leads_somewhere() -> None:
    call_command("check")


@pytest.mark.parametrize(
    ("registry", "entry", "code"),
    [
        (
            NAVIGATION,
            NavEntry("escalation:overdue-home", "Oversight", EscalationAct.OVERSEE),
            "complaints.E001",
        ),
        (
            NAVIGATION,
            NavEntry("escalated:oversight-home", "Oversight", EscalationAct.OVERSEE),
            "complaints.E001",
        ),
        (CASE_LINKS, CaseLink("reports:case-pfd", "PDF", "download", Act.READ_WORDS), "complaints.E001"),
        (PUBLIC_LINKS, PublicLink("complaints:statistic", "Figures"), "complaints.E001"),
        (CASE_PANELS, CasePanel("surveys/_case_blok.html"), "complaints.E003"),
        (MESSAGE_TYPES, MessageType(Stray.LETTER), "complaints.E003"),
    ],
)
def test_a_misspelled_name_fails_the_check(
    registry: Registry, entry: object, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(entry, registry, monkeypatch)
    assert code in complaint_of_check()


def test_a_right_that_nobody_was_granted_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(permissions.RIGHTS, EscalationAct.OVERSEE)
    assert "complaints.E002" in complaint_of_check()


def test_nothing_is_registered_twice() -> None:
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        NAVIGATION.add(NavEntry("escalation:oversight-home", "Another", EscalationAct.OVERSEE))
    with pytest.raises(ImproperlyConfigured, match="granted twice"):
        grant({EscalationAct.OVERSEE: frozenset({Role.OFFICER})})
    assert RIGHTS[EscalationAct.OVERSEE] == permissions.RIGHTS[EscalationAct.OVERSEE]


@pytest.mark.django_db
def test_an_event_or_message_of_no_registered_kind_is_refused() -> None:
    case = factories.file_complaint()
    with pytest.raises(KeyError):
        draft_event(case, "surveyed", actor=None, at=FRIDAY)
    with pytest.raises(KeyError):
        draft_message("no_such_letter", case=case, cause="1", due_at=FRIDAY)
    assert Event.objects.get(complaint=case).seq == 1


def test_kinds_and_templates_fit_their_columns() -> None:
    assert max(len(each.code) for each in EVENT_TYPES) <= Event._meta.get_field("kind").max_length
    assert max(len(each.code) for each in MESSAGE_TYPES) <= Message._meta.get_field("template").max_length
