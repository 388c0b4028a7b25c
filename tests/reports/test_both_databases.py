"""The same cases give the same rows on both databases, and a snapshot is printed without asking any."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from complaints.models import Complaint
from reports.figures import arrays
from reports.figures.periods import Period
from reports.figures.reading.columns import columns_of
from reports.figures.reading.scope import Pseudonyms
from reports.figures.snapshot import Snapshot, freeze
from reports.figures.tables import iso
from reports.pages.report import report_context
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency
from tests.reports.test_figures import made_up
from tests.reports.test_public_edition import snapshot_of

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
# Both databases are asked by CI, and have to come to these. What is meant to be spelled otherwise is put here anew.
SPELLED = {"cases": "209b4a994968", "clocks": "ff2e45acb50a", "carried": "0bfd089bf989"}


@pytest.mark.django_db
def test_the_same_cases_are_spelled_alike_on_both_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases are named in the order in which they came: their keys differ where tests ran before."""
    agency = make_agency("PUPR")
    factories.assigned(FRIDAY - 40 * DAY, agency=agency)
    for make in (factories.closed, factories.resolved, factories.assigned, factories.awaiting):
        make(FRIDAY + HOUR, **({} if make is factories.awaiting else {"agency": agency}))
    ranks = {pk: n for n, pk in enumerate(Complaint.objects.order_by("pk").values_list("pk", flat=True))}
    monkeypatch.setattr(
        Pseudonyms, "once", lambda _self, key: f"{ranks[key]:03d}" if key in ranks else str(key)
    )
    found = freeze(NOVEMBER, None, actor=None, now=FRIDAY + 10 * DAY)
    spelled = {
        name: sha256(json.dumps(list(found.data["tables"][name]["rows"])).encode()).hexdigest()[:12]
        for name in SPELLED
    }
    assert spelled == SPELLED


@pytest.mark.django_db
def test_whole_columns_say_what_rows_say() -> None:
    """Moments with fractions, before 2000 and in the last year that there is; none; and of no rows at all."""
    fields = "id", "received_at", "ended_at", "state", "rating"
    odd = datetime(1999, 12, 31, 23, 59, 59, 5, UTC), datetime(9999, 12, 30, tzinfo=UTC), None
    for n, ended in enumerate(odd):
        case = factories.resolved()
        Complaint.objects.filter(pk=case.pk).update(ended_at=ended, rating=n or None)
    rows = Complaint.objects.order_by("pk").values_list(*fields)
    pk, *moments, state, rating = columns_of(Complaint.objects.all(), *fields)
    told = [arrays.spelled_moments(each).tolist() for each in moments]
    found = [[json.loads(each) for each in column] for column in told]
    rated = [None if each == arrays.NONE else each for each in rating.tolist()]
    assert sorted(zip(pk.tolist(), *found, state, rated, strict=True)) == [
        tuple(iso(each) if isinstance(each, datetime) else each for each in row) for row in rows
    ]
    for none in (Complaint.objects.filter(pk=0), Complaint.objects.none()):
        assert [len(each) for each in columns_of(none, *fields)] == [0] * 5


@pytest.mark.parametrize("public", [True, False])
def test_a_snapshot_is_printed_alike_wherever_it_was_read_and_without_a_database(public: bool) -> None:
    """No mark of a database: whoever asks one here is refused."""
    kept = snapshot_of(made_up(9, 250))
    kept.data.update(format=3, tables={}, before={})
    pages = set()
    for snapshot in (kept, Snapshot.read(kept.content)):
        with translation.override("id"):
            pages.add(render_to_string("reports/report.html", report_context(snapshot, public=public)))
    assert len(pages) == 1
