"""manage.py load_city: the facts and the policy of the city that CITY names."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.ledger.recording import record_own_rows
from complaints.ledger.settings import record_settings
from config.fixtures import load_city
from surveys.questionnaires.entries import record_published


class Command(BaseCommand):
    help = "Adds the city's areas, agencies, services, categories, calendar and policy; keeps what is there."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        record_own_rows(now, only_empty=True)  # of a new city, before there are any
        added = load_city(settings.CITY.slug)
        # The first time all there is; later, as at an upgrade, what the fixtures brought.
        record_settings(actor=None, now=now, only_new=True)
        record_published(actor=None, now=now)
        self.stdout.write(", ".join(f"{name} +{count}" for name, count in added.items()))
