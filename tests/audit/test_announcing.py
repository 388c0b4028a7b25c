"""A draw is announced before there is a seed; nobody chooses it, knows it before, or drops a draw once they can."""

import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.export import export_lines
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, LedgerEntry, Message, ReportedParty
from complaints.services import verification
from complaints.services.change import NotAllowed
from config.worker import JOBS
from escalation.audits import drawing, sampling
from escalation.audits.drawing import cancel, draw_due
from escalation.audits.frames import cases_in
from escalation.audits.models import AuditSample
from escalation.audits.seen import seen_by
from reports.figures.periods import Period
from reports.figures.reading.scope import cases_of
from tests import factories
from tests.audit.people import NOW, THIS_MONTH, announced, drawn, file_cases, numbers, supervisor
from tests.factories import HOUR
from tests.ledger.forger import sql
from tests.ledger.strangers import FITS, verify
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def page(path: str, who: str = "") -> str:
    client = Client()
    if who:
        client.force_login(supervisor(who))
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def of(sample: AuditSample, name: str = "detail") -> str:
    return reverse(f"escalation:audit-{name}", args=[sample.pk])


def stop(sample: AuditSample, **options: object) -> AuditSample:
    usual = {"actor": supervisor("Sari"), "now": NOW, "reason": "scope", "words": "October was meant"}
    return cancel(sample.pk, **(usual | options))  # type: ignore[arg-type]


def test_it_is_drawn_by_the_first_head_over_the_announcement_and_no_other() -> None:
    file_cases(8)
    make_checkpoint(NOW)
    sample = announced(3)
    assert draw_due(NOW) == 0  # the head before it does not count
    assert not numbers(sample) and not Message.objects.filter(template="audit_request").exists()
    first = make_checkpoint(NOW + HOUR)
    file_cases(1)
    make_checkpoint(NOW + 2 * HOUR)
    assert draw_due(NOW + 3 * HOUR) == 1
    sample.refresh_from_db()
    assert (sample.head_size, sample.seed) == (first.size, first.root_base64)
    assert len(numbers(sample)) == 3
    assert draw_due(NOW + 4 * HOUR) == 0


def test_the_worker_draws_when_the_head_is_there() -> None:
    file_cases(3)
    sample = announced(3)
    for name in ("history", "audits"):
        next(job for job in JOBS if job.name == name).run(NOW)
    sample.refresh_from_db()
    assert sample.drawn_at == NOW


def test_everybody_sees_announcement_and_draw_and_a_stranger_finds_them_in_the_export(tmp_path: Path) -> None:
    file_cases(8)
    sample = drawn(3)
    head = make_checkpoint(NOW + HOUR)
    text = page("/ledger/")
    assert f"Audit {sample.pk} announced" in text and sample.frame_digest in text
    assert f"Audit {sample.pk} drawn" in text
    path = tmp_path / "export"
    path.write_bytes(b"".join(export_lines(head)))
    assert sample.frame_digest in path.read_text()
    assert verify("export", path)[0] == FITS
    assert verify_ledger().ok


def test_nobody_reads_the_digest_before_the_signature_over_it() -> None:
    """Whoever knew it could work out the root, and wait with a head until they like it."""
    file_cases(8)
    make_checkpoint(NOW)
    sample = announced(3)
    for text in (page("/ledger/"), page(of(sample), "Sari")):
        assert sample.frame_digest not in text
    client = Client()
    client.force_login(supervisor("Sari"))
    assert client.get(of(sample, "frame")).status_code == 404
    make_checkpoint(NOW + HOUR)
    assert sample.frame_digest in page("/ledger/") and sample.frame_digest in page(of(sample), "Sari")


def test_the_digest_tells_nobody_which_cases_are_in_the_list() -> None:
    """Who stands aside knows all numbers but one: a hash without salts would give it away."""
    file_cases(5)
    sample = drawn(3)
    known = sorted(Complaint.objects.values_list("number", flat=True))
    assert sampling.digest(sampling.frame_text(known)) != sample.frame_digest
    blanks = sample.frame_text.count("\n- ")
    assert sampling.FEWEST_BLANKS <= blanks < sampling.MOST_BLANKS
    again = drawn(3, actor=supervisor("Lena"), second=supervisor("Sari"))
    assert again.numbers == sample.numbers and again.frame_digest != sample.frame_digest


def test_the_ledger_tells_nothing_of_a_case_that_a_reader_may_not_know_of() -> None:
    hidden, *_others = file_cases(5)
    ReportedParty.objects.create(complaint=hidden, user=supervisor("Lena"), named_at=NOW)
    sample = drawn(5)
    for entry in LedgerEntry.objects.all():
        assert not {"frame", "frame_size", "drawn"} & set(entry.data)
        assert all(number not in str(entry.data) for number in sample.numbers)


def test_who_stands_aside_sees_as_many_as_were_announced_and_checks_the_same_digest() -> None:
    hidden, *_others = file_cases(12)
    ReportedParty.objects.create(complaint=hidden, user=supervisor("Lena"), named_at=NOW)
    while True:  # until chance has drawn the hidden one
        sample = drawn(6)
        if hidden.number in numbers(sample):
            break
    for who, count in (("Sari", 7), ("Lena", 6)):
        (seen,) = seen_by(supervisor(who), [sample])
        assert seen.size == count
        assert sampling.frame_digest(seen.frame_text) == seen.frame_digest == sample.frame_digest
        shown = sampling.numbers_in(seen.frame_text)
        assert sampling.draw(shown, count, sample.seed) == [n for n in numbers(sample) if n in shown]
    text = seen_by(supervisor("Lena"), [sample])[0].frame_text
    assert hidden.number not in text
    salts = [line.split(" ")[1] for line in text.splitlines()]
    assert not any(sha256(f"{salt}\n{hidden.number}".encode()).hexdigest() in salts for salt in salts)


