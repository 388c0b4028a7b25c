"""The worker: goes round named jobs, each of which finds its own work. Runs on as many hosts as there are."""

import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from socket import gethostname
from threading import Event
from time import monotonic
from types import FrameType

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from complaints.clock.recomputation import work_moves
from complaints.desk.looks import sweep_looks
from complaints.files.drafts import sweep_drafts
from complaints.files.likeness import hash_waiting
from complaints.files.storage import collect_garbage
from complaints.importing.runs import clear_imports, work_imports
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.standing import HOW_TO_GO_ON
from complaints.mail.invitations import clear_account_mails, invite_waiting
from complaints.mail.outbox import send_due
from complaints.public.figures import keep_figures
from complaints.sealing import seal_anew
from complaints.services.checking import check_waiting_file
from complaints.services.closing import hand_over_cases
from complaints.services.unconfirmed import forget_past_days
from config import clocks
from config.clock_guard import Reading, disagreement, reckoned
from config.logs import describe_error
from config.metrics import JOB_FAILURES, JOB_SECONDS
from escalation.audits.drawing import draw_due
from escalation.audits.services import clear_findings
from escalation.callbacks.drawing import work_call_backs
from escalation.holding import hold, is_older_copy, may_go_on, release, sweep_on
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import HoldCode
from escalation.months.services import count_months
from escalation.oversight.sums import keep_next
from escalation.promises.services.handing_over import hand_over_obligations
from escalation.signals.services import refresh_signals
from escalation.whatif.services import work_what_ifs
from reports.documents.services import build_documents, clear_documents
from reports.minutes.printing import print_minutes
from reports.publication.counting import work_reports
from reports.publication.printing import print_reports
from reports.publication.signing import sign_reports
from reports.publication.subscribing import forget_unconfirmed
from reports.statistics.keeping import keep_up
from reports.statistics.publishing import publish_blocks
from surveys.aftercase.nights import end_days
from surveys.aftercase.sweep import ask_after_cases
from surveys.forums.handing_over import hand_over_voices
from surveys.index.services import refresh_results
from surveys.rounds.services import go_by_day
from surveys.standards.handing_over import hand_over_services
from surveys.standards.keeping import keep_next as keep_service_records

logger = logging.getLogger(__name__)

OUTBOX_SECONDS = 2
LONGEST_BACKOFF = 300  # seconds until a job that keeps failing is tried again
GRACE_SECONDS = 0.8  # for what is under way when the worker is told to stop
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """Work that is looked for every so many seconds; `run` returns how much it found."""

    name: str
    every: float
    run: Callable[[datetime], int]
    # What it does instead while the clocks disagree, at a reckoned time; by default it waits.
    while_held: Callable[[datetime], int] | None = None
    held_by: frozenset[HoldCode] = frozenset()  # why it waits although the clocks agree


