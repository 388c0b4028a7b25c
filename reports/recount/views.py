"""The page where anyone drops a report and sees its figures counted again."""

from hashlib import sha256
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from complaints.files.views import download
from complaints.public.guards import refused_for_now, takes_files, too_many
from reports.publication.keeping import report_of
from reports.recount.forms import RecountForm
from reports.recount.running import program, recount_bytes

PER_MINUTE, SECONDS, MEGABYTES = 4, 20, 512
_children = BoundedSemaphore(1)  # a visitor's file never takes more than one processor


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    form, result, report = RecountForm(), None, None
    if request.method == "POST":
        refused = refused_for_now(request, "recount", PER_MINUTE, timezone.now())
        if refused is not None:
            return refused
        form = RecountForm(request.POST, request.FILES)
        if form.is_valid():
            if not _children.acquire(timeout=SECONDS):
                return too_many(request, SECONDS)
            try:
                content = form.cleaned_data["file"].read()
                result = recount_bytes(content, seconds=SECONDS, megabytes=MEGABYTES)
                report = report_of(sha256(content).hexdigest())
            finally:
                _children.release()
    status = 422 if form.errors else 200
    context = {"form": form, "result": result, "report": report}
    return render(request, "reports/recount.html", context, status=status)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The program itself."""
    return download(program(), "tuntas_recount.pyz", "application/zip")
