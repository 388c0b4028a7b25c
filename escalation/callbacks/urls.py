"""Was it done?"""

from django.urls import path

from escalation.callbacks import views

urlpatterns = [
    path("oversight/call-backs/", views.call_back_list, name="call-backs"),
    path("oversight/call-backs/<int:pk>/", views.call_back_detail, name="call-back-detail"),
    path("oversight/call-backs/<int:pk>/frame.txt", views.call_back_frame, name="call-back-frame"),
    path("oversight/call-backs/<int:pk>/<str:number>/", views.call, name="call-back-call"),
    path("complaints/mine/done/", views.mine, name="mine-done"),
]
