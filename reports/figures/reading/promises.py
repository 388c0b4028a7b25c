"""What agencies owe: recommendations, promises, and what the kept ones have changed."""

from typing import Any

from django.db.models import Q

from escalation.promises.effect_figures import Point
from escalation.promises.effects import ElementEffect, effect_of
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation
from escalation.signals.answering import asked_between
from reports.figures.reading.scope import Scope, day, stream
from reports.figures.tables import Rows

NO_EFFECT = (None, None, None, "", "", None, None, "")


def rows_of_promises(scope: Scope) -> dict[str, Rows]:
    return {
        "recommendations": sorted(_recommendations(scope)) if scope.reads_all else [],
        "sign_answers": sorted(_sign_answers(scope)) if scope.reads_all else [],
        "commitments": sorted(_commitments(scope), key=lambda row: row[0]),
    }


def _recommendations(scope: Scope) -> Rows:
    """Issued in the period, or owed within it."""
    start, end = scope.bounds
    rows = Recommendation.objects.visible_to(scope.actor).filter(
        Q(issued_at__gte=start, issued_at__lt=end) | Q(due_on__range=scope.days), **scope.own
    )
    fields = ("number", "agency_id", "state", "maladministration")
    moments = ("issued_at", "due_on", "answered_at", "ended_at")
    return [
        (scope.names(f"recommendation:{number}"), scope.codes.agencies[agency], state, what, *map(day, days))
        for number, agency, state, what, *days in stream(rows, *fields, *moments)
    ]


def _sign_answers(scope: Scope) -> Rows:
    """Asked in the period; the day of the first answer."""
    start, end = scope.bounds
    asked = asked_between(scope.actor, start, end, scope.now)
    return [
        (
            scope.names(f"sign:{each.row.pk}"),
            each.row.signal,
            each.row.agency.code,
            day(each.row.asked_at),
            day(each.row.due_on),
            day(each.answers[0].at if each.answers else None),
            len(each.answers),
        )
        for each in asked
        if scope.agency is None or each.row.agency_id in scope.agencies
    ]


def _commitments(scope: Scope) -> Rows:
    """Made in the period, owed within it, or ended in it. Promises are public, so everybody's report has all
    but those that rest on a case about its reader."""
    start, end = scope.bounds
    rows = Commitment.objects.public_to(scope.actor).filter(
        Q(made_at__gte=start, made_at__lt=end)
        | Q(due_on__range=scope.days)
        | Q(ended_at__gte=start, ended_at__lt=end),
        **scope.own,
    )
    return [
        (
            row.number,
            row.agency.code,
            row.service.code if row.service else "",
            row.kind,
            row.state,
            *map(day, (row.made_at, row.due_on, row.done_on, row.ended_at)),
            *_effect(row, scope),
        )
        for row in rows.select_related("agency", "service").order_by("pk")
    ]


def _effect(row: Commitment, scope: Scope) -> tuple[Any, ...]:
    """Of a kept promise: reports before and after, over how many days each, and the element it is about."""
    found = effect_of(row, scope.now)
    if found is None:
        return NO_EFFECT
    counted: tuple[Any, ...] = (None, None, None, "")
    if found.reports is not None and found.window is not None and found.reports.is_enough:
        both = found.reports.before.count, found.reports.after.count
        counted = (*both, found.window.days, found.reports.verdict.value)
    return *counted, *_element(next(iter(found.elements), None))


def _element(effect: ElementEffect | None) -> tuple[Any, ...]:
    if effect is None:
        return "", None, None, ""
    verdict = effect.means.verdict
    return (
        effect.key,
        _mean(effect.means.before),
        _mean(effect.means.after),
        verdict.value if verdict is not None else "",
    )


def _mean(point: Point | None) -> float | None:
    return point.mean if point is not None else None
