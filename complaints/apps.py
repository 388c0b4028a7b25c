from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("Complaints: catalogue, calendars, targets")

    def ready(self) -> None:
        """Lets each app add what it brings, from the ground floor up (complaints/registry.py)."""
        for config in reversed(list(apps.get_app_configs())):
            if config.module and module_has_submodule(config.module, "registrations"):
                import_module(f"{config.name}.registrations")
