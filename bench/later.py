"""What stands beside the cases of a big city: a survey round of 100,000 answers, a long thread, published statistics, a
published report. Each function gives the path of its public page."""

from datetime import datetime, timedelta
from random import Random

from accounts.models import Agency, User
from accounts.roles import Role
from bench.made import WORDS
from complaints.clock.city_time import day_of
from complaints.database import bulk
from config.fixtures import load_surveys
from reports.figures.periods import Period, add_months
from reports.publication.counting import count_waiting
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.printing import print_reports
from reports.publication.services import preparing, publishing, reviewing
from reports.statistics.keeping import count_all
from reports.statistics.publishing import publish_blocks
from surveys.forums.models import Forum, ForumInput, ForumState, InputState, InputWords
from surveys.index.columns import ELEMENTS
from surveys.index.services import refresh_results
from surveys.questionnaires.models import SurveyVersion
from surveys.rounds.models import Channel, Response, Round, RoundState

ANSWERS, COMMENTS = 100_000, 5633
PIECE = 5000


def survey_round(now: datetime, answers: int = ANSWERS) -> str:
    """A closed round of the national survey, counted."""
    load_surveys()
    version = SurveyVersion.objects.filter(survey__code="skm").order_by("number")[0]
    agency, today = Agency.objects.filter(is_external=False).order_by("code")[0], day_of(now)
    row = Round.objects.create(
        code="BENCH", version=version, agency=agency, opens_on=today - timedelta(90), closes_on=today - timedelta(2),
        population=answers * 3, target=384, state=RoundState.OPEN,
    )  # fmt: skip
    random = Random(1)
    for first in range(0, answers, PIECE):
        rows = [
            Response(
                round=row,
                day=row.opens_on + timedelta(random.randrange(88)),
                channel=random.choice((Channel.LINK, Channel.QR, Channel.TABLET)),
                answers={key: str(random.choice((2, 3, 3, 4, 4))) for key in ELEMENTS},
            )
            for _ in range(first, min(first + PIECE, answers))
        ]
        bulk.insert(Response, rows)
    Round.objects.filter(pk=row.pk).update(state=RoundState.CLOSED)
    refresh_results(now)
    return "/surveys/rounds/bench/"


def thread(now: datetime, comments: int = COMMENTS) -> str:
    """An online forum in which a ninth of what was said begins a thread."""
    agency = Agency.objects.filter(is_external=False).order_by("code")[0]
    forum = Forum.objects.create(
        code="bench", title="Jam buka loket", topic="Kapan loket dibuka?", agency=agency, has_meeting=False,
        starts_at=now - timedelta(30), ends_at=now - timedelta(29), state=ForumState.HELD, announced_at=now,
    )  # fmt: skip
    random, heads = Random(1), comments // 9
    first = (ForumInput.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows: list[ForumInput] = []
    for place in range(comments):
        pk = first + place
        above = rows[random.randrange(place)] if place >= heads else None
        path = f"{above.path if above else ''}{pk:08x}"
        if len(path) > 80 and above is not None:
            above, path = above.root or above, f"{above.path[:8]}{pk:08x}"
        rows.append(
            ForumInput(
                pk=pk, number=f"BNC-{pk}", forum=forum, parent=above, root=(above.root or above) if above else None,
                path=path, source=ForumInput.Source.THREAD, agency=agency, pseudonym=f"Warga {place % 400}",
                at=now - timedelta(minutes=comments - place), supports=random.randrange(40),
                state=InputState.SHOWN if above else InputState.ANSWERED, answered_at=None if above else now,
                answer="" if above else "Loket dibuka sampai pukul 16.", idempotency_key=f"bench-{pk}",
            )
        )  # fmt: skip
    ForumInput.objects.bulk_create(rows, batch_size=1000)
    said = [
        InputWords(input_id=row.pk, salt=f"{row.pk:032x}", text=" ".join(random.choices(WORDS[:3000], k=25)))
        for row in rows
    ]
    InputWords.objects.bulk_create(said, batch_size=1000)
    return "/forums/bench/thread/"


def statistics(now: datetime) -> str:
    """The roll-up of every month, and all that is over published. The last whole month's page."""
    count_all(now)
    while publish_blocks(now):
        pass
    return "/statistics/"


def report(now: datetime) -> str:
    """Last month's, with the people whom the two steps ask for."""
    last = day_of(now).replace(day=1) - timedelta(1)
    period = Period(add_months(last.replace(day=1), 0), last)
    verifier, reader, publisher = (_person(role, n) for role, n in _READERS)
    preparing.prepare(period, None, actor=verifier, now=now)
    row = Report.objects.latest("pk")
    while count_waiting(now):
        pass
    row.refresh_from_db()
    reviewing.review(row.pk, actor=reader, now=now, seen=1)
    while ReportPaper.objects.filter(state=PaperState.WAITING).exists():
        print_reports(now)
    publishing.publish(row.pk, actor=publisher, now=now)
    return f"/reports/{row.code}/"


_READERS = ((Role.VERIFIER, 7), (Role.SUPERVISOR, 8), (Role.SUPERVISOR, 9))


def _person(role: Role, number: int) -> User:
    made = {"name": f"Pembaca {number}", "role": role, "password": "!"}
    return User.objects.get_or_create(email=f"{role}.{number}@bench.example", defaults=made)[0]
