"""Audit by sampling."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
