"""Months of officers."""

from django.urls import path

from escalation.months import views

urlpatterns = [
    path("staff/months/", views.own_months, name="own-months"),
    path("staff/months/people/", views.peoples_months, name="peoples-months"),
    path("staff/months/<int:pk>/", views.own_month, name="own-month"),
]
