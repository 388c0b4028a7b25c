"""Samples: draw one, see what was drawn and how to draw it again, read the results."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.clock.city_time import day_of
from complaints.csv_out import csv_response, download
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.shares import FEW, per_cent, share_of, share_words
from escalation.audits import sampling
from escalation.audits.agreement import FEW_PAIRS, Remark
from escalation.audits.drawing import (
    LARGEST_SAMPLE,
    announce,
    cancel,
    head_that_draws,
    same_scope,
)
from escalation.audits.figures import NO, NOT_APPLICABLE, YES, QuestionFigures, figures, overall
from escalation.audits.forms import CancelForm, DrawForm
from escalation.audits.frames import LARGEST_FRAME, cases_in
from escalation.audits.models import AuditQuestion, AuditSample, Severity
from escalation.audits.reading import (
    complete_cases,
    counts,
    findings,
    rows_of,
    waiting_for,
)
from escalation.audits.seen import SeenSample, samples_for, seen_by
from escalation.rights import EscalationAct

SHOWN = 100
MARGINS = (20, 15, 10, 7, 5)  # ± points that the size hint offers
# What a reader has to know of a kappa.
REMARKS: dict[Remark, Any] = {
    Remark.NONE: "",
    Remark.NO_PAIRS: gettext_lazy("No case was reviewed twice."),
    Remark.ONE_ANSWER: gettext_lazy("Both always gave the same one answer, so kappa cannot be computed."),
    Remark.ONE_CONSTANT: gettext_lazy("One reviewer always gave the same answer, which makes kappa 0."),
    Remark.FEW: "",  # said once, below the table
}


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    """All samples, the newest first, also the cancelled ones, and what waits for this person."""
    user = staff(request)
    waiting = list(waiting_for(user).values_list("sample_id", "complaint__number")[: SHOWN + 1])
    rows = seen_by(user, samples_for(user)[:SHOWN])
    context = {
        "samples": rows,
        "counts": counts(),
        "waiting": waiting,
        "is_cut": len(rows) == SHOWN,
        "shown": SHOWN,
    }
    return render(request, "audits/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.AUDIT)
def audit_new(request: HttpRequest) -> HttpResponse:
    """The form of a draw; "Count" says how large the frame is and what sizes are worth, "Announce" announces."""
    user, now = staff(request), timezone.now()
    asked = request.POST if request.method == "POST" else None
    form = DrawForm(asked, actor=user, today=day_of(now), is_draw="draw" in request.POST)

    def page(status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "audits/new.html", {"form": form, **more}, status=status)

    if asked is None:
        return page()
    if "draw" not in asked and form.is_valid():
        return page(**_size_hint(cases_in(form.frame(), user).count()))
    drawn = "escalation:audit-detail"
    return perform(request, form, announce, page=page, to=lambda sample: redirect(drawn, sample.pk))


def _size_hint(population: int) -> dict[str, Any]:
    sizes = [(margin, sampling.size_for(population, margin / 100)) for margin in MARGINS]
    return {
        "population": population,
        "is_too_many": population > LARGEST_FRAME,
        "sizes": [
            {"margin": margin, "size": size, "twice": sampling.twice_count(size)}
            for margin, size in sizes
            if size <= LARGEST_SAMPLE
        ],
    }


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was announced, what was drawn, how to draw it again, and how far the reviews are."""
    return _detail(request, pk, CancelForm())


def _detail(request: HttpRequest, pk: int, form: CancelForm, status: int = 200) -> HttpResponse:
    user, seen = staff(request), _seen_or_404(request, pk)
    sample = seen.sample
    rows = rows_of(sample, user)
    is_open = sample.is_waiting and head_that_draws(sample) is None
    context = {
        "sample": sample,
        "seen": seen,
        "facts": _facts(seen),
        "rows": rows,
        "done": sum(row.is_complete for row in rows),
        "mine_open": sum(row.mine in ("open", "draft") for row in rows),
        "mine_next": next((row for row in rows if row.mine in ("open", "draft")), None),
        "shell": sampling.SHELL,
        "check": sampling.CHECK if sample.entry_id else "sha256sum frame.txt",
        "seed_shell": sample.seed.replace("'", "'\\''"),
        "same": same_scope(sample),
        "cancel_form": form if is_open and sample.drawn_by_id == user.pk else None,
    }
    return render(request, "audits/detail.html", context, status=status)


@require_POST
@staff_page(EscalationAct.AUDIT)
def audit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an announced draw back, with a reason."""
    _seen_or_404(request, pk)
    form = CancelForm(request.POST)
    return perform(
        request,
        form,
        partial(cancel, pk),
        page=lambda status: _detail(request, pk, form, status),
        to=lambda _sample: redirect("escalation:audit-detail", pk),
        done=gettext_lazy("The draw is cancelled. Everybody can see that, and why."),
    )


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The list that was drawn from, to draw again; 404 while nobody may know it."""
    seen = _seen_or_404(request, pk)
    if not _is_public(seen.sample):
        raise Http404
    return download("frame.txt", seen.frame_text, "text/plain; charset=utf-8")


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Shares with intervals, agreement, findings. Counts only cases all of whose reviews are final."""
    seen = _seen_or_404(request, pk)
    sample = seen.sample
    questions, complete = list(sample.checklist.questions.all()), complete_cases(sample, staff(request))
    counted = figures([q.code for q in questions], [case.figures for case in complete], seen.frame_size)
    same, pairs = overall(counted)
    found = findings(complete)
    context = {
        "sample": sample,
        "seen": seen,
        "facts": _facts(seen),
        "rows": [_line(q, row, seen.frame_size) for q, row in zip(questions, counted, strict=True)],
        "reviewed": len(complete),
        "twice": sum(case.item.is_twice for case in complete),
        "few": FEW_PAIRS,
        "agreement": share_of(same, pairs),
        "unsettled": sum(row.unsettled for row in counted),
        "severities": [
            {"label": level.label, "count": count}
            for level in reversed(Severity)
            if level != Severity.NONE and (count := sum(case.severity == level for case in found))
        ],
        "findings": found,
    }
    return render(request, "audits/results.html", context)


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_results_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One line a question; the sample's description stands on each."""
    seen = _seen_or_404(request, pk)
    complete = [case.figures for case in complete_cases(seen.sample, staff(request))]
    codes = list(seen.sample.checklist.questions.values_list("code", flat=True))
    about = _described(seen) | {"reviewed": len(complete), "not_reviewed_twice": seen.released}
    rows = [about | _cells(row) for row in figures(codes, complete, seen.frame_size)]
    header = list(rows[0]) if rows else list(about)
    return csv_response(f"audit-{pk}-results.csv", header, [row.values() for row in rows])


