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
from complaints.ledger.recording import recording
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.index.columns import ELEMENTS
from surveys.index.counted import FORMAT, counted
from surveys.index.models import PublishedIndex, RoundResult
from surveys.rights import SurveyAct
from surveys.rounds.models import Round, RoundState

logger = logging.getLogger(__name__)


# Results of rounds


def refresh_results(now: datetime) -> int:
    """Counts closed rounds, each once; how many were counted.

    Nothing is counted of a round that is open: between two figures one would find the answers of the few who came
    meanwhile, and whoever sees an index go up and down chooses the day on which to close. A round whose answers cannot
    be counted is logged and does not keep the others from it.
    """
    done = 0
    for row in waiting_rounds():
        try:
            keep_result(row, now)
            done += 1
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one round
            logger.error("round %s could not be counted (%s)", row.code, type(error).__name__)
    return done


def waiting_rounds() -> list[Round]:
    """Those that have closed and of which nothing is kept."""
    final = Q(result__is_final=True, result__format=FORMAT)
    rows = Round.objects.filter(state=RoundState.CLOSED).exclude(final)
    return list(rows.select_related("version__survey").order_by("pk"))


def keep_result(row: Round, now: datetime) -> None:
    """Counts a round that has closed and keeps what came of it."""
    found = counted(row)
    fields = {
        "computed_at": now,
        "responses": found.responses,
        "is_final": True,
        "format": FORMAT,
        "data": found.data,
        "lines": found.lines,
    }
    with recording(actor=None, now=now) as record:
        is_known = RoundResult.objects.filter(round=row, is_final=True).exists()
        result, _is_new = RoundResult.objects.update_or_create(round=row, defaults=fields)
        record.changed(result, *fields) if is_known else record.new(result)


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
    row = PublishedIndex.objects.create(
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
    with recording(actor=actor, now=now) as record:
        record.new(row)
    return row


def take_back(row: PublishedIndex, *, why: str, actor: User, now: datetime) -> None:
    """Says of a row that it was typed in wrongly; it stays. NotPossible a second time or without a reason."""
    if not may_enter(actor, row.agency):
        raise NotAllowed(SurveyAct.RECOUNT)
    changed = PublishedIndex.objects.filter(pk=row.pk, taken_back_at=None) if why.strip() else None
    with recording(actor=actor, now=now) as record:
        if changed is None or not changed.update(taken_back_at=now, taken_back_because=why.strip()[:300]):
            raise NotPossible(_("It has been taken back already."))
        record.changed(row, "taken_back_at", "taken_back_because")


def may_enter(actor: User, agency: Agency | None) -> bool:
    """Supervisors for anybody, an agency's people for their own line."""
    if not role_may(role_of(actor), SurveyAct.RECOUNT):
        return False
    return actor.agency_id is None or (agency is not None and agency.pk in actor.agency_scope)
