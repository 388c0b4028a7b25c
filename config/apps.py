from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core import checks
from django.db.backends.signals import connection_created

from config.database import read_moments_quickly
from config.deploy_checks import endangers_nobody


class ConfigConfig(AppConfig):
    name = "config"
    default = True

    def ready(self) -> None:
        checks.register(endangers_nobody, checks.Tags.security, deploy=True)
        connection_created.connect(read_moments_quickly)


class SettingsAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own entrance."""

    default = False
    default_site = "config.admin_site.SettingsAdminSite"
