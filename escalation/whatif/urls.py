"""What would have happened under other targets, days off or rules."""

from django.urls import path

from escalation.whatif import views

urlpatterns = [
    path("oversight/what-if/", views.what_if, name="what-if"),
    path("oversight/what-if/<int:pk>/", views.what_if_detail, name="what-if-detail"),
]
