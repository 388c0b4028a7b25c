"""The switch between moderating before and after, on the desk of the forum."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.desk.access import staff, staff_page
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.inputs.services import moderating
from surveys.forums.models import Forum
from surveys.rights import SurveyAct


@require_POST
@staff_page(SurveyAct.MODERATE)
def moderation_switch(request: HttpRequest, code: str) -> HttpResponse:
    forum = Forum.objects.visible_to(staff(request)).filter(code=code).first()
    to = request.POST.get("to", "")
    if forum is None or to not in Forum.Moderation.values:
        raise Http404
    try:
        moderating.switch(forum, to=to, actor=staff(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Switched. The page of the thread says so from now on."))
    return redirect("surveys:desk-forum", code)
