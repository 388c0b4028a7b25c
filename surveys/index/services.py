"""What changes the rows of this room: results are counted and kept, published indices typed in and taken back."""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import token_hex

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import Agency, User
from complaints.clock.city_time import year_of
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.index.columns import ELEMENTS
from surveys.index.counted import FORMAT, counted
from surveys.index.models import PublishedIndex, RoundResult
from surveys.index.suppression import SMALL
from surveys.rights import SurveyAct
from surveys.rounds.models import Round, RoundState

logger = logging.getLogger(__name__)


# Results of rounds


def refresh_results(now: datetime) -> int:
    """Counts closed rounds once, and open ones whenever ten more have answered; how many were counted.

    A round whose answers cannot be counted is logged and does not keep the others from it.
    """
    done = 0
    for row in waiting_rounds():
        try:
            done += keep_result(row, now)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one round
            logger.error("round %s could not be counted (%s)", row.code, type(error).__name__)
    return done


def waiting_rounds() -> list[Round]:
    """Those of which nothing final is kept."""
    final = Q(result__is_final=True, result__format=FORMAT)
    rows = Round.objects.filter(state__in=[RoundState.OPEN, RoundState.CLOSED]).exclude(final)
    return list(rows.select_related("version__survey", "result").defer("result__lines").order_by("pk"))


def keep_result(row: Round, now: datetime) -> bool:
    """Counts a round and keeps what came of it; not an open one that has fewer than ten answers more than when it was
    counted: the difference between two figures would be the answers of a few."""
    is_final = row.state == RoundState.CLOSED
    kept: RoundResult | None = getattr(row, "result", None)
    if not is_final:
        known = kept.responses if kept is not None and kept.format == FORMAT else 0
        if row.responses.count() < known + SMALL:
            return False
    found = counted(row)
    fields = {
        "computed_at": now,
        "responses": found.responses,
        "is_final": is_final,
        "format": FORMAT,
        "data": found.data,
        "lines": found.lines,
    }
    RoundResult.objects.update_or_create(round=row, defaults=fields)
    return True


# Published indices


@dataclass(frozen=True)
class Typed:
    """A published index as somebody typed it in."""

    name: str
    period: str
    source: str
    index: Decimal
    means: dict[str, Decimal]
    weighted: dict[str, Decimal]
    agency: Agency | None = None
    respondents: int | None = None


@transaction.atomic
def enter_published(typed: Typed, *, actor: User, now: datetime) -> PublishedIndex:
    """Keeps it for good. NotAllowed without the right or for an agency out of reach."""
    if not may_enter(actor, typed.agency):
        raise NotAllowed(SurveyAct.RECOUNT)
    exponent = typed.index.as_tuple().exponent
    return PublishedIndex.objects.create(
        number=f"IKM-{year_of(now)}-{token_hex(3).upper()}",
        name=typed.name,
        agency=typed.agency,
        period=typed.period,
        source=typed.source,
        index=typed.index,
        places=min(3, -exponent) if isinstance(exponent, int) and exponent < 0 else 0,
        respondents=typed.respondents,
        means={key: str(typed.means[key]) for key in ELEMENTS if key in typed.means},
        weighted={key: str(typed.weighted[key]) for key in ELEMENTS if key in typed.weighted},
        entered_at=now,
        entered_by=actor,
    )


def take_back(row: PublishedIndex, *, why: str, actor: User, now: datetime) -> None:
    """Says of a row that it was typed in wrongly; it stays. NotPossible a second time or without a reason."""
    if not may_enter(actor, row.agency):
        raise NotAllowed(SurveyAct.RECOUNT)
    changed = PublishedIndex.objects.filter(pk=row.pk, taken_back_at=None) if why.strip() else None
    if changed is None or not changed.update(taken_back_at=now, taken_back_because=why.strip()[:300]):
        raise NotPossible(_("It has been taken back already."))


def may_enter(actor: User, agency: Agency | None) -> bool:
    """Supervisors for anybody, an agency's people for their own line."""
    if not role_may(role_of(actor), SurveyAct.RECOUNT):
        return False
    return actor.agency_id is None or (agency is not None and agency.pk in actor.agency_scope)
