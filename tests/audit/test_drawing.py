"""A supervisor draws from what they may see; what was drawn cannot be drawn differently afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.utils.functional import Promise

from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.mail.letters import compose
from complaints.mail.outbox import hold_for_office
from complaints.models import Complaint, Head, Message, ReportedParty
from complaints.services.change import NotAllowed
from escalation.audits import drawing, sampling
from escalation.audits.drawing import draw_due
from escalation.audits.frames import cases_in
from escalation.audits.models import AuditItem, AuditSample
from escalation.audits.reading import waiting_for
from escalation.audits.seen import SeenSample, seen_by
from escalation.audits.services import save_draft
from tests import factories
from tests.audit.people import (
    NOW,
    THIS_MONTH,
    announced,
    checklist,
    drawn,
    file_cases,
    numbers,
    says,
    supervisor,
)
from tests.factories import DAY, FRIDAY
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_stranger_with_the_list_and_the_signature_draws_the_same() -> None:
    file_cases(12)
    sample = drawn(5)
    rows = [line.split(" ") for line in sample.frame_text.splitlines()]
    leaves = [salt if n == "-" else sha256(f"{salt}\n{n}".encode()).hexdigest() for n, salt in rows]
    assert sha256("".join(f"{leaf}\n" for leaf in sorted(leaves)).encode()).hexdigest() == sample.frame_digest
    lines = [number for number, _salt in rows if number != "-"]
    assert (len(lines), lines) == (
        sample.frame_size,
        sorted(Complaint.objects.values_list("number", flat=True)),
    )
    assert sample.head_size is not None
    root = Head.objects.get(size=sample.head_size).note.splitlines()[2]
    by_hash = sorted(lines, key=lambda n: sha256(f"{root}\n{n}".encode()).hexdigest())
    assert numbers(sample) == by_hash[:5]


def test_a_case_that_comes_later_changes_nothing() -> None:
    file_cases(6)
    sample = announced(3)
    file_cases(6)
    make_checkpoint(NOW)
    draw_due(NOW)
    sample.refresh_from_db()
    before = (sample.frame_text, numbers(sample))
    assert len(sample.numbers) == 6 and set(before[1]) <= set(sample.numbers)
    file_cases(6)
    sample.refresh_from_db()
    assert (sample.frame_text, numbers(sample)) == before
    assert sampling.draw(sample.numbers, 3, sample.seed) == before[1]


def test_where_there_are_fewer_all_are_drawn() -> None:
    file_cases(3)
    sample = drawn(30)
    assert (sample.size, sample.twice, len(numbers(sample))) == (3, 3, 3)


def test_the_second_reviewer_gets_the_first_by_hash_and_is_told_once_in_the_digest() -> None:
    file_cases(12)
    sample = drawn(8)
    assert numbers(sample, twice=True) == numbers(sample)[:5]
    message = Message.objects.get(template="audit_request")
    assert Message.objects.get(template="audit_drawn").user == supervisor("Sari")
    assert (message.user, message.complaint, message.data) == (
        supervisor("Lena"),
        None,
        {"sample": sample.pk},
    )
    mail = compose([message])
    assert f"/oversight/audits/{sample.pk}/" in mail.body
    assert not any(number in mail.body for number in numbers(sample))
    other = Message.objects.create(
        template="escalation", user=message.user, complaint=Complaint.objects.first(), due_at=FRIDAY
    )
    both = compose([message, other])
    assert f"/oversight/audits/{sample.pk}/" in both.body


def test_a_request_waits_for_office_hours() -> None:
    file_cases(6)
    sunday = datetime(2026, 11, 22, 3, tzinfo=UTC)
    drawn(now=sunday)
    hold_for_office(sunday)
    assert Message.objects.get(template="audit_request").due_at > sunday


def test_the_period_counts_whole_days_in_the_city() -> None:
    night = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)  # 23:59 in Kupang
    before, after = (
        factories.file_complaint(night),
        factories.file_complaint(night.replace(hour=16, minute=0)),
    )
    sari = supervisor("Sari")
    found = set(cases_in(THIS_MONTH, sari))
    assert after in found and before not in found
    october = replace(THIS_MONTH, first_day=date(2026, 10, 31), last_day=date(2026, 10, 31))
    assert set(cases_in(october, sari)) == {before}


def test_ended_in_the_period_asks_when_a_case_ended() -> None:
    open_case, over = factories.assigned(), factories.closed(FRIDAY - 40 * DAY)
    ended = replace(THIS_MONTH, basis=AuditSample.Basis.ENDED, first_day=date(2026, 10, 1))
    assert set(cases_in(ended, supervisor("Sari"))) == {over}
    assert set(cases_in(THIS_MONTH, supervisor("Sari"))) == {open_case}


def test_an_agency_stands_for_those_below_it_and_a_group_for_its_categories() -> None:
    above = factories.make_agency("SETDA")
    below = factories.make_agency("PUPR", parent=above)
    group = factories.make_category("jalan", name_id="Jalan", name_en="Roads")
    road = factories.make_category("jalan-rusak", parent=group)
    case = factories.assigned(agency=below, category=road)
    factories.assigned(agency=factories.make_agency("DLHK"))
    sari = supervisor("Sari")
    assert list(cases_in(replace(THIS_MONTH, agency=above), sari)) == [case]
    assert list(cases_in(replace(THIS_MONTH, category=group), sari)) == [case]
    assert not cases_in(replace(THIS_MONTH, kind="oversight"), sari).exists()


def test_history_of_another_system_is_not_drawn_from() -> None:
    case = factories.file_complaint()
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    assert not cases_in(THIS_MONTH, supervisor("Sari")).exists()


@pytest.fixture
def hidden() -> Complaint:
    """A case that Lena must not see, as she is complained about in it."""
    case = factories.file_complaint()
    ReportedParty.objects.create(complaint=case, user=supervisor("Lena"), named_at=FRIDAY)
    return case


def test_whoever_may_not_see_a_case_neither_draws_it_nor_reviews_it(hidden: Complaint) -> None:
    file_cases(5)
    sample = drawn(6)
    assert hidden.number in numbers(sample)
    assert set(numbers(sample, twice=True)) == set(numbers(sample)) - {hidden.number}
    sample.items.update(is_twice=True)  # as if the case had been hidden from her after the draw
    assert hidden.pk not in waiting_for(supervisor("Lena")).values_list("complaint", flat=True)
    assert hidden.pk in waiting_for(supervisor("Sari")).values_list("complaint", flat=True)
    with pytest.raises(AuditItem.DoesNotExist):
        save_draft(sample.pk, hidden.number, actor=supervisor("Lena"), now=FRIDAY, opinion=says())
    hers = drawn(6, actor=supervisor("Lena"), second=supervisor("Sari"))
    assert hidden.number not in numbers(hers) + hers.numbers


def test_the_list_is_without_the_case_for_whom_it_does_not_exist(hidden: Complaint) -> None:
    file_cases(5)
    sample = drawn(2)

    def shown(who: str, sample: AuditSample) -> SeenSample:
        return seen_by(supervisor(who), [sample])[0]

    assert shown("Sari", sample).frame_text == sample.frame_text
    assert hidden.number not in shown("Lena", sample).frame_text
    assert sampling.frame_digest(shown("Lena", sample).frame_text) == sample.frame_digest
    hers = drawn(2, actor=supervisor("Lena"), second=supervisor("Sari"))
    assert shown("Lena", hers).frame_text == hers.frame_text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"size": 0}, drawing.HOW_MANY),
        ({"size": 501}, drawing.HOW_MANY),
        ({"frame": replace(THIS_MONTH, kind="oversight")}, drawing.NOTHING_TO_DRAW),
    ],
)
def test_what_cannot_be_drawn_is_refused(options: dict, reason: Promise) -> None:
    file_cases(2)
    with refused(reason):
        drawn(**options)
    assert not AuditSample.objects.exists()


def test_a_frame_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation.audits.drawing.LARGEST_FRAME", 3)
    file_cases(3)
    drawn(2)
    file_cases(1)
    with refused(drawing.TOO_MANY_TO_DRAW):
        drawn(2)


def test_the_second_reviewer_is_another_supervisor_with_an_open_account() -> None:
    file_cases(2)
    gone = supervisor("Gita")
    gone.close()
    for wrong in (supervisor("Sari"), gone, factories.make_user(Role.OFFICER)):
        with refused(drawing.ANOTHER_SUPERVISOR):
            drawn(2, second=wrong)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AGENCY_HEAD, Role.VERIFIER, Role.ADMINISTRATOR])
def test_nobody_but_a_supervisor_draws(role: Role) -> None:
    file_cases(2)
    with pytest.raises(NotAllowed):
        drawn(2, actor=factories.make_user(role))
    with pytest.raises(NotAllowed):
        drawn(2, actor=None)


def test_the_newest_checklist_in_force_is_taken_and_kept() -> None:
    file_cases(2)
    old = checklist()
    assert drawn(1).checklist == old
    newer = type(old).objects.create(
        code="newer", valid_from=date(2026, 11, 2), name_id="Baru", name_en="New"
    )
    type(old).objects.create(code="to-come", valid_from=date(2027, 1, 1), name_id="Nanti", name_en="Later")
    assert drawn(1).checklist == newer
    assert AuditSample.objects.earliest("pk").checklist == old


def test_without_a_checklist_nothing_is_drawn() -> None:
    file_cases(1)
    checklist()
    with refused(drawing.NO_CHECKLIST):
        drawn(1, now=datetime(2025, 1, 1, tzinfo=UTC))


def test_without_a_second_reviewer_nothing_is_reviewed_twice() -> None:
    file_cases(3)
    sample = drawn(3, second=None)
    assert (sample.twice, sample.second_reviewer, numbers(sample, twice=True)) == (0, None, [])
