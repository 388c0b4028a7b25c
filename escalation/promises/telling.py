"""The sweep's part for effects: whoever spoke for a kept promise hears once that its effect can be seen, or that in
half a year nothing could be."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, models

from complaints.ledger.recording import recording
from escalation.promises.effect_figures import LONGEST, SHORTEST
from escalation.promises.effects import effect_of
from escalation.promises.models.commitment import Commitment, CommitmentState
from escalation.promises.models.planned import EffectTold
from surveys.forums.inputs.models import StepKind
from surveys.forums.inputs.services.answering import promise_ended

logger = logging.getLogger(__name__)


def not_told(now: datetime) -> models.QuerySet[Commitment]:
    return Commitment.objects.filter(
        state=CommitmentState.KEPT,
        sources__finding__isnull=False,
        effect_told=None,
        ended_at__lte=now - timedelta(days=SHORTEST),
    )


def tell_effects(now: datetime) -> int:
    """Of kept promises that a forum led to; how many were told. One that raises is left for the next sweep."""
    rows, told = not_told(now), 0
    # All of them: those of which nothing can be seen yet must not stand in the way of the others.
    for row in rows.select_related("agency", "service").distinct().order_by("ended_at", "pk"):
        try:
            told += _tell(row, now)
        except IntegrityError:
            continue  # another sweep was quicker
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
            logger.error("effects: promise left for the next sweep (%s)", type(error).__name__)
    return told


def _tell(row: Commitment, now: datetime) -> bool:
    effect = effect_of(row, now)
    if effect is None:
        return False
    waited = effect.window is not None and effect.window.days >= LONGEST
    if not (effect.is_seen or waited):
        return False
    with recording(actor=None, now=now) as record:
        record.new(EffectTold.objects.create(commitment=row, at=now))
        promise_ended(row.number, StepKind.EFFECT, actor=None, now=now, seen=effect.is_seen)
    return True
