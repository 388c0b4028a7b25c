"""Fills an empty database with a big city quickly: whole, chained, consistent cases, but no play.

Three years of cases, 20 agencies, 30 categories, 30 % open, two events a case. Of the open ones `due`
fall due at `now` (their first response is missed), the rest later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.conf import settings
from django.db import transaction

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, year_of
from complaints.clock.deadlines import policy_for
from complaints.database.keys import reserve_ids
from complaints.history.events import Drafted, draft_event, store_events
from complaints.models import Area, Category, Clock, Complaint, EventKind
from complaints.models.policy import Stage
from complaints.numbers import make_number
from complaints.states import State
from config.fixtures import load_city

AGENCIES, CATEGORIES, BATCH = 20, 30, 2000
DAY = timedelta(days=1)
WORDS = (
    "jalan", "lampu", "sampah", "air", "pasar", "sekolah", "selokan", "rusak", "mati", "bau", "banjir",
    "antre", "petugas", "kantor", "warga", "mohon", "segera", "diperbaiki", "sudah", "lama", "depan",
    "rumah", "malam", "hari", "anak", "lubang", "pipa", "bocor", "izin", "kartu", "lambat",
)  # fmt: skip


@dataclass(frozen=True)
class City:
    agencies: list[Agency]
    officers: dict[int, User]
    categories: list[Category]
    areas: list[Area]


def fill(cases: int, *, now: datetime, open_share: float = 0.3, due: int = 0, seed: int = 1) -> City:
    """Adds `cases` cases; the first `due` open ones are due at `now`."""
    city = _people()
    rng = Random(seed)
    row, _calendar = calendar_for(None)
    policy = policy_for("complaint", None, day_of(now))
    numbers = iter(range(cases))
    left = due
    while batch := list(islice(numbers, BATCH)):
        with transaction.atomic():
            ids = reserve_ids(len(batch))
            made, clocks, drafted = [], [], []
            for pk in ids:
                is_open = rng.random() < open_share
                is_due = is_open and left > 0
                left -= is_due
                case, case_clocks, events = _case(pk, city, rng, now, is_open, is_due, policy)
                made.append(case)
                clocks += [_with_calendar(clock, row.pk) for clock in case_clocks]
                drafted += events
            Complaint.objects.bulk_create(made)
            Clock.objects.bulk_create(clocks)
            store_events(drafted)
    return city


def _with_calendar(clock: Clock, pk: int) -> Clock:
    clock.calendar_id = pk
    return clock


def _people() -> City:
    load_city(settings.CITY.slug)
    agencies = list(Agency.objects.filter(is_external=False, is_oversight=False).order_by("code")[:AGENCIES])
    officers = {}
    for agency in agencies:
        for role in (Role.OFFICER, Role.AGENCY_HEAD):
            email = f"{role}.{agency.pk}@bench.example"
            user = User.objects.filter(email=email).first() or User.objects.create(
                email=email, name=email, role=role, agency=agency
            )
            if role == Role.OFFICER:
                officers[agency.pk] = user
    for role in (Role.VERIFIER, Role.SUPERVISOR):
        email = f"{role}@bench.example"
        if not User.objects.filter(email=email).exists():
            User.objects.create(email=email, name=email, role=role)
    categories = list(Category.objects.exclude(parent=None).order_by("code")[:CATEGORIES])
    return City(agencies, officers, categories, list(Area.objects.filter(level="ward").order_by("code")))


def _clocks(case: Complaint, first_due: datetime, target: datetime) -> list[Clock]:
    """The two clocks of an open case, warned already."""
    stages = ((Stage.FIRST_RESPONSE, first_due, 5), (Stage.RESOLUTION, target, 14))
    moments = {"started_at": case.received_at, "warned_at": case.received_at}
    return [
        Clock(
            complaint=case,
            stage=stage,
            amount=amount,
            unit="working_days",
            due_at=due_at,
            promised_at=due_at,
            **moments,
        )
        for stage, due_at, amount in stages
    ]


def _case(
    pk: int, city: City, rng: Random, now: datetime, is_open: bool, is_due: bool, policy: dict[str, object]
) -> tuple[Complaint, list[Clock], list[Drafted]]:
    age = timedelta(days=rng.uniform(1, 14) if is_open else rng.uniform(20, 1095))
    received, agency = now - age, rng.choice(city.agencies)
    first_due = now - timedelta(minutes=1) if is_due else now + timedelta(days=rng.uniform(1, 5))
    target = now + timedelta(days=rng.uniform(6, 20)) if is_open else received + timedelta(days=20)
    ended = None if is_open else received + timedelta(days=rng.expovariate(1 / 12))
    case = Complaint(
        pk=pk,
        number=make_number(settings.CITY.prefix, year_of(received), pk),
        state=State.IN_PROGRESS if is_open else State.CLOSED,
        subject=" ".join(rng.choices(WORDS, k=5)).capitalize(),
        description=" ".join(rng.choices(WORDS, k=30)),
        category=rng.choice(city.categories),
        area=rng.choice(city.areas),
        agency=agency,
        handler=city.officers[agency.pk],
        received_at=received,
        assigned_at=received,
        ended_at=ended,
        due_at=first_due if is_open else None,
        target_at=target,
        next_action_at=first_due if is_open else None,
        next_level=1 if is_open else None,
        policy=policy,
    )
    clocks = _clocks(case, first_due, target) if is_open else []
    words = {"subject": case.subject, "description": case.description}
    drafted = [
        draft_event(case, EventKind.SUBMITTED, actor=None, at=received, data={"channel": "web"}, words=words),
        draft_event(case, EventKind.ACCEPTED if is_open else EventKind.CONFIRMED, actor=None, at=received),
    ]
    return case, clocks, drafted
