"""Asking what another policy would have done, and computing it, one slice of cases at a time."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import Agency, User
from complaints import leases
from complaints.clock.city_time import day_of
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from escalation.rights import EscalationAct
from escalation.whatif.collect import known_codes
from escalation.whatif.models import WhatIf, WhatIfState
from escalation.whatif.proposal import ProposalError, parse
from escalation.whatif.running import Question, Run

logger = logging.getLogger(__name__)

LONGEST_DAYS = 3 * 366
NOTHING_DIFFERS = _("Nothing differs from what is in force: change something to try it.")
MOST_WAITING = 5  # per person: a worker's time is everybody's
SLICE = 1000  # cases a turn, well under a second: mail and sweep wait for no more
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
BACKOFF = timedelta(minutes=2)  # doubled at each attempt


@dataclass(frozen=True)
class Asked:
    """Which days, whose cases (None: the whole city's), and what differs."""

    first: date
    last: date
    agency: Agency | None
    proposal: dict[str, Any]


def ask(asked: Asked, *, actor: User, now: datetime) -> WhatIf:
    """Writes the question for the worker; the same one while it waits is the same row.

    Raises NotAllowed without the right, ProposalError when the proposal is not understood, NotPossible when
    the period does not fit or too many of this person's questions wait.
    """
    if not role_may(role_of(actor), EscalationAct.WHAT_IF):
        raise NotAllowed(EscalationAct.WHAT_IF)
    proposal = parse(asked.proposal, known_codes())
    if proposal.changes_nothing:
        raise ProposalError("", str(NOTHING_DIFFERS))
    today = day_of(now)
    if not asked.first <= asked.last or asked.first > today or (asked.last - asked.first).days > LONGEST_DAYS:
        raise NotPossible(_("Choose a period that has begun, of three years at most."))
    about = {
        "period_from": asked.first,
        "period_to": min(asked.last, today),
        "agency": asked.agency,
        "proposal": asked.proposal,
    }
    with transaction.atomic():
        waiting = list(WhatIf.objects.waiting().filter(asked_by=actor))
        for row in waiting:
            if all(getattr(row, name) == value for name, value in about.items()):
                return row
        if len(waiting) >= MOST_WAITING:
            raise NotPossible(_("Several trials are still being computed. Please wait until one is ready."))
        return WhatIf.objects.create(asked_by=actor, asked_at=now, due_at=now, **about)


def work_what_ifs(now: datetime) -> int:
    """One slice of the oldest question that is due; how many cases it looked at. Called by the worker."""
    free = leases.free(now, LEASE)
    due = WhatIf.objects.waiting().filter(free, due_at__lte=now).order_by("due_at", "id").first()
    if due is None:
        return 0
    claimed = WhatIf.objects.waiting().filter(free, pk=due.pk, after=due.after)
    # The attempt is counted first: one that kills its process is given up in the end too.
    if not claimed.update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return 0
    row = WhatIf.objects.select_related("agency").get(pk=due.pk)
    if row.attempts > MAX_ATTEMPTS:
        _fail(row, now, "gave up")
        return 0
    try:
        return _slice(row, now)
    except Exception as error:  # noqa: BLE001 - one bad question must not stop the others
        logger.error("a what-if could not be computed (%s)", type(error).__name__)
        _fail(row, now, type(error).__name__, for_good=isinstance(error, ProposalError))
        return 0


def _slice(row: WhatIf, now: datetime) -> int:
    proposal = parse(row.proposal, known_codes())
    question = Question(row.period_from, row.period_to, row.agency, proposal, row.asked_at)
    run = Run(question, row.sums or None, row.after)
    seen = run.step(SLICE)
    values: dict[str, Any] = {"leased_until": None, "attempts": 0, "last_error": ""}
    if seen:
        values |= {"after": run.after, "seen": F("seen") + seen, "sums": run.sums.to_json()}
    else:
        result = run.result()
        values |= {"state": WhatIfState.READY, "ready_at": now, "result": result, "sums": {}}
    # Only as long as the lease is ours: another worker may have taken the slice up meanwhile.
    WhatIf.objects.waiting().filter(pk=row.pk, leased_until=row.leased_until).update(**values)
    return seen or 1


def _fail(row: WhatIf, now: datetime, why: str, *, for_good: bool = False) -> None:
    """Puts it off, or gives it up after the last attempt."""
    over = for_good or row.attempts >= MAX_ATTEMPTS
    WhatIf.objects.waiting().filter(pk=row.pk, leased_until=row.leased_until).update(
        state=WhatIfState.FAILED if over else WhatIfState.WAITING,
        due_at=now + BACKOFF * 2 ** (row.attempts - 1),
        leased_until=None,
        last_error=why[:200],
    )
