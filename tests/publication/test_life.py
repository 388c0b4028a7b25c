"""A report from the end of the quarter to its publication, and what happens when it turns out to be wrong."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import DatabaseError, connection, models, transaction
from django_fsm import TransitionNotAllowed

from accounts.models import Agency, User
from complaints.files import folders
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from complaints.services.change import NotAllowed, NotPossible
from config.emptying import guards_away
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot
from reports.opendata import services
from reports.opendata.models import PublicEdition
from reports.opendata.services import Prepared
from reports.publication import counting, signing, watching
from reports.publication.entries import ReportEntry
from reports.publication.keeping import snapshot_of
from reports.publication.kept import kept_for_evaluators
from reports.publication.models import (
    Report,
    ReportPaper,
    ReportPolicy,
    ReportSnapshot,
    SentenceEdit,
    SnapshotPiece,
)
from reports.publication.printing import Altered, bound_of, pdf_of
from reports.publication.progress import PRINT_LEASE
from reports.publication.services import preparing, publishing, reviewing
from reports.publication.states import TRANSITIONS, State, Verb
from reports.publication.verifying import check_reports
from reports.publication.words import title_of
from tests import factories
from tests.module_rows import ModuleRows
from tests.publication.people import (
    DAY,
    FIRST_DAY,
    IN_QUARTER,
    QUARTER,
    Office,
    draft,
    make_office,
    print_all,
    published,
    quick_print,
    reviewed,
)
from tests.shared import NOON, on_disk

LATER = FIRST_DAY + 10 * DAY
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("office", "quick_print", "in_english"),
]
__all__ = ["quick_print"]


@pytest.fixture(scope="module")
def office(module_rows: ModuleRows) -> Office:
    return module_rows.make(make_office)


AUGUST = Period(date(2026, 8, 1), date(2026, 8, 31))


def test_what_was_begun_by_hand_is_dropped_with_a_reason_that_stays(office: Office) -> None:
    report = preparing.prepare(AUGUST, None, actor=office.verifier, now=FIRST_DAY)
    assert counting.count_waiting(FIRST_DAY) == 1
    with pytest.raises(NotPossible):
        preparing.drop(report.pk, actor=office.verifier, now=LATER, why=" ")
    for nobody in (office.sari, office.head):
        with pytest.raises((NotAllowed, Report.DoesNotExist)):
            preparing.drop(report.pk, actor=nobody, now=LATER, why="Keliru")
    dropped = preparing.drop(report.pk, actor=office.second, now=LATER, why="Keliru bulan")
    assert (dropped.state, dropped.next_action_at) == (State.DROPPED, None)
    step = dropped.steps.latest("pk")
    assert (step.kind, step.actor, step.words) == ("dropped", office.second, "Keliru bulan")
    assert dropped.snapshots.count() == 1 and not PublicEdition.objects.exists()
    assert not Report.objects.visible_to(None).public().filter(pk=dropped.pk).exists()
    for late in (preparing.count_again, partial(preparing.drop, why="Lagi")):
        with pytest.raises(NotPossible):
            late(report.pk, actor=office.verifier, now=LATER)
    again = preparing.prepare(AUGUST, None, actor=office.verifier, now=LATER)
    assert (again.code, again.replaces) == ("2026-08-v2", None)
    assert verify_ledger().ok


def test_what_the_city_owes_is_not_dropped(office: Office) -> None:
    owed = draft()
    with pytest.raises(NotPossible, match="owes"):
        preparing.drop(owed.pk, actor=office.verifier, now=LATER, why="Tidak perlu")
    by_hand = preparing.prepare(AUGUST, None, actor=office.verifier, now=FIRST_DAY)
    ReportPolicy.objects.create(valid_from=date(2026, 10, 1), monthly=True)
    with pytest.raises(NotPossible, match="owes"):
        preparing.drop(by_hand.pk, actor=office.verifier, now=LATER, why="Tidak perlu")


def test_a_draft_that_is_dropped_while_it_is_counted_binds_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = preparing.prepare(AUGUST, None, actor=office.verifier, now=FIRST_DAY)
    weigh = services.weigh

    def and_dropped(snapshot: Snapshot, *, code: str) -> Prepared:
        preparing.drop(report.pk, actor=office.verifier, now=FIRST_DAY, why="Keliru")
        return weigh(snapshot, code=code)

    monkeypatch.setattr(counting, "weigh", and_dropped)
    counting.count_waiting(FIRST_DAY)
    assert Report.objects.get().state == State.DROPPED
    assert not PublicEdition.objects.exists() and not ReportSnapshot.objects.exists()


def test_what_is_hidden_is_of_the_figures_that_are_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted anew, and the new figures could not be kept: the first are reviewed, printed and published, with what was
    decided to hide of them."""
    report = draft()
    first = PublicEdition.objects.get(code=report.code)
    factories.file_complaint(IN_QUARTER)
    monkeypatch.setattr(counting, "kept_for_evaluators", lambda *_of: 1 / 0)
    preparing.count_again(report.pk, actor=office.verifier, now=FIRST_DAY)
    for day in range(counting.MAX_ATTEMPTS):
        counting.count_waiting(FIRST_DAY + day * DAY)
    monkeypatch.setattr(counting, "kept_for_evaluators", kept_for_evaluators)
    now = FIRST_DAY + 5 * DAY
    reviewing.review(report.pk, actor=office.second, now=now, seen=1)
    edition = PublicEdition.objects.get(code=report.code)
    assert (edition.digest, edition.cells) == (report.snapshots.get().digest, first.cells)
    PublicEdition.objects.update(digest="0" * 64)  # of other figures
    text = Report.objects.get().latest_text
    assert text is not None
    with pytest.raises(Altered):
        pdf_of(text, "id")
    with pytest.raises(NotPossible, match="Nothing is published"):
        publishing.publish(report.pk, actor=office.sari, now=now)