def send_mails(now: datetime) -> int:
    """As many mails as the mail server may be given in this turn (EMAILS_PER_MINUTE)."""
    return send_due(now, limit=max(1, settings.EMAILS_PER_MINUTE * OUTBOX_SECONDS // 60))


def send_alarms(now: datetime) -> int:
    """Only the mails that tell the administrators why the others wait."""
    return send_due(now, only=[LadderMessage.HELD])


def sweep(now: datetime) -> int:
    return sweep_on(now).due


def hand_over(now: datetime) -> int:
    """What closed agencies had goes to whoever took over: services first, of which promises may change a standard;
    reports, what is owed, forums and what people said."""
    first = hand_over_services(now) + hand_over_cases(now)
    return first + hand_over_obligations(now) + hand_over_voices(now)


def sign_history(now: datetime) -> int:
    """The hourly head of the history; how many events it is over."""
    return make_checkpoint(now).size


def clear_old_documents(now: datetime) -> int:
    """Deletes documents a month old, addresses that were left for reports and never confirmed, and what past days have
    counted of mails to unconfirmed addresses."""
    return clear_documents(now) + forget_unconfirmed(now - 7 * DAY) + forget_past_days(now)


def clear_sessions(now: datetime) -> int:
    """Deletes sessions that have run out, and failed sign-ins and account mails that are old."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=now - DAY).delete()
    return int(sessions + attempts) + clear_account_mails(now)


# What is dated before what has happened is wrong; what a clock far ahead deletes does not come back.
DATES, DELETES = frozenset({HoldCode.BEHIND}), frozenset({HoldCode.BEHIND, HoldCode.CATCH_UP})

JOBS: Sequence[Job] = (
    Job("outbox", OUTBOX_SECONDS, send_mails, while_held=send_alarms),
    Job("invitations", 5, invite_waiting),
    Job("sweep", 60, sweep, held_by=frozenset(HoldCode)),
    Job("home figures", 300, keep_figures, held_by=DATES),
    Job("oversight sums", 60, keep_next, held_by=DATES),
    Job("service records", 60, keep_service_records, held_by=DATES),
    Job("deadlines", 5, work_moves, held_by=DATES),
    Job("imports", 2, work_imports, held_by=DATES),
    Job("closed agencies", 30, hand_over, held_by=DATES),
    Job("documents", 2, build_documents),
    Job("pictures", 5, hash_waiting),
    Job("minutes", 5, print_minutes),
    # Rounds before results, and all before reports: of a period that is over they print what was said until its end.
    Job("survey rounds", 60, go_by_day, held_by=DELETES),
    Job("survey results", 60, refresh_results, held_by=DATES),
    Job("call-backs", 60, work_call_backs, held_by=frozenset(HoldCode)),
    Job("reports", 30, work_reports, held_by=frozenset(HoldCode)),
    Job("printed reports", 5, print_reports),
    Job("signed reports", 10, sign_reports, held_by=DATES),
    Job("what if", 2, work_what_ifs, while_held=work_what_ifs),  # its question carries its own moment
    Job("officers' months", 3600, count_months, held_by=frozenset(HoldCode)),  # it stays as counted
    Job("signs", 900, refresh_signals, held_by=DATES),
    Job("statistics", 60, keep_up, held_by=DATES),
    Job(
        "public statistics", 60, publish_blocks, held_by=frozenset(HoldCode)
    ),  # what is out cannot be taken back
    Job("history", 3600, sign_history, held_by=DATES),
    Job("audits", 60, draw_due, held_by=DATES),
    Job("after reports", 300, ask_after_cases, held_by=frozenset(HoldCode)),
    Job("survey days", 600, end_days, held_by=DELETES),
    Job("heavy files", 15, check_waiting_file, held_by=DATES),
    Job("file garbage", 3600, collect_garbage, held_by=DELETES),
    Job("old drafts", 3600, sweep_drafts, held_by=DELETES),
    Job("old looks", 24 * 3600, sweep_looks, held_by=DELETES),
    Job("old documents", 3600, clear_old_documents, held_by=DELETES),
    Job("old imports", 3600, clear_imports, held_by=DELETES),
    Job("erased findings", 3600, clear_findings),
    Job("sealed anew", 600, lambda now: seal_anew()),
    Job("sessions", 24 * 3600, clear_sessions, held_by=DELETES),
)


class Worker:
    """Runs `jobs` until `stop` is set. One that raises is logged by type and place, waits longer each time,
    and does not keep the others from running."""

    def __init__(
        self,
        jobs: Sequence[Job] = JOBS,
        clock: Callable[[], datetime] = timezone.now,
        stop: Event | None = None,
        ticks: Callable[[], float] = clocks.ticks,
    ) -> None:
        self.jobs, self.clock, self.stop, self.ticks = jobs, clock, stop or Event(), ticks
        self._first = Reading(clock(), ticks())
        self._waiting: set[str] = set()  # jobs of which the log says that they wait
        self._why: str | None = None  # None: not known yet
        self._next = dict.fromkeys((job.name for job in jobs), 0.0)
        self._failures = dict.fromkeys((job.name for job in jobs), 0)

    def run(self) -> None:
        while not self.stop.is_set():
            self.run_due(monotonic())
            self.stop.wait(max(0.0, min(self._next.values()) - monotonic()))
        signal.setitimer(signal.ITIMER_REAL, 0)  # ended in time: no alarm while the interpreter shuts down

    def run_due(self, at: float) -> None:
        """Runs the jobs whose turn it is `at` that second of the monotonic clock."""
        for job in self.jobs:
            if self._next[job.name] <= at and not self.stop.is_set():
                ended_well = self.run_job(job)
                self._next[job.name] = at + self._wait(job, ended_well)

    def run_job(self, job: Job) -> bool:
        """Whether the job ended well."""
        close_old_connections()  # a database that was away is found again
        began = monotonic()
        try:
            now = Reading(self.clock(), self.ticks(), clocks.database_now())
            if self._must_wait(now):
                if job.while_held is not None:
                    job.while_held(reckoned(self._first, now))
            elif self._may_go_on(job, now.wall):
                job.run(now.wall)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - RecursionError, and what derives from BaseException only
            self._failures[job.name] += 1
            JOB_FAILURES.labels(job.name).inc()
            logger.error("job %s failed (%s)", job.name, describe_error(error))
            return False
        finally:
            JOB_SECONDS.labels(job.name).inc(monotonic() - began)
            close_old_connections()
        self._failures[job.name] = 0
        return True

    def _may_go_on(self, job: Job, now: datetime) -> bool:
        may = not job.held_by or may_go_on(now, job.held_by)
        if not may and job.name not in self._waiting:
            logger.warning("job %s waits: /health/ says why", job.name)
        (self._waiting.discard if may else self._waiting.add)(job.name)
        return may

    def _must_wait(self, now: Reading) -> bool:
        """Whether `now` cannot be believed, or the database is an older copy. A change is logged, and marked for
        /health/ and the administrators."""
        why, place = disagreement(self._first, now), gethostname()[:40]
        try:
            if not why and is_older_copy(now.wall, place):
                why = HoldCode.OLDER_COPY.value
            if why != self._why:
                self._log(why)
            if why and why != HoldCode.OLDER_COPY:  # each time: another worker may have taken the mark away
                hold(HoldCode(why), reckoned(self._first, now), place)
            elif not why and why != self._why:
                release(place)
        except DatabaseError as error:
            logger.error("the mark of the clock was not written (%s)", describe_error(error))
        else:
            self._why = why
        return bool(why)

    def _log(self, why: str) -> None:
        if why == HoldCode.OLDER_COPY:
            logger.error("all waits: %s", HOW_TO_GO_ON)
        elif why:
            logger.error("the clocks disagree (%s): what goes by time waits", why)
        elif self._why == HoldCode.OLDER_COPY:
            logger.warning("the database leads to what is signed: all goes on")
        elif self._why:
            logger.warning("the clocks agree again: all goes on")

    def _wait(self, job: Job, ended_well: bool) -> float:
        if ended_well:
            return job.every
        longer = job.every * float(2 ** min(self._failures[job.name], 16))
        return min(longer, max(LONGEST_BACKOFF, job.every))

    def stop_on_signals(self) -> None:
        """Ends after what is under way, or after GRACE_SECONDS: claimed rows carry a lease and come again."""

        def end(number: int, frame: FrameType | None) -> None:
            self.stop.set()
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)

        def give_up(number: int, frame: FrameType | None) -> None:
            raise SystemExit(0)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        signal.signal(signal.SIGALRM, give_up)
