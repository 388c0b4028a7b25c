from django.urls import URLPattern, path

from surveys.aftercase import views

urlpatterns: list[URLPattern] = [
    path("complaints/mine/after/", views.mine, name="mine-after-case"),
    path("surveys/after-a-report/", views.results, name="after-case-results"),
    path("staff/surveys/after-a-report/", views.desk_results, name="after-case-desk"),
    path("staff/surveys/after-a-report/<str:number>/", views.type_in, name="after-case-type"),
]