def test_what_came_out_beside_it_while_it_was_weighed_is_not_overlooked(office: Office) -> None:
    report = draft()
    prepared = services.weigh(snapshot_of(report.snapshots.get()), code="other")
    services.release(services.weigh(snapshot_of(report.snapshots.get()), code="quicker"), now=FIRST_DAY)
    with pytest.raises(ValueError, match="meanwhile"):
        services.release(prepared, now=FIRST_DAY)


# It is begun by itself


def test_the_quarters_report_begins_on_the_first_working_day_after_it() -> None:
    assert counting.begin_due(datetime(2026, 9, 30, 4, tzinfo=UTC)) == 0
    past_midnight = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
    assert counting.begin_due(past_midnight) == 0, "rounds that ended with the quarter are counted first"
    assert counting.begin_due(FIRST_DAY) == 1
    assert counting.begin_due(FIRST_DAY) == 0, "once"
    report = Report.objects.get()
    assert (report.code, report.period, report.state) == ("2026-q3", QUARTER, State.DRAFT)
    # Ten and twenty working days after the end of September.
    assert report.review_due_at.date() == date(2026, 10, 14)
    assert report.publish_due_at.date() == date(2026, 10, 28)


def test_a_quarter_that_ends_before_a_weekend_waits_for_monday() -> None:
    factories.file_complaint(datetime(2026, 4, 20, 2, tzinfo=UTC))
    ReportPolicy.objects.create(valid_from=date(2026, 1, 1), monthly=True, quarterly=False, yearly=False)
    saturday, monday = datetime(2026, 8, 1, 2, tzinfo=UTC), datetime(2026, 8, 3, 2, tzinfo=UTC)
    assert counting.begin_due(saturday) == 0
    assert counting.begin_due(monday) == 1
    assert Report.objects.get().code == "2026-07"


def test_the_city_says_which_reports_there_are_and_by_when() -> None:
    ReportPolicy.objects.create(
        valid_from=date(2026, 9, 1), monthly=True, quarterly=False, review_days=3, publishing_days=5
    )
    counting.begin_due(FIRST_DAY)
    report = Report.objects.get()
    assert report.code == "2026-09"
    assert report.review_due_at.date() == date(2026, 10, 5)


def test_a_worker_that_was_away_catches_up_on_what_it_missed() -> None:
    counting.begin_due(FIRST_DAY)
    late = datetime(2027, 7, 9, 2, tzinfo=UTC)
    counting.begin_due(late)
    assert set(Report.objects.filter(kind="quarter").values_list("code", flat=True)) == {
        "2026-q3",
        "2026-q4",
        "2027-q1",
        "2027-q2",
    }
    old = Report.objects.get(code="2026-q4")
    assert old.review_due_at > late, "nobody is late for what nobody could begin"


