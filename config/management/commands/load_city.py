"""manage.py load_city: the facts and the policy of the city that CITY names."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.ledger.recording import record_own_rows
from complaints.ledger.settings import recording_settings
from config.fixtures import load_city
from surveys.questionnaires.entries import record_published
from surveys.questionnaires.models import SurveyVersion
from surveys.standards.models import StandardChange
from surveys.standards.services import record_entered


class Command(BaseCommand):
    help = "Adds the city's areas, agencies, services, categories, calendar and policy; keeps what is there."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with recording_settings(actor=None, now=now):
            record_own_rows(now, only_empty=True)  # of a new city, before there are any
            before = set(SurveyVersion.objects.values_list("pk", flat=True))
            standards = list(StandardChange.objects.values_list("pk", flat=True))
            added = load_city(settings.CITY.slug, now)
            record_entered(now=now, but=standards)
            record_published(actor=None, now=now, but=before)
        self.stdout.write(", ".join(f"{name} +{count}" for name, count in added.items()))
