"""How somebody likes their desk, chosen once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from complaints.desk.access import staff, staff_page

CHOICES = ("newest_first", "goes_on")


@require_POST
@staff_page()
def choose(request: HttpRequest) -> HttpResponse:
    """Sets what was sent of `CHOICES`, and leads back to the page of the desk on which it was chosen (`to`)."""
    user = staff(request)
    chosen = [name for name in CHOICES if name in request.POST]
    for name in chosen:
        setattr(user, name, bool(request.POST[name]))
    if chosen:
        user.save(update_fields=chosen)
    to = request.POST.get("to", "")
    if not to.startswith("/staff/") or not url_has_allowed_host_and_scheme(to, {request.get_host()}):
        return redirect("complaints:desk-home")
    return redirect(to)