def test_a_city_without_a_case_by_then_has_no_report() -> None:
    assert counting.begin_due(datetime(2026, 7, 10, tzinfo=UTC)) == 0


# It is prepared and read by two


def test_figures_and_rows_are_frozen_for_good() -> None:
    report = draft()
    snapshot = report.latest_snapshot
    frozen = snapshot_of(snapshot)
    assert (frozen.figures["received"], frozen.digest) == (12, snapshot.digest)
    for statement in (
        lambda: ReportSnapshot.objects.update(digest="0" * 64),
        lambda: ReportSnapshot.objects.all().delete(),
        lambda: SnapshotPiece.objects.update(number=7),
        lambda: models.QuerySet(SnapshotPiece).all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_a_snapshot_in_pieces_is_read_only_where_they_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.figures.snapshot.PACKED_PIECE", 1000)
    snapshot = draft().latest_snapshot
    assert snapshot is not None
    pieces = list(snapshot.pieces.values_list("number", flat=True))
    assert pieces == list(range(len(pieces))) and len(pieces) > 2
    read = snapshot_of(snapshot)
    assert read.digest == snapshot.digest == Snapshot(read.data).digest and check_reports() is None
    rows: models.QuerySet[SnapshotPiece] = models.QuerySet(SnapshotPiece)
    changes = (
        lambda: rows.filter(number=pieces[-1])._raw_delete("default"),
        lambda: rows.filter(number=1).update(number=99),
        lambda: rows.create(snapshot=snapshot, number=99, content=b"x"),
        lambda: rows.create(snapshot=snapshot, number=len(pieces), content=b""),
    )
    with guards_away(connection):
        for change in changes:
            mark = transaction.savepoint()
            change()
            found = check_reports()
            assert found is not None and found.why == "report_snapshot_differs"
            with pytest.raises(ValueError):  # noqa: PT011 - each in its own way
                snapshot_of(snapshot)
            transaction.savepoint_rollback(mark)


def test_the_state_moves_by_its_verbs_alone() -> None:
    report = draft()
    with pytest.raises(AttributeError):
        report.state = State.PUBLISHED
    with pytest.raises(TransitionNotAllowed):
        report.publish()
    assert {verb.value for verb in Verb} == set(TRANSITIONS)


def test_who_wrote_in_it_does_not_review_it(office: Office) -> None:
    report = draft()
    preparing.write_foreword(
        report.pk,
        actor=office.verifier,
        now=LATER,
        foreword_id="Terima kasih." + "\n \t" * 1600 + "\nSalam.",
        foreword_en="",
        foreword_by="W",
    )
    with pytest.raises(NotPossible, match="You wrote in this report"):
        reviewing.review(report.pk, actor=office.verifier, now=LATER, seen=1)
    with pytest.raises(NotPossible, match="ombudsman"):
        reviewing.review(report.pk, actor=office.lena, now=LATER, seen=1)
    with pytest.raises(Report.DoesNotExist):
        reviewing.review(report.pk, actor=office.head, now=LATER, seen=1)
    report = reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    assert report.state == State.REVIEWED
    bound = bound_of(report.latest_text, "en")
    assert bound.foreword == "Terima kasih.\n\nSalam.", "no pages of blank lines"
    assert bound.foreword_language == "id", "which is not the paper's"


def test_two_people_at_least_have_had_it_in_hand(office: Office) -> None:
    report = draft()
    reviewing.review(report.pk, actor=office.sari, now=LATER, seen=1)
    with pytest.raises(NotPossible, match="second person"):
        publishing.publish(report.pk, actor=office.sari, now=LATER)
    with pytest.raises(NotAllowed):
        publishing.publish(report.pk, actor=office.verifier, now=LATER)
    with pytest.raises(NotPossible, match="ombudsman"):
        publishing.publish(report.pk, actor=office.lena, now=LATER)
    assert publishing.publish(report.pk, actor=office.rudi, now=LATER).state == State.PUBLISHED


def test_a_remark_beside_a_figure_is_answered_and_printed(office: Office) -> None:
    report = draft()
    ask = partial(
        reviewing.remark, report.pk, "open", "Mengapa?", actor=office.second, now=LATER, secret="a" * 32
    )
    row = ask()
    assert ask() == row, "sent twice it is one"
    with pytest.raises(NotPossible, match="Remarks wait"):
        reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    with pytest.raises(NotPossible, match="with an answer"):
        reviewing.settle(report.pk, row.pk, actor=office.second, now=LATER, is_public=True)
    reviewing.answer(report.pk, row.pk, "Menunggu material.", actor=office.verifier, now=LATER)
    with pytest.raises(NotAllowed):
        reviewing.settle(report.pk, row.pk, actor=office.verifier, now=LATER, is_public=True)
    reviewing.settle(report.pk, row.pk, actor=office.second, now=LATER, is_public=True)
    done = reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    assert '"answer":"Menunggu material."' in done.latest_text.content


def test_words_about_other_figures_do_not_stay(office: Office) -> None:
    report = draft()
    key = report.latest_snapshot.face["en"]["sentences"][0]["key"]
    preparing.edit_sentence(report.pk, "en", key, "Four reports came.", actor=office.verifier, now=LATER)
    for _case in range(5):
        factories.file_complaint(IN_QUARTER)  # registered late
    preparing.count_again(report.pk, actor=office.second, now=LATER)
    with pytest.raises(NotPossible, match="being counted"):
        reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    counting.count_waiting(LATER)
    assert report.comparison.lines["en"], "what differs is said"
    with pytest.raises(NotPossible, match="counted anew"):
        reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    with pytest.raises(NotPossible, match="said something else"):
        reviewing.review(report.pk, actor=office.second, now=LATER, seen=2)
    preparing.edit_sentence(report.pk, "en", key, "", actor=office.verifier, now=LATER)
    assert not SentenceEdit.objects.exists()
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=2)


