"""Surveys, forums and service standards: public pages, and the desk under /staff/."""

from django.urls import URLPattern, URLResolver

app_name = "surveys"

urlpatterns: list[URLPattern | URLResolver] = []
