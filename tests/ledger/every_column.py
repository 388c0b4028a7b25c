"""Every column of every table, changed by whoever has the database's password: noticed, or on the list."""

import sys
from datetime import date, time

import pytest
from django.db import connection, models

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.database import append_only
from complaints.database.triggers import remove_entry_guards, remove_guards, remove_tree_guards
from complaints.files.storage import receive
from complaints.history.untold import is_untold, is_untold_whole
from complaints.ledger.settings import record_settings
from complaints.ledger.verify import verify_ledger
from complaints.ledger.verifying import further
from complaints.models import OfficeCalendar
from escalation.promises.services import commitments, recommendations
from escalation.sweep import run_sweep
from surveys.questionnaires import frozen
from surveys.rounds import triggers
from tests.files.samples import upload
from tests.ledger.citizens import have_their_say
from tests.ledger.forger import (
    NOTHING_ELSE,
    REFUSED,
    Attempt,
    Said,
    tables,
    try_table,
    try_what_nobody_notices,
)
from tests.promises.people import advice, promise
from tests.shared import NOON

TRIED: list[Attempt] = []
LEARN = """
verify_ledger did not notice a change of {unnoticed}.
Let the service that writes it record it (complaints/history/rows.py). A table that belongs to a case: TABLES.add(…) in
the app's registrations.py, and `change.rows` in the service, as for reported parties; columns of case, clocks and
pauses are recorded by themselves within `Change`. A table of settings: SETTINGS.add(…). If nothing can hold it fast,
say so in plain words: UNTOLD.add(…); `/ledger/` and docs/ledger.md show it.
"""


def try_every_column(subtests: pytest.Subtests) -> None:
    """In a played city, whose guards are away afterwards. What the list names is tried first, of all tables at once."""
    agency = Agency.objects.filter(is_external=False)[0]
    clinic = OfficeCalendar.objects.create(name="Puskesmas", agency=agency)
    clinic.hours.create(weekday=0, opens_at=time(8), closes_at=time(12))
    _show_evidence()
    have_their_say()
    record_settings(actor=None, now=NOON)
    run_sweep(NOON)  # so that nothing is due: whatever is, the next sweep looks at anyway
    _take_guards_away()
    together = try_what_nobody_notices()
    assert verify_ledger().ok
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(further, "TRIES", 1)  # nobody else writes meanwhile
        for model in tables():
            with subtests.test(model._meta.label):
                _check(model, together.get(model, {}))
    noticed = [each for each in TRIED if each.why]
    names = ", ".join(str(each) for each in TRIED if not each.why)
    sys.stdout.write(f"\ntried {len(TRIED)} / noticed {len(noticed)}; not: {names}\n")


def _take_guards_away() -> None:
    remove_guards(connection)
    frozen.remove(connection)
    append_only.remove(connection)
    triggers.remove(connection)
    remove_tree_guards(connection)
    remove_entry_guards(connection)


def _show_evidence() -> None:
    """Files of no case, which the demo city has none of."""
    agency = Agency.objects.filter(users__role=Role.AGENCY_HEAD, users__is_active=True, is_external=False)[0]
    head = User.objects.filter(agency=agency, role=Role.AGENCY_HEAD, is_active=True)[0]
    files = [receive(upload(kind), digest="e" * 64, now=NOON) for kind in ("png", "jpg", "pdf", "png")]
    given = advice(agency=agency, due_on=date(2027, 3, 1))
    actor = User.objects.filter(role=Role.SUPERVISOR)[0]
    advised = recommendations.issue(given, actor=actor, now=NOON)
    recommendations.answer(advised.pk, actor=head, now=NOON, accepts=True, words="Ya.", files=files[:2])
    new = promise(agency=agency, owner=head, due_on=date(2027, 3, 1))
    promised = commitments.make(new, actor=head, now=NOON)
    commitments.report(promised.pk, actor=head, now=NOON, words="Sudah.", files=files[2:])


def _check(model: type[models.Model], together: Said) -> None:
    if is_untold_whole(model) and not model._base_manager.exists():
        pytest.skip("on the list, and the city has none")
    attempts = try_table(model, together)
    TRIED.extend(attempts)
    unnoticed = {each.what for each in attempts if not each.why}
    new = {what for what in unnoticed if not is_untold(model, what)}
    assert not new, LEARN.format(unnoticed=", ".join(f"{model._meta.label}.{what}" for what in sorted(new)))
    if not is_untold_whole(model):
        noticed = {each.what for each in attempts if each.why not in ("", REFUSED, NOTHING_ELSE)}
        listed = {what for what in noticed if is_untold(model, what)}
        assert not listed, f"noticed by now, take it off the list: {sorted(listed)}"
