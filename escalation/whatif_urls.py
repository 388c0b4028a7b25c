"""What would have happened under other targets, days off or rules."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
