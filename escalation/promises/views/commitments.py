"""Commitments: made, reported and judged by staff; kept and broken before everybody's eyes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.permissions import role_may
from escalation.days import COMMITMENT_DAYS
from escalation.promises.forms import CommitmentForm, JudgeCommitmentForm, ReportForm
from escalation.promises.models.commitment import Commitment, CommitmentState
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.origin import Origin, PlanChoice, origin_of, targets_of
from escalation.promises.services import commitments as service
from escalation.promises.services import proposals
from escalation.promises.views.lists import (
    cases_of,
    found_or_404,
    lines_of,
    linked_cases,
    listed,
    reader,
    steps_of,
    who_is_told,
)
from escalation.promises.words import commitment_standing, history, origins_of, planned_words
from escalation.rights import EscalationAct

KEPT = ("case", "recommendation", "finding", "round", "element", "proposal")  # of the address, in each choice
ENDED = (CommitmentState.KEPT, CommitmentState.BROKEN)


@require_safe
@staff_page(EscalationAct.JUDGE_COMMITMENT)
def commitment_list(request: HttpRequest) -> HttpResponse:
    """All commitments by what they wait for."""
    now = timezone.now()
    sets = _sets(Commitment.objects.visible_to(staff(request)).select_related("agency", "owner"), day_of(now))
    context = listed(request, sets, "made_at", reverse("escalation:commitment-list"), now)
    return render(request, "commitments/list.html", context)


def _sets(rows: QuerySet[Commitment], on: Any) -> dict[str, tuple[str, QuerySet[Commitment]]]:
    return {
        "judge": (_("To judge"), rows.filter(state=CommitmentState.REPORTED)),
        "overdue": (_("Overdue"), rows.filter(state=CommitmentState.OPEN, due_on__lt=on)),
        "open": (_("Promised"), rows.filter(state=CommitmentState.OPEN, due_on__gte=on)),
        "ended": (_("Ended"), rows.filter(state__in=ENDED)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.COMMIT)
def commitment_new(request: HttpRequest) -> HttpResponse:
    """A commitment, from the cases named by `?case=`, from what else the address names (`origin`), or from nothing."""
    user, now = staff(request), timezone.now()
    origin = _origin(request, user)
    cases = cases_of(request, user) if user.agency_id else []
    form = CommitmentForm(
        request.POST or None,
        cases=cases,
        agencies=_agencies(user, origin.recommendation),
        origin=origin,
        initial={"due_on": day_of(now) + timedelta(days=COMMITMENT_DAYS)},
    )
    page = partial(_form, request, form, origin)
    if not form.is_bound:
        return page()
    proposal = origin.proposal
    return perform(
        request,
        form,
        partial(proposals.accept, proposal.pk) if proposal else service.make,
        page=page,
        to=lambda row: redirect("escalation:commitment-detail", row.number),
        done=_("The promise was made. It is public from now on."),
    )


def _origin(request: HttpRequest, user: User) -> Origin:
    """A supervisor cannot do without a recommendation."""
    origin = origin_of(request, user)
    if origin.recommendation is None and role_may(role_of(user), EscalationAct.JUDGE_COMMITMENT):
        raise PermissionDenied
    return origin


def _agencies(user: User, source: Recommendation | None) -> list[Agency]:
    """For which agencies this person can promise: their own line, or the recommendation's."""
    if user.agency_id is not None:
        scope = set(user.agency_scope)
        if source is not None:
            line = set(source.agency.with_descendants())
            # The recommendation's own line; for a head above it, nothing beside that line.
            scope = scope & line or scope
    else:
        assert source is not None
        scope = set(source.agency.with_descendants())
    return list(Agency.objects.filter(pk__in=scope, is_active=True, is_external=False))


def _form(request: HttpRequest, form: CommitmentForm, origin: Origin, status: int = 200) -> HttpResponse:
    named = [(name, value) for name in KEPT for value in request.GET.getlist(name)]
    context = {
        "form": form,
        "origin": origin,
        "source": origin.recommendation,
        "choice": PlanChoice(targets_of(staff(request)), origin.target),
        "named": named,
    }
    return render(request, "commitments/new.html", context, status=status)


@require_safe
@staff_page()
def commitment_detail(request: HttpRequest, number: str) -> HttpResponse:
    user = reader(request)
    return _detail(request, found_or_404(Commitment, user, number), user)


@require_POST
@staff_page(EscalationAct.SEE_OBLIGATIONS)
def commitment_report(request: HttpRequest, number: str) -> HttpResponse:
    row = found_or_404(Commitment, staff(request), number)
    if not service.may_report(staff(request), row):
        raise PermissionDenied
    form = ReportForm(request.POST, request.FILES, auto_id="report-%s")
    done = _("Reported. A supervisor checks whether the promise is kept.")
    return _act(request, row, service.report, done, report_form=form)


@require_POST
@staff_page(EscalationAct.JUDGE_COMMITMENT)
def commitment_judge(request: HttpRequest, number: str) -> HttpResponse:
    row = found_or_404(Commitment, staff(request), number)
    reported = row.state == CommitmentState.REPORTED
    form = JudgeCommitmentForm(request.POST, reported=reported, auto_id="judge-%s")
    now = timezone.now()
    done = " ".join([_("Judged."), who_is_told(row, now, service.people_of(row, now))])
    return _act(request, row, service.judge, done, judge_form=form)


def _act(
    request: HttpRequest, row: Commitment, do: Callable[..., object], done: str, **sent: StaffForm
) -> HttpResponse:
    """`sent`: the form by its name on the page, which shows it again when it is refused."""
    (form,) = sent.values()
    return perform(
        request,
        form,
        partial(do, row.pk),
        page=lambda status: _detail(request, row, staff(request), status=status, **sent),
        to=lambda _row: redirect("escalation:commitment-detail", row.number),
        done=done,
    )


def _detail(
    request: HttpRequest, row: Commitment, user: User, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused."""
    row.refresh_from_db()
    now, is_open = timezone.now(), row.state not in ENDED
    judges = role_may(role_of(user), EscalationAct.JUDGE_COMMITMENT)
    may_report = row.state == CommitmentState.OPEN and service.may_report(user, row)
    reported = row.state == CommitmentState.REPORTED
    context = {
        "row": row,
        "judges": judges,
        "judged_by_another": judges and is_open and service.made_it(user, row),
        "standing": commitment_standing(row, day_of(now)),
        "line": lines_of([row], now)[0],
        "steps": history(steps_of(row)),
        "cases": linked_cases(row, user),
        "origins": origins_of(row),
        "planned": planned_words(row),
        "recommendations": Recommendation.objects.visible_to(user).filter(commitment_sources__commitment=row),
        "report_form": ReportForm(auto_id="report-%s") if may_report else None,
        "judge_form": JudgeCommitmentForm(reported=reported, auto_id="judge-%s")
        if judges and is_open and not service.made_it(user, row)
        else None,
        **bound,
    }
    return render(request, "commitments/detail.html", context, status=status)
