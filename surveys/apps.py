from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from surveys.questionnaires import frozen
from surveys.rounds import triggers


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys, forums and service standards")

    def ready(self) -> None:
        pre_migrate.connect(_loosen, sender=self)
        post_migrate.connect(_restore_triggers, sender=self)


def _loosen(using: str, **kwargs: Any) -> None:
    """SQLite makes a table anew to change it, and could not while triggers of others look at it."""
    frozen.remove(connections[using])


def _restore_triggers(using: str, **kwargs: Any) -> None:
    triggers.restore(connections[using])
    frozen.restore(connections[using])
