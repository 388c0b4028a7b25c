"""Rows that a sweep takes past Django's own making of instances are the same as Django's."""

import pytest

from complaints.database.past_init import new_of, rows_of
from complaints.models import Clock, Complaint
from escalation.ladder.models import Escalation, Trigger
from escalation.ladder.sweep import READ_FIELDS
from tests import factories
from tests.factories import FRIDAY

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_orm_and_fetch_what_was_left_out() -> None:
    case = factories.in_progress(subject="Lampu jalan mati")
    [found] = rows_of(Complaint.objects.only(*READ_FIELDS))
    [theirs] = Complaint.objects.only(*READ_FIELDS)
    held = {
        name: value for name, value in theirs.__dict__.items() if name not in ("_state", "stored_version")
    }
    assert {name: value for name, value in found.__dict__.items() if name != "_state"} == held
    assert found.get_deferred_fields() == theirs.get_deferred_fields()
    assert (found._state.adding, found._state.db) == (False, "default")
    assert (found.subject, found == case) == ("Lampu jalan mati", True)
    assert found.agency == case.agency
    assert [vars(row) | {"_state": 0} for row in rows_of(Clock.objects.order_by("pk"))] == [
        vars(row) | {"_state": 0} for row in Clock.objects.order_by("pk")
    ]


def test_joins_and_sums_are_refused() -> None:
    factories.in_progress()
    with pytest.raises(ValueError, match="joins"):
        rows_of(Clock.objects.select_related("calendar"))


def test_a_new_row_has_djangos_defaults() -> None:
    values = {"complaint_id": 1, "level": 2, "trigger": Trigger.BREACH, "cause": "x", "rule_id": None}
    values |= {"raised_at": FRIDAY, "due_at": FRIDAY}
    mine, theirs = new_of(Escalation, **values), Escalation(**values)
    assert vars(mine) | {"_state": 0} == vars(theirs) | {"_state": 0}
    assert (mine._state.adding, mine.is_open) == (True, True)
