"""What people said: becoming a promise, and the supervisors' view."""

from django.urls import path

from escalation.voices import views

urlpatterns = [
    path("staff/voices/<str:number>/promise/", views.promise_of_input, name="input-promise"),
    path("staff/voices/<str:number>/promise/gather/", views.gather_one, name="input-gather-one"),
    path("oversight/inputs/", views.oversight_inputs, name="oversight-inputs"),
]
