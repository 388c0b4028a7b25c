"""Recommendations and commitments: the supervisors' pages, the agency's own, and the public one."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
