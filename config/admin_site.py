"""Django's admin: the administrator's settings, behind the one sign-in page, without case content."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from complaints.mail.invitations import send_trial
from config.first_steps import first_steps
from config.watch import holds, watched

# What others bring along (groups, sessions, authenticators, sign-in attempts) is not administered here.
OUR_APPS = {"accounts", "complaints", "escalation", "reports", "surveys"}


class SettingsAdminSite(AdminSite):
    site_url = "/staff/"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        ours = [model for model in models if model._meta.app_label in OUR_APPS]
        super().register(ours, admin_class, **options)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        title = _("%(city)s: settings") % {"city": settings.CITY.name}
        return super().each_context(request) | {"site_header": title, "site_title": title}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With what is watched behind the site, and what the city still has to have."""
        now = timezone.now()
        behind = [(each, each.is_late(now)) for each in watched(now)]
        shown = {"behind": behind, "held": list(holds()), "steps": first_steps(now), "now": now}
        return super().index(request, shown | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        return [path("trial-mail/", self.admin_view(self.trial_mail), name="trial_mail"), *super().get_urls()]

    @method_decorator(require_POST)
    def trial_mail(self, request: HttpRequest) -> HttpResponse:
        send_trial(cast("User", request.user), timezone.now())
        messages.info(
            request, _("A mail to %(email)s leaves within a minute.") % {"email": request.user.get_username()}
        )
        return HttpResponseRedirect(reverse("admin:index"))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Strangers sign in where everybody does; to signed-in people without the right it says so (403)."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index"))
        # Only the admin's own pages come here, so `next` is one of them and not what somebody wrote.
        place = request.GET.get("next", "")
        return redirect_to_login(place if place.startswith("/admin/") else reverse("admin:index"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))