@require_safe
@staff_page(EscalationAct.AUDIT)
def audit_answers_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One line a case and question, from which the figures can be counted again. Cases in the reader's scope."""
    sample = _seen_or_404(request, pk).sample
    codes = list(sample.checklist.questions.values_list("code", flat=True))
    rows = [
        (
            case.number,
            case.rank,
            code,
            case.first[code],
            case.second[code] if case.second else None,
            case.agreed.get(code),
            case.counted(code),
        )
        for case in (each.figures for each in complete_cases(sample, staff(request)))
        for code in codes
    ]
    header = ["number", "rank", "question", "first", "second", "agreed", "counted"]
    return csv_response(f"audit-{pk}-answers.csv", header, rows)


def _described(seen: SeenSample) -> dict[str, Any]:
    sample = seen.sample
    return {
        "sample": sample.pk,
        "announced_at": sample.announced_at.isoformat() if sample.announced_at else None,
        "drawn_at": sample.drawn_at.isoformat() if sample.drawn_at else None,
        "basis": sample.basis,
        "from": sample.first_day.isoformat(),
        "to": sample.last_day.isoformat(),
        "agency": sample.agency.code if sample.agency else None,
        "kind": sample.kind or None,
        "category": sample.category.code if sample.category else None,
        "checklist": sample.checklist.code,
        "seed": sample.seed,
        "frame_sha256": seen.frame_digest,
        "frame_size": seen.frame_size,
        "sample_size": seen.size,
    }


def _cells(row: QuestionFigures) -> dict[str, Any]:
    return {
        "question": row.code,
        YES: row.yes,
        NO: row.no,
        NOT_APPLICABLE: row.not_applicable,
        "share_yes": row.share,
        "low_95": row.low,
        "high_95": row.high,
        "reviewed_twice": row.agreement.pairs,
        "same_answer": row.agreement.same,
        "agreement": row.agreement.share,
        "kappa": row.agreement.kappa,
        "kappa_remark": str(row.agreement.remark) or None,
        "unsettled": row.unsettled,
    }


def _line(question: AuditQuestion, row: QuestionFigures, frame_size: int) -> dict[str, Any]:
    """A question as the page shows it, rounded; the CSV has the figures as they are."""
    agreed, between = row.agreement, ""
    if row.low is not None and row.high is not None and frame_size >= FEW:  # it is of all drawn from
        between = f"{per_cent(100 * row.low)} – {per_cent(100 * row.high)}"
    return {
        "question": question,
        "figures": row,
        "share": share_words(row.yes, row.yes + row.no) or "–",
        "range": between,
        "same": _("%(same)d of %(pairs)d") % {"same": agreed.same, "pairs": agreed.pairs},
        "kappa": "" if agreed.kappa is None else number_format(agreed.kappa, decimal_pos=2),
        "remark": REMARKS[agreed.remark],
    }


def _seen_or_404(request: HttpRequest, pk: int) -> SeenSample:
    user = staff(request)
    found = seen_by(user, samples_for(user).filter(pk=pk))
    if not found:
        raise Http404
    return found[0]


def _second(seen: SeenSample) -> str:
    """Nobody, for whom no case exists that is reviewed twice."""
    second = seen.sample.second_reviewer
    return second.name if second and (seen.is_twice or seen.sample.is_waiting) else ""


def _facts(seen: SeenSample) -> list[dict[str, Any]]:
    """The sample as somebody who wants to draw it again needs it."""
    sample = seen.sample
    rows = [
        (_("Announced by"), sample.drawn_by.name),
        (_("Second reviewer"), _second(seen) or _("nobody")),
        (_("Agency"), sample.agency.local_name if sample.agency else _("The whole city")),
        (_("Kind"), sample.get_kind_display() if sample.kind else ""),
        (_("Category"), sample.category.name if sample.category else ""),
        (_("Checklist"), sample.checklist.name),
        (_("Announced to draw"), sample.asked or ""),
        (_("Cases to draw from"), seen.frame_size),
        (_("Cases drawn"), seen.size if sample.drawn_at else ""),
        (_("Of these reviewed twice"), seen.twice if sample.drawn_at else ""),
        (_("Seed"), sample.seed),
        (_("SHA-256 of the list"), seen.frame_digest if _is_public(sample) else ""),
    ]
    return [{"term": term, "value": value} for term, value in rows]


def _is_public(sample: AuditSample) -> bool:
    """Whether the digest may be shown: before the signature over it, whoever knows it could work out the seed."""
    return sample.entry_id is None or head_that_draws(sample) is not None
