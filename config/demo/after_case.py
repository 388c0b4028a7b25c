"""What citizens of the demo city say after their reports, a quarter at a time; a questionnaire being written."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from complaints.models import Complaint
from complaints.states import State
from surveys.aftercase.ends import ENDED, ending_of, term_on
from surveys.aftercase.models import AfterCase, AfterCaseRound, Ending
from surveys.aftercase.quarters import next_quarter, quarter_of
from surveys.aftercase.services import ENDED_KEY, newest_version, round_of
from surveys.aftercase.sweep import draft_row
from surveys.questionnaires import editing
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.rounds.models import Channel, RoundState
from surveys.rounds.services import close_round
from surveys.rounds.storing import Given, store_many

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY = timedelta(days=1)
QUARTERS = 5
ANSWERS, TYPED, WRITES = 0.45, 0.1, 0.25  # shares of those asked, and of those who answer
# How satisfied people are by how it ended (mean of the scale), and how many say that it was solved.
MOOD = {
    Ending.CONFIRMED: (3.4, 0.95),
    Ending.ANSWERED: (2.9, 0.6),
    Ending.AUTO_CLOSED: (2.7, 0.5),
    Ending.REJECTED: (1.8, 0.05),
    Ending.LAPSED: (2.0, 0.1),
    Ending.WITHDRAWN: (2.3, 0.3),
    Ending.REFERRED: (2.2, 0.2),
}
WORDS = (
    "Mohon kabari lebih cepat jika harus menunggu.",
    "Petugas ramah dan datang ke lokasi.",
    "Jawabannya sulit dipahami, mohon lebih sederhana.",
    "Sudah baik, pertahankan.",
    "Mohon jangan dioper ke instansi lain berkali-kali.",
)


def plan_after_cases(at: Schedule, now: datetime) -> None:
    """The quarters that are over, each when it takes no more answers, and the one that runs."""
    rng = Random(1407)  # noqa: S311 - a play, and its own: nothing else changes by it
    first = quarter_of(day_of(now))
    for _ in range(QUARTERS):
        after = next_quarter(first)
        last = after + timedelta(days=term_on(first).answer_days)
        end = min(start_of(last) + timedelta(hours=12), now - timedelta(hours=2))
        at(end, partial(_answers, rng, first))
        at(start_of(last) + DAY + timedelta(hours=1), partial(_close, first))
        first = quarter_of(first - DAY)
    at(now - timedelta(hours=2), _write)


def _answers(rng: Random, first: date, moment: datetime) -> None:
    version, term = newest_version(), term_on(first)
    if version is None:
        return
    calendar = calendar_for(None)[0]
    after = next_quarter(first)
    rows: list[AfterCase] = []
    given: dict[int, list[tuple[Channel, Given]]] = defaultdict(list)
    for case in _ended(start_of(first), start_of(after)):
        row = draft_row(case, term, calendar)
        if row is None or not first <= row.ended_on < after:
            continue
        row.mails, row.next_action_at = int(not case.is_anonymous), None
        row.is_answered = rng.random() < ANSWERS
        rows.append(row)
        if row.is_answered:
            given[row.agency_id].append(_said(rng, ending_of(row.about)))
    AfterCase.objects.bulk_create(rows, ignore_conflicts=True)
    for agency in Agency.objects.filter(pk__in=given, is_active=True).order_by("code"):
        round_ = round_of(agency, first, version, moment)
        for channel in (Channel.LINK, Channel.PAPER):
            said = [each for by, each in given[agency.pk] if by == channel]
            if said:
                store_many(round_, said, channel, now=moment)


def _ended(since: datetime, until: datetime) -> list[Complaint]:
    cases = Complaint.objects.visible_to(None).filter(ended_at__gte=since, ended_at__lt=until)
    merged = Complaint.objects.visible_to(None).filter(
        state=State.MERGED, merged_into__ended_at__gte=since, merged_into__ended_at__lt=until
    )
    related = ("agency", "merged_into__agency")
    found = [*cases.filter(state__in=ENDED).select_related(*related), *merged.select_related(*related)]
    return sorted(found, key=lambda case: case.pk)


def _said(rng: Random, ending: Ending) -> tuple[Channel, Given]:
    mean, solved = MOOD[ending]
    step = min(4, max(1, round(rng.gauss(mean, 0.8))))
    answers = {
        "satisfaction": step,
        "solved": "yes" if rng.random() < solved else "no",
        ENDED_KEY: str(ending),
    }
    words = {"words": rng.choice(WORDS)} if rng.random() < WRITES else {}
    return Channel.PAPER if rng.random() < TYPED else Channel.LINK, Given(answers, words)


def _close(first: date, moment: datetime) -> None:
    rows = AfterCaseRound.objects.filter(quarter=first, round__state=RoundState.OPEN)
    for pk in rows.order_by("pk").values_list("round_id", flat=True):
        close_round(pk, actor=None, now=moment)


def _write(moment: datetime) -> None:
    """The national questionnaire is being shortened for next year."""
    boss = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()
    version = SurveyVersion.objects.filter(
        survey__purpose=Survey.Purpose.NATIONAL, published_at__isnull=False
    ).first()
    if boss is not None and version is not None:
        editing.copy_version(version, actor=boss, now=moment)
