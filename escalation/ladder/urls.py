"""Escalations, for agency heads and supervisors."""

from django.urls import path

from escalation.ladder import views

urlpatterns = [
    path("staff/escalations/", views.escalation_list, name="escalation-list"),
    path("staff/escalations/<int:pk>/", views.escalation_detail, name="escalation-detail"),
    path(
        "staff/escalations/<int:pk>/acknowledge/", views.escalation_acknowledge, name="escalation-acknowledge"
    ),
    path("staff/escalations/<int:pk>/decide/", views.escalation_decide, name="escalation-decide"),
]
