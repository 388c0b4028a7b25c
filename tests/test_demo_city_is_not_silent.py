"""The walk that looks for silence in the demo city (tests/silence.py) would find it."""

import pytest

from accounts.roles import Role
from complaints.models import Complaint, Message
from complaints.services import verification
from escalation.ladder.visit import Visit
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.silence import holes

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.parametrize("insists", [True, False])
def test_the_walk_sees_a_case_that_lies_in_silence(insists: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not insists:
        monkeypatch.setattr(Visit, "_insist", lambda self: None)
    case = factories.in_progress()
    for day in range(90):
        run_sweep(FRIDAY + day * DAY)
    found = holes(FRIDAY + 90 * DAY)
    assert found == [] if insists else [hole for hole in found if str(case) in hole]


def test_the_walk_sees_a_referral_nobody_looks_at_and_a_merged_citizen_nobody_told() -> None:
    verifier, body = factories.make_user(Role.VERIFIER), factories.make_agency("PLN", is_external=True)
    main, joined = (
        factories.file_complaint(),
        factories.file_complaint(subject="Juga", email="ani@warga.test"),
    )
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    verification.refer(main.pk, actor=verifier, now=FRIDAY, body=body, reference="1")
    assert holes(FRIDAY + DAY) == []
    Complaint.objects.filter(pk=main.pk).update(check_at=None)
    Message.objects.filter(complaint=joined).delete()
    assert len(holes(FRIDAY + DAY)) == 2
