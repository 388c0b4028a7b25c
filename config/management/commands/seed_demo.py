"""manage.py seed_demo: a synthetic city with so many cases over the years; same seed, same city."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo import make_demo_users
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.city_time import local
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.recording import record_own_rows
from complaints.ledger.settings import record_settings
from complaints.models import Area, Category
from complaints.public.figures import keep_figures
from config.demo.play import open_stage, play
from config.demo.reality import against_seeding
from config.demo.words import Words
from config.fixtures import load_city, read
from escalation.holding import expect_moments_until
from escalation.management.commands.sweep import parse_moment
from escalation.oversight.sums import keep_all
from reports.statistics.keeping import count_all
from reports.statistics.publishing import publish_blocks
from surveys.questionnaires.entries import record_published
from surveys.standards.keeping import keep_all as keep_service_records

YEARS = timedelta(days=760)  # as far back as the play goes, and a little further


class Command(BaseCommand):
    help = "Fills an empty installation with a demo city played out by the real rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--now", help="play up to this moment, ISO 8601; default: the last six in the morning"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cases"] < 1:
            raise CommandError("--cases must be at least 1")
        if reasons := list(against_seeding()):
            raise CommandError(f"a demo city is made in an empty installation only: {'; '.join(reasons)}")
        now = parse_moment(options["now"]) if options["now"] else this_morning()
        load_city(settings.CITY.slug, now - YEARS)
        make_people(now)
        rng = Random(options["seed"])  # noqa: S311 - a play, not a secret
        wards = list(
            Area.objects.filter(level=Area.Level.WARD).order_by("code").values_list("name", flat=True)
        )
        said = [read(f"demo/{name}.json") for name in ("phrases", "oversight", "forums", "voices")]
        words = Words(said[0], wards, *said[1:])
        count = play(open_stage(rng, words), options["cases"], now)
        record_settings(actor=None, now=now)
        record_published(actor=None, now=now)
        record_own_rows(now)
        make_checkpoint(now)
        count_all(now)
        keep_figures(max(now, timezone.now()))  # as a visitor would have them now
        keep_all(max(now, timezone.now()))
        keep_service_records(max(now, timezone.now()))
        publish_blocks(now, most=1000)
        if now > timezone.now():
            expect_moments_until(now)
        self.stdout.write(f"{count} cases")


def this_morning() -> datetime:
    """The last time it was six o'clock in the city: the same city all day long, and nothing in it is still to come."""
    now = local(timezone.now())
    six = now.replace(hour=6, minute=0, second=0, microsecond=0)
    return six if six <= now else six - timedelta(days=1)


def make_people(now: datetime) -> None:
    """The demo sign-ins, and an officer for every other agency that a category leads to."""
    wanted = Category.objects.exclude(agency=None).order_by("code")
    by_size = ["road-damage", "waste"]
    first = [category.agency for category in wanted if category.code in by_size and category.agency]
    inspectorate = Agency.objects.filter(is_oversight=True).order_by("code").first()
    make_demo_users([*first, inspectorate] if inspectorate else first)
    password = make_password(token_hex())  # they could sign in; nobody knows by what
    staffed = set(User.objects.filter(role=Role.OFFICER).values_list("agency_id", flat=True))
    for agency in (
        Agency.objects.filter(category__isnull=False, is_external=False).distinct().order_by("code")
    ):
        if agency.pk not in staffed:
            slug = agency.code.lower().replace(".", "-")
            for role, word in ((Role.OFFICER, "petugas"), (Role.AGENCY_HEAD, "kepala")):
                if role == Role.AGENCY_HEAD and agency.is_oversight:
                    continue  # the inspectorate's head is one of the sign-ins
                User.objects.create(
                    email=f"{word}.{slug}@{settings.CITY.slug}.example",
                    password=password,
                    name=f"{word.capitalize()} {agency.short_name}"[:120],
                    role=role,
                    agency=agency,
                    invited_at=now,  # so that nobody is written to
                )
