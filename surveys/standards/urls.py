"""Service standards: for everybody, and the desk of those who set them."""

from django.urls import path

from surveys.standards.views import desk, public

urlpatterns = [
    path("standards/", public.standard_list, name="standards"),
    path("standards/<slug:code>/", public.standard_page, name="standard"),
    path("c/<slug:counter>/<slug:code>/", public.counter_report, name="counter-report"),
    path("staff/standards/", desk.standard_desk, name="standard-desk"),
    path("staff/standards/pledge/<str:code>/", desk.pledge_change, name="pledge-change"),
    path("staff/standards/counter/<slug:code>/<slug:part>/", desk.counter_change, name="counter-change"),
    path("staff/standards/<slug:code>/", desk.standard_detail, name="standard-detail"),
    path("staff/standards/<slug:code>/<slug:part>/", desk.standard_change, name="standard-change"),
]
