"""The two doors: for staff to the first tab they may open, for everybody to what they can take part in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from complaints.desk.access import staff, staff_page
from complaints.permissions import role_may
from surveys.rights import SurveyAct
from surveys.voice.additions import TAKE_PART, VOICE_TABS


@never_cache
@require_safe
@staff_page(SurveyAct.HEAR)
def voice(request: HttpRequest) -> HttpResponse:
    role = role_of(staff(request))
    for tab in sorted(VOICE_TABS, key=lambda tab: tab.position):
        if role_may(role, tab.right):
            return redirect(tab.url_name)
    return render(request, "surveys/desk_base.html")


@require_safe
def take_part(request: HttpRequest) -> HttpResponse:
    panels = [panel.template for panel in sorted(TAKE_PART, key=lambda panel: panel.position)]
    return render(request, "surveys/take_part.html", {"panels": panels})
