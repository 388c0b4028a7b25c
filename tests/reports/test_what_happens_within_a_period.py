"""A period in which cases were merged, erased, taken away and referred, one agency closed and another got a new name:
its reports add up, are counted again from their rows, and say what moved when they are counted later."""

import json

import pytest
from tuntas_recount.compare import Comparison
from tuntas_recount.program import count_again

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.models import Complaint
from complaints.services import citizen, closing, erasure, handling, reassignment, verification
from complaints.services.verification import Routing
from escalation.stays.keeping import keep_up
from reports.figures.differences import Why, differences
from reports.figures.snapshot import Snapshot, freeze
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency, make_reason, make_user, officer_of
from tests.module_rows import ModuleRows
from tests.reports.test_built_again import NOVEMBER, whys

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("_happened")]
BEGAN, BUILT = FRIDAY - 10 * DAY, FRIDAY + DAY


@pytest.fixture(scope="module")
def _happened(module_rows: ModuleRows) -> None:
    module_rows.make(happen)


def happen() -> None:
    pupr, dlhk, old = make_agency("PUPR"), make_agency("DLHK"), make_agency("LAMA")
    verifier, supervisor = make_user(Role.VERIFIER), make_user(Role.SUPERVISOR)
    for agency in (pupr, dlhk, old):
        make_user(Role.OFFICER, agency), make_user(Role.AGENCY_HEAD, agency)
    main = factories.in_progress(BEGAN, pupr)
    for _n in range(2):
        again = factories.file_complaint(BEGAN)
        verification.merge(again.pk, actor=verifier, now=BEGAN + DAY, into=main.pk)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=BEGAN + 2 * DAY)  # one of the merged goes on
    erased = factories.closed(BEGAN)
    erasure.erase_person(erased.pk, by=None, now=BEGAN + DAY, reason="Permintaan", everything=True)
    taken = factories.in_progress(BEGAN, pupr)
    reassignment.reassign(taken.pk, actor=supervisor, now=BEGAN + DAY, agency=dlhk, words="Lama")
    sent = factories.in_progress(BEGAN, dlhk)
    body = make_agency("PLN", is_external=True)
    verification.refer(sent.pk, actor=supervisor, now=BEGAN + DAY, body=body, reference="X-1")
    shared = factories.file_complaint(BEGAN)
    verification.assign(shared.pk, actor=verifier, now=BEGAN, routing=Routing([pupr, old, dlhk]))
    factories.file_complaint(FRIDAY)
    spam = factories.file_complaint(BEGAN)
    verification.reject(spam.pk, actor=verifier, now=BEGAN, reason=make_reason(), words="Kosong.")
    done = factories.in_progress(BEGAN, old)
    handling.resolve(done.pk, actor=officer_of(done), now=BEGAN + DAY, answer="Sudah diperbaiki.")
    factories.in_progress(BEGAN, old)
    Agency.objects.filter(pk=old.pk).update(is_active=False, successor=dlhk)
    closing.hand_over_cases(BEGAN + 3 * DAY)
    citizen.dispute(done.pk, actor=Citizen(done.pk), now=BEGAN + 4 * DAY, why="Belum")
    closing.hand_over_cases(BEGAN + 4 * DAY)
    Agency.objects.filter(pk=pupr.pk).update(name="Dinas PUPR dan Permukiman")


def frozen(code: str = "", now=BUILT) -> Snapshot:
    return freeze(NOVEMBER, Agency.objects.get(code=code) if code else None, actor=None, now=now)


@pytest.mark.parametrize("code", ["", "PUPR", "DLHK", "LAMA"])
def test_each_report_is_counted_again_from_its_rows(code):
    snapshot, comparison = frozen(code), Comparison()
    assert count_again(json.loads(snapshot.content), comparison) == []
    assert comparison.differs == []
    assert keep_up(BUILT)
    assert frozen(code).digest == snapshot.digest  # of kept times the same
    figures = snapshot.figures
    for table in ("by_agency", "by_category", "by_state", "by_kind", "by_step"):
        assert sum(row["received"] for row in figures[table]) == figures["received"]
    assert (
        figures["open_at_start"] + figures["received"] == figures["ended_in_period"] + figures["open_at_end"]
    )


def test_what_moved_later_is_explained_and_nothing_else_differs():
    published = frozen()
    content = published.content
    Agency.objects.filter(code="PUPR").update(name="Dinas Pekerjaan Umum", short_name="DPU", is_active=False)
    assert differences(published, frozen()) == []  # a new name is no other figure
    factories.file_complaint(BEGAN + 5 * DAY)
    case = Complaint.objects.get(received_at=FRIDAY)
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=BUILT)
    found = differences(published, frozen(now=BUILT + HOUR))
    assert whys(found, "received") == {(Why.REGISTERED_LATE, 1, 0)}
    assert whys(found, "ended") == {(Why.WITHDRAWN, 1, 0)}
    assert published.content == content and Snapshot.read(content).digest == published.digest
