from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from complaints.database import append_only, triggers


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("Complaints: catalogue, calendars, targets")

    def ready(self) -> None:
        """Lets each app add what it brings, from the ground floor up (complaints/registry.py)."""
        for config in reversed(list(apps.get_app_configs())):
            if config.module and module_has_submodule(config.module, "registrations"):
                import_module(f"{config.name}.registrations")
        post_migrate.connect(_restore_triggers, sender=self)


def _restore_triggers(using: str, **kwargs: Any) -> None:
    triggers.restore(connections[using])
    append_only.restore(connections[using])