def test_an_announced_draw_is_cancelled_with_a_reason_and_counted() -> None:
    file_cases(8)
    sample = announced(3)
    assert stop(sample).cancelled_at == NOW
    make_checkpoint(NOW)
    assert draw_due(NOW) == 0
    for frame in (THIS_MONTH, replace(THIS_MONTH, basis="received", first_day=date(2026, 11, 2))):
        drawn(3, frame=frame)
    announced(3)
    make_checkpoint(NOW)
    text = page("/oversight/audits/", "Tiga")
    assert "Announced 4, drawn 2, cancelled 1." in re.sub(r"\s+", " ", text)
    assert "October was meant" in page(of(sample), "Tiga")
    public = page("/ledger/")
    assert f"Audit {sample.pk} cancelled" in public and "October was meant" not in public


def test_once_the_seed_is_there_nobody_drops_a_draw() -> None:
    file_cases(8)
    sample = announced(3)
    make_checkpoint(NOW)
    with refused(drawing.SEED_IS_KNOWN):
        stop(sample)
    assert draw_due(NOW) == 1
    with refused(drawing.SEED_IS_KNOWN):
        stop(sample)
    assert "Cancel this draw" not in page(of(sample), "Sari")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "mood"}, {"words": "  "}])
def test_without_a_reason_nothing_is_cancelled(wrong: dict[str, str]) -> None:
    file_cases(3)
    sample = announced(3)
    with refused(drawing.REASON_MISSING):
        stop(sample, **wrong)
    sample.refresh_from_db()
    assert sample.is_waiting and not LedgerEntry.objects.filter(kind="audit_cancelled").exists()


def test_only_who_announced_cancels() -> None:
    file_cases(3)
    sample = announced(3)
    for other in (supervisor("Lena"), factories.make_user(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            stop(sample, actor=other)


def test_it_is_cancelled_on_its_page() -> None:
    file_cases(3)
    sample = announced(3)
    client = Client()
    client.force_login(supervisor("Sari"))
    assert client.post(of(sample, "cancel"), {"reason": "scope"}).status_code == 422
    answer = client.post(of(sample, "cancel"), {"reason": "scope", "words": "Oktober"})
    assert answer.status_code == 302
    sample.refresh_from_db()
    assert (sample.cancel_reason, sample.cancel_words) == ("scope", "Oktober")


def test_trying_again_shows_and_the_same_is_announced_once_at_a_time() -> None:
    file_cases(8)
    announced(3)
    with refused(drawing.ANNOUNCED_ALREADY):
        announced(5)
    make_checkpoint(NOW)
    draw_due(NOW)
    first, second = AuditSample.objects.get(), drawn(3)
    assert first.seed != second.seed
    assert of(first) in page(of(second), "Tiga") and of(second) in page(of(first), "Tiga")
    assert LedgerEntry.objects.filter(kind="audit_announced").count() == 2


def test_a_head_that_somebody_asked_for_gives_no_choice() -> None:
    """Whatever is done between announcement and head, the first head is the one; what comes after changes nothing."""
    file_cases(8)
    sample = announced(3)
    file_cases(1)
    asked_for = make_checkpoint(NOW)  # as a sealed file does
    file_cases(1)
    make_checkpoint(NOW)
    draw_due(NOW)
    sample.refresh_from_db()
    assert sample.seed == asked_for.root_base64


def test_a_changed_announcement_is_found_out() -> None:
    file_cases(8)
    drawn(3)
    entry = LedgerEntry.objects.get(kind="audit_announced")
    sql(
        "UPDATE complaints_ledgerentry SET data = %s WHERE seq = %s",
        str(entry.data | {"asked": 4}).replace("'", '"').replace("None", "null"),
        entry.seq,
    )
    assert not verify_ledger().ok


def test_the_database_takes_no_draw_without_a_seed_and_none_that_was_cancelled() -> None:
    file_cases(3)
    sample = announced(3)
    for values in ({"drawn_at": NOW}, {"seed": "x"}, {"drawn_at": NOW, "seed": "x", "cancelled_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditSample.objects.filter(pk=sample.pk).update(**values)


def test_a_second_reviewer_who_left_meanwhile_is_not_asked() -> None:
    file_cases(3)
    sample = announced(3)
    supervisor("Lena").close()
    make_checkpoint(NOW)
    draw_due(NOW)
    sample.refresh_from_db()
    assert (sample.twice, sample.second_reviewer, len(numbers(sample))) == (0, None, 3)


@pytest.mark.parametrize("scope", ["", "SETDA", "PUPR", "DLHK"])
def test_a_shared_case_is_in_the_list_as_in_the_report(scope: str) -> None:
    above = factories.make_agency("SETDA")
    agencies = [factories.make_agency("PUPR", parent=above), factories.make_agency("DLHK", parent=above)]
    shared, *_others = file_cases(3)
    vera = factories.make_user(Role.VERIFIER)
    verification.assign(shared.pk, actor=vera, now=NOW, routing=verification.Routing(agencies=agencies))
    assert Complaint.objects.filter(parent=shared).exists()
    agency = Agency.objects.filter(code=scope).first()
    sari, month = supervisor("Sari"), Period(THIS_MONTH.first_day, THIS_MONTH.last_day)
    found = set(cases_in(replace(THIS_MONTH, agency=agency), sari))
    assert found == set(cases_of(month, agency, sari))
    assert len([case for case in found if shared.pk in (case.pk, case.parent_id)]) == 1
