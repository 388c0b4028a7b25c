"""All paths. Public and staff pages stand under different prefixes: the trust boundary is in the path."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView
from django.views.i18n import set_language

from config import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/worker/", views.worker_health, name="worker-health"),
    path("city.css", views.city_css, name="city-css"),
    path("sheets/<slug:digest>/<str:name>", views.sheet, name="sheet"),
    # Exempt, so that a public page needs no cookie: a forged switch of language harms nobody.
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    *([path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))] if settings.DEBUG else []),
    path("", include("complaints.urls")),
    path("", include("surveys.urls")),
    path("", include("escalation.urls")),
    path("", include("reports.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