def test_what_is_given_back_is_read_again(office: Office) -> None:
    report = reviewed(office)
    print_all(LATER)
    digests = {paper.stored: paper.sha256 for paper in ReportPaper.objects.all()}
    assert len(digests) == 2 and folders.known([*digests, "reports/999999.pdf", "reports/x"]) == digests
    assert not list(watching.files_missing(LATER))
    one, other = map(on_disk, digests)
    one.write_bytes(b"%PDF other")
    other.unlink()
    assert len(list(watching.files_missing(LATER))) == 2
    with pytest.raises(NotPossible, match="Give it back first"):
        preparing.edit_sentence(report.pk, "en", "1", "Other.", actor=office.verifier, now=LATER)
    report = reviewing.give_back(report.pk, actor=office.second, now=LATER, why="Kata pengantar kurang.")
    assert (report.state, report.reviewed_at, ReportPaper.objects.count()) == (State.DRAFT, None, 0)
    again = reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    assert again.latest_text.number == 2


def test_a_head_prepares_for_their_own_line_only(office: Office) -> None:
    month = Period(date(2026, 8, 1), date(2026, 8, 31))
    with pytest.raises(NotAllowed):
        preparing.prepare(month, None, actor=office.head, now=NOON)
    with pytest.raises(NotAllowed):
        preparing.prepare(month, factories.make_agency("DLH"), actor=office.head, now=NOON)
    report = preparing.prepare(month, office.head.agency, actor=office.head, now=NOON)
    assert report.code == "2026-08-pupr"
    counting.work_reports(NOON)
    Agency.objects.filter(code="PUPR").update(name="Dinas Baru", name_en="New Agency")
    report = Report.objects.get(pk=report.pk)
    assert title_of(report).endswith(": Dinas PUPR"), "what it was called when it was counted"
    with pytest.raises(NotPossible, match="already"):
        preparing.prepare(month, office.head.agency, actor=office.head, now=NOON)
    for period in (
        Period(date(2026, 11, 1), date(2026, 11, 30)),
        Period(date(2026, 2, 1), date(2026, 4, 30)),
    ):
        with pytest.raises(NotPossible):
            preparing.prepare(period, None, actor=office.verifier, now=NOON)


# It is published, and withdrawn


def test_publishing_signs_what_was_frozen_and_printed(office: Office) -> None:
    report = reviewed(office)
    print_all(LATER)
    publishing.publish(report.pk, actor=office.sari, now=LATER, seen=1)
    entry = LedgerEntry.objects.get(kind=ReportEntry.PUBLISHED)
    text = report.latest_text
    assert (entry.data["snapshot"], entry.data["text"]) == (text.snapshot.digest, text.digest)
    assert entry.data["papers"] == dict(ReportPaper.objects.values_list("language", "sha256"))
    signing.sign_reports(LATER)
    report.refresh_from_db()
    assert report.head_size, "a head is signed at once, not within the hour"
    assert verify_ledger(files=False).first_bad is None


