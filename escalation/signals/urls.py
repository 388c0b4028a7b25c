"""Signs of figures that were looked after rather than the cases behind them."""

from django.urls import path

from escalation.signals import views

urlpatterns = [
    path("staff/signs/", views.signs_to_answer, name="signs-to-answer"),
    path("staff/signs/<int:pk>/", views.sign_answer, name="sign-answer"),
    path("oversight/signals/", views.signals, name="signals"),
    path("oversight/signals/<slug:code>/", views.signal, name="signal"),
]
