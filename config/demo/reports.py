"""Accountability reports in the demo city: two published quarters, of which one was withdrawn and replaced, and a
yearly draft that waits for its second reader. The worker prints them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from complaints.ledger.recording import recording
from reports.figures.periods import Period, last_quarter, last_year
from reports.publication.counting import count_waiting
from reports.publication.models import Report
from reports.publication.periods import PeriodKind, stem_of
from reports.publication.services import preparing, publishing, reviewing

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OVER = 40  # days after which a quarter's report has come out
BEGUN = 10  # and after which a year's was begun, and somebody has read in it
FOREWORD = (
    "Terima kasih kepada warga yang melapor. Angka keterlambatan menunjukkan di mana kami harus berbenah: perbaikan "
    "jalan menunggu terlalu lama, dan itu kami jawab dengan jadwal yang dapat Anda tagih."
)
FOREWORD_EN = (
    "Thank you to everybody who reported. The figures on lateness show where we have to do better: road repairs wait "
    "too long, and we answer that with a schedule to which you can hold us."
)
SIGNED = "Wali Kota"
REMARK = "Mengapa masih ada laporan yang berjalan lewat tenggat?"
ANSWER = "Sebagian menunggu pengadaan material. Dinas memberi jadwal per lokasi sejak awal bulan ini."
WRONG = (
    "Beberapa jawaban sudah dikirim sebelum akhir triwulan, tetapi baru dicatat kemudian, sehingga terlalu banyak "
    "laporan terhitung masih berjalan."
)
OPEN_REMARK = "Mohon dijelaskan selisihnya dengan empat laporan triwulan."


def plan_reports(at: Schedule, now: datetime) -> None:
    Reports(now).plan(at)


class Reports:
    """By verifiers, who prepare and read, and by supervisors, who publish."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        people = User.objects.filter(is_active=True).order_by("pk")
        self.verifier = people.filter(role=Role.VERIFIER).first()
        able = people.filter(role=Role.SUPERVISOR).exclude(seat=Seat.OMBUDSMAN)
        self.reader, self.publisher = [*able[:2], None, None][:2]

    def plan(self, at: Schedule) -> None:
        """Each step on the day on which an office would take it."""
        if self.verifier is None or self.publisher is None:
            return
        last = last_quarter(day_of(self.now - OVER * DAY) + DAY)
        for period, is_wrong in ((last.before(), True), (last, False)):
            first = self._opening(period.last)
            at(first, partial(self.begin, PeriodKind.QUARTER, period))
            at(self._working(first, 6), partial(self.prepare, period))
            at(self._working(first, 9), partial(self.read, period))
            at(self._working(first, 16), partial(self.publish, period))
            if is_wrong:
                at(self._working(first, 40), partial(self.withdraw, period))
                at(self._working(first, 47), partial(self.read_again, period))
                at(self._working(first, 50), partial(self.publish, period))
        year = last_year(day_of(self.now - BEGUN * DAY))
        at(max(self._opening(year.last), self.now - 6 * DAY), partial(self.begin, PeriodKind.YEAR, year))
        at(self.now - 2 * DAY, partial(self.ask, year))

    def _opening(self, last: date) -> datetime:
        """Nine o'clock of the first working day after a period."""
        _row, calendar = calendar_for(None)
        return start_of(calendar.first_day(start_of(last + DAY))) + 9 * HOUR

    def _working(self, first: datetime, days: int) -> datetime:
        """So many days later, or on the next day on which the office is open."""
        _row, calendar = calendar_for(None)
        return start_of(calendar.first_day(first + days * DAY)) + 9 * HOUR

    def begin(self, kind: PeriodKind, period: Period, moment: datetime) -> None:
        with recording(actor=None, now=moment) as record:
            preparing.begin(kind, period, None, actor=None, now=moment, record=record)
        count_waiting(moment)

    def _of(self, period: Period) -> Report:
        report: Report = Report.objects.get(
            stem=stem_of(PeriodKind.QUARTER, period.first), state__in=("draft", "reviewed", "published")
        )
        return report

    def prepare(self, period: Period, moment: datetime) -> None:
        pk, secret = self._of(period).pk, f"demo-{period.first}"
        preparing.write_foreword(
            pk,
            actor=self.verifier,
            now=moment,
            foreword_id=FOREWORD,
            foreword_en=FOREWORD_EN,
            foreword_by=SIGNED,
        )
        row = reviewing.remark(pk, "open", REMARK, actor=self.reader, now=moment + HOUR, secret=secret)
        reviewing.answer(pk, row.pk, ANSWER, actor=self.verifier, now=moment + 3 * HOUR)

    def read(self, period: Period, moment: datetime) -> None:
        report = self._of(period)
        remark = report.remarks.get()
        reviewing.settle(report.pk, remark.pk, actor=self.reader, now=moment, is_public=True)
        reviewing.review(report.pk, actor=self.reader, now=moment + HOUR, seen=1)

    def publish(self, period: Period, moment: datetime) -> None:
        publishing.publish(self._of(period).pk, actor=self.publisher, now=moment)

    def withdraw(self, period: Period, moment: datetime) -> None:
        pk = self._of(period).pk
        publishing.withdraw(pk, actor=self.publisher, now=moment, reason="figures", words=WRONG)
        count_waiting(moment)

    def read_again(self, period: Period, moment: datetime) -> None:
        reviewing.review(self._of(period).pk, actor=self.reader, now=moment, seen=1)

    def ask(self, year: Period, moment: datetime) -> None:
        report, secret = Report.objects.get(stem=stem_of(PeriodKind.YEAR, year.first)), f"demo-{year.first}"
        reviewing.remark(report.pk, "received", OPEN_REMARK, actor=self.reader, now=moment, secret=secret)