def test_what_is_printed_after_the_publication_is_signed_too(office: Office) -> None:
    report = published(office, LATER)
    signing.sign_reports(LATER)
    assert report.refresh_from_db() or report.told_at is None, "mails wait for the file"
    first = report.head_size
    print_all(LATER)
    assert LedgerEntry.objects.filter(kind=ReportEntry.PRINTED).count() == 2
    signing.sign_reports(LATER)
    report.refresh_from_db()
    assert report.head_size > first
    assert report.told_at == LATER
    assert verify_ledger(files=False).first_bad is None


def test_another_file_or_state_than_the_ledger_says_shows(office: Office) -> None:
    report = published(office)
    print_all(LATER)
    with transaction.atomic():
        ReportPaper.objects.filter(language="en").update(sha256="0" * 64)
        assert verify_ledger(files=False).first_bad.why == "report_paper_differs"
        transaction.set_rollback(True)
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state="reviewed", published_at=None)
        bad = verify_ledger(files=False).first_bad
        assert bad is not None
        transaction.set_rollback(True)


def test_a_withdrawn_report_stays_and_the_next_version_replaces_it(office: Office) -> None:
    report = published(office)
    with pytest.raises(NotPossible):
        publishing.withdraw(report.pk, actor=office.sari, now=LATER, reason="figures", words=" ")
    with pytest.raises(NotAllowed):
        publishing.withdraw(
            report.pk, actor=office.second, now=LATER, reason="figures", words="Salah hitung."
        )
    publishing.withdraw(report.pk, actor=office.sari, now=LATER, reason="figures", words="Salah hitung.")
    report.refresh_from_db()
    following = report.replaced_by
    assert (report.state, following.code, following.state) == (State.WITHDRAWN, "2026-q3-v2", State.DRAFT)
    assert following.review_due_at > LATER
    counting.count_waiting(LATER)
    # Who withdrew the first has written nothing in the second.
    reviewing.review(following.pk, actor=office.sari, now=LATER, seen=1)
    publishing.publish(following.pk, actor=office.rudi, now=LATER)
    assert set(Report.objects.public().values_list("code", flat=True)) == {"2026-q3", "2026-q3-v2"}
    assert counting.begin_due(LATER) == 0, "the period has its report"
    assert verify_ledger(files=False).first_bad is None


def test_counting_again_tells_what_differs_and_changes_nothing(office: Office) -> None:
    report = published(office)
    before = (report.latest_snapshot.digest, report.latest_text.digest)
    for _case in range(5):
        factories.file_complaint(IN_QUARTER)
    preparing.count_again(report.pk, actor=office.rudi, now=LATER)
    counting.count_waiting(LATER)
    report.refresh_from_db()
    assert (report.latest_snapshot.digest, report.latest_text.digest) == before
    assert any("Received" in line for line in report.comparison.lines["en"])


# What fails is tried again, and given up


def test_what_cannot_be_counted_is_given_up_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **rest: object) -> None:
        raise RuntimeError

    counting.begin_due(FIRST_DAY)
    monkeypatch.setattr(counting, "freeze", broken)
    now = FIRST_DAY
    for _attempt in range(counting.MAX_ATTEMPTS):
        assert counting.count_waiting(now) == 0
        now += DAY
    report = Report.objects.get()
    assert (report.count_due_at, report.count_error) == (None, "RuntimeError")
    monkeypatch.undo()
    preparing.count_again(report.pk, actor=office.second, now=now)
    assert counting.count_waiting(now) == 1


def test_a_worker_holds_what_it_prints(office: Office) -> None:
    report = reviewed(office)
    paper = ReportPaper.objects.filter(language="id")
    paper.update(leased_until=LATER + PRINT_LEASE)
    print_all(LATER)
    assert [row.language for row in ReportPaper.objects.filter(state="ready")] == ["en"]
    print_all(LATER + 2 * DAY)
    assert ReportPaper.objects.filter(text__report=report, state="ready").count() == 2


def test_nobody_is_named_in_what_is_signed(office: Office) -> None:
    published(office)
    names = set(User.objects.values_list("name", flat=True))
    for entry in LedgerEntry.objects.filter(kind__in=ReportEntry.values):
        assert not any(name in str(entry.data) for name in names)
