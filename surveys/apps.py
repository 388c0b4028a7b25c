from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from surveys.rounds import triggers


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys, forums and service standards")

    def ready(self) -> None:
        post_migrate.connect(_restore_triggers, sender=self)


def _restore_triggers(using: str, **kwargs: Any) -> None:
    triggers.restore(connections[using])
