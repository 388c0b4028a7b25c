from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    name = "config"
    default = True


class SettingsAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own entrance."""

    default = False
    default_site = "config.admin_site.SettingsAdminSite"
