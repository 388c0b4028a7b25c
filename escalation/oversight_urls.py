"""The supervisors' desk: what is escalated, what will be late, agencies side by side, search, whole files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
