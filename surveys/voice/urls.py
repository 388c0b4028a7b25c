from django.urls import URLPattern, path

from surveys.voice import views

urlpatterns: list[URLPattern] = [
    path("staff/voice/", views.voice, name="voice"),
    path("take-part/", views.take_part, name="take-part"),
]
