"""Every column of every table, changed by whoever has the database's password: noticed, or on the list."""

import sys
from collections.abc import Iterator
from datetime import time

import pytest
from django.core.management import call_command
from django.db import connection, models

from accounts.models import Agency
from complaints.database.triggers import remove_guards, remove_tree_guards
from complaints.history.rows import TABLES
from complaints.history.untold import is_untold
from complaints.ledger.verify import verify_ledger
from complaints.models import OfficeCalendar
from escalation.sweep import run_sweep
from tests.ledger.forger import Attempt, try_table
from tests.module_rows import ModuleRows
from tests.shared import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
TRIED: list[Attempt] = []
LEARN = """
Of what was tried, verify_ledger did not notice: {unnoticed}.
Let the service that writes it record it: a column of a table in `TABLES` is recorded by itself where the service works
within `Change`, a row by `change.rows` (complaints/history/rows.py); a table of settings is added to `SETTINGS`. If
nothing can hold it fast, say so with the reason in plain words: `UNTOLD.add(…)` in the app's registrations.py.
"""


@pytest.fixture(scope="module")
def city(module_rows: ModuleRows) -> Iterator[None]:
    module_rows.make(_city)
    yield
    noticed = [each for each in TRIED if each.why]
    names = ", ".join(str(each) for each in TRIED if not each.why)
    sys.stdout.write(f"\ntried {len(TRIED)} / noticed {len(noticed)}; not: {names}\n")


def _city() -> None:
    call_command("seed_demo", cases=60, seed=3, now="2026-11-30T11:00:00", verbosity=0)
    agency = Agency.objects.filter(is_external=False)[0]
    clinic = OfficeCalendar.objects.create(name="Puskesmas", agency=agency)
    clinic.hours.create(weekday=0, opens_at=time(8), closes_at=time(12))
    run_sweep(NOON)  # so that nothing is due: whatever is, the next sweep looks at anyway
    remove_guards(connection)
    remove_tree_guards(connection)


def test_the_city_as_it_is_fits() -> None:
    assert verify_ledger().ok


@pytest.mark.parametrize("model", [table.model for table in TABLES], ids=lambda model: model._meta.label)
def test_no_column_is_changed_unnoticed(model: type[models.Model]) -> None:
    attempts = try_table(model)
    TRIED.extend(attempts)
    unnoticed = {each.what for each in attempts if not each.why}
    listed = {each.what for each in attempts if is_untold(model, each.what.strip("+-"))}
    assert unnoticed <= listed, LEARN.format(unnoticed=", ".join(sorted(unnoticed - listed)))
    assert listed <= unnoticed, f"noticed by now, take it off the list: {sorted(listed - unnoticed)}"
