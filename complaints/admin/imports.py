"""`import_complaints` for who has no shell: a file, what its columns and words mean, ten rows as they would become, and
then the worker. What stands in the file is shown to whoever uploaded it, and to nobody else."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.admin_base import ModelAdmin
from accounts.models import User
from complaints.admin.import_forms import ColumnsForm, ReadingForm, UploadForm, WordsForm, known_raw
from complaints.csv_out import csv_response
from complaints.files.child import StorageAway
from complaints.files.object_store import StoreAway
from complaints.importing.mapping import MappingError, read_mapping
from complaints.importing.running import Previewed
from complaints.importing.runs import ImportRefused, look_at, preview_of, receive, result_of, start, stop
from complaints.models import ImportRun
from complaints.models.complaint import Channel, StateChoice

logger = logging.getLogger(__name__)
EVERY = 5  # seconds after which the page of one that is under way looks again
SHOWN = 50  # lines of the lists on the page; all of them are in the download
STEPS = ("columns", "words", "preview")


@admin.register(ImportRun)
class ImportRunAdmin(ModelAdmin):
    """Rows are made by uploading and change by their steps; nothing is typed into them."""

    list_display = ("asked_at", "asked_by", "told", "state", "how_far", "finished_at")
    list_display_links = ("asked_at", "told")
    list_select_related = ("asked_by",)
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("rows read"))
    def how_far(self, run: ImportRun) -> str:
        return _("%(read)d of %(total)d") % {"read": run.read, "total": run.total} if run.total else ""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"complaints_importrun_{name}")
            for name, view in (
                ("start", require_POST(self.start_view)),
                ("stop", require_POST(self.stop_view)),
                ("lines", require_safe(self.lines_view)),
            )
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return redirect(_step(self._received(request, form)))
            except ImportRefused as refused:
                form.add_error("file", str(refused))
            except StoreAway as error:
                logger.error("a file to import cannot be stored (%s)", error)
                form.add_error("file", StorageAway.reason)
            except OSError as error:
                logger.error("a file to import cannot be stored (%s)", type(error).__name__)
                form.add_error("file", _("There is no room for files at the moment."))
        title = _("Take over another system's file")
        return self._page(request, "upload", {"form": form, "title": title})

    def _received(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        """Stored, with what is known of its columns: by the mapping that came along, or one of ours that fits."""
        run = receive(form.cleaned_data["file"], by=_person(request), now=timezone.now())
        raw = form.cleaned_data.get("mapping") or known_raw(look_at(run, {}))
        run.by_file, run.mapping = bool(raw), raw or {"source": form.cleaned_data["source"]}
        run.save(update_fields=["by_file", "mapping"])
        return run

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self._run(request, object_id)
        if not run.is_prepared:
            return self._course(request, run)
        if run.asked_by_id != request.user.pk:
            return self._page(request, "others", {"run": run, "title": str(run)})
        step = request.GET.get("step") if request.GET.get("step") in STEPS else ""
        if run.by_file or (step == "preview" and "values" in run.mapping):
            return self._preview(request, run)
        try:
            look = look_at(run, run.mapping)
            if step == "words" and "columns" in run.mapping:
                return self._words(request, run, look)
            return self._columns(request, run, look)
        except ImportRefused as refused:
            messages.error(request, str(refused))
            if run.mapping.keys() == {"source"}:
                return redirect("admin:complaints_importrun_add")
            self._keep(run, {"source": run.mapping["source"]})  # as found, not as said
            return redirect(_step(run))

    def _columns(self, request: HttpRequest, run: ImportRun, look: Any) -> HttpResponse:
        is_reading = "reading" in request.POST
        reading = ReadingForm(request.POST if is_reading else None, look, run.mapping)
        if is_reading and reading.is_valid():
            self._keep(run, {"source": run.mapping["source"]} | reading.raw())
            return redirect(_step(run))
        form = ColumnsForm(None if is_reading else request.POST or None, look, run.mapping)
        if form.is_bound and form.is_valid():
            self._keep(run, form.raw())
            return redirect(_step(run, "words"))
        title = _("Which column holds what?")
        return self._page(
            request, "columns", {"run": run, "form": form, "reading": reading, "look": look, "title": title}
        )

    def _words(self, request: HttpRequest, run: ImportRun, look: Any) -> HttpResponse:
        form = WordsForm(request.POST or None, look, run.mapping)
        if form.too_many:
            said = _("The column “%(name)s” is empty or holds too many different words to be a choice.")
            messages.error(request, said % {"name": form.too_many[0]})
            return redirect(_step(run))
        if not form.fields or (request.method == "POST" and form.is_valid()):
            form.cleaned_data = getattr(form, "cleaned_data", {})
            raw = form.raw()
            try:
                read_mapping(raw)
            except MappingError as problem:
                messages.error(request, str(problem))
                return redirect(_step(run))
            self._keep(run, raw)
            return redirect(_step(run, "preview"))
        title = _("What do its words mean?")
        return self._page(request, "words", {"run": run, "form": form, "title": title})

    def _preview(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        try:
            told, rows = preview_of(run, now=timezone.now())
        except ImportRefused as refused:
            messages.error(request, str(refused))
            if run.by_file:
                stop(run, now=timezone.now())
                return redirect("admin:complaints_importrun_add")
            return redirect(_step(run))
        shown = [(row.line, row.reason, _as_shown(row)) for row in rows]
        context = {"run": run, "told": told, "rows": shown, "title": _("Ten rows as they would become")}
        return self._page(request, "preview", context)

    def _course(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        result = result_of(run)
        is_own = run.asked_by_id == request.user.pk
        lines = sorted([*result.rejected, *result.remarks])
        context = {
            "run": run,
            "title": str(run),
            "result": result,
            "is_own": is_own,
            "lines": lines[:SHOWN] if is_own else [],
            "count": len(lines),
            "late": run.is_running and run.leased_until is not None and run.leased_until < timezone.now(),
        }
        response = self._page(request, "course", context)
        if run.is_running:
            response["Refresh"] = str(EVERY)
        return response

    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(request, pk, own=True)
        try:
            read_mapping(run.mapping)
            start(run, escalate="escalate" in request.POST)
            self.log_change(request, run, _("Started"))
        except (ImportRefused, MappingError) as refused:
            messages.error(request, str(refused))
        return redirect(_step(run, "preview"))

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(request, pk)
        if stop(run, now=timezone.now()):
            self.log_change(request, run, _("Stopped"))
            run.refresh_from_db(fields=["created", "updated"])
            messages.success(request, _stopped(run))
        return redirect(_step(run))

    def lines_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rejected rows and the remarks, by line and reason."""
        result = result_of(self._run(request, pk, own=True))
        kinds = (("rejected", result.rejected), ("remark", result.remarks))
        rows = sorted((line, kind, reason) for kind, lines in kinds for line, reason in lines)
        return csv_response(f"import-{pk}.csv", ("line", "what", "reason"), rows)

    def _run(self, request: HttpRequest, pk: Any, *, own: bool = False) -> ImportRun:
        if not self.has_change_permission(request):
            raise PermissionDenied
        runs = ImportRun.objects.select_related("asked_by")
        run = get_object_or_404(runs, pk=int(pk) if str(pk).isdecimal() else 0)
        if own and run.asked_by_id != request.user.pk:
            raise PermissionDenied
        return run

    def _keep(self, run: ImportRun, raw: dict[str, Any]) -> None:
        """Only while it has not been started."""
        ImportRun.objects.filter(pk=run.pk, state=run.state).update(mapping=raw)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/complaints/importrun/{name}.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _stopped(run: ImportRun) -> str:
    if run.created or run.updated:
        return _("Stopped. What was taken over stays; the same file again goes on from there.")
    return _("The file was discarded. Nothing was taken over.")


def _step(run: ImportRun, step: str = "") -> str:
    url = reverse("admin:complaints_importrun_change", args=[run.pk])
    return f"{url}?step={step}" if step else url


def _as_shown(previewed: Previewed) -> list[tuple[str, Any]]:
    """Label and value of what a case would hold."""
    row = previewed.row
    if row is None:
        return []
    shown = [
        (_("Number"), row.source_id),
        (_("State"), StateChoice(row.state).label),
        (_("Received"), row.received_at),
        (_("Promised by"), row.target_at),
        (_("Ended"), row.ended_at),
        (_("Subject"), row.subject),
        (_("What happened"), row.description),
        (_("Agency"), row.agency),
        (_("Category"), row.category),
        (_("Place"), ", ".join(part for part in (row.area, row.location) if part)),
        (_("How it came in"), Channel(row.channel).label),
        (_("Answer or remark"), row.remark),
        *((_("Remark"), remark) for remark in row.remarks),
    ]
    return [(label, value) for label, value in shown if value]
